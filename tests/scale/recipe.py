"""What docs/deploy.md says to write into files, fitted to this machine: the docs are what runs."""

import re
import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs/deploy.md"
CERTIFICATE = re.compile(r"^\s*ssl_certificate(?:_key)? .*\n", re.M)
# What stands around a site's file on a machine with a package of nginx.
AROUND = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
worker_processes 1;
worker_rlimit_nofile 16384;
events {{ worker_connections 12288; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{site}
}}
"""


def blocks(language: str) -> list[str]:
    """The fenced examples in this language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DEPLOY.read_text(), re.M | re.S)


def settings_source() -> str:
    """The settings, with what they expect to find."""
    [source] = (one for one in blocks("python") if "CHANNEL_LAYERS" in one)
    return source


def nginx_conf(folder: Path, port: int, upstream: list[int]) -> str:
    """The proxy's file for this port and these workers, without TLS."""
    [site] = blocks("nginx")
    site = CERTIFICATE.sub("", site).replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    servers = iter(upstream)

    def serve(line: re.Match[str]) -> str:
        chosen = next(servers, None)
        return line[0].replace(line[1], f"127.0.0.1:{chosen}") if chosen else ""

    site = re.sub(r"^ +server (127\.0\.0\.1:\d+).*\n", serve, site, flags=re.M)
    assert not list(servers), "the docs name fewer workers than the test wants"
    return AROUND.format(folder=folder, site=site)


def unit() -> str:
    """The systemd unit of a worker."""
    [found] = (one for one in blocks("ini") if "uvicorn" in one)
    return found


def setting(name: str) -> str:
    """The value of a setting of the unit, lines that go on joined."""
    found = re.search(rf"^{name}=(.*)$", unit().replace("\\\n", " "), re.M)
    assert found, f"the unit has no {name}"
    return found[1]


def command(port: int) -> list[str]:
    """How the unit starts a worker, with this Python and the package's own application."""
    program, *arguments = shlex.split(setting("ExecStart").replace("%i", str(port)))
    application = {"mysite.asgi:application": "livechat_widget.asgi:application"}
    return [sys.executable, "-m", Path(program).name, *(application.get(a, a) for a in arguments)]


def option(name: str) -> str:
    """The value of an option of the unit's command."""
    arguments = shlex.split(setting("ExecStart"))
    return arguments[arguments.index(name) + 1]

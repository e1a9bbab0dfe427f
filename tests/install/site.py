"""A project as `startproject` makes it, in a virtual environment of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.install.conversation import PASSWORD, USERNAME

OURS = ("DJANGO_", "LIVECHAT_", "PYTHON", "PYTEST_", "COVERAGE_")
PAGE = "<!DOCTYPE html>\n<html>\n  <body>\n    <h1>A page of mine</h1>\n  </body>\n</html>\n"
OWN_SETTINGS = '\nTEMPLATES[0]["DIRS"] = [BASE_DIR / "templates"]\n'
OWN_URLS = """
from django.views.generic import TemplateView

urlpatterns += [
    path("", TemplateView.as_view(template_name="base.html")),
    path("own/", TemplateView.as_view(template_name="own.html")),
]
"""


@dataclass
class Site:
    folder: Path
    environment: dict[str, str]

    @property
    def base_template(self) -> Path:
        return self.folder / "templates/base.html"

    @property
    def own_page(self) -> Path:
        return self.folder / "templates/own.html"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def run(self, *command: str) -> str:
        """What the command wrote, warnings included; fails when the command does."""
        result = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert result.returncode == 0, f"{' '.join(command)}:\n{result.stdout}"
        return result.stdout

    def shell(self, code: str) -> str:
        return self.run("python", "manage.py", "shell", "-v", "0", "-c", code).strip()

    @contextmanager
    def serve(self, command: list[str]) -> Iterator[str]:
        """The address of the site while this command serves it."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with self.log.open("w") as log:
            # runserver has a child that reloads it: the two are a group of their own.
            server = subprocess.Popen(
                [*command, str(port)],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield self._wait(server, f"http://127.0.0.1:{port}/")
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(15)

    def _wait(self, server: subprocess.Popen[bytes], address: str) -> str:
        deadline = time.monotonic() + 60
        while server.poll() is None and time.monotonic() < deadline:
            try:
                urllib.request.urlopen(address, timeout=5).close()
            except ConnectionError:
                continue
            except urllib.error.URLError:
                time.sleep(0.05)  # nothing else tells when another process listens
                continue
            return address
        raise AssertionError(f"The server did not start:\n{self.log.read_text()}")


def start_project(folder: Path, wheel: Path) -> Site:
    """With one page of its own and nothing of the chat but what pip installed."""
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    environment |= {
        "PATH": f"{venv / 'bin'}:{environment['PATH']}",
        "VIRTUAL_ENV": str(venv),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SUPERUSER_USERNAME": USERNAME,
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        "DJANGO_SUPERUSER_EMAIL": "ann@example.org",
    }
    site = Site(folder, environment)
    site.run("pip", "install", "--quiet", str(wheel))
    site.run("django-admin", "startproject", "mysite", ".")
    site.base_template.parent.mkdir()
    site.base_template.write_text(PAGE)
    for name, text in {"settings": OWN_SETTINGS, "urls": OWN_URLS}.items():
        with (folder / f"mysite/{name}.py").open("a") as file:
            file.write(text)
    return site


def write_as_visitor(address: str, number: int) -> int:
    """Open the widget's page as a new visitor and post a message; the status of the answer."""
    page = urllib.request.urlopen(f"{address}livechat/widget/").read().decode()
    token = re.search(r'data-token="([^"]+)"', page)
    assert token
    post = urllib.request.Request(
        f"{address}livechat/widget/messages",
        urlencode({"text": f"Message {number}", "custom_id": f"m{number}"}).encode(),
        {"Authorization": f"Bearer {token[1]}"},
    )
    return int(urllib.request.urlopen(post, timeout=30).status)

"""The wheel, and a fresh site that installs it by the README, word for word."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.install import conversation, readme
from tests.install.site import Site, start_project, write_as_visitor
from tests.services import chromium_path, require

pytestmark = pytest.mark.install
ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "livechat_widget"
SILENCE = "System check identified no issues (0 silenced).\n"
VISITORS = 20


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    subprocess.run([*command, str(tmp_path), str(ROOT)], check=True, capture_output=True)
    [made] = tmp_path.glob("*.whl")
    return made


def test_the_wheel_holds_the_app_and_nothing_else(wheel: Path) -> None:
    held = set(ZipFile(wheel).namelist())
    assert {f"livechat_widget/{name}" for name in files_of_the_app()} <= held
    assert "livechat_widget/py.typed" in held
    info = "django_livechat_widget-"
    assert [name for name in held if not name.startswith(("livechat_widget/", info))] == []


@pytest.mark.browser
def test_a_fresh_site_chats(wheel: Path, tmp_path: Path) -> None:
    chromium = require("Chromium, Chrome or Edge", chromium_path())
    folder = tmp_path / "site"
    folder.mkdir()
    site = start_project(folder, wheel)
    readme.edit(site.folder, site.base_template)
    assert site.run("python", "manage.py", "check") == SILENCE
    with run_commands(site) as address:
        # In a thread of its own: Playwright refuses a second start where another browser is open.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(browse, site, address, chromium).result()
        with ThreadPoolExecutor(VISITORS) as visitors:
            answers = visitors.map(write_as_visitor, [address] * VISITORS, range(VISITORS))
            assert set(answers) == {204}
    assert stored(site).startswith(
        "Is anybody there?|Good day, Ann speaking.|Hello|Anybody there?|"
    )
    assert stored(site).count("Message") == VISITORS
    log = site.log.read_text()
    assert "WebSocket CONNECT /livechat/v3.7/customer/rtm/ws" in log
    assert "WebSocket CONNECT /livechat/console/ws" in log
    assert "Traceback" not in log
    assert "locked" not in log


def browse(site: Site, address: str, chromium: str) -> None:
    organization = site.shell(
        "from livechat_widget.models import Organization;"
        "print(Organization.objects.get().organization_id)"
    )
    script = readme.sdk_snippet(organization)
    site.own_page.write_text(script.replace("</script>", 'document.title = "done";</script>'))
    with conversation.open_browser(chromium) as browser:
        conversation.talk(browser, address)
        conversation.see_the_end(browser, f"{address}own/")


def run_commands(site: Site) -> AbstractContextManager[str]:
    """Everything that the README types, after pip; the last command serves."""
    first, *middle, last = readme.commands()
    assert first == "pip install path/to/this/checkout"
    for command in middle:
        site.run(*command.split(), *answers_to(command))
    return site.serve(last.split())


def answers_to(command: str) -> list[str]:
    """`createsuperuser` asks; here it gets its answers from the environment."""
    return ["--noinput"] if "createsuperuser" in command else []


def stored(site: Site) -> str:
    """The texts of all messages, in order."""
    return site.shell(
        "from livechat_widget.models import Event;"
        "rows = Event.objects.filter(type='message').order_by('created_at');"
        "print('|'.join(row.content['text'] for row in rows))"
    )


def files_of_the_app() -> Iterator[Path]:
    """What git would hold: no caches."""
    for path in PACKAGE.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(PACKAGE)

"""All numbers together: each has its test and its cure; tests/test_docs.py looks at the docs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parent.parent.parent
SOURCE = "".join(file.read_text() for file in (ROOT / "livechat_widget/checks").glob("*.py"))
TESTS = "".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py"))
NUMBERS = re.findall(r'id="livechat_widget\.([EW]\d{3})"', SOURCE)


def test_each_is_provoked_by_a_test() -> None:
    assert set(NUMBERS) - set(re.findall(r'"(?:livechat_widget\.)?([EW]\d{3})"', TESTS)) == set()


def test_each_says_what_to_type() -> None:
    assert SOURCE.count("hint=") == len(NUMBERS) > 0


def test_each_stands_for_one_level() -> None:
    assert len({number[1:] for number in NUMBERS}) == len(set(NUMBERS))


@pytest.mark.parametrize("module", ["tests.settings", "demo_site.settings"])
def test_a_right_site_hears_nothing(module: str) -> None:
    command = [sys.executable, "-m", "django", "check", "--settings", module]
    result = subprocess.run(
        [*command, "--fail-level", "INFO"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert (result.stdout, result.stderr) == (
        "System check identified no issues (0 silenced).\n",
        "",
    )


def test_they_can_be_run_alone(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check", "--tag", "livechat")
    assert "no issues" in capsys.readouterr().out

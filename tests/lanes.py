"""
Run every lane of the suite and print their sum as the last line.

Lanes: pytest on SQLite (everything but what needs PostgreSQL), pytest on PostgreSQL and Redis (what
those can answer differently), and the JavaScript units under Node. Arguments go to pytest.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
WORKERS = os.environ.get("LIVECHAT_TEST_WORKERS", "2")
OUTCOMES = ("passed", "failed", "skipped")


@dataclass(frozen=True)
class Lane:
    name: str
    report: Path
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def lanes(folder: Path, arguments: list[str]) -> Iterator[Lane]:
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "--dist=worksteal", *arguments]
    report = folder / "sqlite.xml"
    yield Lane("sqlite", report, [*pytest, f"--junitxml={report}", "-m", "not postgres"])
    report = folder / "postgres.xml"
    yield Lane(
        "postgres and redis",
        report,
        [*pytest, f"--junitxml={report}", "-p", "tests.postgres_lane"],
        {"LIVECHAT_TEST_DATABASE": "postgres", "LIVECHAT_TEST_LAYER": "redis"},
    )
    report = folder / "javascript.xml"
    files = sorted(str(path) for path in (ROOT / "tests/js").rglob("*.test.js"))
    reporter = ["--test-reporter=junit", f"--test-reporter-destination={report}"]
    yield Lane("javascript", report, ["node", "--test", *reporter, *files])


def run(lane: Lane) -> Counter[str]:
    print(f"--- {lane.name}", flush=True)
    result = subprocess.run(lane.command, cwd=ROOT, env=os.environ | lane.environment, check=False)
    count = read(lane.report)
    print(f"--- {lane.name}: {total(count)}", flush=True)
    if result.returncode and not count["failed"]:
        print(f"--- {lane.name}: ended with {result.returncode} before all of it was reported")
        count["failed"] += 1
    return count


def read(report: Path) -> Counter[str]:
    """Count the cases of a JUnit file; a lane that died has left none."""
    if not report.exists():
        return Counter()
    return Counter(outcome(case) for case in ElementTree.parse(report).iter("testcase"))


def outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "passed" if case.find("skipped") is None else "skipped"


def total(count: Counter[str]) -> str:
    return ", ".join(f"{count[outcome]} {outcome}" for outcome in OUTCOMES)


def main(arguments: list[str]) -> int:
    count: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="livechat-lanes-") as folder:
        for lane in lanes(Path(folder), arguments):
            count += run(lane)
    print(total(count))
    return 1 if count["failed"] else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

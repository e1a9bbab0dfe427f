"""The sum that `make test` prints must not be rosier than what happened."""

import sys
from pathlib import Path

from tests.lanes import Lane, read, run, total

REPORT = """
<testsuites><testsuite>
  <testcase name="good"/>
  <testcase name="good too"><system-out>words</system-out></testcase>
  <testcase name="bad"><failure/></testcase>
  <testcase name="broken"><error/></testcase>
  <testcase name="away"><skipped/></testcase>
</testsuite></testsuites>
"""


def test_it_works(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT.strip())
    assert total(read(tmp_path / "report.xml")) == "2 passed, 2 failed, 1 skipped"


def test_it_counts_a_lane_that_died_as_a_failure(tmp_path: Path) -> None:
    dies = Lane("dies", tmp_path / "none.xml", [sys.executable, "-c", "raise SystemExit(3)"])
    assert total(run(dies)) == "0 passed, 1 failed, 0 skipped"


def test_it_gives_a_lane_its_environment(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    write = "import os; open(os.environ['REPORT'], 'w').write('<a><testcase/></a>')"
    lane = Lane("writes", report, [sys.executable, "-c", write], {"REPORT": str(report)})
    assert total(run(lane)) == "1 passed, 0 failed, 0 skipped"

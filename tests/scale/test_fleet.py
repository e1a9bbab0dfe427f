"""Two workers behind nginx, as the docs have it; `make scale` does the same with more of all."""

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from livechat_widget.conf import DEFAULTS
from livechat_widget.sockets.keeper import DRAIN_SECONDS
from tests.services import require

from . import recipe
from .fleet import Fleet, missing, raise_fleet
from .promise import CUSTOMERS, FAULTS, keeps
from .storm import brew
from .turnover import turn_over

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """One loop for the module: the fleet's processes belong to it."""
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture(scope="module")
def fleet(run: Run) -> Iterator[Fleet]:
    lacking = missing()
    require(" and ".join(lacking), None if lacking else "here")
    raised: AsyncIterator[Fleet] = raise_fleet(2)  # type: ignore[assignment]
    yield run(raised.__aenter__())  # type: ignore[attr-defined]
    run(raised.__aexit__(None, None, None))  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", FAULTS)
def test_the_promise_holds(fleet: Fleet, run: Run, name: str, tmp_path: Path) -> None:
    async def test() -> Any:
        [cast] = await fleet.draw_casts(1, CUSTOMERS)
        return await keeps(fleet, cast, name, tmp_path)

    verdict = run(test())
    assert verdict.violations == {}
    assert verdict.sends > 20


def test_everybody_comes_back_at_once(fleet: Fleet, run: Run) -> None:
    storm = run(brew(fleet, 150))
    assert storm.within_limits(), storm


def test_nothing_is_kept_of_who_is_gone(fleet: Fleet, run: Run) -> None:
    turnover = run(turn_over(fleet, 300))
    assert turnover.is_flat(), turnover


def test_what_is_too_large_is_refused_in_json_by_the_proxy_too(fleet: Fleet) -> None:
    """It looks at nothing but what the request says of its length."""
    with closing(HTTPConnection("127.0.0.1", fleet.port, timeout=10)) as client:
        client.putrequest("POST", "/livechat/v3.5/customer/action/upload_file")
        client.putheader("Origin", "https://shop.example")
        client.putheader("Content-Length", str(DEFAULTS["MAX_FILE_BYTES"] * 2))
        client.endheaders()
        response = client.getresponse()
        assert (response.status, response.headers["Content-Type"]) == (413, "application/json")
        assert response.headers["Access-Control-Allow-Origin"] == "https://shop.example"
        assert json.load(response)["error"]["type"] == "entity_too_large"


def test_the_proxy_lets_the_largest_file_through() -> None:
    [size] = re.findall(r"client_max_body_size (\d+)m;", recipe.DEPLOY.read_text())
    around = int(size) * 1024 * 1024 - DEFAULTS["MAX_FILE_BYTES"]
    assert 64 * 1024 <= around <= 2 * 1024 * 1024


def test_a_process_has_time_to_see_its_sockets_off() -> None:
    graceful = float(recipe.option("--timeout-graceful-shutdown"))
    assert float(recipe.setting("TimeoutStopSec")) > DRAIN_SECONDS + graceful
    assert recipe.setting("KillSignal") == "SIGTERM"


def test_the_examples_name_the_same_processes() -> None:
    examples = re.findall(r"^```\w+\n(.*?)^```$", recipe.DEPLOY.read_text(), re.M | re.S)
    ports = [found for one in examples if (found := re.findall(r"\b80\d\d\b", one))]
    assert len(ports) > 3
    assert all(one == ["8001", "8002", "8003", "8004"] for one in ports), ports


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """But for users and programs, which are not on this machine."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd is not on this machine")
    names = re.findall(r"`/etc/systemd/system/([\w@.-]+)`", recipe.DEPLOY.read_text())
    units = recipe.blocks("ini")
    assert len(names) == len(units) == 3
    for name, text in zip(names, units, strict=True):
        text = re.sub(r"^User=.*\n", "", text, flags=re.M)
        text = re.sub(r"^(ExecStart=)\S+", r"\1/bin/true", text, flags=re.M)
        (tmp_path / name).write_text(text)
    wanted = [str(tmp_path / name.replace("@", "@8001")) for name in names]
    result = subprocess.run(
        [program, "verify", "--man=no", *wanted],
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        check=False,
        capture_output=True,
        text=True,
    )
    ours = [line for line in result.stderr.splitlines() if "mysite" in line]
    assert ours == []

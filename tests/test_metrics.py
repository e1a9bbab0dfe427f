"""The counters over HTTP: who may read them, and that they count."""

import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from livechat_widget import collector
from livechat_widget.counters import Spread, counters
from tests.cast import Cast
from tests.clients import customer_client
from tests.servers import Server, start_server
from tests.sockets.desk import console_client
from tests.sockets.messages import message

PATH = "/livechat/metrics"
TOKEN = "only-prometheus-knows-me"
DEPLOY = (Path(__file__).parent.parent / "docs/deploy.md").read_text()


@pytest.fixture
def _told(settings) -> None:
    settings.LIVECHAT = {"METRICS_TOKEN": TOKEN}


def read(text: str) -> dict[str, float]:
    """The values of our samples; those of one name with different labels are added up."""
    values: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name.startswith("livechat_"):
                labels = "".join(f"{{{key}={value}}}" for key, value in sample.labels.items())
                values[sample.name + labels] = sample.value
    return values


@pytest.mark.usefixtures("_told")
def test_it_works(client: Client) -> None:
    response = client.get(PATH, headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert "livechat_pushes_total" in read(response.content.decode())


def test_it_does_not_exist_without_a_token(client: Client, settings) -> None:
    for token in ("", " ", "Bearer", "Bearer ", f"Bearer {TOKEN}"):
        assert client.get(PATH, headers={"Authorization": token}).status_code == 404


@pytest.mark.usefixtures("_told")
@pytest.mark.parametrize("given", ["", "Bearer", TOKEN, f"bearer{TOKEN}", f"Bearer {TOKEN}x", "é"])
def test_it_refuses_everybody_else(client: Client, given: str) -> None:
    response = client.get(PATH, headers={"Authorization": given})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert b"livechat_" not in response.content
    assert client.post(PATH, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 405


def test_a_site_with_metrics_of_its_own_has_ours_there() -> None:
    assert REGISTRY.get_sample_value("livechat_pushes_total") == counters.pushes


def test_a_spread_counts_up_to_each_bound() -> None:
    spread = Spread((1, 5))
    for value in (0.5, 1, 2, 7):
        spread.observe(value)
    samples = collector._histogram("x", "", spread).samples
    buckets = {one.labels["le"]: one.value for one in samples if one.name == "x_bucket"}
    assert buckets == {"1": 2, "5": 3, "+Inf": 4}
    assert spread.sum == 10.5


def test_every_metric_is_described() -> None:
    described = re.findall(r"^\| `(livechat_\w+)(?:\{\w+\})?` \|", DEPLOY, re.M)
    assert described == [family.name for family in families()]


def test_every_metric_that_is_watched_exists() -> None:
    names = {sample for family in families() for sample in names_of(family)}
    assert set(re.findall(r"\blivechat_(?!widget|restored|tick)\w+", DEPLOY)) <= names


def families() -> Iterator:
    return collector.CountersCollector().collect()


def names_of(family) -> set[str]:
    endings = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"], "gauge": []}
    return {family.name, *(family.name + ending for ending in endings[family.type])}


@pytest.fixture(scope="module")
def measured(django_db_setup: None) -> Iterator[Server]:
    with start_server("uvicorn", LIVECHAT_TEST_METRICS_TOKEN=TOKEN) as server:
        yield server


def scrape(server: Server) -> dict[str, float]:
    request = urllib.request.Request(
        f"{server.url}{PATH}", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=10) as reply:
        return read(reply.read().decode())


def test_a_server_counts_what_happens(measured: Server, live_cast: Cast) -> None:
    customer = live_cast.customer()
    chat = live_cast.chat(customer)
    before = scrape(measured)
    assert before["livechat_streams_followed"] == 0
    with (
        customer_client(measured, live_cast, customer) as vera,
        console_client(measured, live_cast.ann) as ann,
    ):
        for number in range(3):
            vera.ask_ok("send_event", {"chat_id": chat.pk, "event": message(f"{number}")})
            ann.push("incoming_event")
        assert vera.error("no_such_action")["type"] == "validation"
        during = scrape(measured)
    assert during["livechat_sockets{door=customer}"] == 1
    assert during["livechat_sockets{door=console}"] == 1
    assert during["livechat_sockets_logged_in{door=console}"] == 1
    assert during["livechat_streams_followed"] == 1
    assert during["livechat_subscribers"] == 2
    assert during["livechat_refusals_total{type=validation}"] == 1
    grown = {name: during[name] - value for name, value in before.items()}
    assert grown["livechat_pushes_total"] >= 6
    assert grown["livechat_batch_size_sum"] == 3
    assert 1 <= grown["livechat_batch_size_count"] <= 3
    assert grown["livechat_commit_seconds_count"] == grown["livechat_batch_size_count"]
    assert grown["livechat_commit_seconds_sum"] > 0


def test_a_server_counts_who_comes_back(measured: Server, live_cast: Cast) -> None:
    customer = live_cast.customer()
    with customer_client(measured, live_cast, customer) as vera:
        cursor = vera.login["sync"]
    before = scrape(measured)
    with customer_client(measured, live_cast, customer, login={"cursor": cursor}):
        pass
    stale = {**cursor, "epoch": "of another life"}
    with customer_client(measured, live_cast, customer, login={"cursor": stale}):
        after = scrape(measured)
    assert after["livechat_resumes_total"] - before["livechat_resumes_total"] == 1
    assert after["livechat_sync_resets_total"] - before["livechat_sync_resets_total"] == 1
    opened = "livechat_sockets_opened_total{door=customer}"
    assert after[opened] - before[opened] == 2

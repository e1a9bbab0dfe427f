"""The examples of actions, done on a server: they succeed, and cause the pushes that they name."""

import pytest

from livechat_widget.actions.customer import ACTIONS
from livechat_widget.domain import customers
from livechat_widget.management.documents.tables import example
from livechat_widget.models import Customer
from livechat_widget.protocol.versions import LATEST, VERSIONS, Version
from tests.cast import Cast
from tests.clients import customer_client
from tests.protocol.stage import BEFORE, fill, set_the_stage
from tests.servers import Server

IN_VERSIONS = [
    (version.name, action)
    for action in ACTIONS
    for version in VERSIONS.values()
    if version.has_action(action)
]


@pytest.mark.parametrize(("version", "action"), IN_VERSIONS)
def test_an_action_causes_what_its_example_says(
    version: str, action: str, server: Server, live_cast: Cast
) -> None:
    """What is answered and pushed is as the version has it, or the client complains."""
    customer = live_cast.customer()
    real = set_the_stage(action, live_cast, customer)
    with customer_client(server, live_cast, customer, version=version) as client:
        if action in BEFORE:
            client.ask_ok(BEFORE[action], fill(BEFORE[action], real))
        before = len(client.pushes())
        client.ask_ok(action, fill(action, real))
        caused = client.pushes()[before:]
    assert set(caused) == set(example("actions", action)["causes"]) & VERSIONS[version].pushes


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_a_login_causes_what_its_example_says(
    version: Version, server: Server, live_cast: Cast
) -> None:
    """To whoever logs in, and to a tab that is there already."""
    customer = live_cast.customer()
    customers.keep_aside(customer, {"seen": "1"})
    token = live_cast.token(customer)
    login = {**fill("login", {LATEST.name: version.name}), "token": token}
    with customer_client(server, live_cast, customer, version=version.name) as tab:
        before = len(tab.pushes())
        own = customer_client(server, live_cast, customer, version=version.name, login=login)
        with own:
            caused = own.pushes() + tab.pushes()[before:]
            assert own.login["sync"]["epoch"] != login["cursor"]["epoch"]
    assert set(caused) == set(example("actions", "login")["causes"]) & version.pushes
    assert Customer.objects.get(pk=customer.pk).page["url"] == login["customer_page"]["url"]

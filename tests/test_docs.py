"""The docs say what the code says."""

import ast
import asyncio
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest

from livechat_widget.checks import sockets
from livechat_widget.conf import DEFAULTS
from livechat_widget.protocol.forms import FIELDS
from livechat_widget.protocol.properties import NAMESPACES
from livechat_widget.protocol.versions import VERSIONS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
STATIC = ROOT / "livechat_widget/static/livechat_widget"
ROOMS = ("models", "protocol", "delivery", "domain", "actions", "pages", "sockets")
CHECKS = "".join(file.read_text() for file in (ROOT / "livechat_widget/checks").glob("*.py"))


def read(name: str) -> str:
    return (DOCS / name).read_text()


def section(name: str, heading: str) -> str:
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", read(name), re.M | re.S)
    assert found, f"{name} has no section {heading}"
    return found[1]


def first_cells(text: str) -> list[str]:
    """What stands in backticks at the beginning of a table's rows, in order."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.M)


def code(text: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)


def test_every_setting_is_described_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", section("install.md", "Settings"), re.M)
    assert {name: ast.literal_eval(default) for name, default in rows} == DEFAULTS
    assert [name for name, _ in rows] == list(DEFAULTS)


def test_every_check_is_described() -> None:
    numbers = set(re.findall(r'id="(livechat_widget\.[EW]\d{3})"', CHECKS))
    described = first_cells(section("install.md", "Checks"))
    assert described == sorted(numbers, key=lambda number: number[-3:])


def test_it_is_said_which_checks_are_for_deployment() -> None:
    functions = re.findall(r"^@register\(TAG, deploy=True\)\n(.*?)(?=^@|\Z)", CHECKS, re.M | re.S)
    numbers = re.findall(r'id="(livechat_widget\.[EW]\d{3})"', "".join(functions))
    marked = re.findall(r"^\| `([^`]+)` \| \*deploy:\*", read("install.md"), re.M)
    assert sorted(marked) == sorted(numbers)


@pytest.mark.parametrize("way", [0, 1, 2])
def test_each_way_to_serve_the_sockets_works(way: int) -> None:
    names: dict[str, Any] = {}
    exec(code(section("install.md", "The sockets"))[way], names)
    application = names.get("application") or names["ASGI_APPLICATION"]
    if isinstance(application, str):
        application = sockets.import_string(application)
    answer = sockets._shake_hands(application, sockets._scope(str(sockets.socket_path())))
    assert asyncio.run(answer)["type"] == "websocket.accept"


@pytest.mark.parametrize("page", ["../README.md", *sorted(file.name for file in DOCS.glob("*.md"))])
def test_every_link_leads_somewhere(page: str) -> None:
    text = read(page)
    for target, anchor in re.findall(r"\]\(([^)#:\s]*)(#[^)\s]*)?\)", text):
        file = DOCS / Path(page).parent / target if target else DOCS / page
        assert file.exists(), f"{page} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text(), re.M)
            anchors = {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}
            assert anchor[1:] in anchors, f"{page} links to {target}{anchor}"


def test_every_property_is_described() -> None:
    described = [
        (name, kind.split(",")[0], customer.strip(), agent.strip())
        for names, kind, customer, agent in re.findall(
            r"^\| (`.+?`) \| (.+?) \|(.*?)\|(.*?)\|$", section("protocol.md", "Properties"), re.M
        )
        for name in re.findall(r"`([^`]+)`", names)
    ]
    assert described == [
        (f"{namespace}.{name}", one.type, access(one.customer), access(one.agent))
        for namespace, names in NAMESPACES.items()
        for name, one in names.items()
    ]


def access(places: dict[str, str]) -> str:
    """As the table says it: where there is the same access, the places are joined."""
    if len(places) == 5:
        return f"{places['chat']} everywhere"
    kinds = dict.fromkeys(places.values())
    groups = [(kind, [one for one in places if places[one] == kind]) for kind in kinds]
    return ", ".join(f"{kind} {', '.join(found)}" for kind, found in groups)


def test_every_type_of_form_field_is_described() -> None:
    rows = re.findall(r"^\| (`.+?`) \|", section("protocol.md", "Forms"), re.M)
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == set(FIELDS)


def test_every_address_of_the_protocol_is_described() -> None:
    described = read("protocol.md")
    for version in VERSIONS.values():
        parameter = version.organization_parameter
        assert f"`v{version.name}/customer/rtm/ws?{parameter}=…`" in described


def test_every_method_of_the_client_is_described() -> None:
    source = "".join((STATIC / f"sdk/{name}.js").read_text() for name in ("client", "api"))
    methods = set(re.findall(r"^  (?:async )?\*?(?!constructor)([a-z]\w+)\(", source, re.M))
    assert {"startChat", "getChatHistory"} <= methods
    assert {name for name in methods if not re.search(rf"`{name}\b", read("sdk.md"))} == set()


def test_every_name_in_the_architecture_exists() -> None:
    names = re.findall(rf"`((?:{'|'.join(ROOMS)})\.\w[\w.]*)`", read("architecture.md"))
    assert len(names) > 20
    assert [name for name in names if not exists(name)] == []


def test_every_room_is_in_the_architecture() -> None:
    assert first_cells(section("architecture.md", "The rooms")) == list(ROOMS)


def exists(name: str) -> bool:
    try:
        pkgutil.resolve_name(f"livechat_widget.{name}")
    except (ImportError, AttributeError):
        return False
    return True

"""The rooms of docs/architecture.md: who may import whom, who writes rows, who knows the layer."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "livechat_widget"
SOURCE = Path(__file__).parent.parent / PACKAGE
BASE = {"conf", "counters", "errors", "linkify", "signals"}
BELOW_DELIVERY = BASE | {"protocol", "models"}
BELOW_DOORS = BELOW_DELIVERY | {"delivery", "domain", "origins", "upload"}
MAY_IMPORT = {
    "conf": BASE,
    "counters": BASE,
    "errors": BASE,
    "linkify": BASE,
    "upload": BASE,
    "signals": BASE,
    "protocol": BASE,
    "models": BASE,
    "delivery": BELOW_DELIVERY,
    "domain": BELOW_DELIVERY | {"delivery", "origins"},
    "origins": BASE | {"models"},
    "actions": BELOW_DOORS,
    "pages": BELOW_DOORS,
    "sockets": BELOW_DOORS | {"actions", "pages"},
}
ABOVE_ALL_ROOMS = {
    "admin",
    "api_urls",
    "protocol_host",
    "apps",
    "asgi",
    "checks",
    "collector",
    "health",
    "management",
    "metrics",
    "page_urls",
    "ticker",
    "urls",
}
OUTSIDE = ABOVE_ALL_ROOMS | {"__init__", "migrations", "templatetags"}

MAY_WRITE = ("domain/", "delivery/log.py")
ALWAYS_WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
WRITES_ON_A_QUERYSET = {"update", "delete"}
MAKES_A_QUERYSET = {"objects", "filter", "exclude", "all", "_base_manager", "_default_manager"}


def test_every_file_belongs_to_a_known_room() -> None:
    assert {room(path) for path in sources()} <= MAY_IMPORT.keys() | OUTSIDE


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_a_room_imports_only_rooms_below_it(name: str) -> None:
    wrong = [
        f"{path.relative_to(SOURCE)}:{line} imports {module}"
        for path in sources()
        if room(path) == name
        for module, line in imports(path)
        if module.startswith(f"{PACKAGE}.")
        and module.split(".")[1] not in MAY_IMPORT[name] | {name}
    ]
    assert wrong == []


def test_the_protocol_does_not_know_django() -> None:
    wrong = [
        f"{path.relative_to(SOURCE)}:{line} imports {module}"
        for path in sources()
        if room(path) == "protocol"
        for module, line in imports(path)
        if module.split(".")[0] in {"django", "channels", "asgiref"}
    ]
    assert wrong == []


def test_only_delivery_and_sockets_know_the_channel_layer() -> None:
    wrong = [
        f"{path.relative_to(SOURCE)}:{line} imports {module}"
        for path in sources()
        if room(path) not in {"delivery", "sockets"}
        for module, line in imports(path)
        if module.startswith("channels.layers")
    ]
    assert wrong == []


def test_only_the_domain_and_its_log_write_rows() -> None:
    wrong = [
        f"{name}:{node.lineno} calls .{node.func.attr}()"
        for path in sources()
        if not (name := path.relative_to(SOURCE).as_posix()).startswith((*MAY_WRITE, "migrations/"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and writes(node.func)
    ]
    assert wrong == []


def sources() -> Iterator[Path]:
    return SOURCE.rglob("*.py")


def room(path: Path) -> str:
    return path.relative_to(SOURCE).with_suffix("").parts[0]


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every name that a file imports, from its package on, relative ones resolved."""
    package = [PACKAGE, *path.relative_to(SOURCE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            module = [*above, *([node.module] if node.module else [])]
            yield from ((".".join([*module, alias.name]), node.lineno) for alias in node.names)


def writes(call: ast.Attribute) -> bool:
    """Whether a method call changes rows; `update` and `delete` only count on a queryset."""
    if call.attr in ALWAYS_WRITES:
        return True
    names = {node.attr for node in ast.walk(call.value) if isinstance(node, ast.Attribute)}
    return call.attr in WRITES_ON_A_QUERYSET and bool(names & MAKES_A_QUERYSET)

"""ES modules joined into one script.

Each module becomes a function that runs once, after those that it imports, and gives back what it
exports; so no two of them share a name. Understood is what our sources use, on lines of their own:

    import { one, two as three } from "./path.js";
    export { one as two } from "./path.js";
    export function …, export class …, export const name …
    import(address)

The last is for a script of its own, whose address the page knows. What the entry exports, the
joined script does, too. Anything else is refused: it would need more than this, or work differently
once joined.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Minify = Callable[[str], str]

_IMPORT = re.compile(r'^import \{([^{}]+)\} from "([^"]+)";$', re.MULTILINE)
_EXPORT_FROM = re.compile(r'^export \{([^{}]+)\} from "([^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:(?:async )?function |class |const )([\w$]+))", re.MULTILINE)
_LEFT_OVER = re.compile(r"(?<![\w$.#])(?:import|export)(?![\w$:]|\([\w$.]+\)).{0,40}", re.DOTALL)


class Refused(ValueError):
    """A module that cannot be joined; says which and why."""


@dataclass(frozen=True)
class Binding:
    """A name of another module, and what it is called here."""

    source: Path
    name: str
    alias: str


@dataclass(frozen=True)
class Module:
    path: Path
    imports: list[Binding]
    passed_on: list[Binding]
    declared: list[str]
    body: str

    @property
    def needs(self) -> list[Path]:
        """The modules that run before this one, in the order in which it names them."""
        return list(dict.fromkeys(one.source for one in [*self.imports, *self.passed_on]))

    @property
    def exports(self) -> set[str]:
        return {*self.declared, *(one.alias for one in self.passed_on)}


def join(entry: Path, minify: Minify) -> str:
    """The script that does what ``entry`` does. Raises ``Refused``."""
    modules = _collect(entry.resolve(), minify)
    _check_names(modules)
    places = {path: f"${number}" for number, path in enumerate(modules)}
    script = "".join(_wrap(module, places) for module in modules.values())
    exports = ",".join(sorted(modules[entry.resolve()].exports))
    return script + (f"export const{{{exports}}}={places[entry.resolve()]};\n" if exports else "")


def _collect(entry: Path, minify: Minify) -> dict[Path, Module]:
    """All modules, each after those that it needs."""
    found: dict[Path, Module] = {}

    def visit(path: Path, above: tuple[Path, ...]) -> None:
        if path in above:
            circle = " -> ".join(one.name for one in [*above[above.index(path) :], path])
            raise Refused(f"{circle}: modules that import each other cannot be joined.")
        if path in found:
            return
        module = _read(path, minify)
        for needed in module.needs:
            visit(needed, (*above, path))
        found[path] = module

    visit(entry, ())
    return found


def _read(path: Path, minify: Minify) -> Module:
    if not path.is_file():
        raise Refused(f"{path}: there is no such module.")
    text = path.read_text(encoding="utf-8")
    imports = [one for match in _IMPORT.finditer(text) for one in _bindings(path, match)]
    passed_on = [one for match in _EXPORT_FROM.finditer(text) for one in _bindings(path, match)]
    declared = _EXPORT.findall(text)
    body = minify(_EXPORT.sub("", _EXPORT_FROM.sub("", _IMPORT.sub("", text))))
    if left_over := _LEFT_OVER.search(body):
        raise Refused(f"{path.name}: cannot join {left_over[0]!r}.")
    return Module(path, imports, passed_on, declared, body)


def _bindings(path: Path, match: re.Match[str]) -> Iterator[Binding]:
    names, source = match.groups()
    if not source.startswith(("./", "../")):
        raise Refused(f"{path.name}: {source!r} is not beside it; only own modules are joined.")
    for part in filter(None, (part.strip() for part in names.split(","))):
        name, _, alias = part.partition(" as ")
        yield Binding((path.parent / source).resolve(), name, alias or name)


def _check_names(modules: dict[Path, Module]) -> None:
    """A browser refuses a wrong name at once; joined, it would only be undefined."""
    for module in modules.values():
        for one in [*module.imports, *module.passed_on]:
            if one.name not in modules[one.source].exports:
                raise Refused(f"{module.path.name}: {one.source.name} exports no {one.name}.")


def _wrap(module: Module, places: dict[Path, str]) -> str:
    parts = [_import(module, source, places[source]) for source in module.needs]
    given = [*module.declared]
    given += [f"{one.alias}:{places[one.source]}.{one.name}" for one in module.passed_on]
    result = f"return{{{','.join(given)}}}" if given else ""
    # A line of its own for the body's end: it may be an expression without a semicolon.
    body = "".join(parts) + module.body
    return f"const {places[module.path]}=(()=>{{{body}\n{result}}})();\n"


def _import(module: Module, source: Path, place: str) -> str:
    names = [
        one.name if one.alias == one.name else f"{one.name}:{one.alias}"
        for one in module.imports
        if one.source == source
    ]
    return f"const{{{','.join(names)}}}={place};" if names else ""

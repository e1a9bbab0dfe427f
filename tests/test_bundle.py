"""What the widget's page loads in one piece, and the command that joins it."""

import gzip
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.test import Client
from rjsmin import jsmin

from livechat_widget.management.bundles import BUNDLES, STATIC, Bundle, make
from livechat_widget.management.modules import Refused, join
from tests.cast import Cast

MOST_BYTES = 35_000
FILE = re.compile(r'(?:<script[^>]* src|<link rel="stylesheet"[^>]* href)="([^"]+)"')


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.name)
def test_it_is_what_the_sources_make(bundle: Bundle) -> None:
    for path, text in make(bundle, jsmin).items():
        assert path.read_text(encoding="utf-8") == text, "run: python manage.py livechat_bundle"


def test_the_command_writes_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    written: dict[Path, str] = {}
    monkeypatch.setattr(Path, "write_text", lambda path, text, **_: written.update({path: text}))
    call_command("livechat_bundle", verbosity=0)
    assert written == {
        path: text for bundle in BUNDLES for path, text in make(bundle, jsmin).items()
    }


def test_the_command_says_what_it_cannot_join(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "page.js").write_text('import "./other.js";\n')
    wrong = Bundle("wrong", entry=str(tmp_path / "page.js"), sheets=())
    monkeypatch.setattr("livechat_widget.management.commands.livechat_bundle.BUNDLES", [wrong])
    with pytest.raises(CommandError, match=re.escape('page.js: cannot join \'import"./other.js"')):
        call_command("livechat_bundle")


def test_it_refuses_a_sheet_with_an_address(tmp_path: Path) -> None:
    (tmp_path / "page.js").touch()
    (tmp_path / "page.css").write_text("a { background: url(face.png) }")
    wrong = Bundle("wrong", str(tmp_path / "page.js"), (str(tmp_path / "page.css"),))
    with pytest.raises(Refused, match=re.escape("'url(' would lead elsewhere")):
        make(wrong, jsmin)


def test_the_page_loads_one_sheet_htmx_and_one_script(client: Client, cast: Cast) -> None:
    page = client.get("/livechat/widget/").content
    files = [urlsplit(name).path for name in FILE.findall(page.decode())]
    assert [Path(file).name for file in files] == [
        "widget.bundle.css",
        "htmx-2.min.js",
        "widget.bundle.js",
    ]
    parts = [page, *(content(file) for file in files)]
    assert sum(len(gzip.compress(part)) for part in parts) <= MOST_BYTES


def content(address: str) -> bytes:
    path = finders.find(address.removeprefix("/static/"))
    assert path
    return Path(path).read_bytes()


def write(folder: Path, **modules: str) -> Path:
    """Modules by name; the path of the one called ``page``."""
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "page.js"


def run(script: str) -> str:
    command = ["node", "--input-type=module"]
    result = subprocess.run(command, input=script, capture_output=True, text=True, check=True)
    return result.stdout


def test_joined_modules_do_what_they_did(tmp_path: Path) -> None:
    page = write(
        tmp_path,
        page="""
import { add as plus, limit } from "./sums.js";
import { Counter,
} from "./counter.js";

/** import { nothing } from "./comment.js"; */
const add = "a name of its own";
const counter = new Counter();
counter.grow();
console.log(plus(1, 2), limit, add, counter.size);
""",
        counter="""
import { add } from "./sums.js";
export { limit as most } from "./sums.js";
export class Counter {
  #size = 0;

  get size() {
    return this.#size;
  }

  grow() {
    this.#size = add(this.#size, 1);
  }
}
""",
        sums="""
console.log("once");
const secret = 0;
export const limit = 10;
export async function later() {}
export function add(one, other) {
  return one + other + secret;
}
""",
    )
    assert run(join(page, jsmin)) == "once\n3 10 a name of its own 1\n"


def test_a_joined_script_exports_what_its_entry_did(tmp_path: Path) -> None:
    page = write(
        tmp_path,
        page="""
import { limit } from "./sums.js";
const load = (address) => import(address);
export function give() {
  return limit;
}
load("data:text/javascript,console.log(1)");
""",
        sums="export const limit = 10;\n",
    )
    (tmp_path / "joined.mjs").write_text(join(page, jsmin))
    script = f'import {{ give }} from "{tmp_path}/joined.mjs";\nconsole.log(give());'
    assert run(script) == "10\n1\n"


def test_a_module_passes_on_what_it_imports(tmp_path: Path) -> None:
    page = write(
        tmp_path,
        page='import { most } from "./front.js";\nconsole.log(most);\n',
        front='export { limit as most } from "./sums.js";\n',
        sums="export const limit = 10;\n",
    )
    assert run(join(page, jsmin)) == "10\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('import thing from "./other.js";\n', "cannot join 'import thing from"),
        ('import * as all from "./other.js";\n', "cannot join 'import*as all"),
        ('import "./other.js";\n', "cannot join 'import\"./other.js"),
        ('const other = await import("./other.js");\n', "cannot join 'import(\"./other.js"),
        ("console.log(import.meta.url);\n", "cannot join 'import.meta.url"),
        ("export default 1;\n", "cannot join 'export default 1"),
        ('export * from "./other.js";\n', "cannot join 'export*from"),
        ("export let count = 0;\n", "cannot join 'export let count"),
        ("export const { a } = { a: 1 };\n", "cannot join 'export const{a}"),
        ("const a = 1;\nexport { a };\n", "cannot join 'export{a}"),
        ('import { a } from "https://a.test/a.js";\n', "only own modules are joined"),
        ('import { wrong } from "./other.js";\n', "other.js exports no wrong"),
        ('import { a } from "./missing.js";\n', "there is no such module"),
        ('import { back } from "./circle.js";\n', "page.js -> circle.js -> page.js"),
    ],
)
def test_it_refuses_what_it_does_not_understand(tmp_path: Path, text: str, reason: str) -> None:
    circle = 'import { a } from "./page.js";\nexport const back = a;\n'
    page = write(tmp_path, page=text, other="export const right = 1;\n", circle=circle)
    with pytest.raises(Refused, match=re.escape(reason)):
        join(page, jsmin)


@pytest.fixture
def collected(tmp_path: Path, settings: Any) -> Path:
    """All files under names that change with their content, as a site in production has them."""
    backend = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin"])
    return tmp_path


def test_it_works_under_hashed_names(client: Client, cast: Cast, collected: Path) -> None:
    page = client.get("/livechat/widget/").content.decode()
    files = [name.removeprefix("/static/") for name in FILE.findall(page)]
    assert all(re.search(r"\.[0-9a-f]{12}\.(js|css)$", name) for name in files)
    assert (collected / files[0]).read_bytes() == (STATIC / "widget.bundle.css").read_bytes()
    assert (collected / files[-1]).read_bytes() == (STATIC / "widget.bundle.js").read_bytes()

"""The README's "Install" section, done to a project as a reader would do it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
README, SDK = ROOT / "README.md", ROOT / "docs/sdk.md"
SECTION = re.compile(r"^## Install\n(.*?)^## ", re.M | re.S)
BLOCK = re.compile(r"((?:^[^\n]+\n)+)\n```(\w+)\n(.*?)^```$", re.M | re.S)
END_OF = re.compile(r"\bend\s+of\s+`([^`]+)`")


@dataclass(frozen=True)
class Block:
    """A piece of code, and the paragraph above it, which says where it goes."""

    above: str
    language: str
    text: str

    @property
    def file(self) -> str | None:
        named = END_OF.search(self.above)
        return named[1] if named else None


def read_blocks() -> Iterator[Block]:
    section = SECTION.search(README.read_text())
    assert section, "README.md has no section Install"
    for above, language, text in BLOCK.findall(section[1]):
        yield Block(above, language, text)


def edit(project: Path, base_template: Path) -> None:
    """Put every piece of code where the README says."""
    for block in read_blocks():
        if block.language == "html":
            assert "before `</body>`" in block.above
            page = base_template.read_text()
            base_template.write_text(page.replace("</body>", f"{block.text}</body>"))
        elif block.language != "sh":
            assert block.file, f"The README does not say where this goes:\n{block.text}"
            with (project / block.file).open("a") as file:
                file.write(f"\n{block.text}")


def sdk_snippet(organization: str) -> str:
    """The example of docs/sdk.md, for this organization."""
    found = re.search(r"^```html\n(.*?)^```$", SDK.read_text(), re.M | re.S)
    assert found
    return found[1].replace('organization = "…"', f'organization = "{organization}"')


def commands() -> list[str]:
    """What the reader types, line by line."""
    scripts = [block.text for block in read_blocks() if block.language == "sh"]
    return "".join(scripts).splitlines()

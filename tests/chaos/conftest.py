"""A good story, and what the checker says of it once a test has spoilt it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.checker import judge
from tests.chaos.story import Story


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def broken(story: Story, tmp_path: Path) -> Callable[[], set[str]]:
    """The names of the invariants that the story breaks, once it is told to its end."""

    def tell() -> set[str]:
        story.end()
        return set(judge(story.read(tmp_path)).violations)

    return tell

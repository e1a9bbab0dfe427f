"""How a test asks what the checks have to say of a site."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import CheckMessage, run_checks


@pytest.fixture
def messages(settings: Any) -> Callable[..., list[CheckMessage]]:
    """Set these settings, run the checks of this app, with ``deploy`` those for deployment too."""

    def check(*, deploy: bool = False, **given: Any) -> list[CheckMessage]:
        for name, value in given.items():
            setattr(settings, name, value)
        return run_checks(tags=["livechat"], include_deployment_checks=deploy)

    return check


@pytest.fixture
def numbers(messages: Callable[..., list[CheckMessage]]) -> Callable[..., list[str]]:
    """The same, but only the numbers, such as E001, sorted: Django keeps checks in a set."""

    def check(**given: Any) -> list[str]:
        return sorted(str(one.id).removeprefix("livechat_widget.") for one in messages(**given))

    return check

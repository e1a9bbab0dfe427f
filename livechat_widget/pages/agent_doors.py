"""Doors for agents: the admin's session says who it is, Django's CSRF token that they meant it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, get_type_hints

import msgspec
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from msgspec import Struct

from ..conf import settings
from ..domain import agents
from ..errors import EntityTooLarge, ValidationFailed
from ..models import Agent
from ..origins import check_host
from .acts import Door, answer, read_form

S = TypeVar("S", bound=Struct)


def agent_door(method: str) -> Callable[[Door], Door]:
    """A view that is given the agent; errors become JSON that may be shown as it is."""

    def decorate(view: Door) -> Door:
        @transaction.non_atomic_requests
        @wraps(view)
        def door(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            return answer(request, lambda: view(request, agent_of(request), **kwargs), method)

        return door

    return decorate


def agent_of(request: HttpRequest) -> Agent:
    """Who is signed in to the admin of the agent's own site; raises ``NotAllowed`` and
    ``OrganizationNotFound``."""
    agent = agents.of_user(request.user)
    check_host(request.get_host(), agent.organization)
    return agent


def agent_act(act: Callable[..., None]) -> Door:
    """A POST whose form is decoded into the act's Struct; 204 when it is done."""
    kind = get_type_hints(act)["asked"]

    @agent_door("POST")
    @wraps(act)
    def door(request: HttpRequest, agent: Any, **kwargs: Any) -> HttpResponse:
        act(agent, read_form(request, kind), **kwargs)
        return HttpResponse(status=204)

    return door


def read_json(request: HttpRequest, kind: type[S]) -> S:
    """The posted JSON, checked; raises ``ValidationFailed`` with the member's path."""
    if len(request.body) > settings.MAX_FRAME_BYTES:
        raise EntityTooLarge
    try:
        return msgspec.json.decode(request.body, type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ValidationFailed(f"The body is not as expected: {error}.") from error

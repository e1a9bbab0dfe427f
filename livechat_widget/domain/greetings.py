"""Greetings invite: an agent sends one, or a page does whose conditions hold."""

from typing import Any

import msgspec
from django.db.models import F
from django.utils.timezone import now

from ..delivery import log
from ..delivery.database import atomic
from ..delivery.greetings import describe, reference_to
from ..errors import ChatAlreadyActive, GreetingNotFound, NotFound
from ..models import (
    Agent,
    Customer,
    Greeting,
    GreetingTemplate,
    Group,
    Organization,
    Stream,
    Thread,
)
from . import agents, contents
from .conditions import Situation, all_hold, fields_of
from .organizations import GENERAL_GROUP


@atomic
def send(customer_id: str, agent: Agent, template_id: int) -> Greeting:
    """Show a greeting in the agent's name; it takes the place of one that waits.

    Raises ``NotFound`` for what is not of the agent's organization, or of a group that the agent
    does not see, and ``ChatAlreadyActive``.
    """
    template = GreetingTemplate.objects.filter(pk=template_id, group__in=agents.groups_of(agent))
    found = template.first()
    own = {"customer": customer_id, "organization": agent.organization_id}
    stream = Stream.objects.select_for_update(of=("self",)).filter(**own).first()
    if found is None or stream is None:
        raise NotFound("There is no such customer or greeting, or it is not yours.")
    if _is_chatting(stream.customer_id):
        raise ChatAlreadyActive("The customer is in a chat; write there.")
    return _show(stream, found, agent)


def offer(customer: Customer, group_number: int, referrer: str = "") -> Greeting | None:
    """Show the first greeting whose conditions hold on the customer's page, if there is one.

    Each is offered to a customer once. To be called when a page was opened.
    """
    templates = GreetingTemplate.objects.filter(
        active=True,
        group__organization=customer.organization_id,
        group__number__in={group_number, GENERAL_GROUP},
    )
    candidates = list(templates.exclude(greetings__customer=customer).order_by("pk"))
    if not candidates or _is_chatting(customer.pk):
        return None
    group = Group.objects.filter(organization=customer.organization_id, number=group_number).first()
    agent = agents.host(group) if group else None
    if group is None or agent is None:
        return None  # published clients need somebody in whose name it is
    customer.refresh_from_db(fields=["page", "visits_count"])
    situation = Situation(
        url=customer.page.get("url", ""),
        title=customer.page.get("title", ""),
        referrer=referrer,
        visits=customer.visits_count,
        online=agent.there and group.is_open(now()),
        language=customer.language,
        fields=fields_of(customer),
    )
    fitting = (one for one in candidates if all_hold(one.conditions, situation))
    template = next(fitting, None)
    return _offer(customer, template, agent) if template else None


@atomic
def _offer(customer: Customer, template: GreetingTemplate, agent: Agent) -> Greeting | None:
    stream = log.lock(customer=customer)
    # Another tab may have been faster since we looked.
    if Greeting.objects.filter(customer=customer, template=template).exists():
        return None
    return None if _is_chatting(customer.pk) else _show(stream, template, agent)


@atomic
def accept(customer: Customer, template_id: int | None, unique_id: str) -> None:
    """Once more is no error. Raises ``GreetingNotFound`` also for one that was cancelled, or, where
    a template is named, is of another."""
    stream = log.lock(customer=customer)
    of_template = {} if template_id is None else {"template": template_id}
    greeting = _find(customer, unique_id=unique_id, canceled=False, **of_template)
    if greeting.accepted:
        return
    Greeting.objects.filter(pk=greeting.pk).update(accepted=True)
    accepted = F("greetings_accepted_count") + 1
    Customer.objects.filter(pk=customer.pk).update(greetings_accepted_count=accepted)
    log.append(stream, log.NewEntry("greeting_accepted", {"unique_id": greeting.pk}))


@atomic
def cancel(customer: Customer, unique_id: str) -> None:
    """Once more is no error. Raises ``GreetingNotFound`` also for one that was accepted."""
    stream = log.lock(customer=customer)
    greeting = _find(customer, unique_id=unique_id, accepted=False)
    if not greeting.canceled:
        log.append(stream, *_cancel(greeting))


@atomic
def press(customer: Customer, unique_id: str, button_id: str) -> None:
    """Note that a button of a greeting was pressed; once more is no error.

    Raises ``GreetingNotFound`` also for one that was cancelled, and ``NotFound`` for a button that
    it has not.
    """
    log.lock(customer=customer)
    greeting = _find(customer, unique_id=unique_id, canceled=False)
    offered = greeting.template.rich_message or {"elements": []}
    if button_id not in {one["postback_id"] for one in contents.buttons(offered)}:
        raise NotFound("button_id: this greeting has no such button.")
    if button_id not in greeting.pressed:
        greeting.pressed = [*greeting.pressed, button_id]
        greeting.save(update_fields=["pressed"])


def are_active(organization: Organization) -> bool:
    """Whether any is offered by itself."""
    templates = GreetingTemplate.objects.filter(group__organization=organization)
    return templates.filter(active=True).exists()


def waiting(customer: Customer) -> Greeting | None:
    """The one that was shown, and neither accepted nor cancelled, while no chat goes on."""
    shown = Greeting.objects.filter(customer=customer, accepted=False, canceled=False)
    found = shown.select_related("template", "agent").first()
    return None if found is None or _is_chatting(customer.pk) else found


def last_shown(customer: Customer) -> Greeting | None:
    """The one on the customer's screen: not cancelled, and no chat was started since."""
    shown = Greeting.objects.filter(customer=customer).select_related("template", "agent")
    greeting = shown.order_by("-created_at").first()
    if greeting is None or greeting.canceled:
        return None
    later = Thread.objects.filter(chat__customer=customer, created_at__gt=greeting.created_at)
    return None if later.exists() else greeting


def begun_with(thread: Thread) -> Greeting | None:
    """The greeting that the customer's first thread answered."""
    unique_id = thread.properties.get("lc2", {}).get("greeting_unique_id")
    if unique_id is None or Thread.objects.filter(chat=thread.chat_id).exclude(pk=thread.pk):
        return None
    shown = Greeting.objects.filter(customer__chat=thread.chat_id, pk=unique_id)
    return shown.select_related("template", "agent").first()


def properties_of_thread(customer: Customer, earlier: Thread | None) -> dict[str, Any]:
    """Of the namespace lc2: the greeting that was accepted since the thread before, if any."""
    accepted = Greeting.objects.filter(customer=customer, accepted=True)
    if earlier:
        accepted = accepted.filter(created_at__gt=earlier.created_at)
    greeting = accepted.order_by("-created_at").first()
    return reference_to(greeting) if greeting else {}


def _show(stream: Stream, template: GreetingTemplate, agent: Agent) -> Greeting:
    customer = stream.customer_id
    waiting = Greeting.objects.filter(customer=customer, accepted=False, canceled=False).first()
    entries = _cancel(waiting) if waiting else []
    greeting = Greeting.objects.create(
        customer_id=customer, template=template, agent=agent, created_at=log.next_time(stream)
    )
    shown = F("greetings_shown_count") + 1
    Customer.objects.filter(pk=customer).update(greetings_shown_count=shown)
    payload: dict[str, Any] = msgspec.to_builtins(describe(greeting, first_time=True))
    log.append(stream, *entries, log.NewEntry("incoming_greeting", payload))
    return greeting


def _cancel(greeting: Greeting) -> list[log.NewEntry]:
    Greeting.objects.filter(pk=greeting.pk).update(canceled=True)
    return [log.NewEntry("greeting_canceled", {"unique_id": greeting.pk})]


def _find(customer: Customer, **terms: Any) -> Greeting:
    greeting = Greeting.objects.filter(customer=customer, **terms).first()
    if greeting is None:
        raise GreetingNotFound
    return greeting


def _is_chatting(customer_id: Any) -> bool:
    return Thread.objects.filter(chat__customer=customer_id, active=True).exists()

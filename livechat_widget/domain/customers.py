"""Customers: who they are and what they look at."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.timezone import now
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from ..delivery import log, present, publish
from ..delivery.database import atomic
from ..errors import CustomerSessionFieldsLimitReached
from ..models import Chat, ChatUser, Customer, Organization, Stream, Thread
from ..protocol import objects
from ..protocol.times import format_time
from ..protocol.views import View
from .notes import note

MOST_SESSION_FIELDS = 100
VISIT = timedelta(minutes=30)
# By their names on the wire, where the column has another.
_COLUMNS = {"address": "postal_address"}


class Page(Protocol):
    """Where a customer is; the title may be missing."""

    url: str
    title: Any


@atomic
def create(organization: Organization) -> Customer:
    """An anonymous customer with a stream of its own."""
    customer = Customer.objects.create(organization=organization)
    Stream.objects.create(customer=customer, organization=organization)
    return customer


@atomic
def update(customer: Customer, **given: Any) -> Customer:
    """Change what a customer is, by the names on the wire, and tell the chat what really changed.

    Raises ``CustomerSessionFieldsLimitReached``.
    """
    if "session_fields" in given:
        given["session_fields"] = _one_by_one(given["session_fields"])
    stream = log.lock(customer=customer)
    customer.refresh_from_db()
    before = {key: getattr(customer, _COLUMNS.get(key, key)) for key in given}
    changed = {key: value for key, value in given.items() if before[key] != value}
    if not changed:
        return customer
    columns = {_COLUMNS.get(key, key): value for key, value in changed.items()}
    for column, value in columns.items():
        setattr(customer, column, value)
    customer.save(update_fields=list(columns))
    entries = [log.NewEntry("customer_updated", {"id": str(customer.pk), **changed})]
    thread = Thread.objects.filter(chat__customer=customer, active=True).first()
    names = {f"customer_{key}": changed[key] for key in ("name", "email") if key in changed}
    if thread and names:
        entries.append(note(stream, thread, "customer_updated", **names))
    log.append(stream, *entries)
    return customer


def arrive(customer: Customer, page: Page | None = None, address: str = "") -> None:
    """A login; one that comes back to the same page, as after a lost network, opened none."""
    is_new = _count_visit(customer, address=address)
    if page is not None and (is_new or customer.page.get("url") != page.url):
        _show_page(customer, page.url, page.title or "")


def open_page(customer: Customer, url: str, title: str = "") -> None:
    """Remember the page the customer is on and tell who watches; no history of it is kept."""
    _count_visit(customer)
    _show_page(customer, url, title)


def turn_to(customer: Customer, *, active: bool) -> None:
    """The customer's page came to the front, or left it; agents are told. A visit goes on by it."""
    _count_visit(customer)
    customer.refresh_from_db(fields=["page"])
    if not customer.page or customer.page.get("active") == active:
        return
    page = {**customer.page, "active": active}
    Customer.objects.filter(pk=customer.pk).update(page=page)
    _tell_page(customer, page)


def keep_aside(customer: Customer, values: dict[str, str]) -> None:
    """Let the customer's clients keep these texts, and give them back with their next login."""
    customer.side_storage = values
    customer.save(update_fields=["side_storage"])
    payload = {"customer_side_storage": values}
    publish.without_saving(
        customer.stream.pk, View.CUSTOMER, "customer_side_storage_updated", payload
    )


def compare_aside(customer: Customer, held: dict[str, str]) -> dict[str, str] | None:
    """What a client should keep instead of what it holds; that is taken where we have nothing."""
    if not customer.side_storage and held:
        keep_aside(customer, held)
    return customer.side_storage if customer.side_storage != held else None


def introduce(customer: Customer, **given: Any) -> None:
    """What customers say of themselves. What the site vouches for stays as the site has it."""
    said = {key: value for key, value in given.items() if key not in customer.verified}
    if said:
        update(customer, **said)


def set_language(customer: Customer, wanted: str) -> None:
    """The first of a browser's languages that the site speaks, in which mails are written."""
    for code, _weight in parse_accept_lang_header(wanted.lower()):
        try:
            language = get_supported_language_variant(code)
        except LookupError:
            continue
        if language != customer.language:
            customer.language = language
            customer.save(update_fields=["language"])
        return


def describe(customer: Customer) -> objects.Customer:
    """The customer as it sees itself, with statistics."""
    chats = Chat.objects.filter(customer=customer).annotate(size=Count("threads"))
    return describe_with(customer, list(chats.values_list("size", flat=True)))


def describe_with(customer: Customer, sizes: Sequence[int]) -> objects.Customer:
    """The same for who knows how many threads each chat has."""
    described = present.customer(customer)
    described.statistics = objects.Statistics(
        chats_count=len(sizes),
        threads_count=sum(sizes),
        visits_count=customer.visits_count,
        page_views_count=customer.page_views_count,
        greetings_shown_count=customer.greetings_shown_count,
        greetings_accepted_count=customer.greetings_accepted_count,
    )
    return described


def _one_by_one(fields: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """As they are kept: one key in each, in the order given."""
    singles = [{key: value} for field in fields for key, value in field.items()]
    if len(singles) > MOST_SESSION_FIELDS:
        raise CustomerSessionFieldsLimitReached
    return singles


def _count_visit(customer: Customer, **changed: str) -> bool:
    """Whether a visit begins: half an hour without a login, another page or the chat ends one."""
    moment = now()
    limit = moment - VISIT
    mine = Customer.objects.filter(pk=customer.pk)
    chatting = ChatUser.objects.filter(
        chat__customer=OuterRef("pk"), agent=None, seen_up_to__gte=limit
    )
    away = Q(visited_at__lt=limit) & ~Exists(chatting)
    begins = mine.filter(Q(visited_at=None) | away)
    # One statement, so that two tabs that come at once are one visit.
    if begins.update(visits_count=F("visits_count") + 1, visited_at=moment, **changed):
        return True
    mine.update(visited_at=moment, **changed)
    return False


def _show_page(customer: Customer, url: str, title: str) -> None:
    page = {"url": url, "opened_at": format_time(now())} | ({"title": title} if title else {})
    views = F("page_views_count") + 1
    Customer.objects.filter(pk=customer.pk).update(page=page, page_views_count=views)
    _tell_page(customer, page)


def _tell_page(customer: Customer, page: dict[str, Any]) -> None:
    own = {name: one for name, one in page.items() if name != "active"}
    pages = {View.CUSTOMER: own, View.AGENT: {"customer_id": str(customer.pk), **page}}
    for view, payload in pages.items():
        publish.without_saving(customer.stream.pk, view, "customer_page_updated", payload)

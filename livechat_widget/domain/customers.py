"""Customers: who they are and what they look at."""

from typing import Any

from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from ..delivery import log, present, publish
from ..delivery.database import atomic
from ..models import Chat, Customer, Organization, Stream, Thread
from ..protocol import objects
from ..protocol.times import format_time
from ..protocol.views import View
from .notes import note


@atomic
def create(organization: Organization) -> Customer:
    """An anonymous customer with a stream of its own."""
    customer = Customer.objects.create(organization=organization)
    Stream.objects.create(customer=customer, organization=organization)
    return customer


@atomic
def update(customer: Customer, **given: Any) -> Customer:
    """Change name, email, avatar or session_fields, and tell the chat what really changed."""
    stream = log.lock(customer=customer)
    customer.refresh_from_db()
    changed = {key: value for key, value in given.items() if getattr(customer, key) != value}
    if not changed:
        return customer
    for key, value in changed.items():
        setattr(customer, key, value)
    customer.save(update_fields=list(changed))
    entries = [log.NewEntry("customer_updated", {"id": str(customer.pk), **changed})]
    thread = Thread.objects.filter(chat__customer=customer, active=True).first()
    names = {f"customer_{key}": changed[key] for key in ("name", "email") if key in changed}
    if thread and names:
        entries.append(note(stream, thread, "customer_updated", **names))
    log.append(stream, *entries)
    return customer


def open_page(customer: Customer, url: str, title: str = "") -> None:
    """Remember the page the customer is on and tell who watches; no history of it is kept."""
    page = {"url": url, "opened_at": format_time(now())} | ({"title": title} if title else {})
    views = F("page_views_count") + 1
    Customer.objects.filter(pk=customer.pk).update(page=page, page_views_count=views)
    pages = {View.CUSTOMER: page, View.AGENT: {"customer_id": str(customer.pk), **page}}
    for view, payload in pages.items():
        publish.without_saving(customer.stream.pk, view, "customer_page_updated", payload)


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


def count_visit(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(visits_count=F("visits_count") + 1)


def describe(customer: Customer) -> objects.Customer:
    """The customer as it sees itself, with statistics."""
    described = present.customer(customer)
    described.statistics = objects.Statistics(
        chats_count=Chat.objects.filter(customer=customer).count(),
        threads_count=Thread.objects.filter(chat__customer=customer).count(),
        visits_count=customer.visits_count,
        page_views_count=customer.page_views_count,
        greetings_shown_count=customer.greetings_shown_count,
        greetings_accepted_count=customer.greetings_accepted_count,
    )
    return described

"""Timed jobs: what is forgotten, and what is not yet."""

from datetime import timedelta

from livechat_widget.domain import customers, jobs
from livechat_widget.models import Event, Stream, StreamEntry
from tests.cast import Cast


def test_a_fresh_entry_is_kept_however_long_ago_the_last_event_was(cast: Cast) -> None:
    silent, quiet = cast.customer(), cast.customer()
    cast.chat(quiet)
    month = timedelta(days=31)
    for event in Event.objects.filter(chat__customer=quiet):
        Event.objects.filter(pk=event.pk).update(created_at=event.created_at - month)
    stream = Stream.objects.get(customer=quiet)
    before = stream.clock - month // timedelta(microseconds=1)
    Stream.objects.filter(pk=stream.pk).update(clock=before)
    StreamEntry.objects.all().delete()
    for customer in (silent, quiet):
        customers.update(customer, name="Vera")
    assert jobs.prune_entries() == 0
    assert StreamEntry.objects.filter(action="customer_updated").count() == 2

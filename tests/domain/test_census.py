"""Who is here: leases that are renewed, and end by themselves."""

from datetime import timedelta

from django.utils.timezone import now

from livechat_widget.conf import settings as ours
from livechat_widget.domain import census, chats, groups
from livechat_widget.domain.chats import Opening
from livechat_widget.models import Presence
from tests.cast import Cast


def test_it_works(cast: Cast) -> None:
    cast.come(cast.ann, seconds=-1)
    assert groups.list_statuses(cast.organization.pk) == {0: "offline"}
    census.renew_agents([cast.ann])
    assert groups.list_statuses(cast.organization.pk) == {0: "online"}
    left = Presence.objects.get(author=cast.ann.public_id).until - now()
    assert timedelta(seconds=25) < left <= timedelta(seconds=ours.PRESENCE_SECONDS)


def test_it_takes_three_missed_renewals_to_be_gone() -> None:
    assert census.renew_seconds() * 3 == ours.PRESENCE_SECONDS


def test_a_page_that_polls_is_written_down_now_and_then(
    cast: Cast, django_assert_num_queries
) -> None:
    cast.come(cast.ann, seconds=5)
    census.renew_agent(cast.ann)
    with django_assert_num_queries(1):
        census.renew_agent(cast.ann)
    assert Presence.objects.get(author=cast.ann.public_id).until > now() + timedelta(seconds=25)


def test_many_cost_as_much_as_one(cast: Cast, django_assert_num_queries) -> None:
    people = [cast.agent(f"Agent {number}", here=False) for number in range(10)]
    for some in (people[:1], people):
        with django_assert_num_queries(4):  # two of them the savepoint
            census.renew_agents(some)


def test_of_customers_only_those_count_who_are_in_a_chat(cast: Cast) -> None:
    chatting, done, looking = (cast.customer() for _ in range(3))
    cast.chat(chatting)
    chats.start(done, Opening(active=False))
    census.renew_customers([one.author_id for one in (chatting, done, looking)])
    people = {chatting.author_id, done.author_id, looking.author_id}
    here = Presence.objects.filter(author__in=people)
    assert [one.author for one in here] == [chatting.author_id]


def test_old_leases_are_forgotten(cast: Cast) -> None:
    bob = cast.agent("Bob", here=False)
    cast.come(cast.ann, seconds=-3600)
    cast.come(bob, seconds=-90000)
    assert census.prune() == 1
    assert [one.author for one in Presence.objects.all()] == [cast.ann.public_id]

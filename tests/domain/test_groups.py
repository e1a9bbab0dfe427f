"""Whether somebody is there, and who."""

import pytest

from livechat_widget.domain import chats, groups
from livechat_widget.errors import GroupNotFound, GroupOffline
from livechat_widget.models import Agent
from tests.cast import Cast


def test_it_works(cast: Cast) -> None:
    orders = cast.group(1)
    cast.group(2, "Repairs")
    cast.ann.groups.add(orders)
    assert groups.list_statuses(cast.organization.pk) == {0: "online", 1: "online", 2: "offline"}


def test_it_leaves_out_what_is_not_there(cast: Cast) -> None:
    Cast().group(7)
    assert groups.list_statuses(cast.organization.pk, [0, 7, 8]) == {0: "online"}
    assert groups.list_statuses(cast.organization.pk, []) == {}


@pytest.mark.parametrize("field", ["accepting", "user__is_active"])
def test_a_group_without_anybody_is_offline(cast: Cast, field: str) -> None:
    if field == "accepting":
        Agent.objects.filter(pk=cast.ann.pk).update(accepting=False)
    else:
        cast.ann.user.is_active = False
        cast.ann.user.save()
    assert groups.list_statuses(cast.organization.pk) == {0: "offline"}
    with pytest.raises(GroupOffline):
        groups.predict(cast.organization.pk)


def test_the_one_with_the_fewest_chats_is_expected(cast: Cast) -> None:
    bob = cast.agent("Bob")
    chat = cast.chat()
    chats.join(chat.pk, cast.ann)
    assert groups.predict(cast.organization.pk).agent == bob
    chats.deactivate(chat.pk, cast.ann)
    assert groups.predict(cast.organization.pk).agent == bob  # who never had one yet


def test_a_group_is_answered_by_its_agents(cast: Cast) -> None:
    orders = cast.group(1)
    bob = cast.agent("Bob")
    with pytest.raises(GroupOffline):
        groups.predict(cast.organization.pk, 1)
    bob.groups.add(orders)
    assert groups.predict(cast.organization.pk, 1).agent == bob


def test_who_does_not_accept_is_not_expected(cast: Cast) -> None:
    cast.agent("Bob", accepting=False)
    chats.join(cast.chat().pk, cast.ann)
    assert groups.predict(cast.organization.pk).agent == cast.ann


def test_it_refuses_a_foreign_group_as_an_absent_one(cast: Cast) -> None:
    Cast().group(7)
    for number in (7, 8, -1, 2**62):
        with pytest.raises(GroupNotFound):
            groups.predict(cast.organization.pk, number)

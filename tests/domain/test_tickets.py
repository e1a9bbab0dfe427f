"""Tickets are written down with their mails, whichever way they come."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.test import override_settings
from django.utils.timezone import now

from livechat_widget.domain import customers, tickets
from livechat_widget.domain.tickets import NewTicket
from livechat_widget.errors import GroupNotFound, TooManyRequests, ValidationFailed
from livechat_widget.models import Mail, Ticket
from livechat_widget.protocol.answers import Answers
from tests.cast import Cast


def new(**fields: Any) -> NewTicket:
    return NewTicket(**{"email": "vera@example.org", "message": "It broke", **fields})


def answers(*filled: dict[str, Any]) -> Any:
    return msgspec.convert([{"label": "", **one} for one in filled], Answers)


@pytest.fixture
def desk(cast: Cast) -> Cast:
    """Everybody's tickets go to the general address."""
    cast.general.email = "desk@shop.example"
    cast.general.save()
    return cast


def test_it_works(desk: Cast) -> None:
    ticket = tickets.write(
        desk.organization,
        new(name="Vera", subject="Broken", source_url="https://shop.example/cup"),
    )
    ticket.refresh_from_db()
    assert (ticket.group, ticket.status, ticket.customer) == (desk.general, "open", None)
    assert (ticket.name, ticket.email, ticket.subject) == ("Vera", "vera@example.org", "Broken")
    mail = Mail.objects.get()
    assert (mail.to, mail.reply_to) == ("desk@shop.example", "Vera <vera@example.org>")
    assert mail.subject == f"[{ticket.pk}] Broken"
    assert "It broke" in mail.body
    assert "https://shop.example/cup" in mail.body


def test_the_time_is_told_as_the_requester_knows_it(desk: Cast) -> None:
    ticket = tickets.write(desk.organization, new(time_zone="Asia/Tokyo"))
    assert ticket.time_zone == "Asia/Tokyo"
    assert "JST" in Mail.objects.get().body


@pytest.mark.parametrize(
    "zone", ["Mars/Crater", "Europe", "../../etc/passwd", "/etc/passwd", "", "x" * 65, "a\x00b"]
)
def test_it_refuses_what_is_no_time_zone(desk: Cast, zone: str) -> None:
    if not zone:
        assert tickets.write(desk.organization, new(time_zone=zone)).time_zone == ""
        return
    with pytest.raises(ValidationFailed, match="timezone: use a name such as"):
        tickets.write(desk.organization, new(time_zone=zone))


def test_a_group_has_its_own_address(desk: Cast) -> None:
    orders, repairs = desk.group(1), desk.group(2, "Repairs")
    orders.email = "orders@shop.example"
    orders.save()
    tickets.write(desk.organization, new(group_number=1))
    tickets.write(desk.organization, new(group_number=2))
    assert [mail.to for mail in Mail.objects.order_by("created_at")] == [
        "orders@shop.example",
        "desk@shop.example",
    ]
    assert Ticket.objects.filter(group=repairs).exists()


def test_without_an_address_it_is_in_the_admin_alone(cast: Cast) -> None:
    tickets.write(cast.organization, new())
    assert Ticket.objects.exists()
    assert not Mail.objects.exists()


def test_a_receipt_repeats_nothing_of_what_was_written(desk: Cast) -> None:
    tickets.write(desk.organization, new(subject="Buy now"))
    assert Mail.objects.filter(to="vera@example.org").count() == 0
    with override_settings(LIVECHAT={"TICKET_RECEIPTS": True}):
        ticket = tickets.write(desk.organization, new(subject="Buy now", name="Spam"))
    mail = Mail.objects.get(to="vera@example.org")
    assert ticket.pk in mail.body
    assert mail.reply_to == "desk@shop.example"
    assert not any(word in mail.body + mail.subject for word in ("It broke", "Buy now", "Spam"))


def test_no_header_grows_out_of_a_name_or_subject(desk: Cast) -> None:
    evil = "Vera\r\nBcc: all@example.org"
    ticket = tickets.write(desk.organization, new(name=evil, subject=evil))
    assert ticket.name == ticket.subject == "Vera Bcc: all@example.org"
    mail = Mail.objects.get()
    assert mail.reply_to == '"Vera Bcc: all@example.org" <vera@example.org>'
    assert "\n" not in mail.subject


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"email": "vera"}, "requester.mail: write an e-mail address"),
        ({"email": "vera@example.org\r\nBcc: all@example.org"}, "requester.mail"),
        ({"email": "vera@example.org, all@example.org"}, "requester.mail"),
        ({"message": " \n"}, "message: write something"),
        ({"message": "ü" * 8193}, "message: at most 16384 bytes"),
    ],
)
def test_it_refuses_what_cannot_be_answered(desk: Cast, wrong: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationFailed, match=said):
        tickets.write(desk.organization, new(**wrong))
    assert not Ticket.objects.exists()
    assert not Mail.objects.exists()


def test_it_refuses_a_group_that_is_not_there_or_foreign(desk: Cast) -> None:
    Cast().group(4)
    for number in (4, 5, -1, 2**62):
        with pytest.raises(GroupNotFound):
            tickets.write(desk.organization, new(group_number=number))


@override_settings(LIVECHAT={"TICKETS_PER_HOUR": 2})
def test_one_address_sends_so_many_an_hour(desk: Cast) -> None:
    for _ in range(2):
        tickets.write(desk.organization, new(), address="192.0.2.1")
    with pytest.raises(TooManyRequests, match="At most 2 tickets an hour"):
        tickets.write(desk.organization, new(), address="192.0.2.1")
    assert tickets.write(desk.organization, new(), address="192.0.2.2")
    Ticket.objects.update(created_at=now() - timedelta(minutes=61))
    assert tickets.write(desk.organization, new(), address="192.0.2.1")


@override_settings(LIVECHAT={"TICKETS_PER_HOUR": 1})
def test_all_addresses_of_one_ipv6_network_are_one(desk: Cast) -> None:
    tickets.write(desk.organization, new(), address="2001:db8:1:2::1")
    with pytest.raises(TooManyRequests):
        tickets.write(desk.organization, new(), address="2001:db8:1:2:ffff::9")
    assert tickets.write(desk.organization, new(), address="2001:db8:1:3::1")


def test_addresses_are_not_kept(desk: Cast) -> None:
    ticket = tickets.write(desk.organization, new(), address="192.0.2.1")
    assert len(ticket.sender) == 32
    assert "192.0.2.1" not in str(Ticket.objects.values().get())


def test_a_ticket_form_is_filled(desk: Cast) -> None:
    desk.group(1)
    desk.form(
        "ticket",
        {"type": "name", "label": "Name"},
        {"type": "email", "label": "E-mail", "required": True},
        {"type": "subject", "label": "Subject"},
        {"type": "select", "label": "Topic", "options": "Order\nRepair"},
        {"type": "textarea", "label": "What happened?"},
        {"type": "group_chooser", "label": "For"},
        {"type": "question", "label": "Order number"},
    )
    vera = desk.customer()
    ticket = tickets.fill(
        vera,
        0,
        answers(
            {"type": "name", "id": "0", "answer": "Vera"},
            {"type": "email", "id": "1", "answer": " vera@example.org "},
            {"type": "subject", "id": "2", "answer": "Broken"},
            {"type": "select", "id": "3", "answer": {"id": "1", "label": "Repair"}},
            {"type": "textarea", "id": "4", "answer": "It\nfell"},
            {
                "type": "group_chooser",
                "id": "5",
                "answer": {"id": "1", "group_id": 1, "label": "Orders"},
            },
            {"type": "question", "id": "6"},
        ),
        time_zone="Europe/Paris",
    )
    assert (ticket.name, ticket.email, ticket.subject) == ("Vera", "vera@example.org", "Broken")
    assert ticket.message == "Topic: Repair\nWhat happened?: It\nfell\nFor: Orders"
    assert (ticket.group.number, ticket.customer) == (1, vera)
    assert [one["type"] for one in ticket.answers][-1] == "group_chooser"


def test_what_the_form_does_not_ask_is_known_of_the_customer(desk: Cast) -> None:
    desk.form("ticket", {"type": "textarea", "label": "Text"})
    vera = desk.customer(name="Vera", email="vera@example.org")
    ticket = tickets.fill(vera, 0, answers({"type": "textarea", "id": "0", "answer": "Hi"}))
    assert (ticket.name, ticket.email) == ("Vera", "vera@example.org")


def test_it_refuses_answers_that_the_form_refuses(desk: Cast) -> None:
    vera = desk.customer()
    with pytest.raises(ValidationFailed, match="this group has no ticket form"):
        tickets.fill(vera, 0, [])
    desk.form("ticket", {"type": "email", "label": "E-mail", "required": True})
    with pytest.raises(ValidationFailed, match=r"fields\.0 \(E-mail\): an answer is required"):
        tickets.fill(vera, 0, [])
    assert not Ticket.objects.exists()


def test_a_customer_is_found_in_its_own_organization_only(desk: Cast) -> None:
    vera, stranger = desk.customer(), customers.create(Cast().organization)
    assert tickets.find_customer(desk.organization, str(vera.pk)) == vera
    for wrong in (str(stranger.pk), "nonsense", ""):
        assert tickets.find_customer(desk.organization, wrong) is None


def test_agents_see_the_tickets_of_their_groups(desk: Cast) -> None:
    orders, repairs = desk.group(1), desk.group(2, "Repairs")
    for number in (0, 1, 2):
        tickets.write(desk.organization, new(group_number=number))
    foreign = Cast()
    tickets.write(foreign.organization, new())
    desk.ann.groups.set([orders])

    def seen(user: Any) -> list[int]:
        rows = tickets.seen_by(user).filter(group__organization=desk.organization)
        assert user.is_superuser or rows.count() == tickets.seen_by(user).count()
        return sorted(rows.values_list("group__number", flat=True))

    assert seen(desk.ann.user) == [0, 1]
    bob = desk.agent("Bob", is_superuser=True)
    assert seen(bob.user) == [0, 1, 2]
    assert repairs.tickets.count() == 1
    nobody = foreign.ann.user
    foreign.ann.delete()
    assert list(tickets.seen_by(nobody)) == []

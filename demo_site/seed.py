"""Fill the demo's database through the same verbs that visitors and agents use."""

from datetime import timedelta

from django.contrib.auth.models import Permission, User
from django.utils.timezone import now

from demo_site.cast import AGENTS, GROUPS, PAST_CHATS, Login, PastChat
from livechat_widget.domain import chats, customers, events
from livechat_widget.models import Agent, Chat, Customer, Group, Organization
from livechat_widget.protocol.events import NewMessage

Speaker = Customer | Agent


def seed() -> None:
    """Make what is missing; a second call changes nothing."""
    organization = Organization.objects.get()
    for number, name in GROUPS.items():
        organization.groups.get_or_create(number=number, defaults={"name": name})
    agents = {login.username: seed_agent(login, organization) for login in AGENTS}
    if not Chat.objects.exists():
        for past in PAST_CHATS:
            seed_chat(past, organization, agents[past.agent])


def seed_agent(login: Login, organization: Organization) -> Agent:
    user, made = User.objects.get_or_create(
        username=login.username,
        defaults={
            "email": login.email,
            "first_name": login.name.split()[0],
            "is_staff": True,
            "is_superuser": login.superuser,
        },
    )
    if made:
        user.set_password(login.password)
        user.save()
        user.user_permissions.set(console_permissions())
    agent, _ = Agent.objects.get_or_create(
        user=user,
        defaults={
            "organization": organization,
            "name": login.name,
            "job_title": login.job_title,
        },
    )
    agent.groups.set(Group.objects.filter(organization=organization, number__in=login.groups))
    return agent


def console_permissions() -> list[Permission]:
    """What an agent who is no administrator needs: the console, and to look things up."""
    own = Permission.objects.filter(content_type__app_label="livechat_widget")
    return [*own.filter(codename="use_console"), *own.filter(codename__startswith="view_")]


def seed_chat(past: PastChat, organization: Organization, agent: Agent) -> None:
    customer = customers.create(organization)
    if past.name:
        customers.update(customer, name=past.name, email=past.email)
    first, *others = past.lines
    opening = chats.Opening(
        group_number=past.group, continuous=True, events=[NewMessage(text=first[1])]
    )
    chat = chats.start(customer, opening).chat
    chats.join(chat.pk, agent)
    for speaker, text in others:
        events.send(chat.pk, customer if speaker == "visitor" else agent, NewMessage(text=text))
    chats.deactivate(chat.pk, agent)
    move_to_the_past(chat, past.days_ago)


def move_to_the_past(chat: Chat, days: int) -> None:
    """The verbs know only the present; a demo with a yesterday looks like a shop that is in use."""
    start = now() - timedelta(days=days)
    written = list(chat.events.order_by("created_at"))
    for number, event in enumerate(written):
        event.created_at = start + number * timedelta(seconds=50)
        event.save(update_fields=["created_at"])
    end = start + len(written) * timedelta(seconds=50)
    chat.threads.update(created_at=start, ended_at=end)
    Chat.objects.filter(pk=chat.pk).update(created_at=start)
    Customer.objects.filter(pk=chat.customer_id).update(created_at=start)

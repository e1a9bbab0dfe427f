"""The people of the tests: Ann answers, visitors ask, and each test has an organization alone."""

import itertools
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils.timezone import now

from livechat_widget.domain import chats, customers, events, organizations, tokens
from livechat_widget.models import (
    Agent,
    Chat,
    Customer,
    Event,
    Form,
    FormField,
    GreetingTemplate,
    Group,
    Presence,
    SigningKey,
)
from livechat_widget.protocol.events import NewMessage

_numbers = itertools.count(1)


class Cast:
    """An organization with a general group and one agent who is there and accepts chats.

    Agents take chats themselves, unless there is another ``strategy``.
    """

    def __init__(self, strategy: str = "manual") -> None:
        self.strategy = strategy
        number = next(_numbers)
        self.organization = organizations.create(f"Organization {number}")
        self.general = Group.objects.get(organization=self.organization, number=0)
        Group.objects.filter(organization=self.organization).update(strategy=strategy)
        self.general.refresh_from_db()
        self.ann = self.agent("Ann")

    def agent(
        self, name: str, *, accepting: bool = True, here: bool = True, **user_fields: Any
    ) -> Agent:
        username = f"{name.lower()}-{self.organization.license_id}"
        user = get_user_model().objects.create_user(
            username, f"{username}@example.org", "secret", is_staff=True, **user_fields
        )
        user.user_permissions.add(Permission.objects.get(codename="use_console"))
        agent = Agent.objects.create(
            user=user, organization=self.organization, name=name, accepting=accepting
        )
        if here:
            self.come(agent)
        return agent

    def come(self, agent: Agent, seconds: float = 86400) -> None:
        """The agent's console is open for so long; below 0, it was closed so long ago."""
        until = now() + timedelta(seconds=seconds)
        Presence.objects.update_or_create(author=agent.public_id, defaults={"until": until})

    def customer(self, **fields: Any) -> Customer:
        customer = customers.create(self.organization)
        if fields:
            customers.update(customer, **fields)
        return customer

    def chat(self, customer: Customer | None = None, text: str = "Hello") -> Chat:
        """An active chat with one message; waiting for an agent."""
        opening = chats.Opening(events=[NewMessage(text=text)])
        return chats.start(customer or self.customer(), opening).chat

    def group(self, number: int, name: str = "Orders") -> Group:
        return Group.objects.create(
            organization=self.organization, number=number, name=name, strategy=self.strategy
        )

    def form(self, form_type: str, *fields: dict[str, Any], **form: Any) -> Form:
        """A form, of the general group by default; what is not given of a field is as it can be."""
        made = Form.objects.create(**{"group": self.general, "type": form_type, **form})
        for place, field in enumerate(fields):
            FormField.objects.create(
                **{"form": made, "position": place, "label": field["type"].capitalize(), **field}
            )
        return made

    def filled_form(self, answer: str = "Vera") -> dict[str, Any]:
        """A form, and the content of the event that answers it."""
        form = self.form(
            "prechat",
            {"type": "name", "label": "Name"},
            {"type": "checkbox", "label": "Topics", "options": "Sizes\nColours"},
            {"type": "checkbox_for_email", "label": "News?"},
            {"type": "group_chooser", "label": "Team"},
        )
        name, topics, news, team = (str(field.pk) for field in form.fields.all())
        chosen = {"id": "0", "group_id": 0, "label": self.general.name}
        fields = [
            {"type": "name", "id": name, "label": "Name", "answer": answer},
            {
                "type": "checkbox",
                "id": topics,
                "label": "Topics",
                "answers": [{"id": "0", "label": "Sizes"}],
            },
            {"type": "checkbox_for_email", "id": news, "label": "News?", "answer": True},
            {"type": "group_chooser", "id": team, "label": "Team", "answer": chosen},
        ]
        return {"form_id": str(form.pk), "fields": fields}

    def greeting(self, **fields: Any) -> GreetingTemplate:
        """A template that only an agent shows, unless it is made active."""
        given = {"group": self.general, "name": "Hello", "text": "May I help?", "active": False}
        return GreetingTemplate.objects.create(**{**given, **fields})

    def token(self, customer: Customer) -> str:
        return f"Bearer {tokens.mint(customer)}"

    def key(self) -> SigningKey:
        """Of a server of the organization's."""
        return SigningKey.objects.create(organization=self.organization)

    def reply(self, chat: Chat, text: str, agent: Agent | None = None) -> Event:
        """An agent, Ann by default, joins the chat if need be and writes into it."""
        agent = agent or self.ann
        chats.join(chat.pk, agent)
        return events.send(chat.pk, agent, NewMessage(text=text)).event

"""What an agent does in the console. Every page hears of it by the log, this one too."""

from msgspec import Struct

from ..domain import agents, chats, events, typing
from ..models import Agent
from ..protocol.events import CustomId, NewMessage
from ..protocol.fields import Text
from .acts import read_time
from .agent_doors import agent_act


class Plain(Struct):
    """Nothing is asked but the act itself."""


@agent_act
def take(agent: Agent, asked: Plain, chat_id: str) -> None:
    chats.join(chat_id, agent)


class NewText(Struct):
    text: Text
    custom_id: CustomId


@agent_act
def send(agent: Agent, asked: NewText, chat_id: str) -> None:
    events.send(chat_id, agent, NewMessage(text=asked.text, custom_id=asked.custom_id))


class Typed(Struct):
    is_typing: bool


@agent_act
def show_typing(agent: Agent, asked: Typed, chat_id: str) -> None:
    typing.show(chat_id, agent, asked.is_typing)


class Seen(Struct):
    seen_up_to: Text


@agent_act
def mark_as_seen(agent: Agent, asked: Seen, chat_id: str) -> None:
    events.mark_as_seen(chat_id, agent, read_time(asked.seen_up_to))


@agent_act
def close(agent: Agent, asked: Plain, chat_id: str) -> None:
    chats.deactivate(chat_id, agent)


class Accepting(Struct):
    accepting: bool


@agent_act
def set_accepting(agent: Agent, asked: Accepting) -> None:
    agents.set_accepting(agent, asked.accepting)

"""Every act that changes something, with its answer lost on the way, and then tried again."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from ..agents import Agent
from ..clients import Customer, Tab
from ..line import Frame, Lost
from ..scene import Scene
from ..speaker import FINAL

TRIES = 20


class Visit:
    """Somebody whose chat begins, is answered, ends and begins again."""

    def __init__(self, scene: Scene) -> None:
        record = scene.cast["customers"][scene.pace.talkers - 1]  # the one who does not talk
        self.scene = scene
        self.tab = Tab("visitor", record, scene.homes(0, 1), scene.history)
        self.customer = Customer("visitor", self.tab, scene.history)
        self.agent: Agent = scene.agents[0]
        self._numbers = itertools.count(1)
        scene.extra.append(self.tab)
        self.tab.open()

    async def unheard(self) -> None:
        """What comes down to the visitor from now on is lost, and then the connection."""
        await self.tab.online.wait()
        number = int(self.tab.conn.rpartition("@")[2])
        self.scene.workers[number].proxy.lose_answers(self.tab.port)

    def unheard_agent(self) -> None:
        for home in self.agent.homes:
            home.proxy.lose_answers()

    async def start(self) -> None:
        await self.unheard()
        await self.customer.start()

    async def say(self) -> None:
        await self.unheard()
        self.tab.said = await self.customer.say() or ""

    async def resume(self) -> None:
        await self.unheard()
        text = f"visitor is back {next(self._numbers)}"
        await self.customer.deliver("resume_chat", text, self._send_resume)

    async def _send_resume(self, event: Frame) -> Frame:
        await self.tab.online.wait()
        chat = {"id": self.tab.chat, "thread": {"events": [event]}}
        return await self.tab.ask("resume_chat", {"chat": chat, "continuous": True})

    async def type(self) -> None:
        async def attempt() -> Frame:
            await self.tab.online.wait()
            return await self.customer.peek("visitor types")

        await self.unheard()
        await _insist("send_sneak_peek", attempt, "")

    async def answer(self) -> None:
        self.unheard_agent()
        await self.agent.say(self.tab.chat)

    async def ask(self, action: str, payload: Frame, fine: str) -> None:
        async def attempt() -> Frame:
            await self.tab.online.wait()
            return await self.tab.ask(action, payload)

        await self.unheard()
        await _insist(action, attempt, fine)

    async def post(self, act: str, form: dict[str, str], fine: str) -> None:
        path = act if act == "accepting" else f"chats/{self.tab.chat}/{act}"
        self.unheard_agent()
        await _insist(act, lambda: self.agent.post(path, form), fine)


Act = Callable[[Visit], Awaitable[None]]


def _ask(action: str, make: Callable[[Tab], Frame], fine: str = "") -> Act:
    """The visitor's; an error of the type ``fine`` says that it was done before."""
    return lambda visit: visit.ask(action, make(visit.tab), fine)


def _post(act: str, make: Callable[[Tab], dict[str, str]], fine: str = "") -> Act:
    """The agent's, by HTTP."""
    return lambda visit: visit.post(act, make(visit.tab), fine)


_PLACES: dict[str, Callable[[Tab], Frame]] = {
    "chat": lambda tab: {"id": tab.chat},
    "thread": lambda tab: {"chat_id": tab.chat, "thread_id": tab.thread},
    "event": lambda tab: {
        "chat_id": tab.chat,
        "thread_id": tab.thread,
        "event_id": tab.said,
    },
}


def _properties() -> dict[str, Act]:
    """A rating of chat and thread, which says something in the chat; a trifle on an event."""
    acts: dict[str, Act] = {}
    for place, where in _PLACES.items():
        space, name = ("test", "int_property") if place == "event" else ("rating", "score")
        for verb, given in (("update", {space: {name: 1}}), ("delete", {space: [name]})):
            action = f"{verb}_{place}_properties"

            def make(tab: Tab, where: Any = where, given: Any = given) -> Frame:
                return {**where(tab), "properties": given}

            acts[action] = _ask(action, make)
    return acts


# In the order of a visit.
ACTS: dict[str, Act] = {
    "start_chat": Visit.start,
    "send_event": Visit.say,
    "agent:take": _post("take", lambda tab: {}),
    "agent:messages": Visit.answer,
    "agent:typing": _post("typing", lambda tab: {"is_typing": "true"}),
    "agent:seen": _post("seen", lambda tab: {"seen_up_to": tab.last_time}),
    "agent:accepting": _post("accepting", lambda tab: {"accepting": "true"}),
    "mark_events_as_seen": _ask(
        "mark_events_as_seen", lambda tab: {"chat_id": tab.chat, "seen_up_to": tab.last_time}
    ),
    "send_sneak_peek": Visit.type,
    "update_customer": _ask("update_customer", lambda tab: {"name": "Vera"}),
    "update_customer_page": _ask(
        "update_customer_page", lambda tab: {"url": "https://example.com/"}
    ),
    "set_customer_session_fields": _ask(
        "set_customer_session_fields", lambda tab: {"session_fields": [{"plan": "large"}]}
    ),
    "activate_customer_page": _ask("activate_customer_page", lambda tab: {}),
    "deactivate_customer_page": _ask("deactivate_customer_page", lambda tab: {}),
    **_properties(),
    "agent:close": _post("close", lambda tab: {}, fine="chat_inactive"),
    "resume_chat": Visit.resume,
    "deactivate_chat": _ask("deactivate_chat", lambda tab: {"id": tab.chat}, "chat_inactive"),
}
# They change nothing.
READS = {
    *("check_goals", "get_chat", "get_customer", "list_chats", "list_threads"),
    *("get_form", "get_predicted_agent", "list_group_statuses"),
    *("request_welcome_message", "get_url_info"),
    *("agent:", "agent:chat", "agent:sync"),
}
# Nobody here can send what has a button, or a greeting, which code of the site does;
# tests/sockets/test_postbacks.py and tests/domain/test_greetings.py do these twice.
# Files go neither as frames nor as the agent's forms: tests/pages/test_console_files.py sends one
# twice, and tests/actions/test_uploads.py the event of one. An upload alone changes no chat.
# A message that is taken back is lost, which the checker would say of it:
# tests/domain/test_deletion.py does that twice.
UNREACHABLE = {
    *("send_rich_message_postback", "accept_greeting", "cancel_greeting"),
    *("upload_file", "agent:files"),
    *("send_greeting_button_clicked", "delete_event"),
}


async def lose_answers(scene: Scene) -> None:
    visit = Visit(scene)
    for name, act in ACTS.items():
        try:
            await asyncio.wait_for(act(visit), 20)
        except (TimeoutError, AssertionError) as error:
            raise AssertionError(f"{name}: {error!r}") from error
        scene.effects["acts tried again"] += 1


async def _insist(name: str, attempt: Callable[[], Awaitable[Frame]], fine: str) -> None:
    for _ in range(TRIES):
        with suppress(Lost):
            answer = await attempt()
            problem = "" if answer["success"] else answer["payload"]["error"]["type"]
            if answer["success"] or problem == fine:
                return
            if problem in FINAL:
                raise AssertionError(f"{name} tried again was answered {problem}")
        await asyncio.sleep(0.1)
    raise AssertionError(f"{name} was never answered")

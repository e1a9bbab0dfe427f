"""Agents: the console's socket brings what happened, HTTP posts do what they do."""

import asyncio
import itertools
import json
from collections.abc import Sequence
from typing import Any

from .clients import note_push
from .history import History
from .line import ANSWER_SECONDS, Frame, Home, Line, Lost
from .speaker import Speaker
from .wire import ask_http

CONSOLE = "/admin/livechat_widget/chat/console"
_requests = itertools.count(1)


class Console(Line):
    """Follows every chat that the agent may see; keeps the last number of each."""

    path = "/livechat/console/ws"
    fragments = "en"

    def __init__(
        self,
        party: str,
        agent: dict[str, Any],
        homes: Sequence[Home],
        history: History,
        *,
        known: dict[str, int] | None = None,
    ) -> None:
        super().__init__(party, homes, history)
        self.agent = agent
        self.headers = {"Cookie": f"sessionid={agent['session']}"}
        self.known: dict[str, int] = dict(known or {})
        self.customers: dict[str, str] = {}
        self.waiting: asyncio.Queue[str] = asyncio.Queue()
        history.note(
            "party", party=party, role="agent", author=agent["author"], groups=agent["groups"]
        )

    def greet(self) -> Frame:
        return {"fragments": self.fragments, "known": self.known}

    def logged_in(self, payload: Frame) -> None:
        starts = {self.customers[chat]: seq for chat, seq in self.known.items()}
        self.history.note(
            "conn", party=self.party, conn=self.conn, resumed=bool(self.known), starts=starts
        )

    def take(self, frame: Frame) -> None:
        chat = self._find_chat(frame)
        if frame["action"] == "incoming_chat":
            users = frame["payload"]["chat"]["users"]
            customer = next(user["id"] for user in users if user["type"] == "customer")
            self.customers[chat] = customer
            self.waiting.put_nowait(chat)
        note_push(self, self.customers.get(chat, f"unknown chat {chat}"), frame)
        if "seq" in frame:
            self.known[chat] = frame["seq"]

    def _find_chat(self, frame: Frame) -> str:
        payload = frame["payload"]
        if "chat" in payload:
            return str(payload["chat"]["id"])
        if "chat_id" in payload:
            return str(payload["chat_id"])
        found = (chat for chat, customer in self.customers.items() if customer == payload["id"])
        return next(found, "")


class Agent(Speaker):
    """Answers by HTTP, through other workers than the console's socket."""

    def __init__(
        self, name: str, agent: dict[str, Any], homes: Sequence[Home], history: History
    ) -> None:
        super().__init__(name, agent["author"], history)
        self.agent, self.homes = agent, homes
        self._turns = itertools.count()
        self._headers = {
            "Cookie": f"sessionid={agent['session']}; csrftoken={agent['csrf']}",
            "X-CSRFToken": agent["csrf"],
        }

    async def take(self, chat: str) -> bool:
        """Join a chat; tried until it is known to have worked, or to be in vain."""
        for _ in range(40):
            try:
                answer = await self.post(f"chats/{chat}/take", {})
            except Lost:
                await asyncio.sleep(0.2)
                continue
            if answer["success"]:
                return True
            if answer["payload"]["error"]["type"] in {"chat_inactive", "not_found"}:
                return False
            await asyncio.sleep(0.2)
        return False

    async def say(
        self, chat: str, text: str | None = None, custom_id: str | None = None
    ) -> str | None:
        async def attempt(event: Frame) -> Frame:
            form = {"text": event["text"], "custom_id": event["custom_id"]}
            return await self.post(f"chats/{chat}/messages", form)

        return await self.deliver("console", text or self.draw_text(), attempt, custom_id)

    async def post(self, path: str, form: dict[str, str]) -> Frame:
        """What the last part of the path names, in the console; raises ``Lost``."""
        act = path.rpartition("/")[2]
        home = self.homes[next(self._turns) % len(self.homes)]
        request = f"{self.name}/{next(_requests)}"
        conn = f"http@{home.number}"
        self.history.note("try", party=self.name, conn=conn, request=request, action=act)
        try:
            reply = await ask_http(
                home.proxy.port,
                "POST",
                f"{CONSOLE}/{path}",
                form,
                self._headers,
                timeout=ANSWER_SECONDS,
            )
        except OSError as error:
            self.history.note("unanswered", request=request, action=act)
            raise Lost(repr(error)) from error
        answer = _read(reply.status, reply.body)
        problem = None if answer["success"] else answer["payload"]["error"]["type"]
        self.history.note("answer", request=request, action=act, error=problem, event=None)
        return answer


def _read(status: int, body: bytes) -> Frame:
    """As a socket would answer; what is no answer of ours is an error of the server."""
    if status == 204:
        return {"success": True, "payload": {}}
    try:
        return {"success": False, "payload": {"error": json.loads(body)["error"]}}
    except (ValueError, KeyError, TypeError):
        return {"success": False, "payload": {"error": {"type": f"http {status}"}}}

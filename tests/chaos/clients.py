"""Customers: ours with cursor and custom_id, and a plain one that knows neither."""

import asyncio
from collections.abc import Sequence
from typing import Any

from .history import History, digest
from .line import Frame, Home, Line
from .speaker import Speaker


class Tab(Line):
    """A page of a customer. Ours resumes from its cursor; ``plain`` ones start from now on."""

    def __init__(
        self,
        party: str,
        customer: dict[str, Any],
        homes: Sequence[Home],
        history: History,
        *,
        plain: bool = False,
    ) -> None:
        super().__init__(party, homes, history)
        self.customer = customer
        self.plain = plain
        self.cursor: Frame | None = None
        self.seq = 0
        self.chat = ""
        self.thread = self.said = self.last_time = ""  # said: an event of its own
        organization = (
            f"v3.3/customer/rtm/ws?license_id={customer['license_id']}"
            if plain
            else f"v3.7/customer/rtm/ws?organization_id={customer['organization_id']}"
        )
        self.path = f"/livechat/{organization}"
        history.note("party", party=party, role="customer", customer=customer["id"], plain=plain)

    def greet(self) -> Frame:
        cursor = {"cursor": {**self.cursor, "seq": self.seq}} if self.cursor else {}
        return {"token": customer_token(self.customer), **({} if self.plain else cursor)}

    def logged_in(self, payload: Frame) -> None:
        sync = payload.get("sync") or {}
        resumed = self.cursor is not None and not self.plain and not self.resets
        self.resets = 0
        start = self.seq if resumed else sync.get("seq", 0)
        self.seq = start
        self.cursor = {"epoch": sync.get("epoch", "")}
        self.history.note(
            "conn",
            party=self.party,
            conn=self.conn,
            resumed=resumed,
            starts={self.customer["id"]: start},
        )

    def is_behind(self, pong: Frame) -> bool:
        return not self.plain and pong.get("seq", 0) > self.seq

    def take(self, frame: Frame) -> None:
        action, payload = frame["action"], frame["payload"]
        if action == "sync_reset":
            self.resets += 1
            self.history.note("reset", party=self.party, conn=self.conn)
            return
        if action == "incoming_chat":
            self.chat = payload["chat"]["id"]
            self.thread = payload["chat"]["thread"]["id"]
        event = payload.get("event", {})
        self.last_time = event.get("created_at", self.last_time)
        note_push(self, self.customer["id"], frame)
        self.seq = frame.get("seq", self.seq)


class Customer(Speaker):
    """Somebody with a page to speak from, and perhaps another that only listens."""

    def __init__(self, name: str, tab: Tab, history: History) -> None:
        super().__init__(name, tab.customer["id"], history, retries=not tab.plain)
        self.tab = tab

    async def start(self) -> None:
        """Open the chat with a first message, as often as it takes."""
        text = self.draw_text()
        await self.deliver("start_chat", text, self._send_start)

    async def say(self, text: str | None = None, custom_id: str | None = None) -> str | None:
        return await self.deliver("send_event", text or self.draw_text(), self._send, custom_id)

    async def peek(self, nonce: str) -> Frame:
        self.history.note("peek", party=self.tab.party, nonce=nonce)
        payload = {"chat_id": self.tab.chat, "sneak_peek_text": nonce}
        return await self.tab.ask("send_sneak_peek", payload)

    async def see(self, moment: str) -> None:
        payload = {"chat_id": self.tab.chat, "seen_up_to": moment}
        await self.tab.ask("mark_events_as_seen", payload)

    async def _send(self, event: Frame) -> Frame:
        await self._chat_known()
        return await self.tab.ask("send_event", {"chat_id": self.tab.chat, "event": event})

    async def _send_start(self, event: Frame) -> Frame:
        await self.tab.online.wait()
        chat: Frame = {"thread": {"events": [event]}}
        if group := self.tab.customer["group"]:
            chat["access"] = {"group_ids": [group]}
        answer = await self.tab.ask("start_chat", {"chat": chat, "continuous": True})
        if answer["success"]:
            self.tab.chat = answer["payload"]["chat_id"]
        return answer

    async def _chat_known(self) -> None:
        await self.tab.online.wait()
        while not self.tab.chat:
            await asyncio.sleep(0.05)


def customer_token(customer: dict[str, Any]) -> str:
    return f"Bearer {customer['token']}"


def note_push(line: Line, stream: str, frame: Frame) -> None:
    """A push as the checker wants it: who, what number, which event, the hash of its text."""
    payload, action = frame["payload"], frame["action"]
    event = payload.get("event", {})
    kept = {"event": event.get("id"), "custom_id": event.get("custom_id")}
    if action == "incoming_sneak_peek":
        nonce = payload["sneak_peek"]["text"]
        line.history.note("ephemeral", party=line.party, stream=stream, nonce=nonce)
        return
    if action == "events_marked_as_seen":
        kept["seen"] = [payload["user_id"], payload["seen_up_to"]]
    line.history.note(
        "recv",
        party=line.party,
        conn=line.conn,
        stream=stream,
        seq=frame.get("seq"),
        action=action,
        request=frame.get("request_id"),
        hash=digest(event["text"]) if "text" in event else None,
        **kept,
    )

"""The socket of the console: an agent, known by the admin's session, follows the open chats."""

from typing import Annotated

from msgspec import Meta, Struct

from ..actions.registry import Answer, decode
from ..delivery import agents as desks
from ..delivery.agents import Desk
from ..delivery.bus import get_bus
from ..delivery.encode import Encoding
from ..delivery.epoch import read_epoch
from ..delivery.threads import run
from ..domain import agents
from ..errors import NotAllowed, ValidationFailed
from ..models import Agent
from ..origins import is_own
from ..protocol import envelope
from ..protocol.fields import Id
from ..protocol.versions import LATEST
from ..protocol.views import View
from .connection import Connection
from .headers import header
from .session import read_user


class Login(Struct):
    """``known``: the last number that the page holds of each chat."""

    fragments: Annotated[str, Meta(max_length=20)] = ""
    known: dict[Id, Annotated[int, Meta(ge=0)]] = {}


class ConsoleConnection(Connection):
    """Takes the session cookie, staff permission and the site's own Origin, all three."""

    agent: Agent

    async def is_welcome(self) -> bool:
        self.encoding = Encoding(View.AGENT, LATEST.name)
        if not is_own(header(self.scope, b"origin"), header(self.scope, b"host")):
            return False
        try:
            self.agent = await run(lambda: agents.of_user(read_user(self.scope)))
        except NotAllowed:
            return False
        self.desk = Desk(self.agent.pk, self.agent.organization_id)
        return True

    async def answer(self, request: envelope.Request) -> Answer:
        if request.action == "ping":
            return Answer()
        if request.action != "login" or self.logged_in:
            raise ValidationFailed("This socket takes login, once, and ping; acts go over HTTP.")
        return await self._log_in(decode(request.payload, Login))

    async def _log_in(self, asked: Login) -> Answer:
        self.encoding = self.encoding._replace(language=asked.fragments)
        assert self.desk is not None
        numbers = await run(desks.cursors, self.desk, asked.known)
        for stream_id, number in numbers.items():
            self.start_at(stream_id, number)
        epoch = await run(read_epoch)
        await get_bus().open_desk(self, list(numbers))
        self.logged_in = True
        return Answer({"sync": {"epoch": epoch}})

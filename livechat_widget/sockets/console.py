"""The socket of the console: an agent, known by the admin's session, follows the open chats."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from ..actions.registry import Answer, decode
from ..counters import counters
from ..delivery import agents as desks
from ..delivery.agents import Desk
from ..delivery.bus import get_bus
from ..delivery.encode import Encoding
from ..delivery.epoch import read_epoch
from ..delivery.threads import run
from ..domain import agents, census
from ..domain.agents import Rights
from ..errors import NotAllowed, ValidationFailed
from ..models import Agent
from ..origins import check_host, is_own
from ..protocol import envelope
from ..protocol.fields import Id
from ..protocol.pushes import SyncReset
from ..protocol.versions import LATEST
from ..protocol.views import View
from .census import get_census
from .connection import LOGIN_FAILED, RESTARTING, Connection
from .headers import header
from .session import read_user
from .watch import get_watch


class Login(Struct):
    """``known``: the last number that the page holds of each chat."""

    fragments: Annotated[str, Meta(max_length=20)] = ""
    known: dict[Id, Annotated[int, Meta(ge=0)]] = {}


class ConsoleConnection(Connection):
    """Takes the session cookie, staff permission and the site's own Origin, all three."""

    door = "console"
    agent: Agent
    session_key: str
    rights: Rights

    async def is_welcome(self) -> bool:
        self.encoding = Encoding(View.AGENT, LATEST.name)
        secure = self.scope.get("scheme") == "wss"
        if not is_own(header(self.scope, b"origin"), self._host(), secure=secure):
            raise NotAllowed("The console's socket is for the console's own page.")
        await run(self._enter)
        return True

    def _host(self) -> str:
        return header(self.scope, b"host")

    def _enter(self) -> None:
        user, self.session_key = read_user(self.scope)
        self.agent = agents.of_user(user)
        check_host(self._host(), self.agent.organization)
        rights = agents.rights_of([self.agent.pk])
        if not rights:
            raise NotAllowed  # withdrawn between two queries
        self._keep(rights[self.agent.pk])

    def _keep(self, rights: Rights) -> None:
        self.rights = rights
        groups = None if rights.all_groups else rights.group_ids
        self.desk = Desk(self.agent.pk, rights.organization_id, groups)

    async def answer(self, request: envelope.Request) -> Answer[Any]:
        if request.action == "ping":
            await get_bus().look(self.streams())
            return Answer()
        if request.action != "login" or self.logged_in:
            raise ValidationFailed("This socket takes login, once, and ping; acts go over HTTP.")
        return await self._log_in(decode(request.payload, Login))

    async def _log_in(self, asked: Login) -> Answer[Any]:
        self.encoding = self.encoding._replace(language=asked.fragments)
        assert self.desk is not None
        numbers = await run(desks.cursors, self.desk, asked.known)
        for stream_id, number in numbers.items():
            self.start_at(stream_id, number)
        counters.resumes += bool(asked.known)
        epoch = await run(read_epoch)
        await get_bus().open_desk(self, numbers)
        await run(census.renew_agent, self.agent)
        self.logged_in = True
        return Answer({"sync": {"epoch": epoch}})

    # -- kept by the keeper --------------------------------------------------------------

    @property
    def person(self) -> Agent:
        return self.agent

    def look_after(self) -> None:
        super().look_after()
        get_watch().look_after(self)
        if self.logged_in:
            get_census().look_after(self)

    def heed(self, rights: Rights | None) -> None:
        """After a close nothing goes out any more, whatever is still on its way to this queue."""
        if rights is None:
            self.outbox.close(LOGIN_FAILED)
        elif not rights.cover(self.rights):
            # The page forgets what it must not show, and follows the rest when it comes back.
            counters.sync_resets += 1
            self.push("sync_reset", SyncReset())
            self.outbox.close(RESTARTING)
        elif rights != self.rights:
            self._keep(rights)

"""Protocol clients that speak through a real socket."""

import itertools
import json
import re
from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from websockets.sync.client import ClientConnection, connect

from livechat_widget.models import Customer
from livechat_widget.protocol.versions import LATEST, VERSIONS, Version
from tests.cast import Cast
from tests.protocol.checked import check_exchange, check_push
from tests.servers import Server

WAIT = 10
MARK = "https://marks.example/"
_marks = itertools.count(1)
Frame = dict[str, Any]


class Client:
    """A plain client: what it was sent is kept in order, answers and pushes alike.

    What goes over a customer's socket has to be as the protocol's types say; with
    ``sends_anything`` it need only be answered so.
    """

    sends_anything = False

    def __init__(self, url: str, **options: Any) -> None:
        self._stack = ExitStack()
        self.socket: ClientConnection = self._stack.enter_context(
            connect(url, max_size=None, **options)
        )
        self.frames: list[Frame] = []
        self._unread: list[Frame] = []
        self._ids = itertools.count(1)
        self._asked: dict[str, Frame] = {}
        version = re.search(r"/v([\d.]+)/customer/rtm/ws", url)
        self._version = version[1] if version and version[1] in VERSIONS else ""

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def send(self, action: str, payload: Any = None, **envelope: Any) -> str:
        request_id = f"r{next(self._ids)}"
        request = {"request_id": request_id, "action": action, "payload": payload or {}, **envelope}
        self._asked[request_id] = request
        self.socket.send(json.dumps(request))
        return request_id

    def ask(self, action: str, payload: Any = None, **envelope: Any) -> Frame:
        """Send a request and give its response; pushes in between are kept."""
        request_id = self.send(action, payload, **envelope)
        return self.wait(
            lambda frame: frame.get("type") == "response" and frame.get("request_id") == request_id
        )

    def ask_ok(self, action: str, payload: Any = None, **envelope: Any) -> Frame:
        response = self.ask(action, payload, **envelope)
        assert response["success"], response
        return response["payload"]

    def error(self, action: str, payload: Any = None, **envelope: Any) -> Frame:
        response = self.ask(action, payload, **envelope)
        assert response["success"] is False, response
        return response["payload"]["error"]

    def push(self, action: str) -> Frame:
        """The next push of this kind that was not asked for before."""
        return self.wait(lambda frame: frame.get("type") == "push" and frame["action"] == action)

    def wait(self, matches: Callable[[Frame], bool]) -> Frame:
        for frame in self._unread:
            if matches(frame):
                self._unread.remove(frame)
                return frame
        while not matches(frame := self.receive()):
            self._unread.append(frame)
        return frame

    def receive(self) -> Frame:
        frame = json.loads(self.socket.recv(timeout=WAIT))
        self.frames.append(frame)
        if self._version:
            self._check(frame)
        return frame

    def _check(self, frame: Frame) -> None:
        asked = self._asked.get(frame.get("request_id", ""))
        if frame["type"] == "response":
            check_exchange(None if self.sends_anything else asked, frame, self._version)
        else:
            check_push(frame, self._version, settles=asked["action"] if asked else "")

    def pushes(self) -> list[str]:
        """The names of all pushes up to now, in order.

        A durable push of this customer is made and waited for, so that nothing that was caused
        before can still be on its way.
        """
        mark = f"{MARK}{next(_marks)}"
        self.ask_ok("update_customer", {"avatar": mark})
        self.wait(lambda frame: "seq" in frame and frame["payload"].get("avatar") == mark)
        return self.names()

    def names(self) -> list[str]:
        """The names of the pushes received so far, but for those that ``pushes`` made."""
        return [frame["action"] for frame in self.frames if _is_push(frame)]


def _is_push(frame: Frame) -> bool:
    marked = str(frame.get("payload", {}).get("avatar", "")).startswith(MARK)
    return frame.get("type") == "push" and not marked


def newest_with(action: str) -> Version:
    """The newest version that has an action."""
    return next(one for one in reversed(VERSIONS.values()) if one.has_action(action))


def customer_client(
    server: Server,
    cast: Cast,
    customer: Customer,
    *,
    version: str = LATEST.name,
    prefix: str = "",
    login: dict[str, Any] | None = None,
) -> Client:
    """A client that is logged in as this customer; ``client.login`` is the answer."""
    organization = cast.organization
    query = (
        f"license_id={organization.license_id}"
        if version == "3.3"
        else f"organization_id={organization.organization_id}"
    )
    path = f"livechat/{prefix}v{version}/customer/rtm/ws"
    client = Client(f"{server.socket_url}/{path}?{query}")
    client.login = client.ask_ok("login", {"token": cast.token(customer), **(login or {})})
    return client

"""Whether this process can do its work: for load balancers, for deploy scripts and for people."""

import logging
import threading
import time
from asyncio import run
from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from .delivery.database import connection
from .delivery.layer import ping
from .models import Deployment
from .sockets.keeper import is_stopping

logger = logging.getLogger("livechat_widget.health")

# Who asks gets an answer by then, whatever hangs.
ANSWER_SECONDS = 2.0
# The address is public: whoever asks more often is told the same again.
FRESH_SECONDS = 1.0


class Problem(NamedTuple):
    """``down``: no request should come here until it is over."""

    part: str
    message: str
    remedy: str
    down: bool


STOPPING = Problem(
    "process",
    "This process was told to stop and takes no more sockets.",
    "Nothing needs to be done: another process takes over.",
    down=True,
)
DATABASE = Problem(
    "database",
    "The database does not answer, or was not migrated.",
    "See whether it runs, accepts connections and has one left, and run manage.py migrate;"
    " the log of livechat_widget.health has the reason.",
    down=True,
)
LAYER = Problem(
    "channel_layer",
    "The channel layer does not answer. Messages still arrive, within RECONCILE_SECONDS instead of"
    " at once; typing is not seen between processes.",
    "See whether Redis runs at the hosts of CHANNEL_LAYERS; the log of livechat_widget.health has"
    " the reason.",
    down=False,
)


def ask_database() -> None:
    """On a connection outside of any pool: a process that is busy is not one that is down."""
    own = connection().copy()
    own.settings_dict["OPTIONS"].pop("pool", None)
    try:
        with own.cursor() as cursor:
            cursor.execute(f"SELECT epoch FROM {Deployment._meta.db_table}")
    finally:
        own.close()


def ask_layer() -> None:
    run(ping())


@transaction.non_atomic_requests
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """``{"status": "ok" | "degraded" | "down", "problems": [{"part", "message", "remedy"}]}``.

    HTTP 503 where it is down, and 200 otherwise: what is promised holds without the channel layer.
    """
    asked = [(DATABASE, _database.ask()), (LAYER, _layer.ask())]
    problems = [problem for problem, answer in asked if not answer.went_well()]
    if is_stopping():
        problems.insert(0, STOPPING)
    down = any(problem.down for problem in problems)
    status = "down" if down else "degraded" if problems else "ok"
    told = [{"part": one.part, "message": one.message, "remedy": one.remedy} for one in problems]
    return JsonResponse(
        {"status": status, "problems": told},
        status=503 if down else 200,
        headers={"Cache-Control": "no-store"},
    )


class Asked(NamedTuple):
    """A question on its way."""

    answer: "Future[bool]"
    at: float

    def went_well(self) -> bool:
        """Waits for the answer, but not for one that hung before somebody asked again."""
        try:
            return self.answer.result(max(0.0, self.at + ANSWER_SECONDS - time.monotonic()))
        except TimeoutError:
            return False


class Probe:
    """A question with a thread to itself: there is one at a time, however many ask and wait."""

    def __init__(self, question: Callable[[], None]) -> None:
        self._question = question
        self._lock = threading.Lock()
        self._last: Asked | None = None

    def ask(self) -> Asked:
        """Unless that is under way or was done a moment ago."""
        with self._lock:
            if self._last is None or (self._last.answer.done() and self._is_old(self._last)):
                self._last = Asked(Future(), time.monotonic())
                threading.Thread(target=self._work, args=[self._last.answer], daemon=True).start()
            return self._last

    def _is_old(self, asked: Asked) -> bool:
        return time.monotonic() - asked.at > FRESH_SECONDS

    def _work(self, answer: "Future[bool]") -> None:
        try:
            self._question()
        except Exception as error:
            logger.warning("A question about health failed: %r", error)
            answer.set_result(False)
        else:
            answer.set_result(True)


_database = Probe(ask_database)
_layer = Probe(ask_layer)

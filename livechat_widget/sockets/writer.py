"""The writer: one thread per process that commits what is waiting, together.

A commit costs the same for one message as for a hundred, so under load each message costs less.
Requests of one chat take effect in the order in which they came.
"""

import asyncio
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable

from django.db import IntegrityError

from ..actions.refusal import refusal_of, too_busy
from ..conf import settings
from ..counters import counters, gauges
from ..delivery import publish
from ..delivery.bus import get_bus
from ..delivery.database import mark_thread
from ..delivery.publish import News
from ..delivery.threads import is_rolled_back, mend_connection, run
from ..domain.batch import Command, Locked, Result, carry_out

MOST_AT_ONCE = 100

# A command, and who is called on the loop with what came of it.
Job = tuple[Command, Callable[[Result], None]]


class Writer:
    """Commands go in on the loop, their results come out on it, before anybody hears the news."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._waiting: deque[Job] = deque()
        self._wake = threading.Event()
        # Chats with commands in the pool: later ones must not overtake them.
        self._detours: defaultdict[str, deque[Job]] = defaultdict(deque)
        self._detoured: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        gauges["writer_queue"] = self._waiting.__len__
        threading.Thread(target=self._work, name="livechat-writer", daemon=True).start()

    def submit(self, command: Command, settle: Callable[[Result], None]) -> None:
        """``settle`` gets the result, or the refusal; raises ``ServiceUnavailable`` where too many
        wait."""
        if len(self._waiting) >= settings.WRITER_QUEUE:
            raise too_busy()
        self._waiting.append((command, settle))
        self._wake.set()

    # -- on the thread -------------------------------------------------------------------

    def _work(self) -> None:
        mark_thread()
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._waiting:
                jobs, later = self._take()
                self._commit(jobs, later)

    def _take(self) -> tuple[list[Job], list[Job]]:
        """Jobs to be done now, and those whose chat has others before them in the pool."""
        jobs: list[Job] = []
        later: list[Job] = []
        while self._waiting and len(jobs) < MOST_AT_ONCE:
            job = self._waiting.popleft()
            with self._lock:
                detoured = job[0].chat_id in self._detoured
                if detoured:
                    self._detoured[job[0].chat_id] += 1
            (later if detoured else jobs).append(job)
        return jobs, later

    def _commit(self, jobs: list[Job], later: list[Job]) -> None:
        began = time.monotonic()
        with publish.collected() as news:
            results = _carry_out([command for command, _ in jobs])
        if jobs:
            counters.batch_size.observe(len(jobs))
            counters.commit_seconds.observe(time.monotonic() - began)
        mend_connection()
        settled: list[tuple[Callable[[Result], None], Result]] = []
        for job, result in zip(jobs, results, strict=True):
            if isinstance(result, Locked):
                with self._lock:
                    self._detoured[job[0].chat_id] += 1
                later.append(job)
            else:
                settled.append((job[1], result))
        self.loop.call_soon_threadsafe(self._settle, settled, later, news)

    # -- on the loop ---------------------------------------------------------------------

    def _settle(
        self,
        settled: list[tuple[Callable[[Result], None], Result]],
        later: list[Job],
        news: list[News],
    ) -> None:
        """Responses first: none comes after the push that it caused."""
        for settle, result in settled:
            settle(result)
        get_bus().announce_now(news)
        for job in later:
            queue = self._detours[job[0].chat_id]
            queue.append(job)
            if len(queue) == 1:
                task = self.loop.create_task(self._go_round(job[0].chat_id))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _go_round(self, chat_id: str) -> None:
        """Wait for a locked chat in the pool, where waiting holds nobody else up."""
        queue = self._detours[chat_id]
        while queue:
            command, settle = queue[0]
            result, news = await self._wait_for(command)
            settle(result)
            get_bus().announce_now(news)
            queue.popleft()
            with self._lock:
                self._detoured[chat_id] -= 1
                if not self._detoured[chat_id]:
                    del self._detoured[chat_id]
        del self._detours[chat_id]

    async def _wait_for(self, command: Command) -> tuple[Result, list[News]]:
        def work() -> tuple[Result, list[News]]:
            with publish.collected() as news:
                return carry_out([command])[0], news

        try:
            return await run(work)
        except Exception as error:
            return refusal_of(error), []


def _carry_out(commands: list[Command]) -> list[Result]:
    """All at once; where the database refuses one of them, one by one."""
    if not commands:
        return []
    try:
        return carry_out(commands, wait=False, look_for_repeats=False)
    except Exception as error:
        # Only what was certainly rolled back is tried again: after a lost connection nobody
        # knows, and the client's own retry, by its custom_id, settles it.
        if not (isinstance(error, IntegrityError) or is_rolled_back(error)):
            refusal = refusal_of(error)
            return [refusal for _ in commands]
    return [_alone(command) for command in commands]


def _alone(command: Command) -> Result:
    try:
        return carry_out([command], wait=False)[0]
    except Exception as error:
        return refusal_of(error)


_writer: Writer | None = None


def get_writer() -> Writer:
    """This process's writer; the first call, from the server's loop, starts it."""
    global _writer
    if _writer is None or _writer.loop.is_closed():
        _writer = Writer()
    return _writer

"""The stories that are open: read one after the other in the background, kept in memory while they are used."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from personae.errors import PersonaeError
from personae.readers import read_bytes
from personae.serve.copy import Copy
from personae.serve.shelf import Shelf
from personae.terminal import STEPS

OPEN = 4
"""Stories kept in memory at once; the one not used for longest goes first."""

log = logging.getLogger(__name__)


class Cancelled(Exception):
    """The reader has stopped this."""


@dataclass(slots=True)
class Job:
    """A story that waits to be read, or is being read or opened."""

    story: int
    step: str = "waiting"
    done: float = 0.0
    stopped: threading.Event = field(default_factory=threading.Event)

    def at(self, step: str, done: int, total: int) -> None:
        """Progress; raises Cancelled once the job is stopped."""
        self.step, self.done = STEPS.get(step, step), done / max(total, 1)
        if self.stopped.is_set():
            raise Cancelled


class Desk:
    """Reads stories one at a time, and opens those that have been read."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.jobs: dict[int, Job] = {}
        self._open: OrderedDict[int, Copy] = OrderedDict()
        self._lock = threading.RLock()
        self._readers = ThreadPoolExecutor(1, "reading")
        self._openers = ThreadPoolExecutor(1, "opening")
        self._solvers = ThreadPoolExecutor(1, "solving")

    def start(self) -> None:
        """Take up what a run before left unread, and open what was used last."""
        stories = self.shelf.stories()
        for story in stories:
            if story.state in ("waiting", "reading"):
                self.read(story.id)
        ready = [story.id for story in stories if story.state == "ready"]
        if ready:
            self.copy(ready[-1])

    def stop(self) -> None:
        """Stop reading; what is on the shelf stays as it is."""
        for job in list(self.jobs.values()):
            job.stopped.set()
        for pool in (self._readers, self._openers, self._solvers):
            pool.shutdown(wait=True, cancel_futures=True)

    def read(self, story: int) -> None:
        """Have a story read, again if it has been."""
        with self._lock:
            self._drop(story)
            self.shelf.set(story, state="waiting", error=None)
            self._begin(self._readers, Job(story))

    def copy(self, story: int) -> Copy | None:
        """The open copy of a story that has been read; None while it is being opened."""
        with self._lock:
            copy = self._open.get(story)
            if copy:
                self._open.move_to_end(story)
            elif story not in self.jobs:
                self._begin(self._openers, Job(story, "opening the story"))
            return copy

    def cancel(self, story: int) -> None:
        """Stop a reading that waits or goes on."""
        with self._lock:
            if self._drop(story):
                self.shelf.set(story, state="cancelled")

    def remove(self, story: int) -> None:
        with self._lock:
            self._drop(story)
            self.shelf.remove(story)

    def _drop(self, story: int) -> bool:
        """Stop whatever goes on with a story, and close it."""
        self._open.pop(story, None)
        job = self.jobs.pop(story, None)
        if job:
            job.stopped.set()
        return job is not None

    def _begin(self, pool: ThreadPoolExecutor, job: Job) -> None:
        self.jobs[job.story] = job
        pool.submit(self._work, job)

    def _work(self, job: Job) -> None:
        """Read or open a story; what goes wrong is told on the shelf."""
        try:
            row = self.shelf.story(job.story)
            if row is None or job.stopped.is_set():
                return
            if row.state != "ready":
                self.shelf.set(job.story, state="reading")
            text = read_bytes(self.shelf.content(job.story), row.name)
            self._ready(job, Copy.opened(self.shelf, job.story, text, self._solvers, job.at))
        except Cancelled:
            log.info("story %d: stopped", job.story)
        except PersonaeError as error:
            self._failed(job, str(error))
        except Exception:
            log.exception("story %d: reading failed", job.story)
            self._failed(job, "something in Personae broke while reading this; the terminal shows what")

    def _ready(self, job: Job, copy: Copy) -> None:
        with self._lock:
            if self.jobs.get(job.story) is job:
                del self.jobs[job.story]
                self._open[job.story] = copy
                self.shelf.set(job.story, state="ready")
            while len(self._open) > OPEN:
                self._open.popitem(last=False)

    def _failed(self, job: Job, reason: str) -> None:
        with self._lock:
            if self.jobs.get(job.story) is job:
                del self.jobs[job.story]
                self.shelf.set(job.story, state="failed", error=reason)

"""The stories that are open: read one after the other in the background, kept in memory while they are used."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from queue import SimpleQueue

from personae.errors import PersonaeError
from personae.readers import read_bytes
from personae.serve.copy import Copy
from personae.serve.shelf import Shelf, Story
from personae.terminal import STEPS

OPEN = 4
"""Stories kept in memory at once; the one not used for longest goes first."""

log = logging.getLogger(__name__)


class Cancelled(Exception):
    """The reader has stopped this."""


@dataclass(slots=True)
class Job:
    """A reading that waits or goes on."""

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
    """Reads stories in a thread of its own, and opens those that have been read."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.jobs: dict[int, Job] = {}
        self._waiting: SimpleQueue[Job | None] = SimpleQueue()
        self._open: OrderedDict[int, Copy] = OrderedDict()
        self._lock = threading.RLock()
        self._thread = threading.Thread(target=self._work, name="reading", daemon=True)

    def start(self) -> None:
        """Take up what a run before left unread."""
        self._thread.start()
        for story in self.shelf.stories():
            if story.state in ("waiting", "reading"):
                self.read(story.id)

    def stop(self) -> None:
        """Stop reading; what is on the shelf stays as it is."""
        for job in list(self.jobs.values()):
            job.stopped.set()
        self._waiting.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def read(self, story: int) -> None:
        """Have a story read, again if it has been."""
        with self._lock:
            self.cancel(story)
            self._open.pop(story, None)
            self.jobs[story] = Job(story)
            self.shelf.set(story, state="waiting", error=None)
            self._waiting.put(self.jobs[story])

    def cancel(self, story: int) -> None:
        """Stop a reading that waits or goes on."""
        job = self.jobs.pop(story, None)
        if job:
            job.stopped.set()
            self.shelf.set(story, state="cancelled")

    def remove(self, story: int) -> None:
        with self._lock:
            self.cancel(story)
            self._open.pop(story, None)
            self.shelf.remove(story)

    def copy(self, story: Story) -> Copy:
        """The open copy of a story that has been read."""
        with self._lock:
            if story.id not in self._open:
                self._open[story.id] = self._opened(story.id, Job(story.id))
            self._open.move_to_end(story.id)
            while len(self._open) > OPEN:
                self._open.popitem(last=False)
            return self._open[story.id]

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            if not job.stopped.is_set():
                self._read(job)

    def _read(self, job: Job) -> None:
        self.shelf.set(job.story, state="reading")
        try:
            copy = self._opened(job.story, job)
            self._ready(job, copy)
        except Cancelled:
            log.info("story %d: reading stopped", job.story)
        except PersonaeError as error:
            self._failed(job, str(error))
        except Exception:
            log.exception("story %d: reading failed", job.story)
            self._failed(job, "something in Personae broke while reading this; the terminal shows what")

    def _opened(self, story: int, job: Job) -> Copy:
        row = self.shelf.story(story)
        text = read_bytes(self.shelf.content(story), row.name if row else "")
        return Copy.opened(self.shelf, story, text, job.at)

    def _ready(self, job: Job, copy: Copy) -> None:
        with self._lock:
            if self.jobs.get(job.story) is job:
                del self.jobs[job.story]
                self._open[job.story] = copy
                self.shelf.set(job.story, state="ready", **copy.figures())

    def _failed(self, job: Job, reason: str) -> None:
        with self._lock:
            if self.jobs.get(job.story) is job:
                del self.jobs[job.story]
                self.shelf.set(job.story, state="failed", error=reason)

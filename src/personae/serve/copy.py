"""One open story: solved, corrected, undone, solved again; each answer is a change of what the page shows."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from personae.annotators import made_by, open_story
from personae.annotators.solver import Progress, Solution, Solver
from personae.corrections import Corrections
from personae.corrections.anchors import Unfit
from personae.errors import PersonaeError
from personae.models import open_models
from personae.serve.asked import correction_of
from personae.serve.beside import Beside
from personae.serve.changes import Sign, change, sign
from personae.serve.identities import Trace, carry
from personae.serve.journal import Journal
from personae.serve.readings import pack, unpack
from personae.serve.rough import rough
from personae.serve.shelf import Shelf, Story
from personae.serve.skeleton import skeleton, with_story
from personae.serve.view import COLOURS, OWN, Json, View
from personae.text import Text

REMEMBERED = 12
"""Versions of which it is known what has changed since."""

PAUSE = 0.25
"""Seconds after a correction before the whole story is solved: another may come, and would have to wait."""

WHOLE = 8
"""Solutions that are kept, for undo and redo."""

Rough = Callable[[Corrections], Solution]

log = logging.getLogger(__name__)


class _Overtaken(Exception):
    """Something newer than what is being solved has come."""


class Copy:
    """A story that is open. Its methods may be called from any thread, and one at a time corrects."""

    def __init__(self, shelf: Shelf, story: int, solver: Solver, background: Executor) -> None:
        self.shelf, self.story, self.solver = shelf, story, solver
        self.journal = Journal(shelf, story)
        self.background = background
        self.version = 0
        self.settling = False
        self.notice: str | None = None
        self._lock = threading.RLock()
        self._signs: OrderedDict[int, Sign] = OrderedDict()
        self._whole: OrderedDict[Corrections, Solution] = OrderedDict()
        self._traces: OrderedDict[Corrections, Trace] = OrderedDict()
        self._trace = Trace.from_bytes(shelf.extra(story, "people"))
        row = shelf.story(story)
        self.beside = Beside(shelf, story, Path(row.path)) if row and row.path else None
        if self.beside:
            self.beside.take(self.journal)
        self._skeleton: tuple[tuple[int, int | None], bytes] | None = None
        self.solution: Solution
        self.view: View
        self.sign: Sign

    @classmethod
    def opened(cls, shelf: Shelf, story: int, text: Text, background: Executor, progress: Progress) -> Copy:
        """Solved with its corrections; the encoder reads it only if it hasn't yet."""
        key = json.dumps(dict(made_by(open_models())), sort_keys=True)
        content = shelf.reading(story, key)
        stored = unpack(content) if content else None
        solver = open_story(text, stored=stored, progress=progress)
        solver.remember()
        copy = cls(shelf, story, solver, background)
        copy._publish(solver.solve(copy.journal.corrections(), progress))
        row = shelf.story(story)
        if row:
            copy.skeleton(row, None)
        if stored is None:
            shelf.keep_reading(story, key, pack(solver))
        return copy

    # --- what is corrected

    def correct(self, body: Json) -> tuple[int, int | None]:
        """Take a correction down and solve; the version before, and the line that it is about."""
        with self._lock:
            key = body.get("key") if isinstance(body.get("key"), str) else None
            if key and self.journal.has(key):
                return self.version, None
            correction = correction_of(body, self.view, self.solution)
            line = body.get("line")
            kept = body.get("into") if correction.op == "merge" else None
            before = self.version
            self.journal.add(correction, key=key)
            self._try(kept, lambda known: rough(body, correction, self.view, self.solution, known))
            return before, line if isinstance(line, int) else None

    def take(self, corrections: Corrections) -> int:
        """Nothing but these corrections, from a table; the version before."""
        with self._lock:
            self.journal.replace(corrections)
            return self._try()

    def _try(self, kept: int | None = None, rough: Rough | None = None) -> int:
        """`_resolve`; what was taken down last is forgotten where it can't be worked with."""
        try:
            return self._resolve(kept, rough)
        except Exception:
            self.journal.drop_last()
            raise

    def undo(self) -> int | None:
        """The version before; None if there is nothing to undo."""
        with self._lock:
            return self._resolve() if self.journal.undo() else None

    def redo(self) -> int | None:
        with self._lock:
            return self._resolve() if self.journal.redo() else None

    def _resolve(self, kept: int | None = None, rough: Rough | None = None) -> int:
        """Solve with what the journal has; at once as far as that is quick, and the rest in the background."""
        before, corrections = self.version, self.journal.corrections()
        whole = self._whole.get(corrections)
        quick = whole or self.solver.quick(corrections, self.solution) or (rough(corrections) if rough else None)
        solution = quick or self.solver.solve(corrections)
        self.settling = quick is not None and whole is None
        self._publish(solution, kept)
        if self.settling:
            self.background.submit(self._settle, self.version)
        if self.beside:
            self._write_beside(self.beside, corrections)
        return before

    def _write_beside(self, beside: Beside, corrections: Corrections) -> None:
        """Bring the file up to date; where that can't be, the shelf has the corrections all the same."""
        try:
            beside.write(corrections)
            self.notice = None
        except PersonaeError as error:
            self.notice = str(error)

    def _settle(self, version: int) -> None:
        """Solve the whole story, unless something newer comes."""

        def at(step: str, done: int, total: int) -> None:
            if self.version != version:
                raise _Overtaken

        try:
            at("", 0, 1)
            time.sleep(PAUSE)
            at("", 0, 1)
            solution = self.solver.solve(self.solution.corrections, at)
            with self._lock:
                at("", 1, 1)
                self.settling = False
                self._publish(solution)
        except _Overtaken:
            log.debug("story %d: version %d was overtaken", self.story, version)
        except Exception:
            log.exception("story %d: solving the whole of it failed", self.story)
            self.settling = False

    # --- what the page shows

    def _publish(self, solution: Solution, kept: int | None = None) -> None:
        same = self._same_mentions(solution)
        if same:
            count = len(solution.book.entities) - len(self.view.ids)
            ids = (*self.view.ids, *range(self._trace.next, self._trace.next + count))
        else:
            last = self._traces.get(solution.corrections, self._trace)
            ids = carry(replace(last, next=self._trace.next), solution.book, kept)
        fresh = not set(ids) <= self._trace.names.keys()
        self._trace = Trace.of(solution.book, ids, self._trace, same=same)
        self._traces[solution.corrections] = self._trace
        while len(self._traces) > REMEMBERED:
            self._traces.popitem(last=False)
        view = View(solution.book, ids, self._colours(solution, ids), solution.pinned)
        self.view = view.after(self.view) if self.version else view
        self.solution = solution
        self.sign = sign(view, self.sign if same else None)
        self.version += 1
        self._signs[self.version] = self.sign
        while len(self._signs) > REMEMBERED:
            self._signs.popitem(last=False)
        if not self.settling:
            self._whole[solution.corrections] = solution
            while len(self._whole) > WHOLE:
                self._whole.popitem(last=False)
        if fresh or not self.settling:
            self.shelf.set(self.story, people=self._trace.to_bytes())
        self.shelf.set(self.story, **self.figures())

    def _same_mentions(self, solution: Solution) -> bool:
        """Whether only lines are other than in the version that is shown."""
        return bool(self.version) and solution.book.mentions is self.solution.book.mentions

    def _colours(self, solution: Solution, ids: tuple[int, ...]) -> dict[int, int]:
        """The eight with the most lines at the first reading have their own, and keep it."""
        stored = json.loads(self.shelf.extra(self.story, "colours") or "{}")
        if not stored:
            lines = Counter(q.speaker for q in solution.book.quotes if q.speaker is not None)
            ranked = sorted(lines, key=lambda entity: (-lines[entity], entity))[:OWN]
            stored = {str(ids[entity]): place for place, entity in enumerate(ranked)}
            self.shelf.set(self.story, colours=json.dumps(stored))
        own = {int(number): colour for number, colour in stored.items()}
        return {number: own.get(number, OWN + number % (COLOURS - OWN)) for number in ids}

    def figures(self) -> Json:
        """What the shelf shows of it."""
        meta = self.solver.ground.text.metadata
        return {
            "title": meta.title, "author": meta.author, "words": sum(self.view.words),
            "doubtful": len(self.view.queue), "lines": self.view.count_lines(),
            "corrections": len(self.solution.corrections),
        }  # fmt: skip

    def skeleton(self, story: Story, until: int | None) -> bytes:
        """The answer that the page begins with; kept for each version."""
        version, view = self.version, self.view
        if self._skeleton is None or self._skeleton[0] != (version, until):
            self._skeleton = (version, until), skeleton(view, until)
        more = {"version": version, "settling": self.settling, "corrections": self.corrections()}
        return with_story(self._skeleton[1], story, more)

    def corrections(self) -> Json:
        """How many corrections there are, those that no longer fit, and why the file beside the story isn't written."""
        undo, redo = self.journal.can()
        unfit = [_unfit(one) for one in self.solution.unfit]
        return {
            "count": len(self.solution.corrections), "undo": undo, "redo": redo, "unfit": unfit,
            "notice": self.notice,
        }  # fmt: skip

    def change(self, since: int, until: int | None, first: int | None = None) -> Json:
        """What has changed since a version; everything, where that is too long ago."""
        with self._lock:
            return change(self, self._signs.get(since), until, first)


def _unfit(one: Unfit) -> Json:
    return {"number": one.number, "text": one.text, "reason": one.reason}



"""What a reader keeps in mind: who was active, how lately, and how."""

from __future__ import annotations

from dataclasses import dataclass, field

FORGOTTEN = 30
"""Sentences after which somebody not mentioned is no candidate while anybody nearer is."""


@dataclass(slots=True)
class Trace:
    """When somebody was last mentioned, and how."""

    sentence: int
    token: int
    subject: bool
    count: float = 1.0
    spoke: bool = False
    """Whether this was a line of theirs rather than a mention."""


@dataclass(slots=True)
class Speech:
    """What is known of a quotation when its inner mentions are read."""

    last: int
    """Token after its last one."""
    speaker: int | None = None
    addressees: tuple[int, ...] = ()
    """As the turns alone have them."""
    you: tuple[int, ...] = ()
    """Whom "you" means: the addressees when everything is known."""


@dataclass(slots=True)
class Memory:
    """People by how recently they were active."""

    traces: dict[int, Trace] = field(default_factory=dict)

    def touch(self, person: int, sentence: int, token: int, subject: bool) -> None:
        old = self.traces.pop(person, None)
        if old and old.sentence == sentence:
            subject = subject or old.subject
        self.traces[person] = Trace(sentence, token, subject, (old.count * 0.98 if old else 0) + 1)

    def recent(self, number: int) -> list[int]:
        """The people last active, the latest first."""
        return [p for p, _ in zip(reversed(self.traces), range(number), strict=False)]

    def forget(self, sentence: int) -> None:
        """A scene ends before `sentence`: everybody stays known, nobody stays active."""
        for trace in reversed(self.traces.values()):
            if sentence - trace.sentence > FORGOTTEN:
                break
            trace.sentence -= FORGOTTEN // 3

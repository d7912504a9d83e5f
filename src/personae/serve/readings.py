"""What the encoder made of a story, as bytes for the shelf and back: arrays only, nothing that could run."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np

from personae.annotators.encoder import Reading
from personae.annotators.solver import Solver, Stored
from personae.annotators.spans import FORMS, TYPES, Span

COLUMNS = ("upos", "xpos", "script", "sense", "relation", "event", "head")


def pack(solver: Solver) -> bytes:
    """The reading and the links of an open story."""
    reading, links = solver.ground.reading, solver.linked()
    spans = reading.spans
    where = np.array([(s.first, s.last, s.head, TYPES.index(s.type), FORMS.index(s.form)) for s in spans], np.int32)
    out = io.BytesIO()
    np.savez_compressed(
        out, spans=where.reshape(-1, 5), chance=np.array([s.chance for s in spans], np.float32), others=links.others,
        chances=links.chances, pointed=reading.pointed, said=reading.said,
        **{name: getattr(reading, name) for name in COLUMNS},
    )  # fmt: skip
    return out.getvalue()


def unpack(content: bytes) -> tuple[Reading, Stored] | None:
    """None where that is no whole reading; then the story is read anew."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            found: dict[str, Any] = {name: arrays[name] for name in arrays.files}
        spans = [
            Span(first, last, head, TYPES[type], FORMS[form], chance)
            for (first, last, head, type, form), chance in zip(
                found["spans"].tolist(), found["chance"].tolist(), strict=True
            )
        ]
        columns = {name: found[name] for name in COLUMNS}
        reading = Reading(
            **columns, spans=spans, vectors=np.zeros((0, 0), np.float16), pointed=found["pointed"], said=found["said"]
        )  # fmt: skip
        whole = len({len(column) for column in columns.values()}) == 1
        whole = whole and len(found["others"]) == len(reading.pointed) == len(spans)
        return (reading, (found["others"], found["chances"])) if whole else None
    except (ValueError, KeyError, IndexError, OSError, EOFError, zipfile.BadZipFile):
        return None

"""A narrator who is a row of the cast that was given."""

from __future__ import annotations

import pytest

from personae.annotators import annotate
from personae.cast import Member
from tests.stories import text_of

STORY = (
    "I put the kettle on. Corin Dask came in from the yard and shook his coat at me.\n\n"
    "“You’re late,” I said.\n\n“The gate was shut{called},” said Corin.\n\n“It’s always shut.”\n\n"
    "I gave him a cup. He told me what Odalys had said of my bread.\n"
)
CAST = (Member("Maren Holt"), Member("Corin Dask"), Member("Odalys Pyne"), Member("Ysolde Kemp"))


@pytest.mark.parametrize(("called", "name"), [("", "Maren Holt"), (", Ysolde", "Ysolde Kemp")])
def test_a_narrator_is_whom_the_narration_never_names(called: str, name: str) -> None:
    """Whoever they answer to, else the first."""
    book = annotate(text_of(STORY.format(called=called)), cast=CAST)
    said = [book.entities[q.speaker].name for q in book.quotes if q.speaker is not None]
    assert said == [name, "Corin Dask", name]
    (narrator,) = {m.entities for m in book.mentions if book.text[m.start : m.end] == "I" and m.entities}
    assert book.entities[narrator[0]].cast == [m.name for m in CAST].index(name)


def test_a_narrator_who_is_in_no_row_is_nobody_of_the_cast() -> None:
    book = annotate(text_of(STORY.format(called="")), cast=(CAST[1], CAST[2]))
    said = [book.entities[q.speaker].cast for q in book.quotes if q.speaker is not None]
    assert said[0] is None and said[1] == 0

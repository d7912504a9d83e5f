"""Personae reads a story and works out the people in it: who is "he", who speaks, to whom.

import personae
book = personae.read("story.epub")
for quote in book.said_by("Iruka"):
    print(book.text[quote.start:quote.end])
"""

import logging

from personae.api import annotate, load, read, read_corrections, read_text, write
from personae.book import Book, Claim, Entity, Mention, Quote, Relation, Scene, Tokens, check
from personae.cast import Cast, Member, read_cast
from personae.corrections import Correction, Corrections
from personae.errors import BookError, CastError, CorrectionError, PersonaeError, ReadError, WriteError
from personae.text import Block, Metadata, Text

__version__ = "0.1.0"
__all__ = [
    "Block", "Book", "BookError", "Cast", "CastError", "Claim", "Correction", "CorrectionError",
    "Corrections", "Entity", "Member", "Mention", "Metadata",
    "PersonaeError", "Quote", "ReadError", "Relation", "Scene", "Text", "Tokens", "WriteError",
    "annotate", "check", "load", "read", "read_cast", "read_corrections", "read_text", "write",
]  # fmt: skip

logging.getLogger(__name__).addHandler(logging.NullHandler())

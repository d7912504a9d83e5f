"""Everything Personae raises on purpose.

PersonaeError           one clear line: what, where, what next
├── ReadError           the story can't be read (empty, damaged, protected, not text)
├── CastError           the cast file isn't what `--cast` expects
├── BookError           a stored Book breaks the format's rules
├── WeightsError        a file of the trained model is missing or altered
├── CorrectionError     a file of corrections, or one of them, can't be used
├── LineError           there is no line of the number asked about
├── ShelfError          the file with the stories that the page shows can't be used
├── ServeError          the page can't be served (something missing, a port taken)
└── WriteError          an output can't be written
"""


class PersonaeError(Exception):
    """A mistake in the input or the request, told in one line. A bug raises something else."""


class ReadError(PersonaeError):
    """The story can't be read."""


class CastError(PersonaeError):
    """The given cast can't be used."""


class BookError(PersonaeError):
    """A stored Book breaks a rule of the format."""


class WeightsError(PersonaeError):
    """The trained model isn't whole."""


class WriteError(PersonaeError):
    """An output can't be written."""


class CorrectionError(PersonaeError):
    """A file of corrections, or a correction, can't be used."""


class LineError(PersonaeError):
    """There is no line of that number."""


class ShelfError(PersonaeError):
    """The shelf can't be used."""


class ServeError(PersonaeError):
    """The page can't be served."""

"""Annotated corpora as Books, one loader a corpus: `documents(folder, split)` and `load(folder, document)`."""

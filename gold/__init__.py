"""Annotated corpora as Books. Each has a loader: `documents(folder, split)` and `load(folder, document)`."""

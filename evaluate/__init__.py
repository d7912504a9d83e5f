"""How good the people, lines and mentions in a Book are: one file a task, `python -m evaluate TASK --data DIR`.

A task has `measure(case)`, which compares one document's predicted Book with its gold Book, and
`figures(measured)`, which makes percentages of all documents' measures. docs/evaluation.md has the protocols.
"""

"""How good the people, lines and mentions in a Book are: `python -m evaluate TASK --data DIR`.

One file a task. Each has `measure(case)`, which compares a predicted Book with its gold Book, and
`figures(measured)`, which makes percentages of all documents' measures. docs/evaluation.md has the protocols.
"""

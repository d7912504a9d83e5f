"""One-to-one assignment that maximises agreement: the Hungarian method."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def best_pairs(agreement: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Pairs (row, column), each row and column at most once, with the greatest sum of `agreement`.

    `agreement` is `[n_rows, n_columns]`, none below 0; pairs that agree in nothing are left out.
    Shortest augmenting paths (Jonker and Volgenant 1987), O(rows² · columns).
    """
    if agreement.shape[0] > agreement.shape[1]:
        return sorted((row, column) for column, row in best_pairs(agreement.T))
    row_of = _assign(-np.asarray(agreement, np.float64))
    pairs = [(int(row), column) for column, row in enumerate(row_of) if row >= 0]
    return sorted((row, column) for row, column in pairs if agreement[row, column] > 0)


def _assign(cost: NDArray[np.float64]) -> NDArray[np.int64]:
    """The row assigned to each column at least cost, -1 for none; needs rows ≤ columns."""
    n_rows, n_columns = cost.shape
    row_price, column_price = np.zeros(n_rows), np.zeros(n_columns)
    row_of = np.full(n_columns, -1)
    for row in range(n_rows):
        _augment(cost, row, row_price, column_price, row_of)
    return row_of


def _augment(
    cost: NDArray[np.float64],
    start: int,
    row_price: NDArray[np.float64],
    column_price: NDArray[np.float64],
    row_of: NDArray[np.int64],
) -> None:
    """Find the cheapest way to give row `start` a column, moving other rows along it."""
    n_columns = cost.shape[1]
    shortest = np.full(n_columns, np.inf)
    came_from = np.full(n_columns, -1)
    done = np.zeros(n_columns, bool)
    row, column, length = start, -1, 0.0
    while True:
        through = length + cost[row] - row_price[row] - column_price
        better = ~done & (through < shortest)
        shortest[better], came_from[better] = through[better], column
        column = int(np.argmin(np.where(done, np.inf, shortest)))
        length = float(shortest[column])
        done[column] = True
        if row_of[column] < 0:
            break
        row = int(row_of[column])
    _move_prices(start, length, shortest, done, row_price, column_price, row_of)
    while column >= 0:
        previous = int(came_from[column])
        row_of[column] = start if previous < 0 else row_of[previous]
        column = previous


def _move_prices(
    start: int,
    length: float,
    shortest: NDArray[np.float64],
    done: NDArray[np.bool_],
    row_price: NDArray[np.float64],
    column_price: NDArray[np.float64],
    row_of: NDArray[np.int64],
) -> None:
    """Keep every reduced cost at 0 or above, and at 0 on assigned pairs."""
    seen = np.flatnonzero(done & (row_of >= 0))
    row_price[start] += length
    row_price[row_of[seen]] += length - shortest[seen]
    column_price[done] += shortest[done] - length

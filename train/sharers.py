"""Several processes that train one net side by side."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.distributed


@dataclass(frozen=True)
class Sharers:
    """The processes that train one net side by side, each on lots of its own."""

    rank: int = 0
    number: int = 1

    def begin_alike(self, net: torch.nn.Module) -> None:
        """What begins by chance is as the first process has it."""
        if self.number > 1:
            for value in net.state_dict().values():
                torch.distributed.broadcast(value, 0)

    def mean_gradients(self, net: torch.nn.Module) -> None:
        """Every process goes on from the mean of all; a head that no lot had labels for counts as unmoved."""
        if self.number > 1:
            trained = [p for p in net.parameters() if p.requires_grad]
            own = [p.grad if p.grad is not None else torch.zeros_like(p) for p in trained]
            flat = torch.cat([g.flatten() for g in own])
            torch.distributed.all_reduce(flat)
            parts = (flat / self.number).split([p.numel() for p in trained])
            for p, part in zip(trained, parts, strict=True):
                p.grad = part.view_as(p)

    def sum(self, number: int) -> int:
        value = torch.tensor(number)
        if self.number > 1:
            torch.distributed.all_reduce(value)
        return int(value)

    def agreed(self, seconds: float) -> float:
        """The first process's clock, so that all stop after the same step."""
        value = torch.tensor(seconds, dtype=torch.float64)
        if self.number > 1:
            torch.distributed.broadcast(value, 0)
        return float(value)

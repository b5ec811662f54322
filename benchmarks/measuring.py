"""A product against its floor: in pairs, one after the other, by the clock and by the processor's time of this process.

On a busy machine the clock tells of the neighbours as well; the processor's time leaves them out, and with PostgreSQL
the server's share too.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any


@dataclass(frozen=True)
class Measured:
    """`target`: the ratio that is asked for; None where none is."""

    name: str
    product: Callable[[], Any]
    floor: Callable[[], Any]
    target: float | None = None


@dataclass(frozen=True)
class Pair:
    """Milliseconds by the clock and of the processor, of the product and of its floor."""

    product: tuple[float, float]
    floor: tuple[float, float]

    def ratio(self, measure: int) -> float:
        return self.product[measure] / self.floor[measure]


CLOCK, PROCESSOR = 0, 1


def pairs(measured: Measured, count: int) -> list[Pair]:
    """One warm-up each, then A B A B …"""
    measured.product(), measured.floor()
    return [Pair(_timed(measured.product), _timed(measured.floor)) for _ in range(count)]


def _timed(call: Callable[[], Any]) -> tuple[float, float]:
    clock, processor = perf_counter(), process_time()
    call()
    return (perf_counter() - clock) * 1000, (process_time() - processor) * 1000


def line(measured: Measured, timed: list[Pair]) -> str:
    wanted = f" (target {measured.target:g})" if measured.target else ""
    ours, floor = (median(t) for t in zip(*[(p.product[PROCESSOR], p.floor[PROCESSOR]) for p in timed], strict=True))
    return (
        f"{measured.name}: {_ratio(timed, PROCESSOR)} of processor time{wanted}, {_ratio(timed, CLOCK)} by the clock; "
        f"median {ours:.1f} ms against {floor:.1f} ms, {len(timed)} pairs, load {os.getloadavg()[0]:.1f}"
    )


def _ratio(timed: list[Pair], measure: int) -> str:
    ratios = [pair.ratio(measure) for pair in timed]
    return f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"

"""The list page against admin's changelist on the same data; an import against calamine and one bare UPDATE; a draft
and its page against bare SQL; a published page against its template rendered from constants.

Seven alternating pairs each; median and range of the ratio, and the medians in milliseconds for orientation.
"""

import os
import sys
from collections.abc import Callable
from importlib import import_module
from statistics import median
from time import perf_counter

import django

PAIRS = 7
PROJECTS = 100_000


def pairs(product: Callable[[], object], bound: Callable[[], object]) -> list[tuple[float, float]]:
    """One warm-up each, then A B A B …"""
    product(), bound()
    return [(_timed(product), _timed(bound)) for _ in range(PAIRS)]


def _timed(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return (perf_counter() - start) * 1000


def line(name: str, timed: list[tuple[float, float]]) -> str:
    ratios = [product / bound for product, bound in timed]
    ours, theirs = median(p for p, _ in timed), median(b for _, b in timed)
    return (
        f"{name}: ratio {median(ratios):.2f} (range {min(ratios):.2f}–{max(ratios):.2f}, {len(timed)} pairs), "
        f"median {ours:.1f} ms against {theirs:.1f} ms"
    )


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    runs = import_module("benchmarks.runs")  # only now: the settings decide what may be imported
    for name, product, bound in runs.measured(PROJECTS):
        print(line(name, pairs(product, bound)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

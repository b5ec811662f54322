"""Python's search for cycles, put off while very many rows are made that all live on.

It looks through everything that lives whenever so many objects have been made: of ten thousand rows read or written
together it takes two fifths of the time, and finds nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_inside = 0


@contextmanager
def uncollected() -> Iterator[None]:
    """Also a decorator. The search goes on once nobody in this process is inside any more."""
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(more: int) -> None:
    global _inside
    with _lock:
        _inside += more
        (gc.disable if _inside else gc.enable)()

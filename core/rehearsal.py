"""测算: the door opened for a supposition. What is written inside can be read inside, and is gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from core.actors import Actor
from core.write import Door, door


@contextmanager
def rehearsal(actor: Actor, *, at: datetime) -> Iterator[Door]:
    """Like `door`, rolled back at the end whatever happens: rows, codes, history and the county's gate.

    It holds the one place where all write (SQLite: the file, else the county's gate) as long as it is open: read
    what depends on the supposition inside, and nothing else.
    """
    with _taken_back(), door(actor, at=at) as writing:
        yield writing


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)

"""How wide a column and how high a row has to be for its texts; no program is sure to measure wrapped texts when it
opens a file. Widths are in characters of the Latin alphabet, a Chinese one counts two. Pure."""

import datetime
import math
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

LINE_HEIGHT, HIGHEST_ROW = 15, 400
"""Points: what a line of text takes, and how high a row may be at most (Excel allows 409)."""
WIDER = 1.15
"""So much more a Chinese font takes than the Latin one in which Excel counts a column's width."""
A4_WIDTH, A3_WIDTH = 140, 245
"""What a landscape sheet shows legibly, shrunk to eight tenths at most."""
NO_TEXTS = (int, float, Decimal, datetime.date)


def display_width(text: str) -> int:
    """Width in characters, of which a Chinese one counts two."""
    return sum(2 if unicodedata.east_asian_width(mark) in "FWA" else 1 for mark in text)


def text_of(value: object) -> str:
    """What a cell shows as text; empty where it shows a number, a day or nothing."""
    return "" if value is None or isinstance(value, NO_TEXTS) else str(value)


def lines_of(value: object, width: int) -> int:
    """How many lines a text takes in a column of that width; anything else stands on one."""
    paragraphs = text_of(value).split("\n")
    return sum(max(1, math.ceil(display_width(part) * WIDER / width)) for part in paragraphs)


def height_of(lines: int, *, room: int = 0, lowest: int = LINE_HEIGHT) -> int:
    """Points that a row of so many lines takes, with `room` around them."""
    return min(HIGHEST_ROW, max(lowest, LINE_HEIGHT * lines + room))


def needed_width(width: int, texts: Iterable[object], widest: int) -> int:
    """The width in which these texts stand on one line; never less than `width`, nor more than `widest`."""
    longest = max((display_width(part) for text in texts for part in text_of(text).split("\n")), default=0)
    return max(width, min(widest, math.ceil(longest * WIDER)))


def fitting_columns(widths: Sequence[int], room: int) -> int:
    """How many of the first columns stand within that width; one at least."""
    passed = 0
    for number, width in enumerate(widths):
        passed += width
        if passed > room:
            return max(1, number)
    return len(widths)

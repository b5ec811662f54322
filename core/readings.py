"""What goes wrong when a person's writing is read as a value, and the cleaning that all readers share.

NFKC belongs to codes, numbers and dates only: in free text it turns ㎡ into m2 and ① into 1.
"""

import re
import unicodedata
from functools import lru_cache

QUOTED_LENGTH = 30
WORDS_FOR_NOTHING = frozenset({"无", "暂无", "待定", "未定", "不详", "未知"})

UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
INVISIBLE = re.compile(f"[{UNSEEN}]")
DASH_LIKE = "−‐‑‒–—―－"
DASHES = str.maketrans(dict.fromkeys(DASH_LIKE, "-"))
SIGNS_FOR_NOTHING = re.compile(rf"[\s{UNSEEN}\-{DASH_LIKE}/／\\＼]*")


class Reading(ValueError):
    """Something written that gives no value; the message is a Chinese sentence for who wrote it."""


class Unreadable(Reading):
    """Refused: what is written cannot be right."""


class Unclear(Reading):
    """Asked: it may be right but could mean several things, so a person has to say which."""


def quoted(text: object) -> str:
    """What was written, as a sentence quotes it: on one line, in Chinese quotation marks, cut when long."""
    line = " ".join(str(text).split())
    return f"“{line}”" if len(line) <= QUOTED_LENGTH else f"“{line[:QUOTED_LENGTH]}…”"


def visible(text: str) -> str:
    """The text without zero-width characters and outer spaces; nothing else changes."""
    return INVISIBLE.sub("", text).strip()


def half_width(text: str) -> str:
    """A code, number or date in half-width characters, every kind of dash or minus sign as ``-``."""
    return _folded(text) if len(text) <= SHORT else _folded.__wrapped__(text)


SHORT = 40
"""Characters of what stands in many rows of a sheet (types, townships, months) and is folded once for all of them."""


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", visible(text).translate(DASHES)).translate(DASHES).strip()


def says_nothing(text: str) -> bool:
    """Whether a cell holds no word at all: nothing, or signs drawn through it (— / －－)."""
    return SIGNS_FOR_NOTHING.fullmatch(text) is not None


def is_placeholder(text: str) -> bool:
    """Whether a cell holds one of the ways to say that there is nothing to say (— / 无 待定)."""
    return says_nothing(text) or "".join(half_width(text).split()) in WORDS_FOR_NOTHING

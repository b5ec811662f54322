import re
import unicodedata
from functools import lru_cache

from core.readings import SHORT

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
INVISIBLE = re.compile(rf"[\s{ZERO_WIDTH}]+")
QUOTES = str.maketrans(dict.fromkeys("“”„‟「」『』'‘’", '"'))


def compact(value: object) -> str:
    """The text as it is compared: full-width forms folded, no space of any kind, one sort of quote.

    For headers, labels and band rows only; folding would damage free text (㎡ becomes m2).
    """
    text = str(value)
    return _folded(text) if len(text) <= SHORT else _folded.__wrapped__(text)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(QUOTES)


def is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip().strip(ZERO_WIDTH).strip())


def one_line(value: object) -> str:
    """The text as it is shown in a sentence: runs of space and line ends become one space."""
    return INVISIBLE.sub(" ", str(value)).strip()

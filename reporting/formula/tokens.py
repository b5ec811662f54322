"""A formula's text cut into tokens; full-width forms become their half-width twins on the way."""

import re
from dataclasses import dataclass
from typing import Literal

from reporting.formula.errors import FormulaError

Kind = Literal["number", "name", "bracketed", "text", "sign", "end"]

# One character for one character, so that a token's place in the half-width text is its place in the original.
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", ord("“"): '"', ord("”"): '"'}
SAME_SIGN = {"×": "*", "÷": "/", "≥": ">=", "≤": "<=", "≠": "<>"}

TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<bracketed>\[[^\[\]]+\])
    | (?P<text>"(?:[^"]|"")*")
    | (?P<name>[^\W\d]\w*)
    | (?P<sign><=|>=|<>|[-+*/=<>(),%≥≤≠×÷])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the formula: `text` is its meaning in half-width form, `start` and `end` its place in the source."""

    kind: Kind
    text: str
    start: int
    end: int


def tokenize(source: str) -> list[Token]:
    """The tokens of `source`, closed by one of kind `end`. Raises FormulaError at a character of no meaning."""
    half_width = source.translate(HALF_WIDTH)
    tokens = []
    position = 0
    while position < len(source):
        found = TOKEN.match(half_width, position)
        if found is None:
            raise FormulaError(f"第{position + 1}个字符“{source[position]}”无法识别")
        if found.lastgroup != "space":
            tokens.append(_token(found, source))
        position = found.end()
    return [*tokens, Token("end", "", len(source), len(source))]


def _token(found: re.Match[str], source: str) -> Token:
    start, end = found.span()
    match found.lastgroup:
        case "bracketed":
            return Token("bracketed", source[start + 1 : end - 1], start, end)
        case "text":
            return Token("text", source[start + 1 : end - 1].replace('""', '"'), start, end)
        case "number":
            return Token("number", found.group(), start, end)
        case "name":
            return Token("name", found.group(), start, end)
        case _:
            return Token("sign", SAME_SIGN.get(found.group(), found.group()), start, end)

"""国民经济行业分类 GB/T 4754-2017: the 20 sections (门类) and 97 divisions (大类), a pure lookup.

An industry code is stored as digits: 2 for the division (大类), 3 or 4 for the finer classes, of which only those are
named here that the thresholds of 四上 tell apart; the section's letter always follows from the division.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.readings import Unclear, Unreadable, half_width, quoted

FIXTURE = Path(__file__).resolve().parent.parent / "fixtures" / "gbt4754-2017.json"
CLASSES = FIXTURE.with_name("gbt4754-2017-classes.json")
WRITTEN = re.compile(r"(?P<letter>[A-T])?(?P<digits>[0-9]{1,4})(?P<name>\D*)")
ADVICE = "请填写行业大类或小类代码，例如17或C1711。"


@dataclass(frozen=True)
class Division:
    """A 大类: two digits, and the letter of its section."""

    code: str
    name: str
    letter: str


@dataclass(frozen=True)
class Section:
    """A 门类: a letter, and its divisions from ``first`` to ``last``."""

    letter: str
    name: str
    first: str
    last: str
    divisions: tuple[Division, ...]


@cache
def sections() -> dict[str, Section]:
    """The 20 sections by letter, in the standard's order."""
    return {row["letter"]: _section(**row) for row in json.loads(FIXTURE.read_text("utf-8"))["sections"]}


def _section(letter: str, name: str, first: str, last: str, divisions: list[dict[str, str]]) -> Section:
    rows = tuple(Division(row["code"], row["name"], letter) for row in divisions)
    return Section(letter, name, first, last, rows)


@cache
def divisions() -> dict[str, Division]:
    """The 97 divisions by code, in the standard's order."""
    return {division.code: division for section in sections().values() for division in section.divisions}


def division_of(code: str) -> Division:
    """The division of a code of two to four digits, with or without its letter; raises Unreadable."""
    division = divisions().get(code.lstrip("ABCDEFGHIJKLMNOPQRST")[:2])
    if division is None:
        raise Unreadable(f"没有{quoted(code)}这个行业代码，{ADVICE}")
    return division


def section_of(code: str) -> Section:
    """The section of a code; a section's own letter is taken too. Raises Unreadable."""
    return sections()[code] if code in sections() else sections()[division_of(code).letter]


@cache
def classes() -> dict[str, str]:
    """Finer classes by code, the few that are named."""
    return dict(json.loads(CLASSES.read_text("utf-8")))


def name_of(code: str) -> str:
    """The class's own name where it is kept (物业管理 for 7020), else the name of the division a code lies in
    (纺织业 for 17 and 1711), or of the section for a letter."""
    return sections()[code].name if code in sections() else classes().get(code, division_of(code).name)


def read_industry(text: str, *, from_number: bool = False) -> str:
    """The digits of an industry as people write it: C1810 → 1810, 18 → 18, 3 → 03, 纺织业 → 17.

    ``from_number`` says that the code stood in a number cell, which loses the zero of 01 to 09: three digits may then
    be a 中类 or a 小类 of agriculture and mining. Raises Unclear for those, Unreadable for what is no industry.
    """
    written = "".join(half_width(text).upper().split())
    if written in _codes_by_name():
        return _codes_by_name()[written]
    match = WRITTEN.fullmatch(written)
    if match is None:
        raise Unreadable(f"写的是{quoted(text)}，不是行业代码，{ADVICE}")
    digits = match["digits"].zfill(2)
    if from_number and len(digits) == 3:
        raise Unclear(f"写的是{quoted(text)}，开头可能少了0，请改为文本，写成{digits}或0{digits}。")
    _check_agreement(text, digits, match)
    return digits


def _check_agreement(text: str, digits: str, match: re.Match[str]) -> None:
    """The letter beside a code must be its division's, the name the division's or the class's own."""
    division = division_of(digits)
    if match["letter"] not in (None, division.letter):
        raise Unreadable(f"写的是{quoted(text)}，{division.code}属于门类{division.letter}，请核对字母和数字。")
    if match["name"] not in ("", division.name, name_of(digits)):
        raise Unreadable(f"写的是{quoted(text)}，{digits}是{name_of(digits)}，请核对代码和名称。")


@cache
def _codes_by_name() -> dict[str, str]:
    return {division.name: division.code for division in divisions().values()}


CHOICES: list[tuple[str, list[tuple[str, str]]]] = [
    (f"{section.letter} {section.name}", [(row.code, f"{row.code} {row.name}") for row in section.divisions])
    for section in sections().values()
]
"""Divisions grouped by section, as a form's select takes them."""

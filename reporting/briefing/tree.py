"""What a briefing is made of. Pure values; numbers of sections and attachments are given where it is written."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

Align = Literal["left", "right", "center"]
WIDEST_UPRIGHT = 16


@dataclass(frozen=True)
class Paragraph:
    """`lead`: the first words, set apart; of several in a section each is numbered （一）, as its second level."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Hint:
    """What the writer is to put here; set in grey, never part of the text."""

    text: str


@dataclass(frozen=True)
class Section:
    """Of the first level 一、, those in it of the second （一）."""

    heading: str
    parts: tuple["Part", ...]


Part: TypeAlias = Paragraph | Hint | Section


@dataclass(frozen=True)
class Column:
    """`width`: a share of the page, beside the other columns'."""

    heading: str
    width: int = 2
    align: Align = "center"


@dataclass(frozen=True)
class Table:
    """An attachment. `note` stands above it at the right (单位：…), `footnotes` below; every row has all cells."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    footnotes: tuple[str, ...] = ()

    @property
    def lies_across(self) -> bool:
        """Whether it takes a page in landscape."""
        return sum(column.width for column in self.columns) > WIDEST_UPRIGHT


@dataclass(frozen=True)
class Briefing:
    """`mark`: 草稿 at the head of every page, empty for what is published. `signed_on` is None where nobody has yet.

    `title_note`: （草稿） or （暂定）, on a line of its own below the title.
    """

    title: str
    county: str
    addressed: str
    opening: tuple[Part, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    signed_by: str
    signed_on: date | None
    title_note: str = ""
    mark: str = ""

    @property
    def name(self) -> str:
        """The title as one line: what the file is called."""
        return f"{self.title}{self.title_note}"

"""A published ranking as one sheet of A4 upright, in SVG units of a tenth of a millimetre: for a chat, for a wall."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone

from core.dates import DateSpan
from reporting.models import Publication
from reporting.presentation.ranking import RankedRow, ranking_page
from reporting.ranking import Draft

TOP, BOTTOM = 560, 2620
"""Where the table lies between the title block and the record at the foot."""
ANSWER, RECORD = 432, 2722
"""Where the first line of the answer and of the record stand."""
TALLEST, TEXT_IN_ROW = 92, 0.52
"""The highest row; how much of a row its letters take."""
UNIT_WIDTH = 700
CHECK_DIGITS = 16
CHARACTERS_OF_ANSWER = 44
"""So many fit into a line of the answer."""
LINES_OF_ANSWER = 3
PARTS = re.compile(r"[^，；。、]+[，；。、]?|[，；。、]")


@dataclass(frozen=True)
class PictureLine:
    """One row of the table, or the name of a group: `group` is empty for a row. `y`: the letters' foot, `rule`: the
    line beneath; `squeezed`: the width into which a long name is pressed, empty where it fits."""

    y: int
    rule: int
    group: str = ""
    rank: str = ""
    tied: bool = False
    unit: str = ""
    squeezed: str = ""
    total: str = ""
    movement: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Picture:
    """`answer` and `record`: lines with the height at which they stand; `head`, `head_rule`: the same of the table's
    head and of the line beneath it."""

    title: str
    about: str
    answer: tuple[tuple[str, int], ...]
    lines: tuple[PictureLine, ...]
    size: int
    head: int
    head_rule: int
    record: tuple[tuple[str, int], ...]


COLOURS = {"move-up": "#2e7d4f", "move-down": "#b3261e", "move-same": "#5b6673"}


def picture(publication: Publication, draft: Draft) -> Picture:
    page = ranking_page(draft, draft.before)
    height = _row_height(sum(len(rows) + bool(group) for group, rows in page.groups))
    size = round(height * TEXT_IN_ROW)
    return Picture(
        title=page.title,
        about=f"截至{DateSpan.day(publication.counted_until).label}，第{publication.version}版",
        answer=_one_below_the_other(_broken_up(page.answer), ANSWER, 56),
        lines=tuple(_lines(page.groups, height, size)),
        size=size,
        head=TOP + height - _foot(height, size),
        head_rule=TOP + height,
        record=_one_below_the_other(_record(publication), RECORD, 58),
    )


def _one_below_the_other(lines: Iterable[str], first: int, step: int) -> tuple[tuple[str, int], ...]:
    return tuple((line, first + number * step) for number, line in enumerate(lines))


def _row_height(count: int) -> int:
    """All rows fit, with one for the head; few rows do not spread over the sheet."""
    return min(TALLEST, (BOTTOM - TOP) // (count + 1))


def _lines(groups: tuple[tuple[str, tuple[RankedRow, ...]], ...], height: int, size: int) -> Iterator[PictureLine]:
    rule = TOP + height
    for group, rows in groups:
        if group:
            rule += height
            yield PictureLine(rule - _foot(height, size), rule, group=group)
        for row in rows:
            rule += height
            yield _line(row, rule - _foot(height, size), rule, size)


def _foot(height: int, size: int) -> int:
    """From the line beneath a row up to where its letters stand."""
    return round((height - size) / 2 + size * 0.12)


def _line(row: RankedRow, y: int, rule: int, size: int) -> PictureLine:
    return PictureLine(
        y=y,
        rule=rule,
        rank="—" if row.rank is None else str(row.rank),
        tied=row.tied,
        unit=row.unit,
        squeezed=str(UNIT_WIDTH) if len(row.unit) * size > UNIT_WIDTH else "",
        total=row.total,
        movement=row.movement,
        colour=COLOURS[row.movement_css],
    )


def _broken_up(sentence: str) -> Iterator[str]:
    """Into lines of the sheet's width, broken after punctuation; the last one says with … that the page has more."""
    lines = [""]
    for part in PARTS.findall(sentence):
        if lines[-1] and len(lines[-1]) + len(part) > CHARACTERS_OF_ANSWER:
            lines.append("")
        lines[-1] += part
    shown = [line[:CHARACTERS_OF_ANSWER] for line in lines[:LINES_OF_ANSWER]]
    yield from shown if "".join(shown) == sentence else [*shown[:-1], f"{shown[-1][:-1]}…"]


def _record(publication: Publication) -> Iterator[str]:
    when = timezone.localtime(publication.published_at)
    yield f"{publication.meeting}审定，{DateSpan.day(publication.approved_on).label}"
    yield f"{publication.scheme}，{DateSpan.day(when.date()).label}发布"
    yield f"校验码前{CHECK_DIGITS}位：{publication.sha256[:CHECK_DIGITS]}"
    yield "部门台账口径，非统计数据"

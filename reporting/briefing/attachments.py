"""The tables of a briefing: the ranking as its page shows it, figures against targets, awards with their reasons."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import compress

from core.amounts import show_wan
from core.growth import growth
from reporting.briefing.facts import Facts
from reporting.briefing.sentences import Reached, gap, quantity
from reporting.briefing.tree import Column, Table
from reporting.models import Metric
from reporting.presentation.awards import AwardRow, awards_page
from reporting.presentation.main_figures import signed_percent
from reporting.presentation.ranking import RankedRow, RankingPage, ranking_page
from reporting.presentation.wording import NONE, percent
from reporting.ranking import Draft

UNITS_NOTE = "计分单位：分"
SEPARATOR = "；"
MOVES = ("晋", "降", "奖项")


def attachments(facts: Facts) -> Iterator[Table]:
    draft = facts.draft
    yield ranking_table(draft)
    if facts.with_targets:
        yield figures_table(facts)
    if draft.rules.awards:
        yield awards_table(draft)


# -- 排名表 ----------------------------------------------------------------------------------------


def ranking_table(draft: Draft) -> Table:
    """Cell by cell what the ranking page shows."""
    page = ranking_page(draft, draft.before)
    return Table(
        title=f"{draft.title}排名表",
        columns=tuple(_ranking_columns(page)),
        rows=tuple(_ranked(draft, page, row, group) for group, rows in page.groups for row in rows),
        note=UNITS_NOTE,
        footnotes=(f"方案：{draft.scheme}。",),
    )


def _grouped(page: RankingPage) -> bool:
    return [group for group, _ in page.groups] != [""]


def _ranking_columns(page: RankingPage) -> Iterator[Column]:
    if _grouped(page):
        yield Column("组别")
    yield from (Column("名次"), Column("单位", 3))
    yield from (Column(f"{heading.name}（{heading.points}）") for heading in page.headings)
    for name, has in (("加分", page.has_bonus), ("扣分", page.has_deduction)):
        if has:
            yield Column(name)
    yield from (Column("总分"), Column("名次变化"))
    if page.has_notes:
        yield Column("备注", 5, "left")


def _ranked(draft: Draft, page: RankingPage, row: RankedRow, group: str) -> tuple[str, ...]:
    rank = f"{'并列' if row.tied else ''}{row.rank}" if row.rank else NONE
    extras = [shown for shown, has in ((row.bonus, page.has_bonus), (row.deduction, page.has_deduction)) if has]
    scores = [cell.under if cell.score == NONE and cell.under else cell.score for cell in row.cells]
    notes = [_note(draft, row)] if page.has_notes else []
    first = [group or NONE] if _grouped(page) else []
    return (*first, rank, row.unit, *scores, *extras, row.total, row.movement, *notes)


def _note(draft: Draft, row: RankedRow) -> str:
    """Why a tier was moved stands in the table of awards."""
    notes = row.note.split(SEPARATOR) if row.note else []
    moves = MOVES if draft.rules.awards else ()
    return SEPARATOR.join(note for note in notes if not note.startswith(moves)) or NONE


# -- 指标完成情况表 --------------------------------------------------------------------------------

DUE, LAST_YEAR = "时序目标", "同比"
FIGURES = (
    Column("指标", 5, "left"),
    Column("单位", 3),
    Column("计量单位"),
    Column("完成数", 3, "right"),
    Column("年度目标", 3, "right"),
    Column(DUE, 3, "right"),
    Column("完成率", 2, "right"),
    Column("超（欠）", 4, "right"),
    Column(LAST_YEAR, 2, "right"),
)


def figures_table(facts: Facts) -> Table:
    """Without the columns that say nothing: the pace of a year that is over, last year where nobody froze it."""
    known = [(metric, unit, one) for metric in facts.with_targets for unit, one in facts.each(metric)]
    silent = {DUE} if facts.draft.period.kind == "year" else set()
    if all(one.before is None for *_, one in known):
        silent.add(LAST_YEAR)
    shown = [column.heading not in silent for column in FIGURES]
    return Table(
        title=f"{facts.draft.period.label}主要指标完成情况表",
        columns=tuple(compress(FIGURES, shown)),
        rows=tuple(tuple(compress(_figure(*found), shown)) for found in known),
        footnotes=() if DUE in silent else ("完成率：本年累计的指标对年度目标，只看本期的指标对本期时序目标。",),
    )


def _figure(metric: Metric, unit: str, one: Reached) -> tuple[str, ...]:
    rate = growth(one.actual, one.before)
    return (
        metric.name,
        unit,
        metric.unit_of_measure,
        _number(metric, one.actual),
        _number(metric, one.target),
        _number(metric, one.due),
        NONE if one.completion is None else percent(one.completion),
        NONE if one.gap is None else gap(one),
        NONE if rate is None else signed_percent(rate),
    )


def _number(metric: Metric, number: Decimal | None) -> str:
    if number is None:
        return NONE
    return show_wan(number) if metric.is_money else quantity(number)


# -- 评奖名单 --------------------------------------------------------------------------------------

AWARDS = (
    Column("奖项", 3),
    Column("单位", 3),
    Column("名次", 2),
    Column("总分", 2),
    Column("奖金（万元）", 2, "right"),
    Column("理由", 9, "left"),
)


def awards_table(draft: Draft) -> Table:
    page = awards_page(draft, lambda unit, metric: [])
    return Table(
        title=f"{draft.title}评奖名单",
        columns=AWARDS,
        rows=tuple(_award(row) for _, rows in page.groups for row in rows),
        note="奖金奖给单位，不发给个人",
    )


def _award(row: AwardRow) -> tuple[str, ...]:
    why = "".join(f"{reason.text}。" for reason in row.reasons)
    return (row.award, row.unit, row.rank, row.total, row.amount, why)

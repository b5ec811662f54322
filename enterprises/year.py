"""An enterprise's year on one screen: its months by source as charts and numbers, and what the year will come to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.amounts import half_up, show_wan
from core.charts import LINE_COLOURS, PLAN, Chart, Series, drawn
from core.ledgers.kinds import EMPTY, grouped_number
from core.ledgers.ledger import ledger_for
from core.periods import months_ended
from core.records import STILL_STANDS
from enterprises.coherence.series import FIGURES
from enterprises.forecast import MONTHS, Forecast, Judged, Outlook, forecast, looked_back
from enterprises.models import Answer, Enterprise, EnterpriseMonth, Origin
from enterprises.standards import thresholds_of
from enterprises.thresholds import Threshold, threshold_of

CHARTED = ("revenue", "tax", "power", "water", "gas", "employees")
"""Figures that have a small chart of their own; the table holds all."""
MONEY = "万元"
NAMES = tuple(f"{month}月" for month in range(1, MONTHS + 1))
Months = Mapping[int, Decimal]
"""1 to 12 → value"""


@dataclass(frozen=True)
class Told:
    """One figure of one source over the year."""

    figure: str
    origin: str
    months: Months

    @property
    def heading(self) -> str:
        name, unit = FIGURES[self.figure]
        return f"{name}（{unit}，{self.source}）"

    @property
    def source(self) -> str:
        return str(Origin(self.origin).label)

    def shown(self, month: int) -> str:
        """Money with two places, quantities as they are."""
        value = self.months.get(month)
        if value is None:
            return EMPTY
        return show_wan(value) if FIGURES[self.figure][1] == MONEY else grouped_number(value)

    @property
    def values(self) -> tuple[Decimal | None, ...]:
        return tuple(self.months.get(month) for month in range(1, MONTHS + 1))


@dataclass(frozen=True)
class EnterpriseYear:
    """`charts`: (what it is called and who says so, the chart), …; `rows`: [(month, [value of each column as it is
    shown], [answer of each department]), …]; `others`: further years with data.

    `missing`: names of charted figures of which the year says nothing; `withheld`: of those that this seat does not
    read.
    """

    year: int
    sentences: tuple[str, ...]
    main: Chart | None
    charts: tuple[tuple[str, Chart], ...]
    headings: tuple[str, ...]
    answers: tuple[str, ...]
    rows: list[tuple[str, list[str], list[str]]]
    missing: str
    withheld: str
    others: tuple[int, ...]


@dataclass(frozen=True)
class Known:
    """All that this seat may see of an enterprise's months: {(figure, origin): {year: {month: value}}}, and
    {origin: {(year, month): answer}}; `readable`: the figures of which it may."""

    figures: Mapping[tuple[str, str], Mapping[int, Months]]
    answers: Mapping[str, Mapping[tuple[int, int], str]]
    readable: Sequence[str]

    @property
    def years(self) -> tuple[int, ...]:
        told = {year for years in self.figures.values() for year in years}
        return tuple(sorted(told | {year for said in self.answers.values() for year, _ in said}, reverse=True))

    @property
    def revenue(self) -> Mapping[int, Months]:
        """What the enterprise says itself: the only word that a forecast goes by."""
        return self.figures.get(("revenue", Origin.SELF), {})


def year_of(enterprise: Enterprise, seat: Any, day: date, year: int | None = None) -> EnterpriseYear:
    """Of `year`, or of the last one with a month that is over by that day and was told; two statements."""
    known = known_of(enterprise, seat)
    ended = months_ended(day, 1)[0].year
    shown = year or next((one for one in known.years if one <= ended), ended)
    standard = threshold_of(enterprise.industry, min(day, date(shown, 12, 31)), thresholds_of(enterprise.county_id))
    told = [Told(*key, years[shown]) for key, years in known.figures.items() if shown in years]
    return EnterpriseYear(
        year=shown,
        sentences=tuple(_sentences(known.revenue, shown, standard)),
        main=_against_the_line(enterprise, known.revenue, shown, standard),
        charts=tuple(_small(enterprise, shown, figure, _of(figure, told)) for figure in CHARTED if _of(figure, told)),
        headings=tuple(one.heading for one in told),
        answers=tuple(f"{Origin(origin).label}核对意见" for origin in _answering(known, shown)),
        rows=_rows(known, shown, told),
        missing=_names(figure for figure in CHARTED if figure in known.readable and not _of(figure, told)),
        withheld=_names(figure for figure in FIGURES if figure not in known.readable),
        others=tuple(one for one in known.years if one != shown),
    )


def readable_figures(enterprise: Enterprise, seat: Any) -> list[str]:
    """Those of the figures that this seat reads of this enterprise."""
    kinds = EnterpriseMonth.withheld_fields
    return [figure for figure in FIGURES if figure not in kinds or seat.reads(kinds[figure], enterprise)]


def known_of(enterprise: Enterprise, seat: Any) -> Known:
    """What was refused or sent back says nothing."""
    rows = ledger_for("enterprise_months").rows(seat).filter(STILL_STANDS, enterprise=enterprise)
    open_to = readable_figures(enterprise, seat)
    figures: dict[tuple[str, str], dict[int, dict[int, Decimal]]] = {
        (figure, origin): {} for figure in open_to for origin in Origin.values
    }
    answers: dict[str, dict[tuple[int, int], str]] = {}
    for at, origin, answer, *values in rows.order_by("happened_on", "pk").values_list(
        "happened_on", "origin", "answer", *open_to
    ):
        for figure, value in zip(open_to, values, strict=True):
            if value is not None:
                figures[figure, origin].setdefault(at.year, {})[at.month] = Decimal(value)
        if answer:
            answers.setdefault(origin, {})[at.year, at.month] = str(Answer(answer).label)
    return Known({key: years for key, years in figures.items() if years}, answers, open_to)


# -- charts and numbers ---------------------------------------------------------------------------------


def _names(figures: Iterable[str]) -> str:
    return "、".join(FIGURES[figure][0] for figure in figures)


def _of(figure: str, told: Iterable[Told]) -> list[Told]:
    return [one for one in told if one.figure == figure]


def _against_the_line(
    enterprise: Enterprise, revenue: Mapping[int, Months], year: int, standard: Threshold | None
) -> Chart | None:
    """The running sum of what the enterprise reports, last year's beside it, and the threshold across."""
    if year not in revenue:
        return None
    series = [Series(f"{year}年累计", drawn(_running(revenue[year])), LINE_COLOURS[0], "line")]
    if year - 1 in revenue:
        series.append(Series(f"{year - 1}年累计", drawn(_running(revenue[year - 1])), LINE_COLOURS[4], "line"))
    if standard and standard.amount:
        series.append(Series("入库标准", drawn([standard.amount] * MONTHS), PLAN, "plan"))
    label = f"{enterprise}{year}年各月累计营业收入与入库标准，企业自报"
    return Chart("year-line", label, MONEY, NAMES, tuple(series))


def _running(months: Months) -> list[Decimal | None]:
    """A month that was not told leaves a gap, and is no zero."""
    return [
        sum((months[one] for one in months if one <= month), Decimal(0)) if month in months else None
        for month in range(1, MONTHS + 1)
    ]


def _small(enterprise: Enterprise, year: int, figure: str, told: Sequence[Told]) -> tuple[str, Chart]:
    """Bars are the enterprise's own word, lines a department's."""
    name, unit = FIGURES[figure]
    series = tuple(
        Series(one.source, drawn(one.values), colour, "bar" if one.origin == Origin.SELF else "line")
        for one, colour in zip(told, LINE_COLOURS, strict=False)
    )
    chart = Chart(f"year-{figure}", f"{enterprise}{year}年各月{name}", unit, NAMES, series)
    return f"{name}（{'、'.join(one.source for one in told)}）", chart


def _answering(known: Known, year: int) -> list[str]:
    return [origin for origin, said in known.answers.items() if any(told == year for told, _ in said)]


def _rows(known: Known, year: int, told: Sequence[Told]) -> list[tuple[str, list[str], list[str]]]:
    answering = _answering(known, year)
    return [
        (name, [one.shown(month) for one in told], [known.answers[o].get((year, month), "") for o in answering])
        for month, name in enumerate(NAMES, 1)
    ]


# -- what the year will come to -------------------------------------------------------------------------


def _sentences(revenue: Mapping[int, Months], year: int, standard: Threshold | None) -> Iterable[str]:
    """The outlook, by which method, and how good that method was."""
    months = revenue.get(year, {})
    if standard is None or standard.amount is None:
        yield "这个行业没有营业收入方面的入库标准，不作全年预计。"
        return
    if not months:
        yield f"{year}年还没有企业自报的营业收入，无法预计。入库标准是{_wan(standard.amount)}。"
        return
    made = forecast(months, standard.amount, revenue.get(year - 1))
    yield _outlook(made, year, standard.amount)
    if gaps := [str(month) for month in range(1, made.until) if month not in months]:
        yield f"其中{'、'.join(gaps)}月没有报数，没有当作零计算。"
    if made.until < MONTHS:
        yield _past(looked_back({one: told for one, told in revenue.items() if one < year}, made.until), made.until)


def _outlook(made: Forecast, year: int, line: Decimal) -> str:
    so_far = f"{year}年截至{made.until}月累计营业收入{_wan(made.reached)}（企业自报）"
    if made.until == MONTHS:
        return f"{so_far}，{'达到' if made.outlook == Outlook.REACHED else '没有达到'}入库标准{_wan(line)}。"
    if made.outlook == Outlook.REACHED:
        return f"已达标：{so_far}，已达到入库标准{_wan(line)}。"
    assert made.year_end is not None
    assert made.monthly is not None
    estimate = f"{made.method}全年约{_wan(made.year_end)}"
    short = f"，差{_wan(line - made.year_end)}" if made.outlook == Outlook.GAP else ""
    left = f"距入库标准{_wan(line)}还差{_wan(made.gap)}，余下{MONTHS - made.until}个月月均需{_wan(made.monthly)}"
    return f"{made.outlook}：{so_far}，{estimate}{short}；{left}。"


def _past(past: Sequence[Judged], until: int) -> str:
    if not past:
        return "没有一整年的历史数据，这样推算准不准还无从回看。"
    told = "；".join(
        f"{one.year}年{one.method}约{_wan(one.estimate)}，实际{_wan(one.actual)}，{_off(one.error)}" for one in past
    )
    return f"用同样的办法在往年{until}月底推算：{told}。"


def _off(error: Decimal) -> str:
    percent = half_up(abs(error) * 100, 1)
    if not percent:
        return "基本一致"
    return f"推算{'偏高' if error > 0 else '偏低'}{percent}%"


def _wan(amount: Decimal) -> str:
    """To the 元: what is short of a line by one must not read as reached."""
    return f"{grouped_number(amount)}万元"

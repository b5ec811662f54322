"""A month's statistics as a briefing: the county and each unit in prose, the table of the page as an attachment."""

from collections.abc import Iterator

from reporting.briefing import sentences as say
from reporting.briefing.content import BASIS, CAUSES, NEXT_STEPS, OFFICE, Issue, corrected, day_words, standing
from reporting.briefing.sentences import Reached
from reporting.briefing.tree import Briefing, Column, Hint, Paragraph, Part, Section, Table
from reporting.models import Metric
from reporting.monthly.arithmetic import MonthFigure
from reporting.monthly.statistics import WHOLE, MonthStatistics, subject_of
from reporting.presentation.monthly import BANDS, month_page
from reporting.progress import MONTHS_OF_YEAR

SO_FAR = "累计"


def month_briefing(found: MonthStatistics, issue: Issue) -> Briefing:
    return Briefing(
        title=f"关于{found.period.label}乡镇经济发展情况的通报",
        title_note="" if issue.published_on else "（草稿）",
        county=issue.county,
        addressed="各有关单位：",
        opening=(Paragraph(_opening(found, issue)),),
        sections=tuple(_sections(found)),
        tables=(month_table(found),),
        signed_by=f"{issue.county}{OFFICE}",
        signed_on=issue.published_on,
        mark="" if issue.published_on else "草稿",
    )


def _opening(found: MonthStatistics, issue: Issue) -> str:
    first = f"现将{found.period.label}乡镇经济发展主要指标完成情况通报如下。"
    until = day_words(found.period.counted_until(issue.day))
    return f"{first}数据截至{until}，{standing(issue)}。{BASIS}。{corrected(issue)}"


def _sections(found: MonthStatistics) -> Iterator[Section]:
    yield Section("总体情况", tuple(_overall(found)))
    yield Section("各乡镇情况", tuple(_units(found)))
    if paced := tuple(_pace(found)):
        yield Section("超时序和欠进度情况", paced)
    yield Section("存在问题", (*_problems(found), Hint(CAUSES)))
    yield Section("下步打算", (Hint(NEXT_STEPS),))


# -- prose -------------------------------------------------------------------------------------------


def _overall(found: MonthStatistics) -> Iterator[Part]:
    yield Paragraph(f"本月统计{len(found.participants)}个单位、{len(_known(found))}项指标，以下为全县合计。")
    for metric in _known(found):
        figure = found.figures[metric.code, WHOLE]
        so_far = say.figure(reached(metric, figure, SO_FAR))
        yield Paragraph(f"{_month(metric, figure)}；{so_far}。", lead=f"{subject_of(metric)}。")


def _units(found: MonthStatistics) -> Iterator[Part]:
    """Of each unit what it was given a target for: the rest stands in the table."""
    for participant in found.participants:
        unit = participant.unit
        told = [_told(metric, found.figures[metric.code, unit.code]) for metric in _aimed(found)]
        yield Paragraph(f"{'；'.join(told) or '没有下达年度目标，各项数据见附件'}。", lead=f"{unit.name}。")


def _told(metric: Metric, figure: MonthFigure) -> str:
    """到位资金本月310.50万元，累计1,839.50万元，完成年度目标的61.3%，超时序3.0个百分点."""
    so_far = reached(metric, figure, SO_FAR)
    parts = [f"{subject_of(metric)}{_amount(metric, figure)}", say.figure(so_far)]
    return "，".join(part for part in parts if part)


def _month(metric: Metric, figure: MonthFigure) -> str:
    parts = [_amount(metric, figure), say.grown(figure.month, figure.month_before, "环比", "上月")]
    return "，".join(part for part in parts if part)


def _amount(metric: Metric, figure: MonthFigure) -> str:
    return "本月暂缺数据" if figure.month is None else f"本月{say.amount(figure.month, metric.unit_of_measure)}"


def _pace(found: MonthStatistics) -> Iterator[Part]:
    for metric in _aimed(found):
        each = [
            (participant.unit.name, reached(metric, found.figures[metric.code, participant.unit.code], metric.name))
            for participant in found.participants
        ]
        yield Paragraph(f"{say.standing(each)}。", lead=f"{subject_of(metric)}。")


def _problems(found: MonthStatistics) -> Iterator[Part]:
    """Facts alone: what could not be computed, and who brought nothing this month to what has a target."""
    for sentence in found.broken.values():
        yield Paragraph(f"{sentence.rstrip('。')}。")
    for metric in _aimed(found):
        idle = [p.unit.name for p in found.participants if found.figures[metric.code, p.unit.code].month == 0]
        if idle:
            yield Paragraph(f"{subject_of(metric)}本月为零的{say.counted(idle)}。")


def reached(metric: Metric, figure: MonthFigure, name: str) -> Reached:
    """The year so far against its target, called by that name."""
    return Reached(
        name=name,
        unit=metric.unit_of_measure,
        actual=figure.year,
        target=figure.target,
        due=figure.due,
        before=figure.year_before,
        year_over=figure.months == MONTHS_OF_YEAR,
        whole=figure.spread == "ceil",
    )


def _known(found: MonthStatistics) -> list[Metric]:
    return [metric for metric in found.metrics if metric.name not in found.broken]


def _aimed(found: MonthStatistics) -> list[Metric]:
    """Metrics for which some unit has a target."""
    codes = [participant.unit.code for participant in found.participants]
    return [m for m in _known(found) if any(found.figures[m.code, code].target is not None for code in codes)]


# -- the table ---------------------------------------------------------------------------------------

WIDTHS = {"amount": 19, "gap": 19, "growth": 16, "rate": 14, "points": 14}
"""Some millimetres each, of the 225 that a page lying across has: +482.9% and 480,000.00 stand on one line."""


def month_table(found: MonthStatistics) -> Table:
    """Cell by cell what the page of the month shows, one metric below the other."""
    columns = [column for _, columns in BANDS for column in columns]
    page = month_page(found)
    rows = [
        (block.title, row.name, block.unit, *(cell.text for cell in row.cells))
        for block in page.blocks
        for row in (*(row for _, members in block.groups for row in members), block.whole)
    ]
    return Table(
        title=f"{found.period.label}统计表",
        columns=(
            Column("指标", 22, "left"),
            Column("单位", 18),
            Column("计量单位", 10),
            *(Column(column.heading, WIDTHS[column.kind], "right") for column in columns),
        ),
        rows=tuple(rows),
        footnotes=("全县合计按全县重新计算，每条记录只计一次，不一定等于各行相加。",),
    )

"""A ranking as a briefing: prose from what it holds, tables as attachments, and hints where only a writer knows.

Nothing is read but the draft, which for a publication is what was frozen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reporting.briefing import sentences as say
from reporting.briefing.attachments import attachments
from reporting.briefing.facts import LAST, Facts
from reporting.briefing.tree import Briefing, Hint, Paragraph, Part, Section
from reporting.presentation.awards import TierSum, tier_sums
from reporting.presentation.ranking import NO_TASK, ranking_page
from reporting.presentation.wording import percent
from reporting.ranking import Draft
from reporting.scoring.reasons import reasons_for
from reporting.scoring.results import UnitResult, shown_total

MOST_LOSSES = 3
OFFICE = "招商办"
NEXT_STEPS = "（下步打算由起草人填写）"
CAUSES = "（以上只列数据反映的事实，原因、责任和整改要求由起草人补充）"
BASIS = "文中数据为部门台账口径，不是统计数据"


@dataclass(frozen=True)
class Issue:
    """What surrounds a published ranking. `published_on` is None for a draft, which was computed on `computed_on`."""

    county: str
    computed_on: date
    published_on: date | None = None
    version: int = 1
    meeting: str = ""
    correction: str = ""

    @property
    def day(self) -> date:
        """On which its figures were taken."""
        return self.published_on or self.computed_on


def briefing(draft: Draft, issue: Issue) -> Briefing:
    facts = Facts(draft)
    return Briefing(
        title=_title(draft),
        title_note=_title_note(draft, issue),
        county=issue.county,
        addressed="各参评单位：",
        opening=(Paragraph(_opening(draft, issue)),),
        sections=tuple(_sections(facts)),
        tables=tuple(attachments(facts)),
        signed_by=f"{issue.county}{OFFICE}",
        signed_on=issue.published_on,
        mark="" if issue.published_on else "草稿",
    )


def period_name(draft: Draft) -> str:
    """2024年一季度, 2024年度."""
    return draft.period.label + ("度" if draft.period.kind == "year" else "")


def _title(draft: Draft) -> str:
    what = "考核" if draft.period.kind == "year" else ""
    return f"关于{period_name(draft)}乡镇擂台{what}情况的通报"


def _title_note(draft: Draft, issue: Issue) -> str:
    if issue.published_on is None:
        return "（草稿）"
    return "（暂定）" if draft.provisional else ""


def _opening(draft: Draft, issue: Issue) -> str:
    document = f"（{draft.scheme.document}）" if draft.scheme.document else ""
    first = f"根据《{draft.scheme.name}》{document}，现将{period_name(draft)}乡镇擂台情况通报如下。"
    until = day_words(draft.period.counted_until(issue.day))
    return f"{first}数据截至{until}，{standing(issue)}。{BASIS}。{corrected(issue)}"


def standing(issue: Issue) -> str:
    if issue.published_on is None:
        return f"按{day_words(issue.computed_on)}的台账计算，没有经过审定，发布前还会变化"
    return f"经{issue.meeting}审定，{day_words(issue.published_on)}发布第{issue.version}版"


def corrected(issue: Issue) -> str:
    return f"更正说明：{issue.correction.rstrip('。')}。" if issue.correction else ""


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _sections(facts: Facts) -> Iterator[Section]:
    """In the order of the paper; what the ranking has nothing of is left out."""
    yield Section("总体情况", tuple(_overall(facts)))
    yield Section("排名情况", tuple(_ranks(facts)))
    yield Section("各乡镇情况", tuple(_units(facts)))
    for heading, parts in (
        (_pace_heading(facts), tuple(_pace(facts))),
        ("榜单情况", tuple(_lists(facts.draft))),
        ("奖励情况", tuple(_awards(facts.draft))),
    ):
        if parts:
            yield Section(heading, parts)
    yield Section("存在问题", (*_problems(facts), Hint(CAUSES)))
    yield Section("下步打算", (Hint(NEXT_STEPS),))


# -- 总体情况 --------------------------------------------------------------------------------------


def _overall(facts: Facts) -> Iterator[Part]:
    yield Paragraph(f"{_entrants(facts.draft)}。")
    if totals := [say.figure(total) for total in facts.totals()]:
        yield Paragraph(f"{len(facts.inputs)}个单位合计：{'；'.join(totals)}。")
    if line := _pass_line(facts.draft):
        yield Paragraph(f"{line}。")


def _entrants(draft: Draft) -> str:
    """2024年二季度共4个单位参评，按组排名，其中中心镇2个、特色镇2个."""
    whole = f"{period_name(draft)}共{len(draft.results.units)}个单位参评"
    groups = members_of(draft)
    if list(groups) == [""]:
        return f"{whole}，统一排名"
    return f"{whole}，按组排名，其中{say.listed(f'{group}{len(rows)}个' for group, rows in groups.items())}"


def members_of(draft: Draft) -> dict[str, list[UnitResult]]:
    """Group → its units as ranked; one nameless group where all are ranked together."""
    within = draft.rules.ranking.within == "group"
    groups: dict[str, list[UnitResult]] = {}
    for result in draft.results.units:
        groups.setdefault((result.group or "未分组") if within else "", []).append(result)
    return groups


def _pass_line(draft: Draft) -> str:
    mark = draft.rules.pass_mark
    if mark is None or all(unit.qualified is None for unit in draft.results.units):
        return ""
    reached = [unit.unit for unit in draft.results.units if unit.qualified]
    missed = [unit.unit for unit in draft.results.units if unit.qualified is False]
    unknown = [unit.unit for unit in draft.results.units if unit.qualified is None]
    line = f"合格线为{say.points(mark)}"
    if not unknown and not (missed and reached):
        return f"{line}，{len(reached or missed)}个单位{'全部达到' if reached else '都没有达到'}"
    rest = f"，没有总分的{say.counted(unknown)}" if unknown else ""
    return f"{line}，达到的{say.counted(reached)}，没有达到的{say.counted(missed)}{rest}"


# -- 排名情况、各乡镇情况 ---------------------------------------------------------------------------


def _ranks(facts: Facts) -> Iterator[Part]:
    for group, members in members_of(facts.draft).items():
        places = "；".join(_place(facts.draft, result) for result in members)
        yield Paragraph(f"{places}。", lead=f"{group}。" if group else "")


def _place(draft: Draft, result: UnitResult) -> str:
    """第1名枫渡镇，63.26分，比上季度上升1位."""
    rank = f"{'并列' if result.tied else ''}第{result.rank}名" if result.rank else "不排名的有"
    return "，".join(part for part in (f"{rank}{result.unit}", _total(draft, result), _moved(draft, result)) if part)


def _total(draft: Draft, result: UnitResult) -> str:
    shown = shown_total(result.total, draft.rules.rounding)
    return "数据不全，没有总分" if shown is None else f"{shown}分"


def _moved(draft: Draft, result: UnitResult) -> str:
    return say.moved(result.rank, draft.before.get(result.unit), LAST[draft.period.kind])


def _units(facts: Facts) -> Iterator[Part]:
    for group, members in members_of(facts.draft).items():
        for result in members:
            yield Paragraph(f"{_told(facts, group, result, len(members))}。", lead=f"{result.unit}。")


def _told(facts: Facts, group: str, result: UnitResult, entrants: int) -> str:
    scored = facts.scored(result)
    place = say.placed(result.rank, tied=result.tied, group=group, entrants=entrants)
    total = _total(facts.draft, result)
    first = [f"总分{total}" if result.total is not None else total, place, _moved(facts.draft, result), _veto(result)]
    parts = ["，".join(part for part in first if part), say.strongest(scored), say.weakest(scored)]
    return "。".join(part for part in parts if part)


def _veto(result: UnitResult) -> str:
    return f"一票否决：{result.vetoed}" if result.vetoed else ""


# -- 进度 ------------------------------------------------------------------------------------------


def _pace_heading(facts: Facts) -> str:
    return "目标完成情况" if facts.draft.period.kind == "year" else "超时序和欠进度情况"


def _pace(facts: Facts) -> Iterator[Part]:
    for metric in facts.with_targets:
        yield Paragraph(f"{say.standing(facts.each(metric))}。", lead=f"{metric.name}。")


# -- 榜单、奖励 ------------------------------------------------------------------------------------


def _lists(draft: Draft) -> Iterator[Part]:
    """Only what the scheme itself names: nobody is put on a list that it does not have."""
    for listing in reasons_for(draft.rules, draft.inputs, draft.measured_in).lists:
        names = [unit for unit, _ in listing.units]
        shown = f"{len(names)}个单位，{say.listed(names)}" if names else "没有单位"
        yield Paragraph(f"{shown}。条件是{listing.rule}。", lead=f"{listing.name}。")


def _awards(draft: Draft) -> Iterator[Part]:
    if not draft.rules.awards:
        return
    for tier in tier_sums(draft):
        yield Paragraph(f"{_tier(draft, tier)}。", lead=f"{tier.name}。")
    whole = [unit for unit in draft.results.units if unit.award]
    money = sum((unit.amount or Decimal(0) for unit in whole), Decimal(0))
    cost = f"，奖金合计{say.quantity(money)}万元，奖给单位，不发给个人" if money else ""
    yield Paragraph(f"共{len(whole)}个单位获奖{cost}。")


def _tier(draft: Draft, tier: TierSum) -> str:
    units = [unit for unit in draft.results.units if unit.award == tier.name]
    shown = (unit.unit + (f"（{say.quantity(unit.amount)}万元）" if unit.amount else "") for unit in units)
    return f"{len(units)}个单位，{say.listed(shown)}" if units else "没有单位"


# -- 存在问题 --------------------------------------------------------------------------------------


def _problems(facts: Facts) -> Iterator[Part]:
    found = [*facts.draft.broken.values(), *_missing(facts.draft), *_without_task(facts.draft), *_below(facts.draft)]
    yield from (Paragraph(f"{sentence.rstrip('。')}。") for sentence in (*found, *_nothing(facts), *_losses(facts)))


def _missing(draft: Draft) -> Iterator[str]:
    for problem in ranking_page(draft, draft.before).problems:
        yield f"{problem.units}：{problem.where}，{problem.message}"


def _without_task(draft: Draft) -> Iterator[str]:
    lacking: dict[str, list[str]] = {}
    for result in draft.results.units:
        for item in result.indicators:
            if item.no_task:
                lacking.setdefault(item.name, []).append(result.unit)
    for name, units in lacking.items():
        yield f"{say.listed(units)}没有{name}的目标，这一项按{NO_TASK}处理"


def _below(draft: Draft) -> Iterator[str]:
    missed = [unit for unit in draft.results.units if unit.qualified is False]
    if missed:
        shown = say.listed(f"{unit.unit}（{_total(draft, unit)}）" for unit in missed)
        yield f"总分没有达到合格线的{len(missed)}个：{shown}"


def _nothing(facts: Facts) -> Iterator[str]:
    """Metrics with a target of which some unit has nothing at all."""
    for metric in facts.with_targets:
        units = [unit for unit, reached in facts.each(metric) if reached.actual == 0 and reached.target]
        if units:
            yield f"{metric.name}为零的{len(units)}个：{say.listed(units)}"


def _losses(facts: Facts) -> Iterator[str]:
    """The indicators that lost the most points over all units, with the share of points that was reached."""
    lost: dict[str, list[say.Scored]] = {}
    for result in facts.draft.results.units:
        for one in facts.scored(result):
            lost.setdefault(one.name, []).append(one)
    worst = sorted(lost.items(), key=lambda item: -sum(one.lost for one in item[1]))[:MOST_LOSSES]
    shown = [_loss(name, scored) for name, scored in worst if any(one.lost for one in scored)]
    if shown:
        yield f"失分最多的指标依次是{'；'.join(shown)}"


def _loss(name: str, scored: list[say.Scored]) -> str:
    """到位资金，4个单位共失45.2分，平均得分率54.8%."""
    full = sum((one.full for one in scored), Decimal(0))
    won = sum((one.score for one in scored), Decimal(0))
    losers = [one for one in scored if one.lost]
    rate = f"，得分率{percent(won / full)}" if full else ""
    return f"{name}，{len(losers)}个单位共失{say.points(sum((one.lost for one in losers), Decimal(0)))}{rate}"

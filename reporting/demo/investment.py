"""固投项目 of the demo: every state there is, from not yet large enough to 停报, over the last half year."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from core.dates import DateSpan
from core.files import attach, store
from core.records import DatedRecord, Verdict
from core.verification import give_verdict
from core.write import Door, door
from projects.lifecycle import Status, Step
from projects.models import InvestmentMonth, InvestmentMove, InvestmentProject, Project
from projects.models.investment import CONFIRMED_BY, InvestmentStep, Part
from projects.tracks import materials_for
from reporting.demo.papers import pdf
from reporting.demo.stories import LAST_MONTH, later
from townships.models import County, Seat

Seats = dict[tuple[str, str | None], Seat]
PROJECTS = 16
TOLD_UNTIL = (None, None, None, None, 0, 0, 0, 0, 0, 0, 0, -1, -1, -5, 0, None)
"""For each project the last month with figures, counted from the last one; None: not in the library."""
LISTED, STEP_OF = -7, {1: InvestmentStep.APPLIED, 2: InvestmentStep.RETURNED}
"""Months from the last one to the month of listing; what else happened to which project."""
PHASED = 15


def fill_investment(county: County, seats: Seats) -> None:
    """The office registers what has started, the statistics office's lists are accepted by a second person."""
    contracts = _started(county)
    if len(contracts) < PROJECTS:
        return
    with door(seats["county", None], at=_at(LISTED, 8)) as writing:
        rows = [writing.add(_project(number, contract)) for number, contract in enumerate(contracts)]
        for number, row in enumerate(rows):
            _hand_in(writing, row, besides=number % 3)
    _list(seats, rows)
    for back in range(LISTED + 1, 1):
        _report(seats, rows, back)


def _started(county: County) -> list[Project]:
    rows = Project.objects.current().in_county(county.pk).as_of(later(LAST_MONTH, LISTED))
    rows = rows.filter(stage=Step.START, status=Status.NORMAL, total_investment__gte=1000)
    return list(rows.select_related("landing_unit", "investor").order_by("code")[:PROJECTS])


def _project(number: int, contract: Project) -> InvestmentProject:
    company = f"演示{contract.landing_unit.name.rstrip('镇乡街道')}{number + 1}号建设公司"
    planned = Decimal(round(contract.total_investment * Decimal("0.8"))) if number else Decimal(480)
    approved = date(LAST_MONTH.year - 1, 9, 3 + number)
    row = InvestmentProject(
        name=f"{contract.name}{'一期' if number == PHASED else ''}",
        unit=contract.landing_unit,
        contract=contract,
        planned=planned,
        started_on=later(LAST_MONTH, LISTED).replace(day=2 + number),
        reporter=company,
        approval_unit=company,
        approval_number=f"演示发改备〔{approved.year}〕{number + 101}号",
        approved_on=approved,
        approved_total=planned,
        contract_party=company if number != 3 else "演示另一家公司",
        contract_on=date(approved.year, 11, 3 + number),
    )
    if number == PHASED:
        row.part, row.split_reason = Part.PHASE, "土地分两批供应，一期先行建设"
    return row


def _hand_in(writing: Door, row: InvestmentProject, besides: int) -> None:
    """All papers but the last few."""
    wanted = materials_for(row.planned, purchase_only=False)
    for slot in wanted[: len(wanted) - besides]:
        stored = store([pdf(f"演示材料：{slot}")], name=f"{slot}.pdf", at=writing.at)
        attach(writing, row, ledger="investment_projects", slot=slot, name=f"{slot}.pdf", stored=stored)


def _list(seats: Seats, rows: list[InvestmentProject]) -> None:
    listed = later(LAST_MONTH, LISTED).replace(day=22)
    with door(seats["county", None], at=_at(LISTED, 24)) as writing:
        moves = [
            writing.add(_move(row, InvestmentStep.LISTED, listed))
            for row, last in zip(rows, TOLD_UNTIL, strict=True)
            if last is not None
        ]
        for move in moves:
            slot = CONFIRMED_BY[InvestmentStep.LISTED]
            stored = store([pdf(f"演示材料：{slot}")], name=f"{slot}.pdf", at=writing.at)
            attach(writing, move, ledger="investment_moves", slot=slot, name=f"{slot}.pdf", stored=stored)
        others = [writing.add(_move(rows[number], step, listed)) for number, step in STEP_OF.items()]
    _accept(seats, [*moves, *others], _at(LISTED, 26))


def _move(row: InvestmentProject, step: InvestmentStep, day: date) -> InvestmentMove:
    told = "合同甲方与上报单位不一致，补正后再报" if step == InvestmentStep.RETURNED else ""
    return InvestmentMove(
        project=row, step=step, happened=DateSpan.day(day), submission=f"{day.year}年{day.month}月", remark=told
    )


def _report(seats: Seats, rows: list[InvestmentProject], back: int) -> None:
    month = later(LAST_MONTH, back)
    with door(seats["county", None], at=_at(back + 1, 11)) as writing:
        told = [
            writing.add(_figure(number, row, month))
            for number, (row, last) in enumerate(zip(rows, TOLD_UNTIL, strict=True))
            if last is not None and back <= last
        ]
    _accept(seats, told, _at(back + 1, 12))


def _figure(number: int, row: InvestmentProject, month: date) -> InvestmentMonth:
    amount = Decimal(round(row.planned / (14 + number % 5)))
    happened = DateSpan.month(month.year, month.month)
    source = f"演示县统计局{month.year}年{month.month}月反馈表"
    return InvestmentMonth(project=row, amount=amount, happened=happened, source=source)


def _accept(seats: Seats, rows: list[DatedRecord], at: datetime) -> None:
    if rows:
        with door(seats["county2", None], at=at) as writing:
            give_verdict(writing, rows, verdict=Verdict.ACCEPTED, on=at.date())


def _at(months: int, day: int) -> datetime:
    month = later(LAST_MONTH, months)
    return timezone.make_aware(datetime(month.year, month.month, day, 10, 0))

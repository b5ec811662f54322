"""A year of twenty units that report in time, late, not at all, again after a return, or other figures than before:
the metrics say what a count by hand says, and that count reads none of the product's rows."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction
from django.utils import timezone

from core.dates import DateSpan
from core.ledgers.ledger import ledger_for
from core.periods import Period
from core.records import Verdict
from enterprises.models import FarmMonth
from projects.models import MonthlyReport, ProjectMonth
from projects.monthly import services
from projects.monthly.calendar import set_deadlines
from reporting.metrics import totals, values
from reporting.models import Metric
from reporting.services import add_metrics
from reporting.shipped import shipped_metrics
from tests import factories as make
from townships.deadlines import calendar
from townships.models import County, Unit

pytestmark = pytest.mark.django_db
YEAR, UNITS = 2023, 20
HOLIDAYS = {date(2023, 1, 1): date(2023, 2, 12), date(2023, 9, 1): date(2023, 10, 9)}
"""Months whose reports are due later than on the 5th."""
OF_FARMS = (
    {"name": "主体数据逾期月份数", "measure": "months"},
    {"name": "主体数据逾期天数", "measure": "formula", "formula": "逾期天数"},
)
"""Of another ledger with deadlines, by what any metric can ask: rows entered after their month's day."""
METRICS = ("少报月份数", "月报逾期月份数", "月报逾期天数", "项目完成投资", *(body["name"] for body in OF_FARMS))
PERIODS = [Period("year", YEAR), *(Period("quarter", YEAR, n) for n in (1, 2, 3, 4)), Period("month", YEAR, 9)]
FATES = ("in time", "last day", "late", "zero", "missing", "again", "again late", "late again", "corrected", "refused")


@dataclass
class Hand:
    """The count by hand: what the story itself says of each unit and month."""

    late: dict[tuple[str, date], int] = field(default_factory=dict)
    missing: set[tuple[str, date]] = field(default_factory=set)
    farms: dict[tuple[str, date], int] = field(default_factory=dict)
    invested: dict[tuple[str, date], Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def of(self, metric: str, months: list[date], unit: str | None) -> Decimal:
        def wanted(key: tuple[str, date]) -> bool:
            return key[1] in months and unit in (None, key[0])

        days = [n for key, n in self.late.items() if wanted(key) and n]
        farms = [(key[1], n) for key, n in self.farms.items() if wanted(key) and n]
        answers = {
            "少报月份数": sum(map(wanted, self.missing)),
            "月报逾期月份数": len(days),
            "月报逾期天数": sum(days),
            "主体数据逾期月份数": len({month for month, _ in farms}),
            "主体数据逾期天数": sum(n for _, n in farms),
            "项目完成投资": sum((amount for key, amount in self.invested.items() if wanted(key)), Decimal(0)),
        }
        return Decimal(answers[metric])


class Simulation:
    """Plays one unit's month by its fate, through the services, on the days it says."""

    def __init__(self, county: County, seed: int):
        self.county, self.chance, self.hand = county, Random(seed), Hand()
        self.units = [make.new_township(county, name=f"第{number}镇") for number in range(1, UNITS + 1)]
        signed = {"signed": DateSpan.day(date(YEAR - 1, 12, 9)), "total_investment": "90000"}
        self.projects = {unit: make.new_project(unit, **signed) for unit in self.units}
        self.fates: dict[str, int] = defaultdict(int)

    def play(self) -> None:
        with self.on(date(YEAR, 1, 3)) as writing:
            set_deadlines(writing, year=YEAR, days=HOLIDAYS)
            for_all = {month: farms_due(month) for month in Period("year", YEAR).months()}
            calendar.set_deadlines(writing, ledger=ledger_for("farm_months"), year=YEAR, days=for_all)
        for month in Period("year", YEAR).months():
            self.play_month(month)
        self.verify()

    def play_month(self, month: date) -> None:
        with self.on(month + timedelta(days=27)) as writing:
            reports = services.open_reports(writing, units=self.units, month=month)
        for report in reports:
            fate = self.chance.choice(FATES)
            self.fates[fate] += 1
            self.tell(report, fate, month, due_of(month))
        for unit in self.units:
            self.count_farms(unit, month)

    def count_farms(self, unit: Unit, month: date) -> None:
        """None at all, before the deadline, on its day, or so many days after; what is changed later stays in time."""
        days = self.chance.choice([None, -3, 0, 1, 17])
        if days is None:
            return
        row = FarmMonth(unit=unit, kind="family_farm", added=2)
        row.happened = DateSpan.month(month.year, month.month)
        with self.on(farms_due(month) + timedelta(days)) as writing:
            row = writing.add(row)
        with self.on(farms_due(month) + timedelta(20)) as writing:
            writing.change(row, added=3)
        self.hand.farms[unit.name, month] = max(days, 0)

    def tell(self, report: MonthlyReport, fate: str, month: date, due: date) -> None:
        key, amount = (report.unit.name, month), self.chance.randrange(1, 4000)
        late = self.chance.randrange(1, 20)
        if fate == "missing":
            self.hand.missing.add(key)
            return
        if fate == "zero":
            self.send(report, due - timedelta(days=2), None)
            self.hand.late[key] = 0
            return
        first = {"last day": due, "late": due + timedelta(late), "late again": due + timedelta(late)}
        sent = first.get(fate, due - timedelta(days=self.chance.randrange(0, 5)))
        self.send(report, sent, amount)
        self.hand.late[key] = max((sent - due).days, 0)
        self.hand.invested[key] = Decimal(amount)
        self.after(report, fate, key, sent, late)

    def after(self, report: MonthlyReport, fate: str, key: tuple[str, date], sent: date, late: int) -> None:
        """What a return brings: a new deadline, perhaps other figures, and never less lateness than before."""
        if fate not in ("again", "again late", "late again", "corrected"):
            return
        back, again = sent + timedelta(days=1), sent + timedelta(days=4)
        due = max(due_of(key[1]), again)
        with self.on(back) as writing:
            services.send_back(writing, report=fresh(report), text="数据与凭证不符", deadline=again)
        changed = self.chance.randrange(1, 4000) if fate == "corrected" else None
        resent = due + timedelta(late) if fate == "again late" else again
        self.send(fresh(report), resent, changed)
        self.hand.late[key] = max(self.hand.late[key], (resent - due).days, 0)
        if changed is not None:
            self.hand.invested[key] = Decimal(changed)

    def send(self, report: MonthlyReport, day: date, amount: int | None) -> None:
        """Filled in, submitted, signed and accepted on that day; without an amount as nothing, or as it stands."""
        with self.on(day) as writing:
            if amount is not None:
                self.write_down(writing, report, amount)
            told = ProjectMonth.objects.current().filter(project=self.projects[report.unit], happened_on=report.month)
            act = services.submit if told.exists() else services.report_nothing
            services.sign(writing, report=act(writing, report=fresh(report)))
            services.accept(writing, report=fresh(report))

    def write_down(self, writing, report: MonthlyReport, amount: int) -> None:
        said = {"investment": str(amount), "progress": f"完成{amount}万元工程量"}
        services.save_lines(writing, report=report, typed={self.projects[report.unit].code: said})

    def verify(self) -> None:
        """Every row is accepted but those of one unit and quarter, which the county refuses."""
        rows = ProjectMonth.objects.current().filter(investment__gt=0).select_related("project__landing_unit")
        doubted = self.units[3].name
        refused = [row for row in rows if row.project.landing_unit.name == doubted and row.happened_on.month <= 3]
        accepted = [row for row in rows if row not in refused]
        make.judge(*accepted, on=date(YEAR + 1, 1, 20))
        if refused:
            make.judge(*refused, verdict=Verdict.REFUSED, on=date(YEAR + 1, 1, 20), note="没有监理月报")
        for row in refused:
            self.hand.invested[doubted, row.happened_on] = Decimal(0)

    def on(self, day: date):
        return make.writing_as(self.county, at=timezone.make_aware(datetime(day.year, day.month, day.day, 10)))


def due_of(month: date) -> date:
    return HOLIDAYS.get(month, Period.containing(month, "month").next().first_day.replace(day=5))


def farms_due(month: date) -> date:
    """The 8th of the next month."""
    return Period.containing(month, "month").next().first_day.replace(day=8)


def fresh(report: MonthlyReport) -> MonthlyReport:
    return MonthlyReport.objects.select_related("unit").get(pk=report.pk)


@pytest.fixture(scope="module")
def year(django_db_setup, django_db_blocker) -> Iterator[Simulation]:
    with django_db_blocker.unblock(), transaction.atomic():
        county = make.new_county()
        with make.writing_as(county) as writing:
            add_metrics(writing, [body for body in shipped_metrics() if body["name"] in METRICS])
            late = {"ledger": "farm_months", "conditions": {"timing": ["overdue"]}, "basis": "happened"}
            add_metrics(writing, [{**late, "credit": "whole", "has_target": False, **body} for body in OF_FARMS])
        simulation = Simulation(county, seed=20)
        simulation.play()
        yield simulation
        transaction.set_rollback(True)


@pytest.fixture
def asked(year):
    return {metric.name: metric for metric in Metric.objects.current().in_county(year.county.pk)}


def test_every_fate_came_about(year):
    assert set(year.fates) == set(FATES)
    assert sum(year.fates.values()) == UNITS * 12


@pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.code)
@pytest.mark.parametrize("name", METRICS)
def test_each_unit_has_what_a_count_by_hand_gives(year, asked, name, period):
    months = list(period.months())
    found = values(asked[name], period)
    counted = {unit.name: Decimal(found.get(unit.pk, 0)) for unit in year.units}
    assert counted == {unit.name: year.hand.of(name, months, unit.name) for unit in year.units}


@pytest.mark.parametrize("name", METRICS)
def test_the_county_has_the_sum(year, asked, name):
    (whole,) = totals([(asked[name], PERIODS[0])])
    assert whole == year.hand.of(name, list(PERIODS[0].months()), None)
    assert whole > 0

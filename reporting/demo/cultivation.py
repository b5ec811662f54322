"""培育台账 of the demo: an enterprise in every tier and every state, with years of months to look back on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from core.dates import DateSpan
from core.records import Verdict
from core.verification import give_verdict
from core.write import door
from enterprises.cultivating import leave
from enterprises.exit_watch import months_before
from enterprises.models import (
    Answer,
    Cultivation,
    CultivationLimit,
    CultivationMeasure,
    DeclarationStep,
    Enterprise,
    EnterpriseMonth,
    Mandate,
    Origin,
    Route,
)
from enterprises.thresholds import threshold_of
from reporting.demo.stories import LAST_MONTH, later, months_until
from townships.models import County, Seat, Unit, UnitKind

Seats = dict[tuple[str, str | None], Seat]
FIRST = date(2022, 1, 1)
SEASON = (70, 60, 90, 100, 105, 110, 95, 100, 115, 120, 115, 120)
"""Percent of an even month, January to December."""


@dataclass(frozen=True)
class Story:
    """`percent` of the threshold in the last twelve months; grown by `growth` percent a year until then."""

    percent: int
    growth: int
    liaison: str
    route: str
    measure: str
    days: int
    """Until its deadline, from the day the demo is filled."""
    result: str = ""


STORIES = (
    Story(112, 12, "演示干部甲", Route.GROWN, "组织申报材料，辅导一套表填报", 12),
    Story(91, 8, "演示干部乙", Route.GROWN, "协调流动资金贷款，扩大产能", 40),
    Story(86, -4, "演示干部丙", Route.GROWN, "对接县内企业采购本地配套", -9),
    Story(63, 15, "演示干部丁", Route.NEW, "协调二期用电增容", 5),
    Story(34, 5, "演示干部戊", Route.NEW, "辅导建账建制", -30, "已聘请代账机构，按月报账。"),
)
LIMITS = {"valid_from": date(2023, 1, 1), "sprint": 80, "key": 50, "source": "演示办发〔2023〕2号"}
"""The usual ones, as a county's own rows."""


def fill_cultivation(county: County, seats: Seats) -> None:
    """Entered month by month until the demo's last month, and what has come since at once."""
    growing = _industry(county, None)[: len(STORIES) + 1]
    told = list(zip(growing, STORIES, strict=False))
    inside = _industry(county, DeclarationStep.LISTED)[:1]
    with door(seats["county", None], at=_at(LAST_MONTH.replace(day=2))) as writing:
        writing.add(CultivationLimit(**LIMITS))
        writing.add_many([_mandate(enterprise, origin) for enterprise, _ in told[:2] for origin in ASKED])
        rows = writing.add_many([_row(one, STORIES[n % len(STORIES)]) for n, one in enumerate([*growing, *inside])])
    for months in (months_until(LAST_MONTH, FIRST), _since(timezone.localdate())):
        _tell(seats, told, months)
    _judge(seats, rows)
    _do(seats, rows, county)


ASKED = (Origin.TAX, Origin.POWER)


def _industry(county: County, listing: str | None) -> list[Enterprise]:
    """Of those whose months nobody tells elsewhere, industry alone: it has a threshold."""
    rows = Enterprise.objects.current().in_county(county.pk).with_listing().filter(listing=listing)
    rows = rows.filter(months=None, scale_group="industry").select_related("township").order_by("code")
    return [row for row in rows if _line(row)]


def _line(enterprise: Enterprise) -> Decimal | None:
    standard = threshold_of(enterprise.industry, LAST_MONTH)
    return standard.amount if standard else None


def _mandate(enterprise: Enterprise, origin: str) -> Mandate:
    return Mandate(enterprise=enterprise, origin=origin, signed_on=FIRST.replace(day=3), first_month=FIRST)


def _row(enterprise: Enterprise, story: Story) -> Cultivation:
    row = Cultivation(
        enterprise=enterprise,
        year=LAST_MONTH.year,
        route=story.route,
        liaison=story.liaison,
        liaison_unit=enterprise.township,
        target_month=later(LAST_MONTH, 5),
    )
    row.happened = DateSpan.day(LAST_MONTH.replace(day=2))
    return row


def _since(day: date) -> list[date]:
    """The months after the demo's last one that are over."""
    last = months_before(day)[-1]
    return months_until(last, later(LAST_MONTH, 1)) if last > LAST_MONTH else []


def _tell(seats: Seats, told: Sequence[tuple[Enterprise, Story]], months: Sequence[date]) -> None:
    if not months:
        return
    after = min(later(months[-1], 1).replace(day=6), timezone.localdate())
    with door(seats["county", None], at=_at(after)) as writing:
        rows = [row for n, (one, story) in enumerate(told) for month in months for row in _months(n, one, story, month)]
        made = writing.add_many(rows)
    with door(seats["county2", None], at=_at(after)) as writing:
        give_verdict(writing, made, verdict=Verdict.ACCEPTED, on=after)


def _months(number: int, enterprise: Enterprise, story: Story, month: date) -> list[EnterpriseMonth]:
    """Its own word; of the first two also what tax and power say, of the third only a word of the tax office."""
    revenue = _revenue(enterprise, story, month)
    people = 20 + story.percent // 2
    own = {"output": revenue * 11 / 10, "tax": (revenue * 4 / 100).quantize(Decimal("0.01")), "employees": people}
    rows = [EnterpriseMonth(enterprise=enterprise, origin=Origin.SELF, revenue=revenue, water=people * 9, **own)]
    if number < 2:
        rows.append(EnterpriseMonth(enterprise=enterprise, origin=Origin.TAX, tax=own["tax"], invoiced=revenue))
        rows.append(EnterpriseMonth(enterprise=enterprise, origin=Origin.POWER, power=int(revenue * 395)))
    if number == 2:
        rows.append(EnterpriseMonth(enterprise=enterprise, origin=Origin.TAX, answer=Answer.AGREES))
    for row in rows:
        row.happened = DateSpan.month(month.year, month.month)
    return rows


def _revenue(enterprise: Enterprise, story: Story, month: date) -> Decimal:
    """So that the last twelve months come to the story's percentage of the threshold."""
    years = max(0, (timezone.localdate() - month).days // 365)
    year = Decimal(_line(enterprise) or 0) * story.percent / 100 * 100 / (100 + story.growth * years)
    return (year * SEASON[month.month - 1] / sum(SEASON)).quantize(Decimal("0.01"))


def _judge(seats: Seats, rows: Sequence[Cultivation]) -> None:
    """All but the last but one, which waits; and one that stopped working leaves."""
    waiting, gone = rows[-3], rows[-2]
    on = LAST_MONTH + timedelta(days=9)
    with door(seats["county2", None], at=_at(on)) as writing:
        give_verdict(writing, [row for row in rows if row != waiting], verdict=Verdict.ACCEPTED, on=on)
    with door(seats["county2", None], at=_at(on)) as writing:
        leave(writing, row=gone, on=on, cause="ceased", note="已停产，转入停产企业跟踪（演示）")


def _do(seats: Seats, rows: Sequence[Cultivation], county: County) -> None:
    """One measure each; every other one is a department's."""
    today = timezone.localdate()
    bureau = Unit.objects.current().in_county(county.pk).filter(kind=UnitKind.DEPARTMENT).order_by("position").first()
    with door(seats["county", None], at=_at(today)) as writing:
        writing.add_many(
            [
                CultivationMeasure(
                    cultivation=row,
                    measure=story.measure,
                    owner=bureau if bureau and n % 2 else row.township,
                    person=story.liaison,
                    deadline=today + timedelta(days=story.days),
                    result=story.result,
                    done_on=today + timedelta(days=story.days - 3) if story.result else None,
                )
                for n, (row, story) in enumerate(zip(rows, STORIES, strict=False))
            ]
        )


def _at(day: date) -> datetime:
    return min(timezone.make_aware(datetime(day.year, day.month, day.day, 9)), timezone.now())

"""专项资金 of the demo county: a few documents, their allocations, and payments of which some are long overdue."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from core.dates import DateSpan
from core.records import Verdict
from core.verification import give_verdict
from core.write import Door, door
from projects.models import Allocation, FundingDocument, Payment, Project
from reporting.demo.places import PILOTS
from reporting.demo.stories import LAST_MONTH, later
from townships.models import County, Seat, Unit

Seats = Mapping[tuple[str, str | None], Seat]
KEEPER = "县财政局"
DOCUMENTS = (
    ("演示财建〔{}〕6号", "第一批", "province", 2000, 14, "试点乡镇产业发展"),
    ("演示财建〔{}〕6号", "第二批", "province", 1200, 7, "试点乡镇产业发展"),
    ("演示财预〔{}〕15号", "", "county", 800, 5, "园区基础设施"),
    ("演示平台〔{}〕3号", "", "platform", 5000, 10, "标准厂房建设"),
)
"""文号, 批次, 资金类别, 万元, issued so many months before the last one, 用途."""
PAID = (Decimal("1"), Decimal("0.6"), Decimal("0"), Decimal("0.25"))
"""What was paid of the allocations of a document, one after the other."""


def fill_funding(county: County, seats: Seats) -> None:
    """Every pilot has a part of every document; the last part of each goes to a project of its unit."""
    units = {unit.name: unit for unit in Unit.objects.current().in_county(county.pk).filter(name__in=[*PILOTS, KEEPER])}
    for number, told in enumerate(DOCUMENTS):
        issued = later(LAST_MONTH, -told[4]).replace(day=10)
        with door(seats["county", None], at=_at(issued, 16)) as writing:
            document = _document(writing, told, issued, units[KEEPER])
            rows = _allocations(writing, document, [units[name] for name in PILOTS])
        _pay(seats, rows, number)


def _document(writing: Door, told: tuple, issued: date, keeper: Unit) -> FundingDocument:
    number, batch, kind, total, _, purpose = told
    return writing.add(
        FundingDocument(
            number=number.format(issued.year),
            batch_name=batch,
            kind=kind,
            total=Decimal(total),
            issued_on=issued,
            purpose=purpose,
            department=keeper,
        )
    )


def _allocations(writing: Door, document: FundingDocument, units: list[Unit]) -> list[Allocation]:
    """A fifth of the money each; the rest is not allocated yet."""
    last = Project.objects.current().filter(landing_unit=units[-1]).order_by("code").first()
    rows = [
        Allocation(
            document=document,
            unit=unit,
            project=last if unit == units[-1] else None,
            amount=document.total / 5,
            allocated_on=document.issued_on,
            purpose=document.purpose,
        )
        for unit in units
    ]
    return writing.add_many(rows)


def _pay(seats: Seats, rows: list[Allocation], number: int) -> None:
    """Twenty days later, and verified by a second person; what was paid last still waits for that."""
    paid_on = rows[0].allocated_on + timedelta(days=20)
    parts = [(row, row.amount * part) for row, part in zip(rows, PAID, strict=True) if part]
    with door(seats["county", None], at=_at(paid_on, 16)) as writing:
        payments = writing.add_many(
            [
                Payment(
                    allocation=row,
                    amount=amount,
                    happened=DateSpan.day(paid_on),
                    voucher_number=f"{paid_on:%Y%m}{number}{place:03}",
                )
                for place, (row, amount) in enumerate(parts, 1)
            ]
        )
    with door(seats["county2", None], at=_at(paid_on, 17)) as writing:
        give_verdict(writing, payments[:-1], verdict=Verdict.ACCEPTED, on=paid_on)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))

"""Ledgers of floor 1: units and pilot terms; and what every county ledger has in common."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import Model, QuerySet

from core.ledgers.columns import Column
from core.ledgers.filters import DayFilter, ListOfChoices, dated_filters
from core.ledgers.kinds import Choice, Code, Day, Integer, Month, Reference, Text
from core.ledgers.ledger import Ledger, register
from core.records import Verdict
from townships import services
from townships.deadlines.timing import TimingFilter
from townships.models import PilotCategory, PilotTerm, PilotType, Unit, UnitKind
from townships.problems.panels import problems_panel


def units(seat) -> QuerySet:
    """The units of this county that still stand, in official order."""
    return Unit.objects.current().in_county(seat.county_id).filter(valid_until=None).listed()


def townships(seat) -> QuerySet:
    return units(seat).filter(kind__in=[UnitKind.TOWNSHIP, UnitKind.STREET])


def places(seat) -> QuerySet:
    return units(seat).places()


@register
class UnitLedger(Ledger):
    key, name, noun, measure = "units", "单位", "单位", "个"
    model = Unit
    purpose = "乡镇、街道、园区、部门和平台公司都在这里。新增单位后，项目才能落户到它名下。"
    columns = (
        Column("name", "单位名称", order="name", required=True),
        Column("kind", "类别", Choice(choices=tuple(UnitKind.choices)), order="kind", required=True),
        Column("region_code", "区划代码", Code(), order="region_code", help="9位或12位，没有可不填。"),
        Column("position", "排列顺序", Integer(), order="position", required=True, initial=999),
        Column(
            "park_in", "所在乡镇", Reference(rows=townships, noun="乡镇", few=True), help="园区填写，其他单位不填。"
        ),
        Column("valid_from", "设立日期", Day(), required=True, initial="2000年1月1日", in_list=False),
        Column("valid_until", "撤销日期", Day(), help="合并、更名后填写。", in_list=False),
    )
    search_fields = ("name", "code", "region_code", "aliases__name")
    ordering = ("position", "code")

    def filters(self):
        return {"kind": ListOfChoices(field_name="kind", label="类别", choices=UnitKind.choices)}

    def with_display(self, rows):
        return rows.select_related("park_in")

    def change(self, writing, record, values, version=None):
        return services.change_unit(writing, unit=record, version=version, **values)

    def void(self, writing, record, reason):
        return services.void_unit(writing, unit=record, reason=reason)

    def panels(self, record, seat):
        return [problems_panel(record, seat)]


@register
class PilotLedger(Ledger):
    key, name, noun, measure = "pilots", "试点期", "试点期", "个"
    model = PilotTerm
    purpose = "哪个乡镇、从何时起、按哪一类列为试点，记在这里。"
    columns = (
        Column("unit", "乡镇", Reference(rows=townships, noun="乡镇", few=True), order="unit__position", required=True),
        Column("category", "试点类别", Choice(choices=tuple(PilotCategory.choices)), order="category", required=True),
        Column("type", "试点类型", Choice(choices=tuple(PilotType.choices)), order="type", required=True),
        Column("first_day", "试点起", Day(), order="first_day", required=True),
        Column("last_day", "试点止", Day(), order="last_day", help="仍在试点期内的不填。"),
        Column("document", "依据文件", Text()),
    )
    search_fields = ("unit__name", "code")
    ordering = ("unit__position", "first_day")

    def filters(self):
        return {
            "category": ListOfChoices(field_name="category", label="试点类别", choices=PilotCategory.choices),
            "type": ListOfChoices(field_name="type", label="试点类型", choices=PilotType.choices),
        }

    def with_display(self, rows):
        return rows.select_related("unit")


class CreditFilter(django_filters.ModelChoiceFilter):
    """计入单位: the rows that count for a unit, each with the unit's share."""

    def __init__(self):
        super().__init__(
            queryset=lambda request: Unit.objects.in_county(request.seat.county_id),
            to_field_name="code",
            label="计入单位",
            method=lambda rows, name, unit: rows.credited_to(unit.pk),
        )


class AsOfFilter(DayFilter):
    """截至: the rows as they stood at the end of that day; the ledger reads it before filtering."""

    def __init__(self):
        super().__init__(label="截至", edge="last", method=lambda rows, name, day: rows)


DATED = {
    "happened": ("happened_on", "happened_until", "发生日期"),
    "counted": ("counted_from", "counted_until", "归属期"),
    "verified": ("verified_on", "verified_on", "认定日期"),
}


def dated_record_filters() -> dict[str, django_filters.Filter]:
    """What every ledger of dated, verified rows can be filtered by, and so what any metric over it can use."""
    return {
        "verdict": ListOfChoices(field_name="verdict", label="认定状态", choices=Verdict.choices),
        "credit": CreditFilter(),
        **dated_filters(DATED),
        "timing": TimingFilter(),
        "as_of": AsOfFilter(),
    }


class DatedRecordLedger(Ledger):
    """Dated, verified rows that hang on something else: seen as of a day, and why one does not count."""

    @property
    def closings(self):
        return {"happened": self.model}

    def rows(self, seat, as_of=None):
        rows = super().rows(seat)
        return rows.filter(happened_until__lte=as_of) if as_of else rows

    def why_not(self, record, name, wanted):
        if name == "verdict":
            return verdict_reason(record.verdict, record.verdict_note)
        return super().why_not(record, name, wanted)


HAPPENED = ("happened_on", "happened_until", "happened_precision")
"""What a column of 发生日期 reads."""
VERDICT = Column(
    "verdict", "认定状态", Choice(choices=tuple(Verdict.choices)), order="verdict", in_form=False, in_import=False
)
COUNTED = Column(
    "counted_label", "归属期", Month(), source="counted_until", in_form=False, in_import=False, in_list=False
)
LATE = Column(
    "late_reason",
    "补录说明",
    in_list=False,
    group="其他",
    in_import=True,
    help="所属月份已关账、确需补记时填写，将计入尚未关账的月份。",
)
"""Columns of every ledger of dated, verified rows."""


def verdict_reason(verdict: str | None, note: str | None) -> str:
    """未认定, 退回 or 不予认定, with the reason that was given; other reasons may follow in the sentence."""
    label = "未认定" if verdict in (None, Verdict.PENDING) else str(Verdict(verdict).label)
    return f"{label}：{note.rstrip('。；')}" if note else label


def fields_of(model: type[Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Form or row values as the model keeps them: a text that was not given is an empty text."""
    texts = {field.name for field in model._meta.concrete_fields if field.empty_strings_allowed and not field.null}
    return {name: "" if value is None and name in texts else value for name, value in values.items()}

"""Ledgers of floor 1: units and pilot terms; and what every county ledger has in common."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import django_filters
from django.db.models import Case, F, Model, Q, QuerySet, Value, When
from django.urls import reverse

from core.ledgers.columns import Column
from core.ledgers.filters import DayFilter, ListOfChoices, ListOfRows, dated_filters
from core.ledgers.kinds import Choice, Code, Day, Integer, Month, Reference, Text
from core.ledgers.ledger import Ledger, register
from core.records import Verdict
from townships import services, succession
from townships.deadlines.timing import TimingFilter
from townships.lineage import standing_for
from townships.menu import Subject
from townships.models import (
    CountyRecord,
    Duty,
    PilotCategory,
    PilotTerm,
    PilotType,
    Role,
    Unit,
    UnitKind,
    UnitSuccession,
)
from townships.models.succession import SuccessionKind
from townships.panels import succession_panel
from townships.problems.panels import problems_panel
from townships.succeeding import SUCCEED, something_held, steps_after
from townships.waiting import Kind


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
    subject = Subject.UNITS
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
        Column(
            "valid_until",
            "撤销日期",
            Day(),
            help="已撤销的单位填写；合并和分设在单位沿革里登记，会自动填上。",
            in_list=False,
        ),
    )
    search_fields = ("name", "code", "region_code", "aliases__name")
    ordering = ("position", "code")

    def filters(self):
        return {"kind": ListOfChoices(field_name="kind", label="类别", choices=UnitKind.choices)}

    def links(self, seat):
        return [("栏目可见范围", reverse("disclosure"))]

    def with_display(self, rows):
        return rows.select_related("park_in")

    def change(self, writing, record, values, version=None):
        return services.change_unit(writing, unit=record, version=version, **values)

    def void(self, writing, record, reason):
        return services.void_unit(writing, unit=record, reason=reason)

    def panels(self, record, seat):
        return [succession_panel(record, seat), problems_panel(record, seat)]


WAITING = (("waiting", "待划转"), ("done", "已划转完"), ("none", "不用划转"))
"""Whether what a split unit left is given to its heirs; a merger leaves nothing to give."""

REGISTERED = "已登记的沿革只能改依据文件，其他有误的，请作废后重新登记"


def all_units(seat) -> QuerySet:
    """Those that ended too: a split is registered heir by heir."""
    return Unit.objects.current().in_county(seat.county_id).listed()


@register
class SuccessionLedger(Ledger):
    key, name, noun, measure = "successions", "单位沿革", "单位沿革", "条"
    subject = Subject.UNITS
    model = UnitSuccession
    purpose = "乡镇、园区和部门合并或分设时在这里登记：合并的，以前的数从承接日期起计入承接单位；分设的，再逐项划转。"
    columns = (
        Column(
            "predecessor",
            "原单位",
            Reference(rows=all_units, noun="单位", few=True),
            order="predecessor__position",
            required=True,
            only_new=True,
            aliases=("被合并单位", "撤销单位"),
        ),
        Column(
            "kind",
            "方式",
            Choice(choices=tuple(SuccessionKind.choices), read_as=(("并入", "merger"), ("分立", "split"))),
            order="kind",
            required=True,
            only_new=True,
            help="几个单位并成一个的选合并，每个原单位登记一条；一个单位分成几个的选分设，每个承接单位登记一条。",
        ),
        Column(
            "successor",
            "承接单位",
            Reference(rows=units, noun="单位", few=True),
            order="successor__position",
            required=True,
            only_new=True,
            help="新设的单位先在单位台账里新增，设立日期不晚于承接日期。",
            aliases=("并入单位", "分设单位"),
        ),
        Column(
            "on",
            "承接日期",
            Day(),
            order="on",
            required=True,
            only_new=True,
            help="从这一天起由承接单位承接，原单位前一天撤销。不能在已关账的月份以内，也不能晚于今天。",
        ),
        Column("document", "依据文件", Text(), aliases=("批准文号",)),
        Column("waiting", "划转", Choice(choices=WAITING), in_form=False, in_import=False),
    )
    search_fields = ("predecessor__name", "successor__name", "document", "code")
    ordering = ("-on", "-code")
    import_key = "predecessor"
    identity_words = "原单位和承接单位"
    detail_template = "townships/succession.html"
    evidence_slots = ("批复文件", "佐证材料")
    waits = (Kind("分设后待划转", frozenset({Role.COUNTY}), frozenset({Duty.ENTRY}), {"waiting": "waiting"}),)

    def rows(self, seat, as_of=None):
        return with_waiting(super().rows(seat))

    def all_rows(self, seat):
        return with_waiting(super().all_rows(seat))

    def with_display(self, rows):
        return rows.select_related("predecessor", "successor")

    def filters(self):
        return {
            "kind": ListOfChoices(field_name="kind", label="方式", choices=SuccessionKind.choices),
            "waiting": ListOfChoices(field_name="waiting", label="划转", choices=WAITING),
            "predecessor": ListOfRows(rows=all_units, label="原单位"),
            "successor": ListOfRows(rows=all_units, label="承接单位"),
        }

    def add(self, writing, values):
        return succession.succeed(writing, **fields_of(UnitSuccession, values))

    def add_all(self, writing, rows):
        return [self.add(writing, values) for values in rows]

    def change(self, writing, record, values, version=None):
        document = values.get("document", record.document) or ""
        return succession.change_document(writing, succession=record, version=version, document=document)

    def void(self, writing, record, reason):
        return succession.take_back(writing, succession=record, reason=reason)

    def stays(self, record, changed):
        return {name: REGISTERED for name in changed if name != "document"}

    def lookups(self, seat, new_rows):
        """By their own names: the spellings of one that is gone lead to its heir."""
        known = {unit.name: unit for unit in all_units(seat).order_by(F("valid_until").asc(nulls_last=True))}
        return {name: lambda written: known.get("".join(written.split())) for name in ("predecessor", "successor")}

    def identity(self, values):
        return values["predecessor"], values["successor"]

    def existing(self, seat):
        return {(row.predecessor, row.successor): row for row in self.with_display(self.rows(seat))}

    def extra_context(self, record, seat):
        return {"steps": steps_after(record), "may_divide": record.is_split and seat.may(SUCCEED, record)}


def with_waiting(rows: QuerySet) -> QuerySet:
    """`waiting`, a value of WAITING."""
    split = Q(kind=SuccessionKind.SPLIT)
    waiting = Case(
        When(split & something_held("predecessor"), then=Value("waiting")),
        When(split, then=Value("done")),
        default=Value("none"),
    )
    return rows.annotate(waiting=waiting)


@register
class PilotLedger(Ledger):
    key, name, noun, measure = "pilots", "试点期", "试点期", "个"
    subject = Subject.UNITS
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


class ListOfUnits(ListOfRows):
    """Any of the named units; with a unit come those that were merged into it by the day of the list."""

    def get_filter_predicate(self, unit: Unit) -> dict[str, Any]:
        heirs = UnitSuccession.objects.heirs(unit.county_id, self.parent.form.cleaned_data.get("as_of"))
        return {f"{self.field_name}__in": standing_for(heirs, unit.pk)}


class CreditFilter(django_filters.ModelChoiceFilter):
    """计入单位: the rows that count for a unit, each with the unit's share, and after a merger those of whom it took
    over; as seen on `units_on`, else on the day of the list."""

    def __init__(self):
        super().__init__(
            queryset=lambda request: Unit.objects.in_county(request.seat.county_id),
            to_field_name="code",
            label="计入单位",
        )

    def filter(self, rows: Any, unit: Unit | None) -> Any:
        if unit is None:
            return rows
        told = self.parent.form.cleaned_data
        heirs = UnitSuccession.objects.heirs(unit.county_id, told.get("units_on") or told.get("as_of"))
        return rows.inherited(heirs).credited_to(unit.pk)


class AsOfFilter(DayFilter):
    """截至: the rows as they stood at the end of that day; the ledger reads it before filtering."""

    def __init__(self):
        super().__init__(label="截至", edge="last", method=lambda rows, name, day: rows)


class UnitsOnFilter(DayFilter):
    """单位沿革截至: as of which day mergers make a unit's past count for its heir; 计入单位 reads it."""

    def __init__(self):
        super().__init__(label="单位沿革截至", edge="last", method=lambda rows, name, day: rows)


def credit_filters() -> dict[str, django_filters.Filter]:
    """Of every ledger whose rows count for units."""
    return {"credit": CreditFilter(), "units_on": UnitsOnFilter()}


DATED = {
    "happened": ("happened_on", "happened_until", "发生日期"),
    "counted": ("counted_from", "counted_until", "归属期"),
    "verified": ("verified_on", "verified_on", "认定日期"),
}


def dated_record_filters() -> dict[str, django_filters.Filter]:
    """What every ledger of dated, verified rows can be filtered by, and so what any metric over it can use."""
    return {
        "verdict": ListOfChoices(field_name="verdict", label="认定状态", choices=Verdict.choices),
        **credit_filters(),
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
KEPT = "{0}已由{1}承接，这条记录仍记在{0}名下，统计时计入{1}，没有改动。"
LATE = Column(
    "late_reason",
    "补录说明",
    in_list=False,
    group="其他",
    in_import=True,
    help="所属月份已关账、确需补记时填写，将计入尚未关账的月份。",
)
"""Columns of every ledger of dated, verified rows."""


def of_the_predecessor(record: CountyRecord, changed: Mapping[str, Any], *names: str) -> dict[str, str]:
    """What `Ledger.stays` says of a row of a unit that was merged, where a workbook names the heir."""
    held = {name: getattr(record, name) for name in names if changed.get(name)}
    gone = {name: unit for name, unit in held.items() if unit.valid_until is not None}
    heirs = UnitSuccession.objects.heirs(record.county_id) if gone else {}
    return {
        name: KEPT.format(unit, changed[name]) for name, unit in gone.items() if heirs.get(unit.pk) == changed[name].pk
    }


def verdict_reason(verdict: str | None, note: str | None) -> str:
    """未认定, 退回 or 不予认定, with the reason that was given; other reasons may follow in the sentence."""
    label = "未认定" if verdict in (None, Verdict.PENDING) else str(Verdict(verdict).label)
    return f"{label}：{note.rstrip('。；')}" if note else label


def fields_of(model: type[Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Form or row values as the model keeps them: a text that was not given is an empty text."""
    texts = _texts(model)
    return {name: "" if value is None and name in texts else value for name, value in values.items()}


@cache
def _texts(model: type[Model]) -> frozenset[str]:
    fields = model._meta.concrete_fields
    return frozenset(field.name for field in fields if field.empty_strings_allowed and not field.null)


class SettingsLedger(Ledger):
    """Rows of the county itself: everybody reads them, the office writes them."""

    def add(self, writing, values):
        return super().add(writing, fields_of(self.model, values))

    def change(self, writing, record, values, version=None):
        return super().change(writing, record, fields_of(self.model, values), version)

    def add_all(self, writing, rows):
        return super().add_all(writing, [fields_of(self.model, values) for values in rows])

"""新型农业经营主体台账: counts by township, month and kind."""

from core.dates import DateSpan
from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices
from core.ledgers.kinds import Choice, HappenedMonth, Reference
from core.ledgers.ledger import register
from enterprises.kinds import Whole
from enterprises.ledgers.enterprises import TOWNSHIP_HEADERS
from enterprises.models import FarmKind, FarmMonth
from townships.deadlines.timing import LATE_DAYS
from townships.ledgers import (
    COUNTED,
    LATE,
    VERDICT,
    DatedRecordLedger,
    ListOfUnits,
    dated_record_filters,
    fields_of,
    places,
)
from townships.menu import Subject
from townships.services import heir_in, lookup_of_then

KIND_WORDS = (
    *((word, "cooperative") for word in ("合作社", "专业合作社", "农民专业合作社")),
    *((word, "leading") for word in ("龙头企业", "农业企业", "农业龙头企业")),
    *((word, "service") for word in ("社会化服务组织", "农业服务组织")),
    *((word, "other") for word in ("其他", "专业大户", "种养大户")),
)
"""Spellings met in workbooks."""


@register
class FarmLedger(DatedRecordLedger):
    key, name, noun, measure = "farm_months", "新型农业经营主体台账", "新型农业经营主体月度数", "条"
    subject = Subject.ENTERPRISES
    model = FarmMonth
    import_key = "unit"
    amounts = ("added", "removed")
    ordering = ("-happened_on", "unit__position", "kind", "code")
    search_fields = ("unit__name", "code", "remark")
    evidence_slots = ("登记名册", "其他材料")
    purpose = "各乡镇每月新增、注销的合作社、家庭农场等，按类型各记一条。"
    columns = (
        Column(
            "unit",
            "乡镇",
            Reference(rows=places, noun="单位", few=True),
            order="unit__position",
            required=True,
            aliases=tuple(header for header in TOWNSHIP_HEADERS if header != "乡镇"),
        ),
        Column(
            "month",
            "月份",
            HappenedMonth(),
            reads=("happened_on",),
            order="happened_on",
            required=True,
            aliases=("所属月份", "填报月份"),
        ),
        Column(
            "kind",
            "主体类型",
            Choice(choices=tuple(FarmKind.choices), read_as=KIND_WORDS),
            order="kind",
            required=True,
            aliases=("类型", "类别", "经营主体类型"),
        ),
        Column("added", "本月新增", Whole(), unit="户", order="added", required=True, aliases=("新增", "新增户数")),
        Column("removed", "本月注销", Whole(), unit="户", order="removed", aliases=("注销", "减少", "注销户数")),
        VERDICT,
        COUNTED,
        Column("remark", "备注", in_list=False),
        LATE,
        LATE_DAYS,
    )

    @property
    def closings(self):
        return {"month": FarmMonth}

    def with_display(self, rows):
        return rows.select_related("unit")

    def filters(self):
        return {
            "township": ListOfUnits(rows=places, label="乡镇", field_name="unit"),
            "kind": ListOfChoices(field_name="kind", label="主体类型", choices=FarmKind.choices),
            **dated_record_filters(),
        }

    def why_not(self, record, name, wanted):
        if name == "kind":
            return f"主体类型是{record.get_kind_display()}，不是{wanted}"
        return super().why_not(record, name, wanted)

    def blank(self, seat):
        return FarmMonth(county_id=seat.county_id, unit_id=seat.unit_id)

    def add(self, writing, values):
        return writing.add(FarmMonth(**_fields(values)))

    def add_all(self, writing, rows):
        return writing.add_many([FarmMonth(**_fields(values)) for values in rows])

    def change(self, writing, record, values, version=None):
        return writing.change(record, version=version, **_fields(values))

    def change_all(self, writing, changes):
        return writing.change_each([(row, _fields(values)) for row, values in changes])

    def lookups(self, seat, new_rows):
        return {"unit": lookup_of_then(seat)}

    def from_band(self, band):
        return {"unit": band}

    def as_new(self, values, seat):
        return heir_in(values, seat)

    def identity(self, values):
        return (values["unit"].pk, values["month"], values["kind"])

    def existing(self, seat):
        return {
            (row.unit_id, row.month, row.kind): row for row in self.with_display(self.rows(seat)).sharing_relations()
        }


def _fields(values):
    """The month as the span it is; nothing struck off is none."""
    fields = fields_of(FarmMonth, {name: value for name, value in values.items() if name != "month"})
    if "removed" in fields and fields["removed"] is None:
        fields["removed"] = 0
    if month := values.get("month"):
        fields["happened"] = DateSpan.month(month.year, month.month)
    return fields

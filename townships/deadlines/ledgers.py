"""放假调休台账: a year's days off and shifted working days, typed or imported from the notice's table."""

from django.urls import reverse
from django.utils import timezone

from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices, YearFilter
from core.ledgers.kinds import Choice, Day
from core.ledgers.ledger import register
from townships.deadlines.models import DayKind, Holiday
from townships.ledgers import SettingsLedger

KIND_WORDS = (
    *((word, DayKind.OFF) for word in ("放假调休", "休息", "放假日", "节假日")),
    *((word, DayKind.WORK) for word in ("上班", "补班", "调休", "工作日")),
)
"""Spellings met in workbooks."""
BEGINNINGS, ENDS = ("开始日期", "起始日期", "日期"), ("结束日期", "截止日期")


@register
class HolidayLedger(SettingsLedger):
    key, name, noun, measure = "holidays", "放假调休表", "放假调休", "条"
    model = Holiday
    import_key = "first_day"
    ordering = ("first_day", "code")
    search_fields = ("name", "document", "code")
    identity_words = "安排和起始日"
    evidence_slots = ("放假通知", "佐证材料")
    purpose = "按国务院办公厅每年的放假通知登记，报送日历据此把期限顺延到工作日。各地另有放假的一并登记。"
    columns = (
        Column("name", "节日", order="name", required=True, aliases=("节日名称", "假期", "假日", "节假日")),
        Column(
            "kind",
            "安排",
            Choice(choices=tuple(DayKind.choices), read_as=KIND_WORDS),
            order="kind",
            required=True,
            initial=DayKind.OFF,
            aliases=("类型", "放假或上班"),
        ),
        Column("first_day", "起始日", Day(), order="first_day", required=True, aliases=BEGINNINGS),
        Column("last_day", "截止日", Day(), order="last_day", aliases=ENDS, help="只有一天的不填。"),
        Column("document", "依据文件", order="document", required=True, aliases=("文号", "通知")),
    )

    def filters(self):
        return {
            "kind": ListOfChoices(field_name="kind", label="安排", choices=DayKind.choices),
            "year": YearFilter(field_name="first_day__year", label="年份"),
        }

    def links(self, seat):
        return [("报送日历", reverse("deadlines", args=[timezone.localdate().year]))]

    def complete(self, values, seat):
        return {**values, "last_day": values.get("last_day") or values["first_day"]}

    def add(self, writing, values):
        return super().add(writing, self.complete(dict(values), writing.actor))

    def change(self, writing, record, values, version=None):
        if "last_day" in values:
            values = self.complete({"first_day": record.first_day, **values}, writing.actor)
        return super().change(writing, record, values, version)

    def identity(self, values):
        return values["kind"], values["first_day"]

    def existing(self, seat):
        return {(row.kind, row.first_day): row for row in self.rows(seat)}

"""月报台账: which unit's report of which month stands where, and whether it came in time."""

from typing import ClassVar

from django.urls import reverse
from django.utils import timezone

from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices, dated_filters
from core.ledgers.kinds import Choice, Day, Integer, Month, YesNo
from core.ledgers.ledger import Ledger
from core.periods import Period
from projects.models import MonthlyReport
from projects.models.reports import Timeliness
from projects.monthly.calendar import DUE_DAY, move_reports
from projects.monthly.lines import Standing, lines_of
from projects.monthly.services import LEDGER, SLOT
from projects.monthly.steps import Act, Stage, permission
from projects.monthly.waiting import KINDS
from townships.ledgers import AsOfFilter, ListOfUnits, credit_filters, units
from townships.menu import Subject
from townships.models import Duty, Role

MAIN_ACTS = (Act.ACCEPT, Act.SIGN, Act.SUBMIT)
"""The first of them that is open is the one the page leads to."""


class ReportLedger(Ledger):
    key, name, noun, measure = LEDGER, "月报台账", "月报", "份"
    subject = Subject.PROJECTS
    model = MonthlyReport
    waits = KINDS
    usual_due_day = DUE_DAY
    ordering = ("-month", "unit__position", "code")
    search_fields = ("unit__name", "code")
    numbers: ClassVar = ("late_days",)
    evidence_slots = (SLOT,)
    detail_template = "ledgers/report.html"
    purpose = "每个单位每月一份月报，由县招商办布置，或由填报单位在月报页面上开始填报。"
    columns = (
        Column("unit", "填报单位", order="unit__position", in_form=False),
        Column("month", "月份", Month(), order="month", in_form=False),
        Column("stage", "办理阶段", Choice(choices=tuple(Stage.choices)), order="stage", in_form=False),
        Column("timeliness", "报送情况", Choice(choices=tuple(Timeliness.choices)), order="timeliness", in_form=False),
        Column("due_on", "报送期限", Day(), order="due_on", in_form=False),
        Column("sent_on", "报送日期", Day(), order="sent_on", in_form=False),
        Column("late_days", "逾期天数", Integer(), unit="天", order="late_days", in_form=False),
        Column("zero", "零报告", YesNo(), order="zero", in_form=False, in_list=False),
        Column("on_behalf", "代录", YesNo(), order="on_behalf", in_form=False, in_list=False),
        Column("signer", "代签的分管领导", in_form=False, in_list=False),
        Column("accepted_on", "受理日期", Day(), order="accepted_on", in_form=False, in_list=False),
    )

    def rows(self, seat, as_of=None):
        """What is missing depends on the day, and what came since is known: a past month reads as of today."""
        rows = super().rows(seat)
        rows = rows.filter(month__lte=as_of) if as_of else rows
        return rows.with_timeliness(timezone.localdate())

    def all_rows(self, seat):
        return super().all_rows(seat).with_timeliness(timezone.localdate())

    def with_display(self, rows):
        return rows.select_related("unit", "county")

    def filters(self):
        return {
            "unit": ListOfUnits(rows=units, label="填报单位", field_name="unit"),
            "stage": ListOfChoices(field_name="stage", label="办理阶段", choices=Stage.choices),
            "timeliness": ListOfChoices(field_name="timeliness", label="报送情况", choices=Timeliness.choices),
            **credit_filters(),
            **dated_filters(
                {
                    "happened": ("month", "month", "月份"),
                    "counted": ("due_on", "due_on", "报送期限"),
                    "verified": ("sent_on", "sent_on", "报送日期"),
                }
            ),
            "as_of": AsOfFilter(),
        }

    def links(self, seat):
        year = timezone.localdate().year
        return [("本月月报", reverse("month-reports-latest")), ("报送日历", reverse("deadlines", args=[year]))]

    def deadlines_moved(self, writing, months):
        for month in months:
            move_reports(writing, month)

    def happened(self, record):
        return Period.containing(record.month, "month")

    def why_not_inside(self, record):
        return f"所报月份是{self.happened(record).label}"

    def why_not(self, record, name, wanted):
        if name in ("stage", "timeliness"):
            return f"{self.column(name).header}是{self.column(name).show(record)}，不是{wanted}"
        return super().why_not(record, name, wanted)

    # -- the detail page -------------------------------------------------------------------------

    def _next_waiting(self, record, seat):
        """The next report of the same month for whoever has just accepted this one."""
        if record.stage != Stage.ACCEPTED or seat.role != Role.COUNTY or Duty.REVIEW not in seat.duties:
            return None
        rows = self.rows(seat).filter(month=record.month, stage=Stage.ACCEPTING).select_related("unit")
        return rows.order_by("unit__position", "code").first()

    def extra_context(self, record, seat):
        closed = record.is_closed(timezone.localdate())
        acts = [] if closed else record.open_acts(seat)
        main = next((act for act in MAIN_ACTS if act in acts), None)
        return {
            "closed": closed,
            "standing": Standing(lines_of(record)),
            "steps": record.steps.current().order_by("pk"),
            "may_fill": not closed and seat.may(permission(Act.FILL), record),
            "open_acts": [act for act in acts if act != main],
            "main_act": main,
            "next_waiting": self._next_waiting(record, seat),
        }

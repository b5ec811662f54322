"""关账例外: which cell of a closed month was opened again, for whom, why and until when; what was written under it."""

from django.urls import reverse
from django.utils import timezone

from core.audit_trail import written_under
from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices, dated_filters
from core.ledgers.kinds import Choice, Day, Month
from core.ledgers.ledger import Ledger, all_ledgers, register
from core.models import ClosingException, ExceptionState
from core.periods import Period
from townships.models import Duty, Role
from townships.waiting import Kind

WAITS = (
    Kind("待批准", frozenset({Role.COUNTY}), frozenset({Duty.REVIEW}), {"state": ExceptionState.ASKED}),
    Kind(
        "开放中",
        frozenset({Role.TOWNSHIP, Role.DEPARTMENT}),
        frozenset({Duty.ENTRY}),
        {"state": ExceptionState.OPEN},
        mark="tag tag-due",
    ),
)


def closing_ledgers() -> list[tuple[str, str]]:
    """(key by which its months close, name) of each ledger that has such months."""
    return [(ledger.model.closes_with, ledger.name) for ledger in all_ledgers() if ledger.model.closes_with]


def name_of_ledger(exception: ClosingException) -> str:
    return dict(closing_ledgers()).get(exception.ledger, "")


def told(name: str, header: str, *kind, **options) -> Column:
    """A column that no form and no workbook writes."""
    return Column(name, header, *kind, in_form=False, in_import=False, **options)


@register
class ExceptionLedger(Ledger):
    key, name, noun, measure = "closing_exceptions", "关账例外", "关账例外", "份"
    model = ClosingException
    """The page of 关账 leads to it."""
    waits = WAITS
    ordering = ("-month", "-code")
    search_fields = ("code", "unit_name", "record_name", "reason")
    evidence_slots = ()
    detail_template = "ledgers/closing_exception.html"
    purpose = "已关账的月份确需更正的，由经办申请、审核同事批准，只开放一个单位或一条记录，到期自动关闭。"
    columns = (
        told("cell", "开放什么", source=lambda row: row.record_name or row.unit_name, order="unit_name"),
        told("ledger_name", "台账", source=name_of_ledger, order="ledger"),
        told("month", "月份", Month(), order="month"),
        told("state", "状态", Choice(choices=tuple(ExceptionState.choices)), order="state"),
        told("reason", "申请原因"),
        told("entered_as", "申请人"),
        told("wanted_until", "申请开放至", Day(), order="wanted_until", in_list=False),
        told("until", "开放至", Day(), order="until"),
        told("decided_as", "批准人"),
        told("decided_on", "批准日期", Day(), order="decided_on", in_list=False),
        told("note", "批准意见", in_list=False),
    )

    def rows(self, seat, as_of=None):
        return super().rows(seat).with_state(timezone.localdate())

    def all_rows(self, seat):
        return super().all_rows(seat).with_state(timezone.localdate())

    def filters(self):
        return {
            "ledger": ListOfChoices(field_name="ledger", label="台账", choices=closing_ledgers),
            "state": ListOfChoices(field_name="state", label="状态", choices=ExceptionState.choices),
            **dated_filters({"happened": ("month", "month", "月份"), "counted": ("until", "until", "开放至")}),
        }

    def links(self, seat):
        pages = [("关账", reverse("closing"))]
        asks = seat.may("ask_exception", ClosingException(county_id=seat.county_id, unit_id=seat.unit_id))
        return [*pages, ("申请例外", reverse("exception-new"))] if asks else pages

    def happened(self, record):
        return Period.containing(record.month, "month")

    def extra_context(self, record, seat):
        """What was written under it is shown to whoever sees the exception: it is their own unit's."""
        decidable = record.state in (ExceptionState.ASKED, ExceptionState.OPEN)
        own = record.entered_by_id is not None and record.entered_by_id == seat.user_id
        return {
            "written": written_under(record, seat),
            "may_decide": decidable and not own and not record.voided_at and seat.may("decide_exception", record),
        }

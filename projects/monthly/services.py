"""Acts on monthly reports; each takes the open door first and leaves a row that tells the step."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from core.dates import DateSpan
from core.files import store
from core.models import Evidence
from core.periods import month_label, month_of
from core.write import Door, Refused
from projects.models import MonthlyReport, ProjectMonth, ReportStep
from projects.monthly.calendar import deadline_of, is_closed
from projects.monthly.lines import UNCHANGED, Line, Standing, lines_of, read
from projects.monthly.steps import BY_ANOTHER, IN_WORDS, RULES, Act, permission
from townships.models import Unit

LEDGER = "reports"
SLOT = "签字盖章的月报"
Typed = Mapping[str, Mapping[str, str]]
"""{project code: {box: text}}."""


def open_reports(writing: Door, *, units: Iterable[Unit], month: date) -> list[MonthlyReport]:
    """布置: a report for each of the units that has none for that month yet, nor had one taken back; the new ones."""
    _may_begin(writing, month)
    rows = MonthlyReport.objects.in_county(writing.actor.county_id).filter(month=month)
    known = set(rows.values_list("unit_id", flat=True))
    due_on = deadline_of(writing.actor.county_id, month)
    wanted = [MonthlyReport(unit=unit, month=month, due_on=due_on) for unit in units if unit.pk not in known]
    return writing.add_many(wanted, permission=permission(Act.OPEN))


def open_report(writing: Door, *, unit: Unit, month: date) -> MonthlyReport:
    """The unit's report of that month: the one there is, else a new one."""
    known = MonthlyReport.objects.current().in_county(writing.actor.county_id).filter(unit=unit, month=month)
    if report := known.select_related("unit").first():
        return report
    _may_begin(writing, month, unit)
    due_on = deadline_of(writing.actor.county_id, month)
    return writing.add(MonthlyReport(unit=unit, month=month, due_on=due_on), permission=permission(Act.OPEN))


def _may_begin(writing: Door, month: date, unit: Unit | None = None) -> None:
    if is_closed(writing.actor.county_id, month, today(writing), unit.pk if unit else None):
        raise Refused(f"{month_label(month)}的月报已经锁定，不能再新增。")
    if month > month_of(today(writing)):
        raise Refused(f"还没有到{month_label(month)}，不能填报。")


def save_lines(
    writing: Door, *, report: MonthlyReport, typed: Typed, version: int | None = None, rest_unchanged: bool = False
) -> Standing:
    """Keep what was typed: as figures where it can be one, else as it stands, with the report.

    `rest_unchanged`: whoever said nothing has 本月无变化. A box of `version` holds what the writer saw of a row.
    Raises Refused, Stale.
    """
    _open(writing, report, Act.FILL)
    lines = lines_of(report)
    kept = {line.project.code: text for line in lines if (text := _kept(writing, line, typed, rest_unchanged))}
    _add_new(writing, report, lines)
    moved = writing.change(report, version=version, permission=permission(Act.FILL), typed=kept)
    report.typed, report.row_version = moved.typed, moved.row_version
    return Standing(lines)


def _kept(writing: Door, line: Line, typed: Typed, rest_unchanged: bool) -> dict[str, str]:
    """Put one line's boxes into its row, or say with what they are kept aside."""
    text = dict(typed.get(line.project.code, line.typed))
    seen = text.pop("version", "")
    if not any(value.strip() for value in text.values()) and line.row is None:
        line.typed, line.errors = {}, {}
        if not rest_unchanged:
            return {}
        text = dict(UNCHANGED)
    line.typed = text
    values, line.errors = read(text)
    if line.errors:
        return text
    if line.row is None:
        line.row = ProjectMonth(project=line.project, **values)
    elif _differs(line.row, values):
        line.row = writing.change(line.row, version=int(seen) if seen.isdecimal() else None, **values)
    return {}


def _differs(row: ProjectMonth, values: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _add_new(writing: Door, report: MonthlyReport, lines: Iterable[Line]) -> None:
    new = [line.row for line in lines if line.row is not None and line.row.pk is None]
    for row in new:
        row.happened = DateSpan.month(report.month.year, report.month.month)
    writing.add_many(new)


def submit(writing: Door, *, report: MonthlyReport, text: str = "", version: int | None = None) -> MonthlyReport:
    """提交审核: every project says something, and all of it is a figure."""
    return _submit(writing, report, Act.SUBMIT, text, version, zero=False)


def report_nothing(
    writing: Door, *, report: MonthlyReport, text: str = "", version: int | None = None
) -> MonthlyReport:
    """零报告: nothing happened at all; every project gets 本月无变化, and the report goes on."""
    _open(writing, report, Act.NOTHING)
    standing = Standing(lines_of(report))
    said = [line.project.name for line in (*standing.told, *standing.wrong)]
    said += [line.project.name for line in standing.lines if line.arrived]
    if said:
        raise Refused(f"“{said[0]}”本月已有内容或到位资金，不是零报告；其余项目没有变化的，请用“其余都无变化”。")
    save_lines(writing, report=report, typed={}, version=version, rest_unchanged=True)
    return _submit(writing, report, Act.NOTHING, text, None, zero=True)


def _submit(
    writing: Door, report: MonthlyReport, act: Act, text: str, version: int | None, *, zero: bool
) -> MonthlyReport:
    _open(writing, report, act)
    standing = Standing(lines_of(report))
    if standing.wrong:
        raise Refused(f"“{standing.wrong[0].project}”还有没改好的内容，请改好后再提交。")
    if standing.missing:
        raise Refused(f"还有{len(standing.missing)}个项目没有填报，没有变化的请勾选“本月无变化”。")
    by = {"submitted_by_id": writing.actor.user_id, "signed_by": None, "signer": ""}
    values = {**by, "on_behalf": writing.actor.unit_id is None, "zero": zero}
    return _move(writing, report, act, version, text, **values)


def recall(writing: Door, *, report: MonthlyReport, text: str = "", version: int | None = None) -> MonthlyReport:
    """撤回 before it is signed."""
    return _move(writing, report, Act.RECALL, version, text, submitted_by=None, zero=False)


def sign(writing: Door, *, report: MonthlyReport, text: str = "", version: int | None = None) -> MonthlyReport:
    """审核同意: from here it is with the county; whether that is in time is settled here."""
    return _move(writing, report, Act.SIGN, version, text, **_sent(writing, report), signer="")


def sign_on_paper(
    writing: Door,
    *,
    report: MonthlyReport,
    signer: str,
    chunks: Iterable[bytes],
    name: str,
    text: str = "",
    version: int | None = None,
) -> MonthlyReport:
    """代签: the officer signed the printed form; whoever uploads its scan says who signed."""
    _open(writing, report, Act.PAPER)
    stored = store(chunks, name=name, at=writing.at)
    paper = {"unit_id": report.unit_id, "ledger": LEDGER, "record_id": report.pk, "slot": SLOT}
    writing.add(Evidence(name=name[:200], file=stored, **paper), permission="add")
    told = "，".join(part for part in (f"{signer}在纸质月报上签字", text.strip()) if part)
    return _move(writing, report, Act.PAPER, version, told, **_sent(writing, report), signer=signer)


def _sent(writing: Door, report: MonthlyReport) -> dict[str, Any]:
    late = max((today(writing) - report.due_on).days, report.late_days, 0)
    return {"sent_on": today(writing), "late_days": late, "signed_by_id": writing.actor.user_id}


def refuse(writing: Door, *, report: MonthlyReport, text: str, version: int | None = None) -> MonthlyReport:
    """退回经办 by the unit's own officer; the deadline stays."""
    return _move(writing, report, Act.REFUSE, version, text, submitted_by=None)


def accept(writing: Door, *, report: MonthlyReport, text: str = "", version: int | None = None) -> MonthlyReport:
    return _move(writing, report, Act.ACCEPT, version, text, accepted_on=today(writing))


def send_back(
    writing: Door, *, report: MonthlyReport, text: str, deadline: date | None = None, version: int | None = None
) -> MonthlyReport:
    """退回乡镇 with its reason, and until when it has to be there again; no unit is late through the county's time."""
    if deadline is not None and deadline < today(writing):
        raise Refused({"deadline": "重报期限不能早于今天。"})
    due_on = max(report.due_on, deadline or report.due_on)
    moved = {"deadline_before": report.due_on, "deadline_after": due_on} if due_on != report.due_on else {}
    again = {"sent_on": None, "accepted_on": None, "submitted_by": None, "signed_by": None, "signer": ""}
    return _move(writing, report, Act.RETURN, version, text, moved, due_on=due_on, **again)


def drop(writing: Door, *, report: MonthlyReport, text: str, version: int | None = None) -> MonthlyReport:
    """不用报: taken back, with its reason; the unit is not asked for that month again."""
    _open(writing, report, Act.DROP)
    for step in ReportStep.objects.current().filter(report=report).select_related("report").order_by("pk"):
        writing.void(step, reason=text, permission=permission(Act.DROP))
    return writing.void(report, reason=text, version=version, permission=permission(Act.DROP))


def today(writing: Door) -> date:
    return timezone.localdate(writing.at)


def _open(writing: Door, report: MonthlyReport, act: Act) -> None:
    if report.stage not in RULES[act].at:
        raise Refused(f"这份月报现在是“{report.get_stage_display()}”，不能{act.label}。")
    if not writing.actor.may(permission(act), report):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能对这份月报{act.label}。")
    own = writing.actor.user_id is not None and writing.actor.user_id in (report.submitted_by_id, report.signed_by_id)
    if own and act in BY_ANOTHER:
        raise Refused(f"这份月报是您本人提交或审核的，请由另一位同事{act.label}。")


def _move(
    writing: Door,
    report: MonthlyReport,
    act: Act,
    version: int | None,
    text: str,
    told: Mapping[str, Any] | None = None,
    **values: Any,
) -> MonthlyReport:
    """The report as it stands then, and the step's own row; `report` is as it stood before, which opened the act."""
    _open(writing, report, act)
    if act in IN_WORDS and not text.strip():
        raise Refused({"text": "请写明原因，填报单位会看到。"})
    values["stage"] = RULES[act].leads_to
    moved = writing.change(report, version=version, action=act.label, permission=permission(act), **values)
    step = ReportStep(report=report, act=act, on=today(writing), text=text.strip()[:500], **(told or {}))
    writing.add(step, permission=permission(act))
    return moved

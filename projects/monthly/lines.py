"""The lines of a report: the unit's running projects, what each said last month and says now, what looks odd."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, Sum

from core.amounts import read_amount
from core.ledgers.kinds import plain_number
from core.periods import Period, month_end
from core.readings import Unclear, Unreadable
from projects.lifecycle import Status, Step
from projects.models import Arrival, MonthlyReport, Project, ProjectMonth
from townships.lineage import standing_for
from townships.models import UnitSuccession

REPORTED = (Step.SIGNING, Step.LANDING, Step.APPROVAL, Step.START, Step.COMPLETION)
"""Stages in which a project is asked every month: signed, and not yet in production."""
TEXTS = ("progress", "problem", "next_step", "remark")
TYPED = ("investment", *TEXTS, "unchanged")
"""What a line asks."""
FAR_MORE, FAR_LESS = 100, 1000
"""Times last month's amount from which on a slip of the unit (元, 万元, 亿元) is likelier than the amount."""
UNCHANGED = {"investment": "0", "unchanged": "on"}
ASK_UNIT = "请核对单位是不是万元。"
NO_AMOUNT = "请填写本月完成投资，没有的填0。"
NOT_YET, SAME = "本月尚未提交", "与上月雷同"

BOXES = (("progress", "形象进度"), ("problem", "存在问题"), ("next_step", "下一步安排"))


class Box(NamedTuple):
    """One box of a line; `error` empty where what it holds can be kept."""

    name: str
    label: str
    text: str
    error: str


@dataclass
class Line:
    """One project in a report. `typed` holds what stands in the boxes, `errors` {box: sentence} why it is no figure."""

    project: Any
    before: ProjectMonth | None = None
    row: ProjectMonth | None = None
    arrived: Decimal | None = None
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def marks(self) -> list[str]:
        """What is to be looked at before the report goes on."""
        if self.row is None:
            return [NOT_YET]
        return [SAME] if self.is_same else []

    @property
    def is_same(self) -> bool:
        """Word for word last month's, though something is said to have happened."""
        if self.row is None or self.before is None or self.row.unchanged:
            return False
        return "".join(self.row.progress.split()) == "".join(self.before.progress.split())

    @property
    def question(self) -> str:
        """A slip of the unit, asked and never refused; empty where the amount looks like the others."""
        amount = self.row.investment if self.row else Decimal(0)
        last = self.before.investment if self.before else Decimal(0)
        whole = self.project.total_investment
        said = f"本月完成投资{plain_number(amount)}万元"
        if whole is not None and amount > whole:
            return f"{said}，超过了总投资{plain_number(whole)}万元，{ASK_UNIT}"
        if last > 0 and amount >= last * FAR_MORE:
            return f"{said}，是上月的{FAR_MORE}倍以上，{ASK_UNIT}"
        if amount > 0 and amount * FAR_LESS <= last:
            return f"{said}，不到上月的千分之一，{ASK_UNIT}"
        return ""

    @property
    def boxes(self) -> list[Box]:
        return [Box(name, label, self.typed.get(name, ""), self.errors.get(name, "")) for name, label in BOXES]

    @property
    def amount(self) -> Box:
        return Box("investment", "", self.typed.get("investment", ""), self.errors.get("investment", ""))

    @property
    def reason(self) -> Box:
        """冲减原因."""
        return Box("remark", "", self.typed.get("remark", ""), self.errors.get("remark", ""))

    @property
    def is_unchanged(self) -> bool:
        return bool(self.typed.get("unchanged"))

    @property
    def asks_reason(self) -> bool:
        """冲减 is explained beside its amount; nobody else is asked."""
        return bool(self.typed.get("remark")) or "remark" in self.errors


def lines_of(report: MonthlyReport) -> list[Line]:
    """In official order of signing codes, in a fixed number of queries."""
    month = Period.containing(report.month, "month")
    projects = list(_asked(report))
    months = _months(projects, month)
    arrived = _arrived(projects, month)
    lines = []
    for project in projects:
        row, before = months.get((project.pk, month.first_day)), months.get((project.pk, month.previous().first_day))
        line = Line(project, before, row, arrived.get(project.pk), typed=shown(row))
        if project.code in report.typed:
            line.typed = dict(report.typed[project.code])
            line.errors = troubles(line.typed)
        lines.append(line)
    return lines


def _asked(report: MonthlyReport) -> Iterable[Any]:
    told = ProjectMonth.objects.current().filter(happened_on=report.month).values("project")
    running = Q(stage__in=REPORTED) & ~Q(status=Status.ENDED)
    heirs = UnitSuccession.objects.heirs(report.county_id, month_end(report.month))
    units = standing_for(heirs, report.unit_id)
    own = Project.objects.current().in_county(report.county_id).filter(responsible_unit__in=units)
    return own.as_of(month_end(report.month)).filter(running | Q(pk__in=told)).order_by("code")


def _months(projects: list[Any], month: Period) -> dict[tuple[int, Any], ProjectMonth]:
    asked = [month.first_day, month.previous().first_day]
    rows = ProjectMonth.objects.current().filter(project__in=[p.pk for p in projects], happened_on__in=asked)
    known = {project.pk: project for project in projects}
    found = {(row.project_id, row.happened_on): row for row in rows.order_by("pk")}
    for row in found.values():
        row.project = known[row.project_id]
    return found


def _arrived(projects: list[Any], month: Period) -> dict[int, Decimal]:
    rows = Arrival.objects.current().filter(project__in=[p.pk for p in projects], happened_on=month.first_day)
    return dict(rows.order_by().values_list("project").annotate(Sum("amount")))


def shown(row: ProjectMonth | None) -> dict[str, str]:
    """A row as its boxes show it."""
    if row is None:
        return {}
    texts = {name: getattr(row, name) for name in TEXTS}
    return {"investment": plain_number(row.investment), **texts, "unchanged": "on" if row.unchanged else ""}


def troubles(typed: Mapping[str, str]) -> dict[str, str]:
    """{box: sentence}: why this can't be a project's month yet; the sentences are the table's own."""
    return read(typed)[1]


def read(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The boxes as values of a ProjectMonth, and {box: sentence} of what is wrong with them."""
    unchanged = bool(typed.get("unchanged"))
    values: dict[str, Any] = {name: typed.get(name, "").strip() for name in TEXTS}
    values |= {"unchanged": unchanged, "investment": Decimal(0)}
    errors = {name: f"最多{limit}个字。" for name in TEXTS if len(values[name]) > (limit := _longest(name))}
    try:
        values["investment"] = _amount(typed.get("investment", ""), unchanged)
    except (Unclear, Unreadable) as unread:
        return values, {**errors, "investment": str(unread)}
    return values, {**_contradictions(values), **errors}


def _amount(text: str, unchanged: bool) -> Decimal:
    if not text.strip() and not unchanged:
        raise Unreadable(NO_AMOUNT)
    return read_amount(text, allow_negative=True) if text.strip() else Decimal(0)


def _contradictions(values: Mapping[str, Any]) -> dict[str, str]:
    errors = {}
    if values["unchanged"] and values["investment"]:
        errors["investment"] = _said("project_month_unchanged_is_nothing")
    if values["investment"] < 0 and not values["remark"]:
        errors["remark"] = _said("project_month_reversal_reason")
    if not values["unchanged"] and not values["progress"]:
        errors["progress"] = _said("project_month_says_something")
    return errors


def _said(name: str) -> str:
    rule = next(rule for rule in ProjectMonth._meta.constraints if rule.name == name)
    return str(rule.violation_error_message)


def _longest(name: str) -> int:
    return ProjectMonth._meta.get_field(name).max_length or 0


@dataclass(frozen=True)
class Standing:
    """What is left to do in a report; `questions` keep nobody from submitting."""

    lines: list[Line]

    @property
    def missing(self) -> list[Line]:
        return [line for line in self.lines if line.row is None and not line.errors]

    @property
    def wrong(self) -> list[Line]:
        return [line for line in self.lines if line.errors]

    @property
    def same(self) -> list[Line]:
        return [line for line in self.lines if line.is_same]

    @property
    def questions(self) -> list[tuple[Line, str]]:
        return [(line, line.question) for line in self.lines if line.question]

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.wrong

    @property
    def told(self) -> list[Line]:
        """Lines that say more than 本月无变化."""
        return [line for line in self.lines if line.row and not line.row.unchanged]

    @property
    def invested(self) -> Decimal:
        return sum((line.row.investment for line in self.lines if line.row), Decimal(0))

    @property
    def arrived(self) -> Decimal:
        return sum((line.arrived or Decimal(0) for line in self.lines), Decimal(0))

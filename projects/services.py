"""Writes about projects; each takes the open door first, so that one act is one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from core.dates import DateSpan
from core.ledgers.kinds import plain_number
from core.write import Door, Refused
from projects.credits import EVER, WHOLE
from projects.leading import follow_leaders
from projects.lifecycle import STEPS, Step, skipped
from projects.models import (
    Agreement,
    Arrival,
    Investor,
    Milestone,
    Project,
    ProjectLeader,
    ProjectMonth,
    ProjectShare,
    Voucher,
)
from projects.models.projects import CreditScope, ShareRole
from townships.models import Unit


def add_project(
    writing: Door,
    *,
    project: Mapping[str, Any],
    agreement: Mapping[str, Any] | None = None,
    started: DateSpan | None = None,
) -> Project:
    """A project with its signing, its 开工 where known, and the default share: all credit to where it lands."""
    row = writing.add(Project(**{"responsible_unit": project["landing_unit"], **project}))
    writing.add(ProjectShare(project=row, unit=row.landing_unit))
    if agreement:
        writing.add(Agreement(project=row, **agreement))
    if started:
        writing.add(_start(row, started, agreement))
    return row


def add_projects(writing: Door, rows: Sequence[Mapping[str, Any]]) -> list[Project]:
    """Many projects as `add_project` takes them, in a fixed number of statements: for imports."""
    projects = writing.add_many(
        [Project(**{"responsible_unit": r["project"]["landing_unit"], **r["project"]}) for r in rows]
    )
    pairs = list(zip(projects, rows, strict=True))
    writing.add_many([ProjectShare(project=p, unit=p.landing_unit) for p in projects])
    writing.add_many([Agreement(project=p, **r["agreement"]) for p, r in pairs if r.get("agreement")])
    writing.add_many([_start(p, r["started"], r.get("agreement")) for p, r in pairs if r.get("started")])
    return projects


def _start(project: Project, happened: DateSpan, agreement: Mapping[str, Any] | None) -> Milestone:
    """The 开工 known when a project is entered; what comes late with the signing comes late for the same reason."""
    late = (agreement or {}).get("late_reason", "")
    return Milestone(project=project, step=Step.START, happened=happened, late_reason=late)


def change_project(writing: Door, *, project: Project, version: int | None = None, **values: Any) -> Project:
    """A project that turns out to land elsewhere takes the landing unit's share of credit along."""
    before = Project.objects.get(pk=project.pk)
    changed = writing.change(project, version=version, **values)
    _take_along(writing, before, changed)
    return changed


def change_projects(writing: Door, changes: Sequence[tuple[Project, Mapping[str, Any]]]) -> list[Project]:
    """Many projects as `change_project` takes them, each with values of its own and as it was seen: for imports."""
    before = Project.objects.in_bulk([project.pk for project, _ in changes])
    changed = writing.change_each(changes)
    for project in changed:
        _take_along(writing, before[project.pk], project)
    return changed


def _take_along(writing: Door, before: Project, changed: Project) -> None:
    follow_leaders(writing, before, changed)
    if changed.landing_unit_id != before.landing_unit_id:
        held = ProjectShare.objects.current().filter(project=changed, unit=before.landing_unit_id)
        for share in held.filter(role=ShareRole.LANDING):
            writing.change(share, unit=changed.landing_unit)


def void_project(writing: Door, *, project: Project, reason: str) -> Project:
    """With a project goes what belongs to it; where some of that counts in a closed month, nothing goes."""
    for model in (ProjectMonth, Arrival, Milestone, Agreement, ProjectShare, ProjectLeader):
        for row in model.objects.current().filter(project=project).select_related("project").order_by("pk"):
            writing.void(row, reason=reason)
    return writing.void(project, reason=reason)


@contextmanager
def _said_beside(fields: Mapping[str, str]) -> Iterator[None]:
    """What is wrong with a row entered by the way is said beside the field of the form that named it."""
    try:
        yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        raise Refused({fields.get(name, name): said for name, said in error.message_dict.items()}) from error


def investor_named(writing: Door, name: str, place: str = "", held: Project | None = None) -> Investor | None:
    """The county's investor of that name, entered when new; None for no name. Nobody need be looked for where the
    project `held` names that investor already."""
    if not name:
        return None
    if held and held.investor and held.investor.name == name and not held.investor.voided_at:
        return held.investor
    known = Investor.objects.current().in_county(writing.actor.county_id).filter(name=name).first()
    with _said_beside({"name": "investor", "place": "investor_place"}):
        return known or writing.add(Investor(name=name, place=place))


def investors_named(writing: Door, named: Iterable[tuple[str, str]]) -> dict[str, Investor]:
    """{name: the county's investor of it} for many (name, 所在地), those that are new entered together."""
    places: dict[str, str] = {}
    for name, place in named:
        places.setdefault(name, place)
    known = Investor.objects.current().in_county(writing.actor.county_id).filter(name__in=places).order_by("-pk")
    found = {row.name: row for row in known}
    with _said_beside({"name": "investor", "place": "investor_place"}):
        new = [Investor(name=name, place=place) for name, place in places.items() if name not in found]
        return found | {row.name: row for row in writing.add_many(new)}


def start_of(project: Project) -> Milestone | None:
    """Its 开工, verified or not; None while it has none."""
    return project.milestones.current().filter(step=Step.START).order_by("happened_on", "pk").first()


def record_start(writing: Door, *, project: Project, happened: DateSpan) -> Milestone:
    """开工 as a workbook brings it: a new row of 项目节点, or another day for the one there is."""
    start = start_of(project)
    if start is not None:
        return start if start.happened == happened else writing.change(start, happened=happened)
    return writing.add(_start(project, happened, None))


def record_milestone(
    writing: Door, *, project: Project, step: Step, happened: DateSpan, stage: str | None, reason: str = "", **more: Any
) -> Milestone:
    """A dated step; `stage` is where the project stands. Steps passed over need a reason."""
    passed = skipped(stage, step)
    if passed and not reason.strip():
        names = "、".join(str(s.label) for s in passed)
        raise Refused({"reason": f"中间的{names}没有登记，确实没有这些环节的，请写明原因。"})
    return writing.add(Milestone(project=project, step=step, happened=happened, reason=reason, **more))


def set_shares(
    writing: Door,
    *,
    project: Project,
    shares: Iterable[tuple[Unit, ShareRole, int]],
    scope: CreditScope = CreditScope.GENERAL,
    since: date = EVER,
    document: str = "",
) -> list[ProjectShare]:
    """From `since` (first of a month) on these shares hold (unit, part, hundredths of a percent; Σ = 100%).

    Whatever was agreed for that time before is replaced. No shares at all withdraw what was agreed apart for a
    scope: from then on the general ones hold there too. Raises Refused, also where a closed month would count
    otherwise.
    """
    if not writing.actor.may("set_shares", project):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能设定分成。")
    parts = [Part(*share) for share in shares]
    _add_up(parts, scope)
    _end_shares(writing, project, scope, since)
    bearer = _remainder_bearer(parts, project)
    rows = [
        ProjectShare(
            project=project, landing=part is bearer, scope=scope, since=since, document=document, **part._asdict()
        )
        for part in parts
    ]
    return [writing.add(row, permission="set_shares") for row in rows]


class Part(NamedTuple):
    unit: Unit
    role: ShareRole
    percent: int


def _add_up(parts: Sequence[Part], scope: CreditScope) -> None:
    total = sum(part.percent for part in parts)
    if total != WHOLE and (parts or scope == CreditScope.GENERAL):
        raise Refused({"shares": f"各单位份额之和要等于100%，现在是{plain_number(Decimal(total) / 100)}%。"})
    for part in parts:
        if sum(other.unit == part.unit for other in parts) > 1:
            raise Refused({"shares": f"{part.unit}写了不止一行，同一单位的份额请合在一行。"})
    if sum(part.role == ShareRole.LANDING for part in parts) > 1:
        raise Refused({"shares": "一个项目只有一个落地单位。"})


def _end_shares(writing: Door, project: Project, scope: CreditScope, since: date) -> None:
    """What began earlier ends there; what would begin later never does."""
    known = ProjectShare.objects.current().filter(project=project, scope=scope).select_related("project", "unit")
    for share in known.filter(since__gte=since).order_by("pk"):
        writing.void(share, reason="调整份额", permission="set_shares")
    for share in known.filter(since__lt=since).lasting().order_by("pk"):
        writing.change(share, superseded_from=since, permission="set_shares")


def _remainder_bearer(parts: Sequence[Part], project: Project) -> Part | None:
    """Who takes the 元 that does not divide: the landing unit, else who has most, the first of equals."""
    return max(parts, key=lambda part: (part.unit == project.landing_unit, part.percent), default=None)


OTHER_AMOUNT = "与这张凭证先前登记的金额不一致，请对照凭证原件核对；无误的，请联系县招商办。"
"""Another unit may have entered the voucher: what it said is not told."""


def voucher_for(writing: Door, *, kind: str, issuer: str, number: str, amount: Decimal | None) -> Voucher | None:
    """The county's voucher of that number, entered when new; None where none is named."""
    if not number:
        return None
    known = Voucher.objects.current().in_county(writing.actor.county_id)
    voucher = known.filter(kind=kind, issuer=issuer, number=number).first()
    if voucher is None and amount is None:
        raise Refused({"voucher_amount": "请填写凭证金额。"})
    if voucher is None:
        with _said_beside({name: f"voucher_{name}" for name in ("kind", "issuer", "number", "amount")}):
            return writing.add(Voucher(kind=kind, issuer=issuer, number=number, amount=amount))
    if amount is not None and amount != voucher.amount:
        raise Refused({"voucher_amount": OTHER_AMOUNT})
    return voucher


def record_arrival(writing: Door, *, project: Project, month: Any, **values: Any) -> Arrival:
    return writing.add(Arrival(project=project, happened=DateSpan.month(month.year, month.month), **values))


def record_month(writing: Door, *, project: Project, month: date, investment: Decimal, **values: Any) -> ProjectMonth:
    """What the project did in the month that begins on that day; `investment` in 万元."""
    happened = DateSpan.month(month.year, month.month)
    return writing.add(ProjectMonth(project=project, happened=happened, investment=investment, **values))


def needed_for(project: Project, step: Step, present: set[str]) -> list[str]:
    """还差哪些: fields and evidence that this step needs and the project does not have yet."""
    rule = STEPS[step]
    fields = [str(Project._meta.get_field(f).verbose_name) for f in rule.fields if not getattr(project, f)]
    return fields + [slot for slot in rule.evidence if slot not in present]

"""Writes about 评分: the county asks and closes, each reviewer answers on their own rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.ledgers.kinds import plain_number
from core.models import StoredFile
from core.periods import Period
from core.write import Door, Refused
from reporting.models import RatedUnit, Rating, RatingSheet, Reviewer, Scheme
from reporting.models.ratings import OWN_GROUP, RatingStage
from reporting.rating.roster import roster_of
from townships.models import Role, Seat, Unit, UnitKind

ARRANGE, RATE = "arrange_ratings", "rate"
MAY_REVIEW = (Role.DEPARTMENT, Role.LEADER, Role.TOWNSHIP)
RATED = (UnitKind.TOWNSHIP, UnitKind.STREET, UnitKind.PARK)
"""Kinds of units that a sheet may be about."""
SETTLED = ("period", "kind", "full_points")
"""What nobody may change under answers that were given by it."""

Asked = Collection[tuple[Seat, str]]
"""Seats, each with the group for which it is to score."""


@dataclass(frozen=True)
class Opinion:
    """One answer: points, or 1 and 0 for 有 and 无; `evidence` with its name, where a paper was handed in."""

    value: Decimal
    reason: str = ""
    evidence: StoredFile | None = None
    evidence_name: str = ""


# -- the county asks --------------------------------------------------------------------------------


def open_sheet(writing: Door, *, units: Collection[Unit], reviewers: Asked, **values: Any) -> RatingSheet:
    """A new sheet; `values`: topic, period, kind, full_points, criteria, weights, answer_by, document."""
    _may_arrange(writing)
    _in_the_future(writing, values["answer_by"])
    _complete(units, reviewers)
    sheet = writing.add(RatingSheet(**values, **_days(values["period"])), permission=ARRANGE)
    _weigh_groups_that_are_asked(sheet, reviewers)
    writing.add_many([RatedUnit(sheet=sheet, unit=unit) for unit in units], permission=ARRANGE)
    writing.add_many([Reviewer(sheet=sheet, seat=seat, group=group) for seat, group in reviewers], permission=ARRANGE)
    return sheet


def change_sheet(
    writing: Door,
    *,
    sheet: RatingSheet,
    units: Collection[Unit],
    reviewers: Asked,
    version: int | None = None,
    **values: Any,
) -> RatingSheet:
    """While it is collecting. Who has answered stays, and what they answered by."""
    _may_arrange(writing)
    sheet = _collecting(sheet)
    _complete(units, reviewers)
    if values["answer_by"] != sheet.answer_by:
        _in_the_future(writing, values["answer_by"])
    _leave_answers_standing(sheet, values)
    changed = writing.change(sheet, version=version, permission=ARRANGE, **values, **_days(values["period"]))
    _weigh_groups_that_are_asked(changed, reviewers)
    _change_units(writing, changed, units)
    _change_reviewers(writing, changed, reviewers)
    return changed


def _days(code: str) -> dict[str, Any]:
    when = Period.parse(code)
    return {"period_kind": when.kind, "first_day": when.first_day, "last_day": when.last_day}


def _complete(units: Collection[Unit], reviewers: Asked) -> None:
    if not units:
        raise Refused({"units": "请至少选择一个被评单位。"})
    if not reviewers:
        raise Refused("请至少指定一位评委。")
    rated = {unit.pk for unit in units}
    for seat, group in reviewers:
        if seat.role not in MAY_REVIEW:
            raise Refused(f"{seat.label}不能担任评委，评委由部门、乡镇和县领导的岗位担任。")
        if group == OWN_GROUP and seat.unit_id not in rated:
            raise Refused(f"{seat.label}的单位不在被评名单里，不能自评。")
    own = [seat.unit_id for seat, group in reviewers if group == OWN_GROUP]
    if len(own) > len(set(own)):
        raise Refused("一个单位只由一个岗位自评，请核对。")


def _weigh_groups_that_are_asked(sheet: RatingSheet, reviewers: Asked) -> None:
    groups = {group for _, group in reviewers if group != OWN_GROUP}
    if unknown := next((group for group in sheet.weight_of if group not in groups), None):
        raise Refused({"weights": f"评委里没有“{unknown}”这一组，请核对各组权重。"})


def _leave_answers_standing(sheet: RatingSheet, values: Mapping[str, Any]) -> None:
    if not _ratings_of(sheet).exists():
        return
    for name in SETTLED:
        if values[name] != getattr(sheet, name):
            raise Refused({name: f"已经有人评过，{sheet._meta.get_field(name).verbose_name}不能再改。"})


def _change_units(writing: Door, sheet: RatingSheet, units: Collection[Unit]) -> None:
    held = {row.unit_id: row for row in sheet.rated_units.current().select_related("unit")}
    kept = {unit.pk for unit in units}
    for row in (row for pk, row in held.items() if pk not in kept):
        if _ratings_of(sheet).filter(unit=row.unit_id).exists():
            raise Refused({"units": f"{row.unit}已经有人评过，不能去掉。"})
        writing.void(row, reason="移出被评名单", permission=ARRANGE)
    new = [RatedUnit(sheet=sheet, unit=unit) for unit in units if unit.pk not in held]
    writing.add_many(new, permission=ARRANGE)


def _change_reviewers(writing: Door, sheet: RatingSheet, reviewers: Asked) -> None:
    held = {(row.seat_id, row.group): row for row in sheet.reviewers.current().select_related("seat__user")}
    kept = {(seat.pk, group) for seat, group in reviewers}
    for row in (row for key, row in held.items() if key not in kept):
        if row.ratings.current().exists():
            raise Refused(f"{row.seat.user}（{row.group}）已经评过，不能换组，也不能去掉。")
        writing.void(row, reason="不再担任评委", permission=ARRANGE)
    new = [Reviewer(sheet=sheet, seat=seat, group=group) for seat, group in reviewers if (seat.pk, group) not in held]
    writing.add_many(new, permission=ARRANGE)


# -- the reviewers answer ---------------------------------------------------------------------------


def rate(writing: Door, *, sheet: RatingSheet, given: Mapping[tuple[Reviewer, Unit], Opinion]) -> int:
    """A reviewer's answers, new and corrected; counts those that changed anything."""
    today = timezone.localdate(writing.at)
    sheet = as_it_stands(sheet)
    _takes_answers(sheet, today)
    held = roster_of(sheet)
    asked = {(reviewer.pk, unit.pk) for reviewer, unit in held.asked}
    new, changed = [], 0
    for (reviewer, unit), opinion in given.items():
        if (reviewer.pk, unit.pk) not in asked:
            raise Refused(f"“{sheet}”不请您评{unit}。")
        if found := sheet.problems(opinion.value, opinion.reason):
            raise Refused(found)
        row = held.ratings.get((reviewer.pk, unit.pk))
        if row is None:
            reviewer.sheet = sheet
            new.append(Rating(reviewer=reviewer, unit=unit, rated_on=today, **_said(opinion)))
        else:
            changed += _correct(writing, row, opinion, today)
    writing.add_many(new, permission=RATE)
    return len(new) + changed


def _said(opinion: Opinion) -> dict[str, Any]:
    """What the answer sets; a paper handed in before stays until another takes its place."""
    said: dict[str, Any] = {"value": opinion.value, "reason": opinion.reason.strip()}
    if opinion.evidence is not None:
        said |= {"evidence": opinion.evidence, "evidence_name": opinion.evidence_name[:200]}
    return said


def _correct(writing: Door, row: Rating, opinion: Opinion, today: date) -> bool:
    said = _said(opinion)
    if all(getattr(row, name) == value for name, value in said.items()):
        return False
    writing.change(row, permission=RATE, rated_on=today, **said)
    return True


def _takes_answers(sheet: RatingSheet, today: date) -> None:
    if not sheet.takes_answers_on(today):
        when = "已经截止" if not sheet.is_open else f"评到{sheet.answer_by:%Y年%-m月%-d日}为止"
        raise Refused(f"“{sheet}”{when}，不能再评，也不能再改。确需补评的，请联系县招商办重新收集。")


# -- closing and what undoes it ---------------------------------------------------------------------


def close_sheet(writing: Door, *, sheet: RatingSheet) -> RatingSheet:
    """截止: from now on the answers count. A 有无 sheet closes only when everybody has answered about every unit:
    no answer is not 无."""
    _may_arrange(writing)
    sheet = _collecting(sheet)
    roster = roster_of(sheet)
    if sheet.is_veto and roster.unanswered:
        raise Refused(f"还没有答完：{roster.silent_names}。没有答复不等于“无”，答完才能截止。")
    if not roster.answered:
        raise Refused("还没有任何人评分，不能截止。")
    return writing.change(sheet, action="截止", permission=ARRANGE, stage=RatingStage.CLOSED)


def reopen_sheet(writing: Door, *, sheet: RatingSheet, answer_by: date, reason: str) -> RatingSheet:
    """重新收集: the answers stay, and count no more until the sheet is closed again."""
    _may_arrange(writing)
    sheet = as_it_stands(sheet)
    if sheet.is_open:
        raise Refused(f"“{sheet}”还在收集，不用重新收集。")
    _in_the_future(writing, answer_by)
    if not reason.strip():
        raise Refused({"reason": "请写明重新收集的原因。"})
    return writing.change(
        sheet,
        action="重新收集",
        permission=ARRANGE,
        stage=RatingStage.COLLECTING,
        answer_by=answer_by,
        reopened_because=reason.strip(),
    )


def withdraw_sheet(writing: Door, *, sheet: RatingSheet, reason: str) -> RatingSheet:
    """作废 of a sheet that nobody has answered."""
    _may_arrange(writing)
    sheet = _collecting(sheet)
    if _ratings_of(sheet).exists():
        raise Refused("已经有人评过，不能作废。")
    for row in [*sheet.reviewers.current(), *sheet.rated_units.current()]:
        writing.void(row, reason=reason, permission=ARRANGE)
    return writing.void(sheet, reason=reason, permission=ARRANGE)


def as_it_stands(sheet: RatingSheet) -> RatingSheet:
    """The row behind the county's gate: somebody may have closed or withdrawn it meanwhile."""
    found = RatingSheet.objects.current().in_county(sheet.county_id).filter(pk=sheet.pk).first()
    if found is None:
        raise Refused(f"“{sheet}”已经作废。")
    return found


def _collecting(sheet: RatingSheet) -> RatingSheet:
    sheet = as_it_stands(sheet)
    if not sheet.is_open:
        raise Refused(f"“{sheet}”已经截止，要改请先重新收集。")
    return sheet


def _ratings_of(sheet: RatingSheet) -> Any:
    return Rating.objects.current().filter(reviewer__sheet=sheet)


def _in_the_future(writing: Door, answer_by: date) -> None:
    if answer_by < timezone.localdate(writing.at):
        raise Refused({"answer_by": "截止日期不能早于今天。"})


def _may_arrange(writing: Door) -> None:
    if not writing.actor.may(ARRANGE, RatingSheet(county_id=writing.actor.county_id)):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能组织评分。")


def possible_reviewers(county_id: int, today: date, sheet: RatingSheet | None = None) -> list[Seat]:
    """Seats that may be asked, by unit; who is asked already stays, though the seat may have ended."""
    rows = Seat.objects.in_county(county_id).select_related("user", "unit").filter(role__in=MAY_REVIEW)
    held = {row.seat_id for row in sheet.reviewers.current()} if sheet else set()
    present = rows.current().exclude(valid_until__lt=today)
    return sorted({*present, *rows.filter(pk__in=held)}, key=_place_in_list)


def _place_in_list(seat: Seat) -> tuple[int, int, int]:
    return (MAY_REVIEW.index(seat.role), seat.unit.position if seat.unit else 0, seat.pk)


def begun_with(scheme: Scheme | None, today: date) -> dict[str, Any]:
    """How the form of a new sheet starts: with the units that the ranking compares, for the period that ended last."""
    rows = scheme.participants.current().select_related("unit") if scheme else []
    ended = Period.containing(today, scheme.period if scheme else "quarter").previous()
    return {"units": [row.unit.code for row in rows], "period": ended.code}


def begun_like(sheet: RatingSheet) -> dict[str, Any]:
    """The next period's sheet: everything but the period and the day."""
    rows = sheet.rated_units.current().select_related("unit")
    reviewers = list(sheet.reviewers.current())
    return {
        **{name: getattr(sheet, name) for name in ("topic", "kind", "criteria", "weights", "document")},
        "full_points": None if sheet.full_points is None else plain_number(sheet.full_points),
        "units": [row.unit.code for row in rows],
        "groups": {row.seat_id: row.group for row in reviewers if not row.rates_own},
        "own": frozenset(row.seat_id for row in reviewers if row.rates_own),
    }

"""The stages of a project in their order, each with the milestone that reached it: for the project's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.dates import DateSpan
from core.records import Verdict
from projects.lifecycle import Step, stage_steps

CLASSES = {
    Verdict.ACCEPTED: "verified",
    Verdict.PENDING: "claimed",
    Verdict.RETURNED: "refused",
    Verdict.REFUSED: "refused",
}


@dataclass(frozen=True)
class StageMark:
    """`state` is verified, claimed, refused, or empty where the project has not been; `verdict` its words."""

    label: str
    state: str = ""
    verdict: str = ""
    happened: DateSpan | None = None
    verified_by: str = ""
    reached: bool = False


def stage_line(milestones: Iterable[Any], signing: Any | None) -> list[StageMark]:
    """A mark for each stage. Of several rows for one stage the last accepted one speaks, else the last.

    `signing` is the agreement that made the project signed: it stands for 签约 where no milestone does.
    """
    rows = {Step.SIGNING.value: signing} if signing else {}
    for row in milestones:
        if row.step not in rows or row.verdict == Verdict.ACCEPTED or rows[row.step].verdict != Verdict.ACCEPTED:
            rows[row.step] = row
    steps = stage_steps()
    last = max((i for i, step in enumerate(steps) if step in rows), default=-1)
    return [_mark(Step(step), rows.get(step), reached=i < last) for i, step in enumerate(steps)]


def _mark(step: Step, row: Any | None, *, reached: bool) -> StageMark:
    if row is None:
        return StageMark(str(step.label), reached=reached)
    verdict = Verdict(row.verdict)
    return StageMark(
        label=str(step.label),
        state=CLASSES[verdict],
        verdict=str(verdict.label),
        happened=row.happened,
        verified_by=str(row.verified_by or row.verified_as),
        reached=reached,
    )

"""A long workbook is read, and later written, by the background worker: every page stays quick, and one says how far
it is.

What became of a run stands in the worker's own table. How far it is, and the plan it made, lie in files beside the
database (`CACHES`): the run's one transaction is SQLite's one writer, so the database could not be told meanwhile.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from io import BytesIO
from typing import Any

from django.apps import apps
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django_tasks import TaskContext, TaskResult, TaskResultStatus, default_task_backend, task
from django_tasks.exceptions import TaskResultDoesNotExist

from core.files import opened
from core.ledgers.error_workbook import write_error_workbook
from core.ledgers.import_rows import chosen, counted
from core.ledgers.importing import NEW, UPDATE, Heard, ImportPlan, import_into, plan_import, unheard
from core.ledgers.kept_plans import forget_plan, kept_plan, last_act
from core.ledgers.ledger import ledger_for
from core.models import ImportBatch, StoredFile
from core.spreadsheet.reading import WorkbookError
from core.write import door

LONG = 2_000
"""Rows from which on a workbook is the worker's; a shorter one is read while its page is waited for."""
SILENT = timedelta(minutes=2)
"""After so long without a word a run is given up: its worker was stopped in the middle."""
QUEUED = timedelta(seconds=30)
"""After so long unbegun somebody should look whether there is a worker at all."""
KEPT_FOR = 8 * 3600

Waiting = Mapping[str, Any]
"""The workbook that waits for confirmation, as the visitor's session names it: ledger, file, name and what was chosen;
`rows` as its sheets count them, `planning` and `saving` the runs that were begun."""


class State(Enum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    BROKEN = "broken"


@dataclass(frozen=True)
class Run:
    """What a page says of a run; `answer` is what it came to."""

    saves: bool
    state: State
    done: int
    of: int
    answer: Mapping[str, Any]
    late: bool
    """Whether it waits for longer than it should."""

    @property
    def is_under_way(self) -> bool:
        return self.state in (State.QUEUED, State.RUNNING)

    @property
    def is_read(self) -> bool:
        """Whether there is a plan to be looked at."""
        return self.is_done and not self.saves

    @property
    def is_done(self) -> bool:
        return self.state is State.DONE

    @property
    def is_stopped(self) -> bool:
        return self.state in (State.REFUSED, State.BROKEN)

    @property
    def heading(self) -> str:
        if self.is_stopped:
            return "没有导入" if self.saves else "没有核对完"
        return "正在导入" if self.saves else "正在核对"

    @property
    def sentence(self) -> str:
        if self.is_done:
            return "处理完了，正在打开结果。"
        if self.state is State.QUEUED:
            return "正在排队，轮到后马上开始。"
        if not self.of:
            return "正在准备写入。" if self.saves else "正在读取这张表。"
        if self.done < self.of:
            return f"已核对 {self.done} 行，共 {self.of} 行。"
        return f"{self.of} 行都已核对，正在一并写入。" if self.saves else f"{self.of} 行都已核对，正在整理结果。"


def is_long(waiting: Waiting) -> bool:
    return bool(waiting.get("rows", 0) >= LONG)


def planned(seat: Any, waiting: Waiting, heard: Heard = unheard) -> ImportPlan:
    """What the waiting workbook would do to the ledger as it stands now. Raises WorkbookError, Http404."""
    stored = StoredFile.objects.get(pk=waiting["file"])
    options = {"create_units": waiting["create_units"], "left_out": waiting.get("left_out", [])}
    reason = waiting.get("late_reason", "")
    with opened(stored, waiting["name"]) as file:
        return plan_import(ledger_for(waiting["ledger"]), file, seat, late_reason=reason, heard=heard, **options)


def marked_workbook(waiting: Waiting, plan: ImportPlan) -> bytes:
    """The waiting workbook with what is wrong in it commented at its cells; of a long one the worker made it."""
    number = waiting.get("planning", "")
    kept: bytes | None = caches["imports"].get(_marked(number)) if number else None
    return kept or _marked_now(waiting, plan)


def _marked_now(waiting: Waiting, plan: ImportPlan) -> bytes:
    stream = BytesIO()
    with opened(StoredFile.objects.get(pk=waiting["file"]), waiting["name"]) as file:
        write_error_workbook(stream, file, plan)
    return stream.getvalue()


def saved(seat: Any, waiting: Waiting, part: ImportPlan, token: str, heard: Heard = unheard) -> ImportBatch:
    """Write it in one act. Raises Refused."""
    stored, name = StoredFile.objects.get(pk=waiting["file"]), waiting["name"]
    of = sum(part.counts[kind] for kind in (NEW, UPDATE))
    with door(seat, at=timezone.now(), token=token, reason=f"导入{name}") as writing:
        writing.heard = lambda done: heard(done, of)
        return import_into(writing, part, stored, name)


# -- beginning a run, and asking after it --------------------------------------------------------------


def begin_planning(seat: Any, waiting: Waiting) -> str:
    """The number of the run, to be kept with the waiting workbook."""
    return plan_workbook.enqueue(seat=_named(seat), waiting=dict(waiting)).id


def begin_saving(seat: Any, waiting: Waiting, said: Mapping[str, Any]) -> str:
    """`said`: what the person confirmed: `seen`, `take`, `ticked` and the form's `token`."""
    return save_workbook.enqueue(seat=_named(seat), waiting=dict(waiting), said=dict(said)).id


def run_of(waiting: Waiting, now: datetime) -> Run | None:
    """The run that was begun last; None where none was, or nobody knows of it any more."""
    number = waiting.get("saving") or waiting.get("planning") or ""
    try:
        result = default_task_backend.get_result(number)
    except TaskResultDoesNotExist:
        return None
    told = caches["imports"].get(_told(number)) or {"done": 0, "of": 0, "at": result.started_at}
    answer = (result.return_value or {}) if result.status == TaskResultStatus.SUCCESSFUL else {}
    state = _state(result, answer, now - told["at"] > SILENT if told["at"] else False)
    late = state is State.QUEUED and now - result.enqueued_at > QUEUED
    return Run("saving" in waiting, state, told["done"], told["of"], answer, late)


def _state(result: TaskResult, answer: Mapping[str, Any], silent: bool) -> State:
    if result.status == TaskResultStatus.READY:
        return State.QUEUED
    if result.status == TaskResultStatus.RUNNING:
        return State.BROKEN if silent else State.RUNNING
    if result.status == TaskResultStatus.FAILED:
        return State.BROKEN
    return State.REFUSED if "refused" in answer else State.DONE


def plan_of_run(waiting: Waiting) -> ImportPlan | None:
    """The plan that the run made, as things stood then; what is confirmed is compared with how they stand."""
    number = waiting.get("planning", "")
    made = caches["imports"].get(_made(number)) if number else None
    return kept_plan(number, lambda: made["plan"]) if made else None


def forget_run(waiting: Waiting) -> None:
    """The workbook is in, or read otherwise: what was kept of it is no longer needed."""
    numbers = [waiting[name] for name in ("planning", "saving") if name in waiting]
    for number in numbers:
        forget_plan(number)
    caches["imports"].delete_many([name(number) for name in (_told, _made, _marked) for number in numbers])


# -- what the worker does ------------------------------------------------------------------------------


@task(takes_context=True)
def plan_workbook(context: TaskContext, *, seat: list[Any], waiting: dict[str, Any]) -> dict[str, Any]:
    """Read it, keep the plan and what is wrong marked in the workbook; {} or {"refused": sentences}."""
    number, actor = context.task_result.id, _seated(seat)

    def run() -> dict[str, Any]:
        act = last_act(actor.county_id)
        plan = planned(actor, waiting, _hearing(number))
        if plan.errors or plan.warnings:
            caches["imports"].set(_marked(number), _marked_now(waiting, plan), KEPT_FOR)
        caches["imports"].set(_made(number), {"act": act, "plan": plan}, KEPT_FOR)
        return {}

    return _in_words(run)


@task(takes_context=True)
def save_workbook(
    context: TaskContext, *, seat: list[Any], waiting: dict[str, Any], said: dict[str, Any]
) -> dict[str, Any]:
    """Write what was confirmed, in one act; {"batch", "sentence"} or {"refused": sentences}."""
    heard, actor = _hearing(context.task_result.id), _seated(seat)

    def run() -> dict[str, Any]:
        part = chosen(_as_it_stands(actor, waiting), said["seen"], said["take"], said["ticked"])
        batch = saved(actor, waiting, part, said["token"], heard)
        return {"batch": batch.code, "sentence": counted(part)}

    return _in_words(run)


def _as_it_stands(actor: Any, waiting: Waiting) -> ImportPlan:
    made = caches["imports"].get(_made(waiting.get("planning", "")))
    if made and made["act"] == last_act(actor.county_id):
        plan: ImportPlan = made["plan"]
        return plan
    return planned(actor, waiting)


def _in_words(run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a person can mend comes back as sentences; anything else fails the task and stands in the log."""
    try:
        return run()
    except ValidationError as error:
        return {"refused": error.messages}
    except (WorkbookError, Http404) as error:
        return {"refused": [str(error)]}


def _hearing(number: str) -> Heard:
    def heard(done: int, of: int) -> None:
        caches["imports"].set(_told(number), {"done": min(done, of), "of": of, "at": timezone.now()}, KEPT_FOR)

    return heard


def _named(seat: Any) -> list[Any]:
    """A seat as a task can be told of it: its kind, which floor 0 does not know, and its key."""
    return [seat._meta.label_lower, seat.pk]


def _seated(named: list[Any]) -> Any:
    model, key = named
    return apps.get_model(model).objects.get(pk=key)


def _told(number: str) -> str:
    return f"told-{number}"


def _marked(number: str) -> str:
    return f"marked-{number}"


def _made(number: str) -> str:
    return f"made-{number}"

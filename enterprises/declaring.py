"""申报: the usual windows of a year, and which papers a declaration needs and which of them are there."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from core.models import Evidence
from core.write import Door, Refused
from enterprises.models import (
    LIBRARY_STEPS,
    Declaration,
    DeclarationMaterial,
    DeclarationWindow,
)

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
LEDGER = "declarations"
OTHER = "其他材料"


@dataclass(frozen=True)
class Paper:
    """One paper of the checklist; an empty `groups` or `routes` asks it of all."""

    name: str
    groups: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()
    note: str = ""

    def asked_of(self, group: str, route: str) -> bool:
        """What an enterprise has not told of itself is not asked yet."""
        return (not self.groups or group in self.groups) and (not self.routes or route in self.routes)


@dataclass(frozen=True)
class Listed:
    """One line of a declaration's checklist."""

    paper: Paper
    present: bool


@cache
def shipped_papers() -> tuple[Paper, ...]:
    """The checklist that comes with the product."""
    return tuple(
        Paper(row["name"], frozenset(row.get("groups", ())), frozenset(row.get("routes", ())), row.get("note", ""))
        for row in _shipped("declaration-materials")
    )


def _shipped(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))


def papers_of(county_id: int) -> tuple[Paper, ...]:
    """The county's own checklist; the shipped one where it keeps none."""
    rows = DeclarationMaterial.objects.current().in_county(county_id).order_by("position", "code")
    own = tuple(Paper(row.name, _one(row.scale_group), _one(row.route), row.note) for row in rows)
    return own or shipped_papers()


def _one(value: str) -> frozenset[str]:
    return frozenset({value}) if value else frozenset()


def checklists(declarations: Sequence[Declaration]) -> dict[int, list[Listed]]:
    """{pk: its checklist} of declarations of one county, in a fixed number of queries.

    A paper is there if it hangs on any step of the same enterprise since it last entered or left the library.
    """
    if not declarations:
        return {}
    county_id = declarations[0].county_id
    papers, present = papers_of(county_id), _papers_present(county_id, declarations)
    return {row.pk: _listed(papers, row, present[row.pk]) for row in declarations}


def _listed(papers: Iterable[Paper], row: Declaration, present: set[str]) -> list[Listed]:
    asked = {paper.name: paper for paper in papers if paper.asked_of(row.enterprise.scale_group, row.route)}
    return [Listed(paper, paper.name in present) for paper in asked.values()]


def _papers_present(county_id: int, declarations: Sequence[Declaration]) -> dict[int, set[str]]:
    steps = Declaration.objects.current().filter(enterprise__in={row.enterprise_id for row in declarations})
    known = list(steps.order_by("happened_on", "pk").values_list("pk", "enterprise", "step", "happened_on"))
    slots: dict[int, set[str]] = {}
    papers = Evidence.objects.current().filter(county_id=county_id, ledger=LEDGER)
    for pk, slot in papers.filter(record_id__in=[line[0] for line in known]).values_list("record_id", "slot"):
        slots.setdefault(pk, set()).add(slot)
    return {row.pk: _of_attempt(row, known, slots) for row in declarations}


def _of_attempt(
    row: Declaration, known: Sequence[tuple[int, int, str, date]], slots: Mapping[int, set[str]]
) -> set[str]:
    """What hangs on the steps between the entry or exit before this row and the one after it."""
    own = [line for line in known if line[1] == row.enterprise_id]
    turns = [day for pk, _, step, day in own if step in LIBRARY_STEPS and pk != row.pk]
    since = max((day for day in turns if day <= row.happened_on), default=date.min)
    until = min((day for day in turns if day > row.happened_on), default=date.max)
    steps = [pk for pk, _, step, day in own if step not in LIBRARY_STEPS and since <= day <= until]
    return set().union(*(slots.get(pk, set()) for pk in (row.pk, *steps)))


def slots_of(county_id: int, confirmed: Iterable[str]) -> tuple[str, ...]:
    """The kinds of papers that a declaration may be given."""
    return tuple(dict.fromkeys((*confirmed, *(paper.name for paper in papers_of(county_id)), OTHER)))


def add_usual_windows(writing: Door, *, year: int) -> list[DeclarationWindow]:
    """The windows of that year as they usually lie, for the county to correct by the year's notice.

    Raises Refused where the county has windows of that year already.
    """
    if DeclarationWindow.objects.current().in_county(writing.actor.county_id).filter(first_day__year=year).exists():
        raise Refused({"year": f"{year}年已经登记了申报窗口，请逐条修改。"})
    return writing.add_many([_window(year, row) for row in _shipped("declaration-windows")["windows"]])


def _window(year: int, row: Mapping[str, Any]) -> DeclarationWindow:
    takes = {f"takes_{what}": True for what in row["takes"]}
    return DeclarationWindow(
        name=f"{year}年{row['name']}",
        door=row["door"],
        first_day=date.fromisoformat(f"{year}-{row['first']}"),
        last_day=date.fromisoformat(f"{year}-{row['last']}"),
        scale_group=row.get("group", ""),
        **takes,
    )


def add_shipped_papers(writing: Door) -> list[DeclarationMaterial]:
    """The shipped checklist as the county's own rows. Raises Refused where it keeps a checklist already."""
    if DeclarationMaterial.objects.current().in_county(writing.actor.county_id).exists():
        raise Refused("本县已经有申报材料清单，请逐条修改。")
    rows = [
        DeclarationMaterial(name=paper.name, scale_group=group, route=route, note=paper.note, position=place)
        for place, paper in enumerate(shipped_papers(), 1)
        for group in sorted(paper.groups) or [""]
        for route in sorted(paper.routes) or [""]
    ]
    return writing.add_many(rows)

"""What can be published, as a table: how each kind is computed, frozen, read back, corrected, filed and proved.

The content of a publication is a `Draft` or a `MonthStatistics`; both say their `kind`, `scheme`, `period`,
`participants` and `broken` metrics. Another kind is another line here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, BinaryIO

from core.spreadsheet.official_form import FormSheet
from core.write import Door
from reporting.briefing.content import Issue, briefing
from reporting.briefing.month import month_briefing
from reporting.briefing.tree import Briefing
from reporting.models import Publication
from reporting.models.publications import PublicationKind
from reporting.monthly.freezing import (
    broken_statistics,
    changed_statistics,
    decided_statistics,
    published_statistics,
    stand_of,
    statistics_parts,
    thaw_statistics,
)
from reporting.monthly.statistics import MonthStatistics, month_statistics
from reporting.official_forms import month_form, ranking_form, write_month
from reporting.publishing.changes import changed_figures, moved
from reporting.publishing.freezing import frozen_parts
from reporting.publishing.recomputing import broken_ranking
from reporting.publishing.scores import broken_scores, ranked_once, scores_fit, write_scores
from reporting.publishing.thawing import published_draft, thaw
from reporting.ranking import Draft, draft_ranking
from reporting.ranking_workbook import write_ranking_workbook
from reporting.scoring.results import UnitResult, shown_total
from reporting.scoring.selection import SAID
from reporting.selecting.publishing import applications_answered, everybody_decided, selection_parts
from townships.models import Unit

Content = Draft | MonthStatistics
Stand = tuple[str, int | None]
"""What a unit confirms: its total and rank; of statistics, which have neither, a text that its figures give."""


@dataclass(frozen=True)
class DocumentKind:
    """`form` puts the content on the office's printed form, given the `county` and `made_on`.

    `decided` is what a meeting decides on, by the units' names; of a ranking in words. `moves` tells what a correction
    did to the results, beside its `changes` of figures; `tell` makes its 通报.

    `check_opened` (with today) and `check_frozen` raise Refused where the content is not ready for 核对 or for 发布;
    `write_down` writes what publishing leaves in tables beside the frozen parts, `broken_rows` names what of it no
    longer fits them.
    """

    table: str
    live: Callable[[Publication], Any]
    parts: Callable[[Any], Iterable[tuple[str, Any]]]
    published: Callable[[Publication], Any]
    thaw: Callable[[str, Mapping[str, str]], Any]
    stand: Callable[[Any, Unit], Stand]
    decided: Callable[[Any], dict[str, str]]
    changes: Callable[[Any, Any], Iterable[str]]
    moves: Callable[[Any, Any], Iterable[str]]
    write: Callable[[BinaryIO, Any, list[str], datetime], None]
    form: Callable[..., FormSheet]
    broken: Callable[[Any, Mapping[str, str]], Iterator[str]]
    tell: Callable[[Any, Issue], Briefing] | None
    check_opened: Callable[[Any, date], None]
    check_frozen: Callable[[Any], None]
    write_down: Callable[[Door, Publication, Any], None]
    broken_rows: Callable[[Publication, Any], Iterator[str]]


def _ranked(draft: Draft, unit: Unit) -> Stand:
    result = next(found for found in draft.results.units if found.unit == unit.name)
    return shown_total(result.total, draft.rules.rounding) or "", result.rank


def _decided(draft: Draft) -> dict[str, str]:
    """甲镇 → 总分86.20，第1，一等奖."""
    return {result.unit: _said(draft, result) for result in draft.results.units}


def _said(draft: Draft, result: UnitResult) -> str:
    total = shown_total(result.total, draft.rules.rounding)
    place = f"{'并列' if result.tied else ''}第{result.rank}" if result.rank else "不排名"
    chosen = SAID[result.outcome] if result.outcome else ""
    return "，".join(filter(None, [f"总分{total}" if total else "没有总分", place, result.award, chosen]))


def _write_ranking(stream: BinaryIO, draft: Draft, lines: list[str], made_at: datetime) -> None:
    title = f"{draft.title}{KINDS[draft.kind].table}{'（暂定）' if draft.provisional else ''}"
    said = {"title": title, "footnote_lines": lines, "made_at": made_at}
    write_ranking_workbook(stream, draft.rules, draft.inputs, draft.results, **said)


RANKED = DocumentKind(
    table="排名表",
    live=lambda row: draft_ranking(row.scheme, row.when),
    parts=frozen_parts,
    published=published_draft,
    thaw=thaw,
    stand=_ranked,
    decided=_decided,
    changes=changed_figures,
    moves=moved,
    write=_write_ranking,
    form=ranking_form,
    broken=broken_ranking,
    tell=briefing,
    check_opened=ranked_once,
    check_frozen=scores_fit,
    write_down=write_scores,
    broken_rows=broken_scores,
)
KINDS: dict[str, DocumentKind] = {
    PublicationKind.RANKING: RANKED,
    PublicationKind.STATISTICS: DocumentKind(
        table="月统计表",
        live=lambda row: month_statistics(row.county, row.when, row.scheme),
        parts=statistics_parts,
        published=published_statistics,
        thaw=thaw_statistics,
        stand=lambda found, unit: (stand_of(found, unit), None),
        decided=decided_statistics,
        changes=changed_statistics,
        moves=lambda before, after: (),
        write=write_month,
        form=month_form,
        broken=broken_statistics,
        tell=month_briefing,
        check_opened=lambda found, today: None,
        check_frozen=lambda found: None,
        write_down=lambda writing, row, found: None,
        broken_rows=lambda row, found: iter(()),
    ),
    PublicationKind.SELECTION: replace(
        RANKED,
        table="遴选结果表",
        parts=selection_parts,
        tell=None,
        check_opened=applications_answered,
        check_frozen=everybody_decided,
        write_down=lambda writing, row, draft: None,
        broken_rows=lambda row, draft: iter(()),
    ),
}


def content_of(publication: Publication) -> Any:
    """What it says: frozen once it is published, computed today until then."""
    kind = KINDS[publication.kind]
    return kind.published(publication) if publication.is_published else kind.live(publication)


def stand_in(content: Content, unit: Unit) -> Stand | None:
    """What this unit would confirm; None where it takes no part."""
    if unit.code not in {participant.unit.code for participant in content.participants}:
        return None
    return KINDS[content.kind].stand(content, unit)


def correction_of(before: Content, after: Content, why: str) -> dict[str, Any]:
    """{"why", "figures": [sentence, …], "results": [sentence, …]}"""
    kind = KINDS[after.kind]
    return {"why": why, "figures": list(kind.changes(before, after)), "results": list(kind.moves(before, after))}

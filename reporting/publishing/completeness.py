"""Whether a publication, or a row of one, was taken out. The chain shows a gap before its last link, never its end.

The log tells of every row that was written, with the publication's sum; numbers are given out without gaps; seals show
whether the log is whole. Not shown: rows, log, seals and counters set back together to what they were once.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from django.db.models import QuerySet

from core.audit import broken_seals
from core.models import AuditEntry, Counter, Seal
from reporting.models import Answer, Dispute, FrozenPart, Objection, Publication, PublishedScore
from townships.models import CountyRecord

KEPT: tuple[type[CountyRecord], ...] = (Publication, FrozenPart, PublishedScore, Answer, Dispute, Objection)
NAMED = {model._meta.label_lower: model for model in KEPT}


class Told(NamedTuple):
    """What the log says last of a row."""

    label: str
    action: str
    publication_id: int


class Completeness:
    def __init__(self, county_id: int):
        self.county_id = county_id

    def sentences(self) -> Iterator[str]:
        """One for everything that is missing; nothing where all is there."""
        for stamp in broken_seals(self.county_id):
            yield f"操作日志第{stamp.first_id}至{stamp.last_id}条与封条不符，不足以证明发布是否齐全。"
        yield from self._lost_seals()
        yield from self._lost_rows()
        yield from self._other_sums()
        for model in KEPT:
            yield from self._gaps(model)

    @cached_property
    def _publications(self) -> dict[int, Publication]:
        rows = Publication.objects.in_county(self.county_id).order_by("pk")
        return {row.pk: row for row in rows.select_related("scheme")}

    @cached_property
    def _held(self) -> dict[type[CountyRecord], set[str]]:
        """The codes that are there."""
        rows = {model: model._default_manager.filter(county=self.county_id) for model in KEPT}
        return {model: set(found.values_list("code", flat=True)) for model, found in rows.items()}

    def _log(self) -> QuerySet[AuditEntry]:
        rows = AuditEntry.objects.filter(county_id=self.county_id, subject_model=Publication._meta.label_lower)
        return rows.filter(model__in=NAMED).order_by("pk")

    def _lost_seals(self) -> Iterator[str]:
        seals = set(Seal.objects.filter(county_id=self.county_id).values_list("sha256", flat=True))
        lost = [row for row in self._publications.values() if row.seal and row.seal not in seals]
        yield from (f"{row}：发布时的日志封条不在了。" for row in lost)

    def _lost_rows(self) -> Iterator[str]:
        told = self._log().values_list("model", "record_code", "record_label", "action", "subject_id")
        last = {(model, code): Told(*said) for model, code, *said in told}
        for (model, code), row in last.items():
            if code in self._held[NAMED[model]]:
                continue
            if NAMED[model] is Publication:
                yield f"{row.label}（{code}）：日志记有{row.action}，现在查不到了。"
            elif publication := self._publications.get(row.publication_id):
                yield f"{publication}：日志记有的“{row.label}”（{code}）不在了。"

    def _other_sums(self) -> Iterator[str]:
        """A publication that was written anew with all its sums."""
        told = self._log().filter(model=Publication._meta.label_lower).values_list("record_id", "changes")
        for key, changes in told:
            logged = next((after for name, _, _, after in changes if name == "sha256"), None)
            row = self._publications.get(key)
            if row and logged and logged != row.sha256:
                yield f"{row}：校验码与日志所记的不同。"

    def _gaps(self, model: type[CountyRecord]) -> Iterator[str]:
        for counter in Counter.objects.filter(county_id=self.county_id, kind=model.code_prefix).order_by("year"):
            given = [f"{counter.kind}{counter.year}-{number:05d}" for number in range(1, counter.last + 1)]
            if lost := [code for code in given if code not in self._held[model]]:
                more = f"等{len(lost)}条" if len(lost) > 1 else ""
                yield f"{model._meta.verbose_name}的编号不连续，少了{lost[0]}{more}。"

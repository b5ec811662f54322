"""What every business row is: coded, versioned, never deleted; and, where it applies, dated and verified."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.dates import DateSpan
from core.fields import MoneyField, money_range
from core.periods import month_label, month_of

CODE_TAKEN = "这个编号已经用过，请再保存一次。"


def _paths(joined: dict, before: str = "") -> list[str]:
    """{"enterprise": {"township": {}}} → enterprise, enterprise__township."""
    return [
        path for name, further in joined.items() for path in (f"{before}{name}", *_paths(further, f"{before}{name}__"))
    ]


def _key_at(record: "Record", path: str) -> int | None:
    """The key of what stands at the end of `allocation__unit_id`; None where the way breaks off."""
    *relations, last = path.split("__")
    for name in relations:
        record = record and getattr(record, name)
    return record and getattr(record, last)


class RecordQuerySet(models.QuerySet):
    def current(self):
        return self.filter(voided_at=None)

    def in_county(self, county_id):
        return self.filter(county_id=county_id)

    def visible_to(self, seat):
        """The one place where row scope is applied; the seat says which rows it sees."""
        return seat.visible(self)

    def sharing_relations(self):
        """What many rows point to is loaded once for all of them, and not with each."""
        joined = self.query.select_related
        return self.select_related(None).prefetch_related(*_paths(joined)) if isinstance(joined, dict) else self


class Record(models.Model):
    """A business row. Concrete models add `county_id`; only the door (`core.write`) sets what stands here."""

    code_prefix: ClassVar[str] = ""
    closes_with: ClassVar[str] = ""
    """Key of the ledger whose monthly closing locks this row; empty where months do not lock it."""
    closed_says: ClassVar[str] = "不能再改。确需补记的，请新增一条并填写补录说明，它将计入尚未关账的月份。"
    """What a person hears who would write into a closed month."""
    judged_under: ClassVar[str] = "verify"
    """The act by which somebody else judges a row of this kind, and adds papers to it."""
    quiet_fields: ClassVar[frozenset[str]] = frozenset()
    """Fields that history need not tell because another one tells the same."""

    withheld_fields: ClassVar[Mapping[str, str]] = {}
    """Fields that not everybody who sees the row reads → what kind of thing they tell (`core.withheld`)."""
    own_to: ClassVar[tuple[str, ...]] = ()
    """Paths to the keys of the units whose own the row is: they read in it what is withheld from others."""
    loose_fields: ClassVar[frozenset[str]] = frozenset()
    """Relations to rows that may be 作废 while this one stands: they say what became of it, not what it is part of."""

    code = models.CharField("编号", max_length=32, editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="录入人"
    )
    entered_as = models.CharField("录入身份", max_length=100, editable=False, default="")
    entered_at = models.DateTimeField("录入时间", editable=False)
    batch = models.ForeignKey("core.ImportBatch", models.PROTECT, null=True, editable=False, related_name="+")
    voided_at = models.DateTimeField("作废时间", null=True, editable=False)
    void_reason = models.CharField("作废原因", max_length=200, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def history_subject(self) -> "Record":
        """The row on whose page this row's changes are told; children name their parent."""
        return self

    @classmethod
    def own_rows(cls, units: Iterable[int]) -> Q:
        """Which rows are these units' own, for the database; `is_own` says it of one row."""
        keys, found = list(units), Q(pk__in=[])
        for path in cls.own_to:
            found |= Q(**{f"{path}__in": keys})
        return found

    def is_own(self, units: Iterable[int]) -> bool:
        return not {_key_at(self, path) for path in self.own_to}.isdisjoint(units)

    @classmethod
    def locked_with(cls, records: Iterable["Record"], fields: set[str]) -> Iterable["Record"]:
        """The rows whose months must be open for a write to these fields of `records`: they themselves, unless
        other rows are read through them."""
        return records

    def months_locked_for(self, fields: set[str]) -> set[date]:
        """First days of the months that must be open for a write to these fields."""
        return set()

    def reopened_for(self) -> set[int]:
        """Units of which a 关账例外 opens this row's months; empty where only an exception for the row itself does."""
        return set()

    @classmethod
    def why_not_reopened(cls, unit: Any) -> str:
        """Why a 关账例外 for that unit would open no row of this kind; empty where it may."""
        return ""

    def content_changed(self, user_id: int | None, fields: set[str]) -> None:
        """Hook of the door, before a row is written with other content than it had."""


class Dated(models.Model):
    """发生日期: when it happened, as precisely as it is known. Distinct from 录入 and 认定."""

    happened_on = models.DateField("发生日期")
    happened_until = models.DateField("发生日期（止）", editable=False)
    happened_precision = models.CharField(max_length=8, editable=False, default="day")
    late_reason = models.CharField("补录说明", max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(happened_until__gte=F("happened_on")),
                name="%(app_label)s_%(class)s_span_in_order",
                violation_error_message="发生日期的止早于起，请核对。",
            ),
        ]

    @property
    def happened(self) -> DateSpan:
        return DateSpan(self.happened_on, self.happened_until, self.happened_precision)

    @happened.setter
    def happened(self, span: DateSpan) -> None:
        self.happened_on, self.happened_until, self.happened_precision = span.first, span.last, span.precision


class Verdict(models.TextChoices):
    PENDING = "pending", "待认定"
    ACCEPTED = "accepted", "已认定"
    RETURNED = "returned", "退回"
    REFUSED = "refused", "不予认定"


STILL_STANDS = ~Q(verdict__in=[Verdict.RETURNED, Verdict.REFUSED])
"""Rows that count or may come to count: only these keep another row from saying the same."""

VERDICT_FIELDS = frozenset(
    [
        "verdict",
        "verified_by",
        "verified_as",
        "verified_on",
        "verdict_note",
        "verified_amount",
        "counted_from",
        "counted_until",
        "opening",
    ]
)


class Verifiable(models.Model):
    """填报与认定: what was claimed, and what somebody else accepted, when and on which ground.

    `counted_from`–`counted_until` is the span in which the row counts (归属): the span of 发生 while its
    last month was open at verification, else the earliest open month (补计). See docs/adr/0003.
    """

    verdict = models.CharField("认定状态", max_length=10, choices=Verdict, default=Verdict.PENDING, editable=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="填报人"
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="认定人"
    )
    verified_as = models.CharField("认定身份", max_length=100, blank=True, editable=False)
    verified_on = models.DateField("认定日期", null=True, editable=False)
    verdict_note = models.CharField("认定意见", max_length=200, blank=True, editable=False)
    counted_from = models.DateField("归属期起", null=True, editable=False)
    counted_until = models.DateField("归属期止", null=True, editable=False)
    opening = models.BooleanField("历史数据", default=False, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verified_by=None)
                | (~Q(verified_by=F("entered_by")) & (Q(claimed_by=None) | ~Q(verified_by=F("claimed_by")))),
                name="%(app_label)s_%(class)s_second_person",
                violation_error_message="认定人不能是填报人本人，请由另一位同事认定。",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.ACCEPTED, counted_from__isnull=False, verified_on__isnull=False)
                | (~Q(verdict=Verdict.ACCEPTED) & Q(counted_from=None)),
                name="%(app_label)s_%(class)s_counted_if_accepted",
                violation_error_message="已认定的记录要有认定日期和归属期。",
            ),
        ]

    def months_locked_for(self, fields: set[str]) -> set[date]:
        counted = {month_of(self.counted_until)} if self.counted_until else set()
        if fields <= VERDICT_FIELDS or self.late_reason:
            return counted
        return counted | {month_of(self.happened_until)}

    def content_changed(self, user_id: int | None, fields: set[str]) -> None:
        """What was accepted is no longer what stands there: it waits for verification again."""
        self.claimed_by_id = user_id
        self.verdict = Verdict.PENDING
        self.verified_by_id = self.verified_on = self.counted_from = self.counted_until = None
        self.verified_as = self.verdict_note = ""
        self.opening = False
        if hasattr(self, "verified_amount"):
            self.verified_amount = None

    @classmethod
    def missing_papers(cls, rows: list) -> dict[int, list[str]]:
        """{pk: kinds of evidence still missing} of these rows; an acceptance without them needs a note."""
        return {}

    @property
    def counted_label(self) -> str:
        return month_label(self.counted_until) if self.counted_until else "—"


class DatedRecord(Verifiable, Dated, Record):
    """A row that says: this happened then, somebody claimed it, somebody else verified it."""

    quiet_fields: ClassVar[frozenset[str]] = VERDICT_FIELDS - {"verdict", "verdict_note", "verified_amount"} | {
        "happened_until",
        "happened_precision",
        "claimed_by",
    }

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar = [*Dated.Meta.constraints, *Verifiable.Meta.constraints]


class VerifiedAmount(models.Model):
    """An amount as claimed and as accepted, both 万元."""

    verified_amount = MoneyField("认定金额", null=True, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar = [money_range("verified_amount")]

"""发布: a period's results as they were checked, approved and frozen; what units answered meanwhile."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.fields import MoneyField, QuantityField, money_range
from core.models import StoredFile
from core.periods import Period
from reporting.models.metrics import Metric
from reporting.models.schemes import PeriodKind, Scheme
from townships.credits import TownshipQuerySet
from townships.models import CountyRecord, Unit, unique_code


class PublicationStage(models.TextChoices):
    """A draft has no row yet: it is computed live until the county opens its checking period."""

    CHECKING = "checking", "核对中"
    APPROVED = "approved", "已审定"
    PUBLISHED = "published", "已发布"


class PublicationKind(models.TextChoices):
    """What a publication holds; reporting.publishing.kinds says how each is frozen and read back."""

    RANKING = "ranking", "排名"
    STATISTICS = "statistics", "月统计"
    SELECTION = "selection", "遴选"


SUBJECTS: dict[str, str] = {
    PublicationKind.RANKING: "乡镇擂台",
    PublicationKind.STATISTICS: "统计",
    PublicationKind.SELECTION: "乡镇遴选",
}
"""What stands after the period in a title."""


class Publication(CountyRecord):
    """第N版 of a period's ranking or of a month's statistics. Once published nothing of it changes;
    corrections make the next version.

    `sha256` is taken over the manifest (reporting.publishing.chain) and `previous`, the publication before it in
    this county; `position` counts them. `seal` is the audit log's last seal at that moment. `provisional`: 暂定, for a
    year some of whose figures are final only later; a 正式 version follows. `approved_stands`: {unit: its result} as
    it lay before the meeting.
    """

    code_prefix = "FB"
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"position", "engine", "previous", "seal", "approved_stands"})
    spoken_fields: ClassVar = {"period": lambda code: Period.parse(code).label}

    kind = models.CharField("内容", max_length=10, choices=PublicationKind, default=PublicationKind.RANKING)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="publications", verbose_name="考核方案")
    period = models.CharField("期间", max_length=7)
    version = models.PositiveSmallIntegerField("版次", default=1)
    stage = models.CharField("进度", max_length=10, choices=PublicationStage, default=PublicationStage.CHECKING)
    answer_by = models.DateField("核对截止日期")
    correction = models.CharField("更正说明", max_length=500, blank=True)
    provisional = models.BooleanField("暂定", default=False)

    meeting = models.CharField("审定会议", max_length=100, blank=True)
    approved_on = models.DateField("审定日期", null=True, blank=True)
    approved_stands = models.JSONField("审定时的结果", default=dict, blank=True, editable=False)
    since_approval = models.CharField("审定后变动的原因", max_length=500, blank=True)
    signed_page = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签批页"
    )
    announced_from = models.DateField("公示起", null=True, blank=True)
    announced_until = models.DateField("公示止", null=True, blank=True)
    contact = models.CharField("公示联系人和电话", max_length=100, blank=True)

    position = models.PositiveIntegerField("发布顺序", null=True, editable=False)
    published_at = models.DateTimeField("发布时间", null=True, editable=False)
    published_as = models.CharField("发布人", max_length=100, blank=True, editable=False)
    engine = models.PositiveSmallIntegerField("计算办法版本", null=True, editable=False)
    workbook = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="排名表"
    )
    seal = models.CharField("日志封条", max_length=64, blank=True, editable=False)
    sha256 = models.CharField("校验码", max_length=64, blank=True, editable=False)
    previous = models.CharField("上一发布的校验码", max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = "发布"
        constraints: ClassVar = unique_code(
            "publication",
            models.UniqueConstraint(
                fields=["county", "kind", "scheme", "period", "version"],
                condition=Q(voided_at=None),
                name="publication_version_once",
                violation_error_message="这个期间的这一版已经有了，请刷新后再看。",
            ),
            models.UniqueConstraint(
                fields=["county", "position"],
                name="publication_position_once",
                violation_error_message="同时有别的发布，请再发布一次。",
            ),
            models.CheckConstraint(
                condition=Q(stage="checking") | Q(approved_on__isnull=False) & ~Q(meeting=""),
                name="publication_approved",
                violation_error_message="审定要写明会议和日期。",
            ),
            models.CheckConstraint(
                condition=~Q(stage="published")
                | Q(position__isnull=False, published_at__isnull=False, engine__isnull=False) & ~Q(sha256=""),
                name="publication_frozen",
                violation_error_message="发布的内容没有冻结完整。",
            ),
            models.CheckConstraint(
                condition=Q(announced_until=None) | Q(announced_until__gte=F("announced_from")),
                name="publication_announced_in_order",
                violation_error_message="公示止要不早于公示起。",
            ),
            models.CheckConstraint(
                condition=Q(provisional=False)
                | ~Q(period__contains="Q") & ~Q(period__contains="H") & ~Q(period__contains="-"),
                name="publication_provisional_years",
                violation_error_message="只有年度的发布可以暂定。",
            ),
        )

    def __str__(self):
        name = self.scheme.name if self.has_ranks else "统计"
        return f"{self.when.label}{name}第{self.version}版{'（暂定）' if self.provisional else ''}"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    @property
    def is_ranking(self) -> bool:
        return self.kind == PublicationKind.RANKING

    @property
    def is_selection(self) -> bool:
        return self.kind == PublicationKind.SELECTION

    @property
    def has_ranks(self) -> bool:
        """Whether it is scored by a scheme: a period's ranking or a selection."""
        return self.kind != PublicationKind.STATISTICS

    @property
    def title(self) -> str:
        return f"{self.when.label}{SUBJECTS[self.kind]}"

    @property
    def when(self) -> Period:
        return Period.parse(self.period)

    @property
    def is_published(self) -> bool:
        return self.stage == PublicationStage.PUBLISHED

    @property
    def counted_until(self) -> date:
        """Up to which day its figures count: a period under way, up to the day on which it was frozen."""
        return self.when.counted_until(timezone.localdate(self.published_at))

    def takes_answers_on(self, day: date) -> bool:
        """Whoever has not answered by then counts as agreeing."""
        return self.stage == PublicationStage.CHECKING and day <= self.answer_by

    @property
    def finality(self) -> str:
        """What a result of it is called."""
        return "暂定" if self.provisional else "正式"

    @property
    def must_be_announced(self) -> bool:
        """公示 before publishing: whoever gives a year's awards or chooses pilots lets everybody object first."""
        awards = self.is_ranking and self.scheme.period == PeriodKind.YEAR and bool(self.scheme.rules.awards)
        return awards or self.is_selection


class FrozenPart(CountyRecord):
    """One named part of a publication: canonical JSON text and the SHA-256 of its UTF-8 bytes."""

    code_prefix = "DJ"
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"text"})

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="parts", verbose_name="发布")
    name = models.CharField("名称", max_length=60)
    text = models.TextField("内容")
    sha256 = models.CharField("校验码", max_length=64)

    class Meta:
        verbose_name = "冻结内容"
        constraints: ClassVar = unique_code(
            "frozen",
            models.UniqueConstraint(
                fields=["county", "publication", "name"],
                name="frozen_part_once",
                violation_error_message="这部分内容已经冻结。",
            ),
        )

    def __str__(self):
        return f"{self.publication}的{self.name}"

    @property
    def history_subject(self) -> Publication:
        return self.publication

    @classmethod
    def seen_by(cls, unit_id):
        return Q()


class Answer(CountyRecord):
    """确认: a unit has seen the draft and agrees; `total` and `rank` are what stood there then."""

    code_prefix = "QR"

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="answers", verbose_name="发布")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    total = models.CharField("确认时总分", max_length=30, blank=True)
    rank = models.PositiveSmallIntegerField("确认时名次", null=True, blank=True)

    class Meta:
        verbose_name = "确认"
        constraints: ClassVar = unique_code(
            "answer",
            models.UniqueConstraint(
                fields=["county", "publication", "unit"],
                condition=Q(voided_at=None),
                name="answer_once",
                violation_error_message="本单位已经确认过。",
            ),
        )

    def __str__(self):
        return f"{self.unit}确认{self.publication}"

    @property
    def history_subject(self) -> Publication:
        return self.publication

    @classmethod
    def seen_by(cls, unit_id):
        return Q(unit=unit_id)

    def edited_by(self):
        return {self.unit_id}


class DisputeOutcome(models.TextChoices):
    UPHELD = "upheld", "采纳"
    REJECTED = "rejected", "不采纳"


class Question(models.Model):
    """What somebody asks or objects and the county answers, once and with its reason; open until then."""

    outcome = models.CharField("答复结果", max_length=10, choices=DisputeOutcome, blank=True)
    reply = models.CharField("答复理由", max_length=500, blank=True)
    replied_on = models.DateField("答复日期", null=True, blank=True)
    replied_as = models.CharField("答复人", max_length=100, blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return not self.outcome


def replied_in_full(table: str) -> models.CheckConstraint:
    """An answer without its reason or its day is none."""
    return models.CheckConstraint(
        condition=Q(outcome="") | (~Q(reply="") & Q(replied_on__isnull=False)),
        name=f"{table}_replied_in_full",
        violation_error_message="答复要写明理由。",
    )


class Dispute(Question, CountyRecord):
    """复核申请: a unit questions one row of a figure, counted or not, or the figure itself (no row named).

    `unit` asks; `about` is the unit whose figure it is.
    """

    code_prefix = "FH"

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="disputes", verbose_name="发布")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="申请单位")
    about = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="涉及单位")
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+", verbose_name="指标")
    row_code = models.CharField("记录编号", max_length=32, blank=True)
    row_label = models.CharField("记录名称", max_length=200, blank=True)
    counted = models.BooleanField("申请时计入", default=False)
    claim = models.CharField("申请理由", max_length=300)

    class Meta:
        verbose_name = "复核申请"
        constraints: ClassVar = unique_code(
            "dispute",
            replied_in_full("dispute"),
        )

    def __str__(self):
        return f"{self.unit}对{self.about}{self.metric}的复核申请"

    @property
    def history_subject(self) -> Publication:
        return self.publication

    @classmethod
    def seen_by(cls, unit_id):
        return Q(unit=unit_id) | Q(about=unit_id)

    def edited_by(self):
        return {self.unit_id}


class Objection(Question, CountyRecord):
    """公示异议: what somebody raised while the result was announced, written down and answered by the county."""

    code_prefix = "YY"
    made_by = "publish"

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="objections", verbose_name="发布")
    raised_by = models.CharField("提出人", max_length=100)
    raised_on = models.DateField("提出日期")
    claim = models.CharField("异议内容", max_length=500)

    class Meta:
        verbose_name = "公示异议"
        constraints: ClassVar = unique_code(
            "objection",
            replied_in_full("objection"),
        )

    def __str__(self):
        return f"{self.raised_by}对{self.publication}的异议"

    @property
    def history_subject(self) -> Publication:
        return self.publication

    @classmethod
    def seen_by(cls, unit_id):
        return Q()


class ScoreQuerySet(TownshipQuerySet):
    amounts = ("total", "amount")
    township_path = "unit"

    def published_until(self, day: date | None) -> QuerySet:
        """Those of periods that had ended by that day."""
        return self.filter(last_day__lte=day) if day else self


class PublishedScore(CountyRecord):
    """成绩: a unit's place in a published ranking; what years, awards and later schemes read of it."""

    code_prefix = "CJ"
    made_by = "publish"

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="scores", verbose_name="发布")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    group = models.CharField("组别", max_length=40, blank=True)
    kind = models.CharField("周期", max_length=10, choices=PeriodKind)
    first_day = models.DateField("期间起")
    last_day = models.DateField("期间止")
    total = QuantityField("总分", null=True, blank=True)
    rank = models.PositiveSmallIntegerField("名次", null=True, blank=True)
    tied = models.BooleanField("并列", default=False)
    qualified = models.BooleanField("合格", null=True, blank=True)
    award = models.CharField("奖项", max_length=40, blank=True)
    amount = MoneyField("奖金", null=True, blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = "成绩"
        constraints: ClassVar = unique_code(
            "score",
            models.UniqueConstraint(
                fields=["county", "publication", "unit"],
                condition=Q(voided_at=None),
                name="score_once",
                violation_error_message="这个单位的成绩已经写入。",
            ),
            money_range("amount"),
        )

    def __str__(self):
        return f"{self.unit}{self.publication}"

    @property
    def history_subject(self) -> Publication:
        return self.publication

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    @property
    def period(self) -> Period:
        """The month, quarter, half-year or year that it is the result of."""
        return Period.containing(self.last_day, self.kind)

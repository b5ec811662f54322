"""Tables of the machinery itself. `county_id` is a plain number here: floor 0 keeps counties apart
without knowing what a county is."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from core.actors import Actor
from core.fields import MonthField, first_of_month
from core.periods import month_label
from core.records import CODE_TAKEN, Record, RecordQuerySet


class User(AbstractUser):
    """A person. What a person may do hangs on the seats, never on the account."""

    full_name = models.CharField("姓名", max_length=50)
    phone = models.CharField("电话", max_length=20, blank=True)

    def __str__(self):
        return self.full_name or self.username


class Gate(models.Model):
    """One row a county, locked by every write: so a closing never overtakes a write on its way in, and
    audit rows are committed in the order of their numbers."""

    county_id = models.BigIntegerField(unique=True)


class Counter(models.Model):
    """The last number given out; never goes back, so a code is never used twice."""

    county_id = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_id", "kind", "year"], name="core_counter_unique")
        ]


class Closing(models.Model):
    """关账: this ledger's month is closed; the door refuses writes into it."""

    county_id = models.BigIntegerField()
    ledger = models.CharField("台账", max_length=30)
    month = MonthField("月份")
    closed_at = models.DateTimeField("关账时间")
    closed_as = models.CharField("关账人", max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_id", "ledger", "month"],
                name="core_closing_unique",
                violation_error_message="这个月已经关账。",
            ),
            first_of_month("month"),
        ]


class Decision(models.TextChoices):
    """What became of a request for a 关账例外."""

    ASKED = "asked", "待批准"
    GRANTED = "granted", "已批准"
    REFUSED = "refused", "不同意"
    ENDED = "ended", "已收回"


class ExceptionState(models.TextChoices):
    """How such a request stands as of a day; its last day still belongs to it."""

    ASKED = "asked", "待批准"
    OPEN = "open", "开放中"
    OVER = "over", "已到期"
    REFUSED = "refused", "不同意"
    ENDED = "ended", "已收回"


class ClosingExceptionQuerySet(RecordQuerySet):
    def open_on(self, day: date) -> models.QuerySet:
        return self.current().filter(decision=Decision.GRANTED, until__gte=day)

    def with_state(self, day: date) -> models.QuerySet:
        """`state` as of that day: nothing has to run for an exception to end."""
        granted = models.Q(decision=Decision.GRANTED)
        return self.annotate(
            state=models.Case(
                models.When(granted & models.Q(until__gte=day), then=models.Value(ExceptionState.OPEN)),
                models.When(granted, then=models.Value(ExceptionState.OVER)),
                default=models.F("decision"),
                output_field=models.CharField(max_length=10),
            )
        )


class ClosingException(Record):
    """关账例外: one cell of a closed month, opened again for a reason and until a day. A cell is a unit's month in one
    ledger, or one row (`record_id`). `unit_name` and `record_name` say what it was called then.
    """

    code_prefix = "LW"
    own_to = ("unit_id",)
    made_by = "ask_exception"
    acts: ClassVar[frozenset[str]] = frozenset({"decide_exception"})
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"county_id", "unit_id", "record_id", "ledger", "decided_by"})

    county_id = models.BigIntegerField(editable=False)
    unit_id = models.BigIntegerField(null=True, editable=False)
    unit_name = models.CharField("单位", max_length=50, blank=True)
    ledger = models.CharField("台账", max_length=30)
    month = MonthField("月份")
    record_id = models.BigIntegerField(null=True, editable=False)
    record_name = models.CharField("记录", max_length=200, blank=True)
    reason = models.CharField("申请原因", max_length=200)
    wanted_until = models.DateField("申请开放至")
    decision = models.CharField("批准情况", max_length=10, choices=Decision, default=Decision.ASKED, editable=False)
    until = models.DateField("开放至", null=True, editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    decided_as = models.CharField("批准人", max_length=100, blank=True, editable=False)
    decided_on = models.DateField("批准日期", null=True, editable=False)
    note = models.CharField("批准意见", max_length=200, blank=True, editable=False)

    objects = ClosingExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = "关账例外"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_id", "code"], name="core_exception_code", violation_error_message=CODE_TAKEN
            ),
            models.UniqueConstraint(
                fields=["county_id", "ledger", "month", "unit_id"],
                condition=models.Q(voided_at=None, decision=Decision.ASKED, record_id=None),
                name="core_exception_unit_asked_once",
                violation_error_message="这个单位这个月已有一份申请在等批准，不用再申请。",
            ),
            models.UniqueConstraint(
                fields=["county_id", "ledger", "month", "record_id"],
                condition=models.Q(voided_at=None, decision=Decision.ASKED, record_id__isnull=False),
                name="core_exception_row_asked_once",
                violation_error_message="这条记录已有一份申请在等批准，不用再申请。",
            ),
            models.CheckConstraint(
                condition=models.Q(unit_id__isnull=False) | models.Q(record_id__isnull=False),
                name="core_exception_of_a_cell",
                violation_error_message="例外只开放一个单位或一条记录，请选定单位。",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("entered_by")),
                name="core_exception_second_person",
                violation_error_message="这份申请是您本人提出的，请由另一位同事批准。",
            ),
            models.CheckConstraint(
                condition=models.Q(decision__in=[Decision.ASKED, Decision.REFUSED], until=None)
                | models.Q(
                    decision__in=[Decision.GRANTED, Decision.ENDED],
                    until__isnull=False,
                    decided_on__isnull=False,
                    until__gte=models.F("decided_on"),
                ),
                name="core_exception_until_a_day",
                violation_error_message="批准的例外要写明开放到哪一天，且不早于批准当天。",
            ),
            first_of_month("month"),
        ]
        indexes: ClassVar = [models.Index(fields=["county_id", "until"], name="core_exception_open")]

    def __str__(self):
        return f"{self.record_name or self.unit_name}{month_label(self.month)}关账例外"

    @classmethod
    def seen_by(cls, unit_id):
        return models.Q(unit_id=unit_id)

    def opens(self, act: str, seat: Actor) -> bool:
        """Whoever closes months opens them again, as an exception."""
        return seat.may("close", Closing(county_id=self.county_id))


class FormToken(models.Model):
    """A form that was sent in; the same form sent twice finds its token used."""

    token = models.CharField(max_length=40, unique=True)
    county_id = models.BigIntegerField()
    used_at = models.DateTimeField()


class AuditEntry(models.Model):
    """Who did what to which row, written in the same transaction, never changed afterwards."""

    county_id = models.BigIntegerField()
    at = models.DateTimeField("时间")
    act = models.UUIDField("操作批号")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    actor = models.CharField("操作人", max_length=100)
    action = models.CharField("操作", max_length=20)
    model = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    record_code = models.CharField("编号", max_length=32, blank=True)
    record_label = models.CharField("名称", max_length=200)
    subject_model = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    changes = models.JSONField(default=list)
    reason = models.CharField("说明", max_length=300, blank=True)
    exception = models.CharField("关账例外", max_length=32, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["county_id", "exception"], name="core_audit_exception", condition=~models.Q(exception="")
            ),
            models.Index(fields=["county_id", "subject_model", "subject_id"], name="core_audit_subject"),
            models.Index(fields=["county_id", "at"], name="core_audit_time"),
            models.Index(fields=["county_id", "id"], name="core_audit_order"),
        ]


class Seal(models.Model):
    """The seal job's statement over a run of audit rows, chained to the seal before."""

    county_id = models.BigIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county_id", "first_id"], name="core_seal_unique"),
        ]


class StoredFile(models.Model):
    """A file by its content: stored under its SHA-256, before this row is written."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField()

    def __str__(self):
        return f"校验码{self.sha256[:16]}"


class ImportBatch(Record):
    """One workbook taken into one ledger; opening history is accepted batch by batch."""

    code_prefix = "DR"

    county_id = models.BigIntegerField(editable=False)
    unit_id = models.BigIntegerField(null=True, editable=False)
    ledger = models.CharField("台账", max_length=30)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    file_name = models.CharField("文件名", max_length=200)
    row_count = models.PositiveIntegerField("行数", default=0)
    summary = models.JSONField("导入结果", default=dict, blank=True)
    accepted_document = models.CharField("期初认定文件", max_length=100, blank=True)
    accepted_document_date = models.DateField("文件日期", null=True, blank=True)
    accepted_on = models.DateField("期初认定日期", null=True, blank=True)
    accepted_as = models.CharField("期初认定人", max_length=100, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "导入批次"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_id", "code"], name="core_batch_code", violation_error_message=CODE_TAKEN
            ),
        ]

    def __str__(self):
        return f"{self.file_name}（{self.code}）"

    @classmethod
    def seen_by(cls, unit_id):
        return models.Q(unit_id=unit_id)


class Overwritten(models.Model):
    """What an import overwrote in one row, kept so that its batch can be taken back; `values` by attribute name."""

    county_id = models.BigIntegerField()
    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="overwritten")
    model = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    values = models.JSONField(encoder=DjangoJSONEncoder)


class ImportLayout(models.Model):
    """What a person said about a table's header, applied to every later table with the same header. `says` tells it
    in words.

    `columns`: header path → name of the ledger's column, "" for one that is not imported; `units`: header path →
    money unit.
    """

    quiet_fields: ClassVar = frozenset(["columns", "units", "fingerprint", "told_as", "told_at", "county_id", "ledger"])

    county_id = models.BigIntegerField()
    ledger = models.CharField("台账", max_length=30)
    fingerprint = models.CharField(max_length=64)
    columns = models.JSONField("各列的读法", default=dict, blank=True)
    units = models.JSONField("各列的单位", default=dict, blank=True)
    says = models.TextField("表头读法")
    told_as = models.CharField("指定人", max_length=100)
    told_at = models.DateTimeField("指定时间")

    class Meta:
        verbose_name = "表头读法"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_id", "ledger", "fingerprint"],
                name="core_layout_unique",
                violation_error_message="这种表头的读法刚由别人指定过，请刷新后核对。",
            ),
        ]

    def __str__(self):
        return self.says


class Evidence(Record):
    """A file that proves something about a row of any ledger; served only to who may see that row."""

    code_prefix = "FJ"

    county_id = models.BigIntegerField(editable=False)
    unit_id = models.BigIntegerField(null=True, editable=False)
    ledger = models.CharField("台账", max_length=30)
    record_id = models.BigIntegerField()
    slot = models.CharField("材料", max_length=60)
    name = models.CharField("文件名", max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "佐证材料"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_id", "code"], name="core_evidence_code", violation_error_message=CODE_TAKEN
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["county_id", "ledger", "record_id"], name="core_evidence_target")]

    def __str__(self):
        return self.name


class SavedViewQuerySet(RecordQuerySet):
    def visible_to(self, seat):
        """One's own, and what the county office shares with everybody."""
        return super().visible_to(seat).filter(models.Q(shared=True) | models.Q(owner=seat.user_id))

    def with_opening(self, seat):
        """`opens`: whether this person's list begins with it."""
        begins = OpeningView.objects.filter(view=models.OuterRef("pk"), county_id=seat.county_id, user=seat.user_id)
        return self.annotate(opens=models.Exists(begins))


class SavedView(Record):
    """视图: filters, columns and order of a list under a name, its owner's alone or shared within the county."""

    code_prefix = "ST"

    county_id = models.BigIntegerField(editable=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="保存人")
    ledger = models.CharField("台账", max_length=30)
    name = models.CharField("视图名称", max_length=30)
    query = models.CharField("筛选条件", max_length=4000, blank=True)
    shared = models.BooleanField("共享", default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "视图"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_id", "code"], name="core_view_code", violation_error_message=CODE_TAKEN
            ),
            models.UniqueConstraint(
                fields=["county_id", "owner", "ledger", "name"],
                condition=models.Q(voided_at=None),
                name="core_view_named_once",
                violation_error_message="这本台账已有同名视图，请换一个名称。",
            ),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def seen_by(cls, unit_id):
        """Whose it is, its rows say themselves: people keep views, units don't."""
        return models.Q()


class FormWording(Record):
    """表样用语: how a county words one of its printed forms; what is left blank stays as it is shipped."""

    code_prefix = "BY"

    county_id = models.BigIntegerField(editable=False)
    form = models.CharField("表样", max_length=30, editable=False)
    title = models.CharField("标题", max_length=100, blank=True)
    footer_lines = models.TextField("表下说明", max_length=1000, blank=True)
    signatures = models.TextField("签名", max_length=300, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "表样用语"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_id", "code"], name="core_form_wording_code", violation_error_message=CODE_TAKEN
            ),
            models.UniqueConstraint(
                fields=["county_id", "form"],
                condition=models.Q(voided_at=None),
                name="core_form_worded_once",
                violation_error_message="这张表样的用语刚由别人设定过，请刷新后再改。",
            ),
        ]

    def __str__(self):
        return self.title or self.form

    @classmethod
    def seen_by(cls, unit_id):
        """A unit prints the county's forms."""
        return models.Q()


class OpeningView(models.Model):
    """The view with which one person's list of a ledger begins, where the address asks for nothing itself."""

    county_id = models.BigIntegerField()
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    ledger = models.CharField(max_length=30)
    view = models.ForeignKey(SavedView, models.PROTECT, related_name="+", verbose_name="视图")

    class Meta:
        verbose_name = "默认视图"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county_id", "user", "ledger"],
                name="core_opening_view_once",
                violation_error_message="这本台账已有默认视图，请再试一次。",
            )
        ]

    def __str__(self):
        return self.view.name

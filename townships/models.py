"""Counties, the units that are assessed, and the seats under which people read and write."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from core.records import CODE_TAKEN, Record, RecordQuerySet


class County(models.Model):
    """A county: the border no query crosses."""

    code = models.CharField("区划代码", max_length=6, unique=True)
    name = models.CharField("县名", max_length=50)
    demo = models.BooleanField("演示", default=False)
    due_soon_days = models.PositiveSmallIntegerField("临期提醒天数", default=7, validators=[MaxValueValidator(90)])

    class Meta:
        verbose_name = "县"

    def __str__(self):
        return self.name


class CountyRecord(Record):
    """A business row of one county."""

    county = models.ForeignKey(County, models.PROTECT, editable=False, related_name="+", verbose_name="县")

    shared: ClassVar[bool] = False
    """Whether the row belongs to no unit (an investor, a voucher): then whoever enters records may add one."""
    made_by: ClassVar[str] = ""
    """The one act by which rows of this kind come, change and go; empty where people enter them."""
    acts: ClassVar[frozenset[str]] = frozenset()
    """Acts of which the row itself says to whom they are open, by its stage."""

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, unit_id: int) -> Q:
        """Which rows a unit's own people see. Nothing unless a model says so."""
        return Q(pk__in=[])

    @classmethod
    def mended_by(cls, unit_id: int) -> Q:
        """Which of the rows that came back a unit has to mend: all that it sees, unless a model says otherwise."""
        return Q()

    @classmethod
    def seen_from(cls, seat: "Seat") -> Q:
        """Which rows a seat in a unit sees: its unit's, unless a model tells the unit's people apart."""
        return cls.seen_by(seat.unit_id)

    def named_seats(self) -> set[int]:
        """Seats that a row names as the ones to write it, whatever their duties (评分)."""
        return set()

    def opens(self, act: str, seat: "Seat") -> bool:
        """Whether that one of `acts` is open to this seat now."""
        return False

    def stands_in(self) -> "Unit | None":
        """The township, street or park that the row belongs to, where it says one."""
        return None

    def edited_by(self) -> set[int | None]:
        """Units whose people may add and change this row; None while the row does not say yet whose it is."""
        return set()

    def reopened_for(self) -> set[int]:
        """Whose people write the row; of what no unit writes, where it stands."""
        writers = {unit for unit in self.edited_by() if unit is not None}
        place = None if writers else self.stands_in()
        return writers or ({place.pk} if place else set())


def unique_code(prefix: str, *more: models.BaseConstraint) -> list[models.BaseConstraint]:
    """Every unique key begins with the county."""
    code = models.UniqueConstraint(fields=["county", "code"], name=f"{prefix}_code", violation_error_message=CODE_TAKEN)
    return [code, *more]


def listed_by_code(prefix: str) -> models.Index:
    """What a list counts and pages through, answered from the index alone: a county's rows that are not 作废."""
    return models.Index(fields=["county", "voided_at", "code"], name=f"{prefix}_listed")


class UnitKind(models.TextChoices):
    TOWNSHIP = "township", "乡镇"
    STREET = "street", "街道"
    PARK = "park", "园区"
    DEPARTMENT = "department", "部门"
    PLATFORM = "platform", "平台公司"
    TASK_FORCE = "task_force", "工作组"


PLACES = (UnitKind.TOWNSHIP, UnitKind.STREET, UnitKind.PARK)
"""Units in which a project can stand."""


class UnitQuerySet(RecordQuerySet):
    def valid_on(self, day: date):
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day)

    def places(self):
        return self.filter(kind__in=PLACES)

    def listed(self):
        """The official order, not the alphabet's."""
        return self.order_by("position", "code")


class Unit(CountyRecord):
    """单位: what is assessed, responsible or reporting. Valid for a time; mergers name successors."""

    code_prefix = "DW"

    name = models.CharField("单位名称", max_length=50)
    kind = models.CharField("类别", max_length=12, choices=UnitKind)
    region_code = models.CharField("区划代码", max_length=12, blank=True)
    position = models.PositiveSmallIntegerField("排列顺序", default=999)
    park_in = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在乡镇"
    )
    valid_from = models.DateField("设立日期", default=date(2000, 1, 1))
    valid_until = models.DateField("撤销日期", null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        constraints: ClassVar = unique_code(
            "unit",
            models.UniqueConstraint(
                fields=["county", "name"],
                condition=Q(voided_at=None, valid_until=None),
                name="unit_name_once",
                violation_error_message="已有同名单位，请核对后再新增。",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="unit_dates_in_order",
                violation_error_message="撤销日期要晚于设立日期。",
            ),
        )

    def __str__(self):
        return self.name

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    def stands_in(self):
        return self if self.kind in PLACES else None


class UnitAlias(CountyRecord):
    """Another spelling of a unit's name, as met in workbooks: 芦溪, 三台县芦溪镇人民政府."""

    code_prefix = "BM"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="aliases", verbose_name="单位")
    name = models.CharField("别名", max_length=60)

    class Meta:
        verbose_name = "单位别名"
        constraints: ClassVar = unique_code(
            "unit_alias",
            models.UniqueConstraint(
                fields=["county", "name"],
                condition=Q(voided_at=None),
                name="unit_alias_once",
                violation_error_message="这个别名已属于别的单位。",
            ),
        )

    def __str__(self):
        return self.name

    @classmethod
    def seen_by(cls, unit_id):
        return Q()


class UnitSuccession(CountyRecord):
    """A unit that was merged or renamed, and the unit that took over."""

    code_prefix = "YG"

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions", verbose_name="原单位")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="predecessions", verbose_name="承接单位")
    on = models.DateField("承接日期")

    class Meta:
        verbose_name = "单位沿革"
        constraints: ClassVar = unique_code(
            "succession",
            models.UniqueConstraint(
                fields=["county", "predecessor", "successor"],
                condition=Q(voided_at=None),
                name="succession_once",
                violation_error_message="这条沿革已登记。",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="succession_of_another",
                violation_error_message="单位不能承接自己。",
            ),
        )

    def __str__(self):
        return f"{self.predecessor}并入{self.successor}"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()


class PilotCategory(models.TextChoices):
    CENTRAL = "central", "中心镇"
    SPECIAL = "special", "特色镇"


class PilotType(models.TextChoices):
    LEADING = "leading", "示范引领型"
    RISING = "rising", "发展提升型"


class PilotTerm(CountyRecord):
    """A township's time as a pilot; terms of one township never overlap."""

    code_prefix = "SD"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pilot_terms", verbose_name="乡镇")
    category = models.CharField("试点类别", max_length=10, choices=PilotCategory)
    type = models.CharField("试点类型", max_length=10, choices=PilotType)
    first_day = models.DateField("试点起")
    last_day = models.DateField("试点止", null=True, blank=True)
    document = models.CharField("依据文件", max_length=100, blank=True)

    class Meta:
        verbose_name = "试点期"
        constraints: ClassVar = unique_code(
            "pilot",
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="pilot_dates_in_order",
                violation_error_message="试点止要不早于试点起。",
            ),
        )

    def __str__(self):
        return f"{self.unit}（{self.get_category_display()}）"

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    def clean(self):
        """Terms never overlap. (PostgreSQL also holds this as an exclusion constraint.)"""
        others = PilotTerm.objects.current().filter(unit=self.unit_id).exclude(pk=self.pk)
        overlapping = others.filter(Q(last_day=None) | Q(last_day__gte=self.first_day))
        if self.last_day:
            overlapping = overlapping.filter(first_day__lte=self.last_day)
        if overlapping.exists():
            raise ValidationError({"first_day": "与这个乡镇已有的试点期重叠，请先填写上一期的试点止。"})


class Role(models.TextChoices):
    COUNTY = "county", "县招商办"
    TOWNSHIP = "township", "乡镇"
    LEADER = "leader", "县领导"
    DEPARTMENT = "department", "部门"
    ADMIN = "admin", "系统管理员"
    AUDITOR = "auditor", "审计员"
    SECURITY = "security", "安全管理员"
    INSPECTOR = "inspector", "检查"


class Duty(models.TextChoices):
    ENTRY = "entry", "填报"
    REVIEW = "review", "审核"
    PUBLISH = "publish", "发布"


WHOLE_COUNTY = frozenset({Role.COUNTY, Role.LEADER, Role.INSPECTOR})
OWN_UNIT = frozenset({Role.TOWNSHIP, Role.DEPARTMENT})
BUSINESS = WHOLE_COUNTY | OWN_UNIT
TAKING_DOSSIERS = frozenset({Role.COUNTY, Role.INSPECTOR})
SUPPOSING = frozenset({Role.COUNTY, Role.LEADER})
"""Who may ask what a ranking would be if; what is supposed of other units is no business of theirs."""

DUTIES_FOR = {
    "add": {Duty.ENTRY},
    "change": {Duty.ENTRY},
    "void": {Duty.ENTRY},
    "import": {Duty.ENTRY},
    "verify": {Duty.REVIEW},
    "check_figures": {Duty.REVIEW},
    "close": {Duty.REVIEW},
    "ask_exception": {Duty.ENTRY},
    "set_targets": {Duty.ENTRY},
    "set_shares": {Duty.ENTRY},
    "word_forms": {Duty.ENTRY},
    "edit_metrics": {Duty.ENTRY},
    "edit_scheme": {Duty.ENTRY},
    "arrange_ratings": {Duty.ENTRY},
    "arrange_selection": {Duty.ENTRY},
    "apply": {Duty.ENTRY},
    "publish": {Duty.PUBLISH},
    "confirm": {Duty.REVIEW},
    "dispute": {Duty.ENTRY, Duty.REVIEW},
    "set_due_soon": {Duty.REVIEW},
    "set_deadlines": {Duty.ENTRY},
    "raise_demand": {Duty.ENTRY},
}
"""action → the duties of which it takes one. Where a unit's people act, they act on their own unit's rows only."""

KEEPING_VIEWS = frozenset({"keep_view", "share_view"})
"""Views of a list are no business rows: who reads lists keeps views, whatever the duties."""

COUNTY_ONLY = frozenset(
    {
        "verify",
        "close",
        "set_targets",
        "set_shares",
        "word_forms",
        "edit_metrics",
        "edit_scheme",
        "arrange_ratings",
        "arrange_selection",
        "publish",
        "set_due_soon",
        "set_deadlines",
    }
)


class Seat(CountyRecord):
    """岗位: a role, its duties and a unit in one county, held by one person. All is read and written under one."""

    code_prefix = "GW"

    user = models.ForeignKey("core.User", models.PROTECT, related_name="seats", verbose_name="人员")
    role = models.CharField("角色", max_length=12, choices=Role)
    duties = models.JSONField("职责", default=list, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name="单位")
    valid_until = models.DateField("有效期至", null=True, blank=True)

    class Meta:
        verbose_name = "岗位"
        constraints: ClassVar = unique_code(
            "seat",
            models.CheckConstraint(
                condition=~Q(role__in=sorted(OWN_UNIT)) | Q(unit__isnull=False),
                name="seat_has_unit",
                violation_error_message="乡镇和部门的岗位要选定单位。",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.INSPECTOR) | Q(valid_until__isnull=False),
                name="seat_inspector_ends",
                violation_error_message="检查岗位要填写有效期。",
            ),
        )

    def __str__(self):
        return self.label

    @property
    def title(self) -> str:
        duties = "、".join(str(Duty(duty).label) for duty in self.duties)
        where = self.unit.name if self.unit else self.get_role_display()
        return f"{where} {duties}".strip()

    @property
    def label(self) -> str:
        """张三（芦溪镇 填报）: how history names who did it, as things stood then."""
        return f"{self.user}（{self.title}）"

    @property
    def sees_county(self) -> bool:
        return self.role in WHOLE_COUNTY

    @property
    def supposes(self) -> bool:
        return self.role in SUPPOSING

    @property
    def is_business(self) -> bool:
        return self.role in BUSINESS

    def visible(self, rows: Any) -> Any:
        """Row scope, in this one place: for lists, details, choices, exports, imports, files and commands."""
        rows = rows.in_county(self.county_id)
        if self.role in WHOLE_COUNTY:
            return rows
        if self.role in OWN_UNIT and issubclass(rows.model, CountyRecord):
            return rows.filter(rows.model.seen_from(self))
        if self.role in OWN_UNIT and hasattr(rows.model, "seen_by"):
            return rows.filter(rows.model.seen_by(self.unit_id))
        return rows.none()

    def may(self, action: str, record: Any) -> bool:
        """Whether this seat may do that to this row (or, for `read`, to this kind of row)."""
        if action == "read":
            return self.is_business
        if action == "hand_over":
            return self._hands_over(record)
        if action == "account" or isinstance(record, Seat):
            return self.role == Role.ADMIN
        if action in KEEPING_VIEWS:
            return self._keeps_view(action, record)
        if action in getattr(record, "acts", ()):
            return record.county_id == self.county_id and record.opens(action, self)
        if action == "take_dossier":
            return self._takes_dossier(record)
        if action == "rate":
            return record.county_id == self.county_id and self.pk in record.named_seats()
        if not DUTIES_FOR[action].intersection(self.duties) or record.county_id != self.county_id:
            return False
        if getattr(record, "made_by", "") not in ("", action):
            return False
        if self.role == Role.COUNTY:
            return True
        return action not in COUNTY_ONLY and self.role in OWN_UNIT and self._is_own(action, record)

    def _keeps_view(self, action: str, view: Any) -> bool:
        """A person's views are that person's; what is shared, the county office looks after together."""
        if view.county_id != self.county_id or self.role not in BUSINESS - {Role.INSPECTOR}:
            return False
        office = self.role == Role.COUNTY
        return office if action == "share_view" else view.owner_id == self.user_id or (office and view.shared)

    def _hands_over(self, record: Any) -> bool:
        """The administrator anything; the office's reviewer what belongs to business, and no seat that watches it."""
        if record.county_id != self.county_id or self.role not in (Role.ADMIN, Role.COUNTY):
            return False
        watches = isinstance(record, Seat) and record.role not in BUSINESS - {Role.INSPECTOR}
        return self.role == Role.ADMIN or (Duty.REVIEW in self.duties and not watches)

    def _takes_dossier(self, record: CountyRecord) -> bool:
        """All that is kept about a project in one file: for the office, for inspections, and for who keeps it."""
        if record.county_id != self.county_id or not self.is_business:
            return False
        return self.role in TAKING_DOSSIERS or (self.unit_id is not None and self.unit_id in record.edited_by())

    def _is_own(self, action: str, record: Any) -> bool:
        if not isinstance(record, CountyRecord):
            return record.unit_id == self.unit_id
        units = record.edited_by()
        begins = action in ("add", "import") and (record.shared or None in units)
        return begins or self.unit_id in units


class HandOver(CountyRecord):
    """移交: all that was open in one person's hands, given to another in one act, as the printed list says it.

    `items`: [{"title", "name", "note", "moved"}, …], as it stood then; what is not `moved` goes with the seat by
    itself.
    """

    code_prefix = "YJ"
    made_by = "hand_over"
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"items"})

    giver = models.ForeignKey("core.User", models.PROTECT, related_name="+", verbose_name="移交人")
    receiver = models.ForeignKey("core.User", models.PROTECT, related_name="+", verbose_name="接收人")
    witness = models.CharField("监交人", max_length=50)
    on = models.DateField("移交日期")
    reason = models.CharField("移交原因", max_length=200)
    document = models.CharField("依据文件", max_length=100, blank=True)
    seats = models.CharField("移交的岗位", max_length=500, blank=True)
    items = models.JSONField("移交事项", default=list, blank=True)

    class Meta:
        verbose_name = "移交"
        constraints: ClassVar = unique_code(
            "handover",
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")),
                name="handover_to_another",
                violation_error_message="接收人不能是移交人本人。",
            ),
        )

    def __str__(self):
        return f"{self.giver}向{self.receiver}的移交"

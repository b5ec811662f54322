"""Counties, what every row of one is, and the units that are assessed, responsible or reporting."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from core.records import CODE_TAKEN, Record, RecordQuerySet
from townships.models.disclosure import in_words

if TYPE_CHECKING:
    from townships.models.seats import Seat


class County(models.Model):
    """A county: the border no query crosses."""

    spoken_fields: ClassVar = {"disclosed": in_words}

    code = models.CharField("区划代码", max_length=6, unique=True)
    name = models.CharField("县名", max_length=50)
    demo = models.BooleanField("演示", default=False)
    disclosed = models.JSONField("栏目可见范围", default=dict, blank=True)
    """{kind of what is withheld: [audience, …]} of what the county set; the rest is as shipped."""
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
        return any_of(cls.seen_by, seat.stands_for)

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


def any_of(asked: Callable[[int], Q], units: Iterable[int]) -> Q:
    """What is asked of one unit, asked of each of them; of none it holds for no row."""
    found = [asked(unit) for unit in units]
    return reduce(or_, found) if found else Q(pk__in=[])


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

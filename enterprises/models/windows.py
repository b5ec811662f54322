"""申报窗口 and 申报材料: when a county's declarations are taken, and what is asked to be seen with them."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q, QuerySet

from core.dates import DateSpan
from core.records import RecordQuerySet
from enterprises.models.groups import AboveScaleGroup, Route
from townships.models import CountyRecord, listed_by_code, unique_code

TAKEN_BY = {Route.NEW: "takes_new", Route.GROWN: "takes_grown", Route.REFORMED: "takes_new"}
"""申报类型 → the column that says whether a window takes it."""


class Door(models.TextChoices):
    """月度 takes new units, 年度 those that have grown, and the exits."""

    MONTHLY = "monthly", "月度"
    YEARLY = "yearly", "年度"


class WindowQuerySet(RecordQuerySet):
    def of_year(self, year: int) -> QuerySet:
        return self.filter(first_day__lte=date(year, 12, 31), last_day__gte=date(year, 1, 1))

    def not_over(self, day: date) -> QuerySet:
        """Open that day or still to come, the next one first."""
        return self.filter(last_day__gte=day).order_by("first_day", "last_day", "pk")


class DeclarationWindow(CountyRecord):
    """申报窗口: between which days the county takes declarations, its first and last day included."""

    code_prefix = "SC"

    name = models.CharField("窗口名称", max_length=60)
    door = models.CharField("批次类别", max_length=8, choices=Door)
    first_day = models.DateField("起始日")
    last_day = models.DateField("截止日")
    scale_group = models.CharField("适用类别", max_length=12, choices=AboveScaleGroup, blank=True)
    takes_new = models.BooleanField("受理新开业（投产）", default=False)
    takes_grown = models.BooleanField("受理规下升规上", default=False)
    takes_exits = models.BooleanField("受理退库", default=False)
    takes_changes = models.BooleanField("受理专业变更、迁移", default=False)
    document = models.CharField("依据文件", max_length=100, blank=True)

    objects = WindowQuerySet.as_manager()

    class Meta:
        verbose_name = "申报窗口"
        constraints: ClassVar = unique_code(
            "declaration_window",
            models.UniqueConstraint(
                fields=["county", "name", "first_day", "scale_group"],
                condition=Q(voided_at=None),
                name="declaration_window_once",
                violation_error_message="这个申报窗口已登记过，有变动请修改原来那条。",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="declaration_window_days_in_order",
                violation_error_message="截止日不能早于起始日。",
            ),
            models.CheckConstraint(
                condition=Q(takes_new=True) | Q(takes_grown=True) | Q(takes_exits=True) | Q(takes_changes=True),
                name="declaration_window_takes_something",
                violation_error_message="请至少勾选一项受理内容。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("declaration_window"),
            models.Index(fields=["county", "last_day"], name="declaration_window_days"),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    def takes(self, span: DateSpan, route: str, group: str) -> bool:
        """Whether a declaration of that day belongs here; what is not told of it is not held against it.

        A day that is known only by its month belongs where any day of that month does.
        """
        return self.is_for(route, group) and self.first_day <= span.last and span.first <= self.last_day

    def is_for(self, route: str, group: str) -> bool:
        if self.scale_group and group and self.scale_group != group:
            return False
        return bool(getattr(self, TAKEN_BY[Route(route)])) if route else self.takes_new or self.takes_grown

    @property
    def days(self) -> str:
        return f"{DateSpan.day(self.first_day).label}至{DateSpan.day(self.last_day).label}"

    def state_on(self, day: date) -> str:
        """The countdown: 3天后开始, 还剩5天, 今天截止, 已结束."""
        if day > self.last_day:
            return "已结束"
        if day < self.first_day:
            return f"{(self.first_day - day).days}天后开始"
        left = (self.last_day - day).days
        return f"还剩{left}天" if left else "今天截止"


def outside(windows: Iterable[DeclarationWindow], span: DateSpan, route: str, group: str) -> str:
    """Why a declaration of that day is outside every window; empty where one takes it, or none is known at all."""
    known = list(windows)
    if not known or any(window.takes(span, route, group) for window in known):
        return ""
    fitting = [window for window in known if window.is_for(route, group)]
    nearest = min(fitting, key=lambda window: _days_between(window, span), default=None)
    told = f"最近的是{nearest}（{nearest.days}）" if nearest else "这一年没有受理这类申报的窗口"
    return f"{span.label}不在申报窗口内，{told}。确需申报的，请在这里写明理由。"


def _days_between(window: DeclarationWindow, span: DateSpan) -> int:
    return min(abs((window.first_day - span.last).days), abs((span.first - window.last_day).days))


class DeclarationMaterial(CountyRecord):
    """申报材料: one paper of a county's own checklist; what it says nothing of is asked of all."""

    code_prefix = "CL"

    name = models.CharField("材料名称", max_length=30)
    scale_group = models.CharField("适用类别", max_length=12, choices=AboveScaleGroup, blank=True)
    route = models.CharField("适用申报类型", max_length=10, choices=Route, blank=True)
    position = models.PositiveSmallIntegerField("排列顺序", default=99)
    note = models.CharField("要求", max_length=200, blank=True)

    class Meta:
        verbose_name = "申报材料"
        constraints: ClassVar = unique_code(
            "declaration_material",
            models.UniqueConstraint(
                fields=["county", "name", "scale_group", "route"],
                condition=Q(voided_at=None),
                name="declaration_material_once",
                violation_error_message="这项申报材料已登记过。",
            ),
        )
        indexes: ClassVar = [listed_by_code("declaration_material")]

    def __str__(self):
        return self.name

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

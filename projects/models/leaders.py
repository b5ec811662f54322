"""领导联系: which leader in the county and in the township looks after a project, and who did before."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, QuerySet

from core.dates import DateSpan
from core.records import RecordQuerySet
from projects.models.projects import OfProject
from townships.models import CountyRecord, unique_code


class LeaderKind(models.TextChoices):
    """Named like the project's own column, which says who it is today."""

    COUNTY = "county_leader", "联系县领导"
    TOWNSHIP = "township_leader", "分管镇领导"


class ProjectLeaderQuerySet(RecordQuerySet):
    def present(self) -> QuerySet:
        return self.filter(until=None)

    def in_order(self) -> QuerySet:
        """Kind by kind, the present one first."""
        return self.order_by("kind", F("until").desc(nulls_first=True), "-pk")


class ProjectLeader(OfProject, CountyRecord):
    """One leader's time with a project. `since` is None where nobody wrote down when it began."""

    code_prefix = "LD"

    kind = models.CharField("类别", max_length=16, choices=LeaderKind)
    name = models.CharField("姓名", max_length=30)
    post = models.CharField("职务", max_length=50, blank=True)
    since = models.DateField("自何日起", null=True, blank=True)
    until = models.DateField("至何日止", null=True, blank=True)
    document = models.CharField("依据", max_length=100, blank=True)

    objects = ProjectLeaderQuerySet.as_manager()

    class Meta:
        verbose_name = "领导联系"
        constraints: ClassVar = unique_code(
            "leader",
            models.UniqueConstraint(
                fields=["county", "project", "kind"],
                condition=Q(voided_at=None, until=None),
                name="leader_one_present",
                violation_error_message="同一时间只有一位领导联系或分管这个项目。",
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="leader_days_in_order",
                violation_error_message="止的日期要不早于起的日期。",
            ),
        )

    def __str__(self):
        return f"{self.project}{self.get_kind_display()}{self.name}"

    @property
    def when(self) -> str:
        """2024年3月1日起；起始时间未记，到2024年2月29日止."""
        begun = f"{DateSpan.day(self.since).label}起" if self.since else "起始时间未记"
        return f"{begun}，到{DateSpan.day(self.until).label}止" if self.until else begun

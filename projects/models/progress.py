"""项目月度进展: what a project did in a month, one row for each; 累计 is always a sum of these rows."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.fields import MoneyField, first_of_month, money_range
from core.periods import month_label
from core.records import DatedRecord, VerifiedAmount
from projects.credits import SharedQuerySet
from projects.models.projects import OfProject
from townships.models import CountyRecord, listed_by_code, unique_code


class ProjectMonthQuerySet(SharedQuerySet):
    amounts = ("investment", "verified_amount")


class ProjectMonth(OfProject, VerifiedAmount, DatedRecord, CountyRecord):
    """One project's month: 万元 invested, how far the works are, what hinders, what comes next.

    A row that was returned or refused is put right, not entered again: there is one for each project and month.
    """

    code_prefix = "JZ"
    closes_with = "progress"

    investment = MoneyField("本月完成投资")
    unchanged = models.BooleanField("本月无变化", default=False)
    progress = models.TextField("形象进度", max_length=2000, blank=True)
    problem = models.TextField("存在问题", max_length=2000, blank=True)
    next_step = models.TextField("下一步安排", max_length=2000, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = ProjectMonthQuerySet.as_manager()

    class Meta:
        verbose_name = "项目月度进展"
        constraints: ClassVar = unique_code(
            "project_month",
            *DatedRecord.Meta.constraints,
            *VerifiedAmount.Meta.constraints,
            money_range("investment"),
            first_of_month("happened_on"),
            models.UniqueConstraint(
                fields=["county", "project", "happened_on"],
                condition=Q(voided_at=None),
                name="project_month_once",
                violation_error_message="这个项目这个月的进展已登记过，有变动请修改原来那条。",
            ),
            models.CheckConstraint(
                condition=Q(investment__gte=0) | ~Q(remark=""),
                name="project_month_reversal_reason",
                violation_error_message="本月完成投资为负数的，要在备注中写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(unchanged=False) | Q(investment=0),
                name="project_month_unchanged_is_nothing",
                violation_error_message="勾选了“本月无变化”的，本月完成投资要填0。",
            ),
            models.CheckConstraint(
                condition=Q(unchanged=True) | ~Q(progress=""),
                name="project_month_says_something",
                violation_error_message="请填写形象进度；确实没有变化的，请勾选“本月无变化”。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("project_month"),
            models.Index(fields=["county", "happened_on"], name="project_month_month"),
            models.Index(fields=["project", "happened_on"], name="project_month_project"),
        ]

    def __str__(self):
        return f"{self.project}{month_label(self.happened_on)}进展"

    @property
    def claimed(self):
        return self.investment

    @property
    def month(self):
        return self.happened_on

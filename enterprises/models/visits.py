"""走访记录: who went to an enterprise, what was heard there, and what it asks for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.records import DatedRecord
from enterprises.models.enterprises import Enterprise, WhereItStood
from townships.credits import TownshipQuerySet
from townships.models import CountyRecord, listed_by_code, unique_code
from townships.problems.models import Problem

RAISING = frozenset({"problem"})
"""What is written when a demand becomes a problem: nothing of what the visit itself says."""


class Visit(WhereItStood, DatedRecord, CountyRecord):
    """One visit on one day. A demand becomes a problem by one act, and is followed there."""

    code_prefix = "ZF"
    closes_with = "visits"
    loose_fields = RAISING

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="visits", verbose_name="企业名称")
    visitors = models.CharField("走访人员", max_length=100)
    received_by = models.CharField("接待人", max_length=50, blank=True)
    heard = models.TextField("走访情况", max_length=2000)
    demand = models.TextField("企业诉求", max_length=2000, blank=True)
    problem = models.ForeignKey(
        Problem, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name="转办问题"
    )
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = TownshipQuerySet.as_manager()

    class Meta:
        verbose_name = "走访记录"
        constraints: ClassVar = unique_code(
            "visit",
            *DatedRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["county", "enterprise", "happened_on", "visitors"],
                condition=Q(voided_at=None),
                name="visit_once",
                violation_error_message="同样的人当天走访这家企业的记录已登记过，请修改原来那条。",
            ),
            models.CheckConstraint(
                condition=Q(problem=None) | ~Q(demand=""),
                name="visit_problem_of_demand",
                violation_error_message="已转为问题的走访记录不能删去企业诉求。",
            ),
        )
        indexes: ClassVar = [
            listed_by_code("visit"),
            models.Index(fields=["county", "happened_on"], name="visit_date"),
            models.Index(fields=["enterprise", "happened_on"], name="visit_enterprise"),
        ]

    def __str__(self):
        return f"{self.happened.label}走访{self.enterprise}"

    @property
    def history_subject(self):
        return self.enterprise

    @property
    def waits(self) -> bool:
        """Whether it holds a demand that nobody has passed on."""
        return bool(self.demand) and (self.problem is None or self.problem.voided_at is not None)

    def months_locked_for(self, fields):
        """A demand may be passed on after the month has closed."""
        return set() if fields <= RAISING else super().months_locked_for(fields)

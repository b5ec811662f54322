"""奖补建议: what a published year's awards ask of the county's purse."""

from typing import ClassVar

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from core.fields import MoneyField, money_range
from projects.models import Allocation
from reporting.models.publications import Publication
from townships.credits import TownshipQuerySet
from townships.models import CountyRecord, Unit, unique_code


class AwardNature(models.TextChoices):
    """What award money may be used for. It goes to a unit and never to a person."""

    WORKING_FUNDS = "working", "工作经费"
    PROJECT_FUNDS = "project", "项目资金"
    OTHER = "other", "其他"


class ProposalStage(models.TextChoices):
    """Read from the ledger of funds and kept nowhere: whoever voids the allocation has the proposal waiting again."""

    PROPOSED = "proposed", "待分配"
    ALLOCATED = "allocated", "已分配"


class ProposalQuerySet(TownshipQuerySet):
    amounts = ("amount",)
    township_path = "unit"

    def with_stage(self):
        """`stage`: a ProposalStage, by the allocations that name the proposal."""
        taken_over = Allocation.objects.current().filter(county=OuterRef("county"), proposal=OuterRef("code"))
        done = When(Exists(taken_over), then=Value(ProposalStage.ALLOCATED))
        waiting = Value(ProposalStage.PROPOSED)
        return self.annotate(stage=Case(done, default=waiting, output_field=models.CharField()))


class AwardProposal(CountyRecord):
    """One awarded unit's money as a final publication has it, 万元; proposed to the ledger of funds."""

    code_prefix = "JB"
    made_by = "publish"

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="proposals", verbose_name="发布")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    group = models.CharField("组别", max_length=40, blank=True)
    award = models.CharField("奖项", max_length=40)
    amount = MoneyField("奖金")
    nature = models.CharField("奖励性质", max_length=10, choices=AwardNature)
    document = models.CharField("依据文号", max_length=100)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "奖补建议"
        constraints: ClassVar = unique_code(
            "proposal",
            models.UniqueConstraint(
                fields=["county", "publication", "unit"],
                condition=Q(voided_at=None),
                name="proposal_once",
                violation_error_message="这个单位的奖补建议已经提出。",
            ),
            models.CheckConstraint(
                condition=~Q(document="") & ~Q(award=""),
                name="proposal_founded",
                violation_error_message="奖补建议要写明奖项和依据文号。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="proposal_positive", violation_error_message="奖金要大于零。"
            ),
            money_range("amount"),
        )

    def __str__(self):
        return f"{self.unit}{self.publication.when.label}{self.award}"

    @property
    def history_subject(self) -> Publication:
        return self.publication

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

"""What of targets and schemes is left to do by hand after a merger or a split: nothing of it goes over by itself."""

from collections.abc import Iterator

from django.urls import reverse

from reporting.models import Participant, Target
from reporting.models.schemes import SchemeStage
from townships.models import UnitSuccession
from townships.succeeding import Step, followed_by


@followed_by
def targets(succession: UnitSuccession) -> Iterator[Step]:
    gone, heir = succession.predecessor, succession.successor
    rows = Target.objects.current().filter(unit=gone, year__gte=succession.on.year).order_by("year")
    for year in dict.fromkeys(rows.values_list("year", flat=True)):
        count = sum(1 for row in rows if row.year == year)
        told = f"{gone}{year}年有 {count} 项目标，不会自动转给{heir}，请按文件重新下达。"
        yield Step(told, f"打开{year}年目标", reverse("targets", args=[year]))


@followed_by
def participants(succession: UnitSuccession) -> Iterator[Step]:
    """Schemes that have not ended: their periods go on after the day."""
    rows = Participant.objects.current().filter(unit=succession.predecessor, scheme__voided_at=None)
    named = rows.filter(scheme__year__gte=succession.on.year).select_related("scheme").order_by("scheme__pk")
    for scheme in (row.scheme for row in named):
        gone, heir = succession.predecessor, succession.successor
        told = f"“{scheme}”的参评单位里还有{gone}，承接日期以后的期间请另立版本，换成{heir}。"
        link = "打开方案" if scheme.stage != SchemeStage.DRAFT else "打开草稿"
        yield Step(told, link, reverse("scheme", args=[scheme.code]))

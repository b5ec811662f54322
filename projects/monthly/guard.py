"""What was submitted stands until it is returned: the unit's own people can't change its figures from aside."""

from collections.abc import Iterable
from datetime import date

from core.periods import month_end, month_label
from core.write import Door, Refused
from projects.models import MonthlyReport, Project
from projects.monthly.steps import WORKING
from townships.models import UnitSuccession


def not_while_reported(writing: Door, told: Iterable[tuple[Project, date]]) -> None:
    """`told`: projects and the first days of months. Raises Refused where the unit's report of it was submitted."""
    if writing.actor.unit_id is None:
        return
    told = list(told)
    heirs = {month: UnitSuccession.objects.heirs(writing.actor.county_id, month_end(month)) for _, month in told}
    units = [(project.responsible_unit_id, month) for project, month in told]
    asked = {(heirs[month].get(unit, unit), month) for unit, month in units}
    rows = MonthlyReport.objects.current().filter(unit__in={u for u, _ in asked}, month__in={m for _, m in asked})
    for report in rows.exclude(stage__in=WORKING).select_related("unit").order_by("pk"):
        if (report.unit_id, report.month) in asked:
            where = f"{month_label(report.month)}月报现在是“{report.get_stage_display()}”"
            raise Refused(f"{report.unit}{where}，其中的进展不能再改；要改的，请先撤回或请审核、受理的同事退回。")

"""Monthly reports for tests, brought as far as a test wants them."""

from datetime import date, datetime
from typing import Any

from projects.models import MonthlyReport
from projects.monthly import services
from projects.monthly.steps import Stage
from tests import factories as make
from townships.models import Unit

JUNE = date(2024, 6, 1)


def new_report(unit: Unit, month: date = JUNE, **options: Any) -> MonthlyReport:
    with make.writing_as(unit.county, **options) as writing:
        return services.open_report(writing, unit=unit, month=month)


def report_at(
    stage: str,
    unit: Unit,
    *,
    month: date = JUNE,
    clerk: Any = None,
    signer: Any = None,
    at: datetime = make.NOW,
) -> Any:
    """One of a unit without projects, brought to that stage; by the system where nobody is named."""
    report = new_report(unit, month, at=at)
    ways = {Stage.FILLING: 0, Stage.SIGNING: 1, Stage.ACCEPTING: 2, Stage.ACCEPTED: 3, Stage.RETURNED: 3}
    acts = [services.report_nothing, services.sign, services.accept]
    for act, actor in list(zip(acts, (clerk, signer, None), strict=True))[: ways[stage]]:
        if stage == Stage.RETURNED and act is services.accept:
            with make.writing_as(unit.county, at=at) as writing:
                return services.send_back(writing, report=report, text="缺一个项目")
        with make.writing_as(actor or unit.county, at=at) as writing:
            report = act(writing, report=report)
    return report


def paper() -> dict[str, Any]:
    return {"signer": "李副镇长", "chunks": [b"scan"], "name": "月报.pdf"}

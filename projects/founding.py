"""项目公司: a landed project's company becomes an enterprise, from where it is followed on its way into the 四上."""

from datetime import date
from typing import Any

from django.urls import reverse

from core.ledgers.ledger import ledger_for
from core.write import Door, Refused
from enterprises.ledgers.enterprises import one_line, visible_enterprises
from enterprises.models import Enterprise
from enterprises.panels import panel_of_enterprise
from projects.lifecycle import Step, stage_steps
from projects.models import Project
from projects.services import change_project

SHOWN = ("name", "stage", "status", "landing_unit", "total_investment", "signed")
"""Of a source project on its company's page, as far as the ledger has such columns."""


def awaits_company(project: Project) -> bool:
    """It has landed, as far as anybody has registered, and no enterprise is named as its company.

    `project` as its ledger reads it, with its stage.
    """
    steps = stage_steps()
    landed = project.stage in steps and steps.index(project.stage) >= steps.index(Step.LANDING)
    return landed and project.company_id is None and project.voided_at is None


def found_company(
    writing: Door,
    *,
    project: Project,
    name: str,
    uscc: str = "",
    industry: str = "",
    registered_on: date | None = None,
    version: int | None = None,
) -> Enterprise:
    """The enterprise of that code or that name where the county has it, else a new one in the project's township;
    the project names it from then on.

    Raises Refused where the project has a company, or where the code belongs to an enterprise of another name.
    """
    if Project.objects.get(pk=project.pk).company_id is not None:
        raise Refused("这个项目已经登记了项目公司。")
    told = {"name": name, "uscc": uscc, "industry": industry, "registered_on": registered_on}
    enterprise = _known(project, name, uscc) or writing.add(Enterprise(township=project.landing_unit, **told))
    change_project(writing, project=project, version=version, company=enterprise)
    return enterprise


def _known(project: Project, name: str, uscc: str) -> Enterprise | None:
    rows = Enterprise.objects.current().in_county(project.county_id).select_related("township")
    if uscc and (found := rows.filter(uscc=uscc).first()):
        if one_line(found.name) != one_line(name):
            raise Refused({"uscc": f"这个统一社会信用代码登记在“{found}”名下，请核对名称，或者改在修改项目时选定它。"})
        return found
    return rows.filter(name=name, township=project.landing_unit).first()


def company_context(project: Project, seat: Any) -> dict[str, Any]:
    """For the project's page: its company where this seat may see that, or whether this seat may register one."""
    company = project.company
    seen = company is not None and visible_enterprises(seat).filter(pk=company.pk).exists()
    fresh = Enterprise(county_id=project.county_id, township=project.landing_unit)
    may = seat.may("change", project) and seat.may("add", fresh)
    return {
        "company_url": reverse("ledger-detail", args=["enterprises", company.code]) if company and seen else "",
        "may_found": may and awaits_company(project),
    }


def source_projects(enterprise: Enterprise, seat: Any) -> dict[str, Any]:
    """The projects whose company this is, of those that this seat sees."""
    ledger = ledger_for("projects")
    rows = ledger.rows(seat).filter(company=enterprise)
    known = {column.name: column for column in ledger.columns}
    return {
        "title": "来源项目",
        "ledger": ledger,
        "columns": [known[name] for name in SHOWN if name in known],
        "rows": ledger.with_display(rows).order_by("code"),
        "totals": ledger.totals(rows),
        "may_add": False,
    }


panel_of_enterprise(source_projects)

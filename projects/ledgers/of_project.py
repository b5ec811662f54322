"""What the ledgers of rows that hang on a project share."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import QuerySet

from core.ledgers.columns import Column
from core.ledgers.filters import ListOfRows
from core.ledgers.identity import code_in
from core.ledgers.kinds import Reference
from core.readings import Unclear
from projects.models import Project
from projects.models.projects import CreditScope
from townships.ledgers import DatedRecordLedger, ListOfUnits, dated_record_filters, places
from townships.menu import Subject


def visible_projects(seat: Any) -> QuerySet:
    return Project.objects.current().visible_to(seat)


def projects_by_name(seat: Any) -> Callable[[str], Project | None]:
    """What a workbook calls a project → the project: by 编号, 名称（编号）, 投资项目代码 or name.

    Raises Unclear where several are called so.
    """
    by_name: dict[str, list[Project]] = {}
    by_code: dict[str, Project] = {}
    for project in visible_projects(seat).select_related("landing_unit", "responsible_unit"):
        by_name.setdefault("".join(project.name.split()), []).append(project)
        by_code |= {code: project for code in (project.code, project.approval_code) if code}

    def find(written: str) -> Project | None:
        if project := by_code.get(code_in(written)):
            return project
        found = by_name.get("".join(written.split()), [])
        if len(found) > 1:
            raise Unclear(f"有{len(found)}个项目都叫“{written}”，请在名称后用括号注明编号。")
        return found[0] if found else None

    return find


class OfProjectLedger(DatedRecordLedger):
    """Rows that hang on a project."""

    subject = Subject.PROJECTS
    search_fields = ("project__name", "project__code", "code")

    def with_display(self, rows):
        return rows.select_related("project__landing_unit", "project__responsible_unit")

    def line_label(self, record):
        return str(record.project)

    def why_not(self, record, name, wanted):
        if name in ("kind", "reason", "step", "nature", "origin"):
            return f"{self.column(name).header}是{self.column(name).show(record)}，不是{wanted}"
        return super().why_not(record, name, wanted)

    def filters(self):
        return {
            "project": ListOfRows(rows=visible_projects, label="项目", field_name="project"),
            "landing_unit": ListOfUnits(rows=places, label="落户乡镇", field_name="project__landing_unit"),
            "shared": SharedFilter(),
            "credit_scope": CreditScopeFilter(),
            **dated_record_filters(),
        }


class CreditScopeFilter(django_filters.ChoiceFilter):
    """分成口径: by which shares the rows are credited; it narrows nothing, and stands before 计入单位."""

    def __init__(self):
        shares = [(scope.value, scope.label) for scope in CreditScope if scope != CreditScope.GENERAL]
        super().__init__(choices=shares, label="分成口径", method=lambda rows, name, scope: rows.shared_by(scope))


class SharedFilter(django_filters.ChoiceFilter):
    """共享项目: whether the project counted for more than one unit when the row happened."""

    def __init__(self):
        answers = [("yes", "是"), ("no", "否")]
        super().__init__(
            choices=answers, label="几个单位共享", method=lambda rows, name, answer: rows.shared(answer == "yes")
        )


PROJECT = Column(
    "project",
    "项目名称",
    Reference(rows=visible_projects, noun="项目"),
    source="project",
    order="project__name",
    required=True,
    group="项目",
    aliases=("名称", "招商项目名称"),
)
TOWNSHIP = Column(
    "township",
    "落户乡镇",
    source="project.landing_unit.name",
    order="project__landing_unit__position",
    in_form=False,
    in_import=False,
)

"""What the ledgers of rows that hang on an investment project share."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from core.ledgers.columns import Column
from core.ledgers.filters import ListOfRows
from core.ledgers.kinds import Reference
from core.ledgers.ledger import ledger_for
from core.readings import Unclear
from projects.models import InvestmentProject
from townships.ledgers import (
    DatedRecordLedger,
    ListOfUnits,
    dated_record_filters,
    places,
)
from townships.menu import Subject

SHOWN: Any = {"in_form": False, "in_import": False}
"""A column that nobody fills in."""


def visible_investments(seat: Any) -> QuerySet:
    return InvestmentProject.objects.current().visible_to(seat)


class OfInvestmentLedger(DatedRecordLedger):
    """Dated, verified rows that hang on an investment project."""

    subject = Subject.INVESTMENT
    import_key = "project"
    search_fields = ("project__name", "project__code", "code")

    def with_display(self, rows):
        return rows.select_related("project__unit")

    def line_label(self, record):
        return str(record.project)

    def filters(self):
        return {
            "project": ListOfRows(rows=visible_investments, label="固投项目", field_name="project"),
            "unit": ListOfUnits(rows=places, label="建设地点", field_name="project__unit"),
            **dated_record_filters(),
        }

    def blank(self, seat):
        return self.model(county_id=seat.county_id, project=ledger_for("investment_projects").blank(seat))

    def lookups(self, seat, new_rows):
        return {"project": investments_by_name(seat)}


def investments_by_name(seat: Any) -> Callable[[str], InvestmentProject | None]:
    """What a workbook calls a project → it, by 编号, 统计项目编码 or name; raises Unclear where several fit."""
    known: dict[str, set[InvestmentProject]] = {}
    for row in visible_investments(seat).select_related("unit"):
        for said in {row.code, row.library_code, "".join(row.name.split())} - {""}:
            known.setdefault(said, set()).add(row)

    def find(written: str) -> InvestmentProject | None:
        found = known.get("".join(written.split()), set())
        if len(found) > 1:
            raise Unclear(f"有{len(found)}个固投项目都叫“{written}”，请改填编号或统计项目编码。")
        return next(iter(found), None)

    return find


PROJECT = Column(
    "project",
    "固投项目名称",
    Reference(rows=visible_investments, noun="固投项目"),
    order="project__name",
    required=True,
    group="项目",
    aliases=("项目名称", "名称", "统计项目编码"),
)
UNIT = Column(
    "unit", "建设地点", source="project.unit.name", order="project__unit__position", in_form=False, in_import=False
)

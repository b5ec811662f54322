"""固投项目台账: what the statistics office counts, and what a project still lacks for it."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from core.dates import DateSpan
from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices, ListOfRows, dated_filters
from core.ledgers.kinds import Choice, Code, Day, Money, Month, Reference, YesNo
from core.ledgers.ledger import Ledger, ledger_for
from projects import official_forms
from projects.ledgers.of_investment import SHOWN, visible_investments
from projects.ledgers.of_project import projects_by_name, visible_projects
from projects.models import InvestmentProject
from projects.models.investment import TO_BE_LISTED, Part, State
from projects.tracks import all_materials
from townships.ledgers import (
    AsOfFilter,
    ListOfUnits,
    credit_filters,
    fields_of,
    places,
)
from townships.menu import Subject
from townships.models import Role
from townships.problems.panels import problems_panel
from townships.services import unit_lookup
from townships.waiting import Kind

ASKED = frozenset({Role.TOWNSHIP, Role.COUNTY})
"""Who sees to it that projects are listed and have figures."""


def lacking(row: InvestmentProject) -> str:
    """What keeps it from being listed: papers that are not there, then papers that do not fit together."""
    if row.state not in TO_BE_LISTED:
        return ""
    papers = row.lacking()
    return "；".join([*(["缺" + "、".join(papers)] if papers else []), *row.doubts()])


class InvestmentLedger(Ledger):
    key, name, noun, measure = "investment_projects", "固投项目台账", "固投项目", "个"
    subject = Subject.INVESTMENT
    model = InvestmentProject
    waits = (
        Kind("可入库未入库", ASKED, frozenset(), {"state": State.DUE}, mark="tag tag-due"),
        Kind("申报被退回", ASKED, frozenset(), {"state": State.RETURNED}, mark="tag tag-returned"),
        Kind("在库无数据", ASKED, frozenset(), {"state": State.SILENT}, mark="tag tag-due"),
        Kind("停报", ASKED, frozenset(), {"state": State.STOPPED}, mark="tag tag-overdue"),
    )
    import_key = "name"
    amounts = ("planned",)
    search_fields = ("name", "code", "library_code", "approval_number", "contract__name")
    ordering = ("unit__position", "code")
    evidence_slots = (*all_materials(), "其他材料")
    official_form = official_forms.INVESTMENTS
    purpose = "计划总投资500万元以上的项目按统计口径登记在这里；一个招商项目可以分期、分几个固投项目，也可以没有。"
    columns = (
        Column("name", "固投项目名称", order="name", required=True, group="项目", aliases=("项目名称", "名称")),
        Column(
            "unit",
            "建设地点",
            Reference(rows=places, noun="单位", few=True),
            order="unit__position",
            required=True,
            group="项目",
            aliases=("乡镇", "所在乡镇", "建设地址", "属地"),
            help="项目实际建设所在的乡镇、街道或园区，投资按建设地点统计。",
        ),
        Column("state", "入库情况", Choice(choices=tuple(State.choices)), order="state", **SHOWN),
        Column("lacking", "还缺什么", source=lacking, **SHOWN),
        Column(
            "contract",
            "招商项目",
            Reference(rows=visible_projects, noun="招商项目"),
            order="contract__name",
            in_list=False,
            group="项目",
            aliases=("对应招商项目",),
            help="不是招商引资来的不填。",
        ),
        Column(
            "part",
            "与招商项目的关系",
            Choice(choices=tuple(Part.choices)),
            order="part",
            initial=Part.WHOLE,
            in_list=False,
            group="项目",
        ),
        Column(
            "split_reason",
            "拆分原因",
            in_list=False,
            group="项目",
            help="分期、子项目填写，并要有自己的立项文号。",
        ),
        Column("planned", "计划总投资", Money(), unit="万元", order="planned", required=True, group="投资"),
        Column(
            "track", "入库渠道", source=lambda row: row.track.name if row.track else "", in_form=False, in_import=False
        ),
        Column(
            "purchase_only", "单纯购置", YesNo(), in_list=False, group="投资", help="只购置设备、不搞建设的项目勾选。"
        ),
        Column("started_on", "开工日期", Day(), order="started_on", group="投资", aliases=("开工时间",)),
        Column(
            "library_code",
            "统计项目编码",
            Code(),
            in_list=False,
            group="入库",
            aliases=("项目编码", "入库编码"),
            help="入库后由统计部门给出。",
        ),
        Column("reporter", "上报单位", in_list=False, group="批文与合同", aliases=("建设单位", "法人单位")),
        Column("approval_number", "立项文号", in_list=False, group="批文与合同", aliases=("备案文号", "批文文号")),
        Column("approval_unit", "批文单位", in_list=False, group="批文与合同", help="立项批文上写的项目单位。"),
        Column("approved_on", "批文日期", Day(), in_list=False, group="批文与合同"),
        Column("approved_total", "批文总投资", Money(), unit="万元", in_list=False, group="批文与合同"),
        Column("contract_party", "合同甲方", in_list=False, group="批文与合同"),
        Column("contract_on", "施工合同日期", Day(), in_list=False, group="批文与合同"),
        Column("listed_on", "入库日期", Day(), order="listed_on", **SHOWN),
        Column("last_month", "最近填报月份", Month(), order="last_month", **SHOWN),
        Column("reported", "累计填报投资", Money(), unit="万元", order="reported", **SHOWN),
        Column("remark", "备注", in_list=False, group="其他"),
    )

    def rows(self, seat, as_of=None):
        rows = visible_investments(seat)
        rows = rows.filter(started_on__lte=as_of) if as_of else rows
        return rows.with_state(as_of or timezone.localdate())

    def all_rows(self, seat):
        return super().all_rows(seat).with_state(timezone.localdate())

    def with_display(self, rows):
        return rows.with_papers().select_related("unit", "contract")

    def filters(self):
        return {
            "state": ListOfChoices(field_name="state", label="入库情况", choices=State.choices),
            "unit": ListOfUnits(rows=places, label="建设地点", field_name="unit"),
            "contract": ListOfRows(rows=visible_projects, label="招商项目", field_name="contract"),
            **credit_filters(),
            **dated_filters({"happened": ("started_on", "started_on", "开工日期")}),
            "as_of": AsOfFilter(),
        }

    def happened(self, record):
        return DateSpan.day(record.started_on) if record.started_on else None

    def why_not(self, record, name, wanted):
        if name == "state":
            return f"入库情况是{self.column(name).show(record)}，不是{wanted}"
        return super().why_not(record, name, wanted)

    def blank(self, seat):
        return InvestmentProject(county_id=seat.county_id, unit_id=seat.unit_id)

    def add(self, writing, values):
        return writing.add(self.model(**_kept(values)))

    def add_all(self, writing, rows):
        return writing.add_many([self.model(**_kept(values)) for values in rows])

    def change(self, writing, record, values, version=None):
        return writing.change(record, version=version, **_kept(values))

    def change_all(self, writing, changes):
        return writing.change_each([(row, _kept(values)) for row, values in changes])

    def lookups(self, seat, new_rows):
        return {"unit": unit_lookup(seat, new_rows), "contract": projects_by_name(seat)}

    def from_band(self, band):
        return {"unit": band}

    def identity(self, values):
        return ("".join(values["name"].split()), values["unit"].name)

    def existing(self, seat):
        rows = self.with_display(self.rows(seat)).sharing_relations()
        return {("".join(row.name.split()), row.unit.name): row for row in rows}

    def panels(self, record, seat):
        return [
            _panel("investment_moves", record, seat),
            _panel("investment_months", record, seat),
            problems_panel(record, seat),
        ]


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is left open stays as the model begins it."""
    fields = fields_of(InvestmentProject, values)
    return {name: value for name, value in fields.items() if not (name in ("part", "purchase_only") and not value)}


def _panel(key: str, record: InvestmentProject, seat: Any) -> dict[str, Any]:
    ledger = ledger_for(key)
    rows = ledger.with_display(ledger.rows(seat).filter(project=record)).order_by("happened_on", "pk")
    columns = [column for column in ledger.list_columns if column.name not in ("project", "unit")]
    shown = {"title": ledger.name, "ledger": ledger, "columns": columns, "rows": rows, "totals": ledger.totals(rows)}
    return {**shown, "begun": f"project={record.code}"}


def investments_panel(contract: Any, seat: Any) -> dict[str, Any]:
    """On a contract's page: what of it the statistics office counts, and what that still lacks."""
    ledger = ledger_for(InvestmentLedger.key)
    rows = ledger.rows(seat).filter(contract=contract)
    shown = ("name", "planned", "state", "listed_on", "last_month", "reported", "lacking")
    return {
        "title": "固投项目",
        "ledger": ledger,
        "columns": [ledger.column(name) for name in shown],
        "rows": ledger.with_display(rows).order_by("code"),
        "totals": ledger.totals(rows),
        "begun": f"contract={contract.code}",
    }

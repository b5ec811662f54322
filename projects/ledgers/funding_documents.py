"""资金文件台账: by which document how much money came down, and what became of it."""

from typing import ClassVar

from core.ledgers.columns import Column
from core.ledgers.filters import DayFilter, ListOfChoices
from core.ledgers.kinds import Choice, Code, Day, Money, Reference, Share
from core.ledgers.ledger import ledger_for
from projects import official_forms
from projects.ledgers.of_funding import OfMoneyLedger, departments, rate
from projects.models import FundingDocument
from projects.models.funding import MoneyKind
from townships.ledgers import ListOfUnits, fields_of, units
from townships.services import unit_lookup

KINDS = Choice(
    choices=tuple(MoneyKind.choices),
    read_as=(("省级", "province"), ("市级", "city"), ("县级", "county"), ("县本级", "county"), ("中央", "central")),
)


class FundingDocumentLedger(OfMoneyLedger):
    key, name, noun, measure = "funding_documents", "专项资金文件", "资金文件", "份"
    model = FundingDocument
    import_key = "number"
    amounts = ()
    sums = ("total",)
    search_fields = ("number", "title", "code", "purpose")
    ordering = ("-issued_on", "-code")
    evidence_slots: ClassVar = ("资金文件", "其他材料")
    detail_template = "ledgers/funding.html"
    official_form = official_forms.FUNDING
    purpose = "上级下达和本级安排的专项资金按文号登记在这里，再分配到单位或项目。"
    columns = (
        Column("number", "文号", Code(), order="number", required=True, group="文件", aliases=("指标文号", "资金文号")),
        Column("batch_name", "批次", group="文件", aliases=("指标批次", "资金批次"), help="同一文号分批下达的填写。"),
        Column("title", "文件名称", in_list=False, group="文件"),
        Column(
            "kind",
            "资金类别",
            KINDS,
            order="kind",
            required=True,
            group="文件",
            aliases=("资金来源", "资金性质"),
            help="不同类别的资金分开合计，不相加。",
        ),
        Column(
            "department",
            "管理部门",
            Reference(rows=departments, noun="部门", few=True),
            order="department__position",
            required=True,
            group="文件",
            aliases=("主管部门",),
            in_list=False,
        ),
        Column(
            "total",
            "下达总额",
            Money(),
            unit="万元",
            order="total",
            required=True,
            group="资金",
            aliases=("指标下达总额", "下达金额", "总额"),
        ),
        Column("issued_on", "下达日期", Day(), order="issued_on", required=True, group="资金", aliases=("发文日期",)),
        Column("purpose", "资金用途", in_list=False, group="资金", aliases=("用途",)),
        Column("allocated", "已分配", Money(), unit="万元", order="allocated", in_form=False, in_import=False),
        Column("paid", "已拨付", Money(), unit="万元", order="paid", in_form=False, in_import=False),
        Column(
            "unpaid",
            "未拨付",
            Money(),
            unit="万元",
            source=lambda row: row.total - row.paid,
            in_form=False,
            in_import=False,
            in_list=False,
        ),
        Column(
            "arrival_rate",
            "到位率（已拨付÷下达总额）",
            Share(),
            source=lambda row: rate(row.paid, row.total),
            in_form=False,
            in_import=False,
        ),
        Column(
            "payment_rate",
            "支付率（已拨付÷已分配）",
            Share(),
            source=lambda row: rate(row.paid, row.allocated) if row.allocated else None,
            in_form=False,
            in_import=False,
        ),
        Column("remark", "备注", in_list=False, group="其他"),
    )

    def rows(self, seat, as_of=None):
        return super().rows(seat, as_of).with_paid()

    def all_rows(self, seat):
        return super().all_rows(seat).with_paid()

    def with_display(self, rows):
        return rows.select_related("department")

    def filters(self):
        return {
            "kind": ListOfChoices(field_name="kind", label="资金类别", choices=MoneyKind.choices),
            "department": ListOfUnits(rows=units, label="管理部门"),
            "issued_from": DayFilter(field_name="issued_on", lookup_expr="gte", label="下达日期（起）"),
            "issued_to": DayFilter(field_name="issued_on", lookup_expr="lte", label="下达日期（止）", edge="last"),
        }

    def add(self, writing, values):
        return writing.add(self.model(**fields_of(self.model, values)))

    def add_all(self, writing, rows):
        return writing.add_many([self.model(**fields_of(self.model, values)) for values in rows])

    def change(self, writing, record, values, version=None):
        return writing.change(record, version=version, **fields_of(self.model, values))

    def change_all(self, writing, changes):
        return writing.change_each([(row, fields_of(self.model, values)) for row, values in changes])

    # -- importing -------------------------------------------------------------------------------

    def lookups(self, seat, new_rows):
        return {"department": unit_lookup(seat, None)}

    def identity(self, values):
        return (values["number"], values.get("batch_name") or "", values["kind"])

    def existing(self, seat):
        rows = self.with_display(self.rows(seat)).sharing_relations()
        return {(row.number, row.batch_name, row.kind): row for row in rows}

    # -- the detail page -------------------------------------------------------------------------

    def panels(self, record, seat):
        return [panel_of(key, seat, {path: record}, begun=record) for key, path in IN_PANELS]

    def extra_context(self, record, seat):
        """`bars`: [(what of what, part, whole, rate), …], 万元."""
        return {
            "bars": [
                ("已分配", "下达总额", record.allocated, record.total),
                ("已拨付", "下达总额", record.paid, record.total),
                ("已拨付", "已分配", record.paid, record.allocated),
            ]
        }


IN_PANELS = (("allocations", "document"), ("payments", "allocation__document"))


def panel_of(key, seat, of, begun=None):
    """The rows of that ledger that belong to a document, allocation, project or proposal; a new one begins with
    `begun`, a row of the ledger above."""
    ledger = ledger_for(key)
    rows = ledger.rows(seat).filter(**of)
    told = {*of, *(() if "project" in of else ("kind",))}
    columns = [column for column in ledger.list_columns if column.name not in told]
    name = {"allocations": "document", "payments": "allocation"}[key]
    begins = f"{name}={begun.code}" if name in of else ""
    return {
        "title": ledger.name,
        "ledger": ledger,
        "columns": columns,
        "rows": ledger.with_display(rows).order_by(*reversed(ledger.ordering)),
        "totals": ledger.totals(rows),
        **({"begun": begins} if begins else {"may_add": False}),
    }

"""固投入库台账: the way of each investment project into the statistics office's library and out of it."""

from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices
from core.ledgers.kinds import Choice, Happened
from projects.ledgers.of_investment import PROJECT, UNIT, OfInvestmentLedger
from projects.models import InvestmentMove
from projects.models.investment import CONFIRMED_BY, InvestmentStep
from townships.deadlines.timing import LATE_DAYS
from townships.ledgers import (
    COUNTED,
    HAPPENED,
    LATE,
    VERDICT,
    fields_of,
)

STEP_WORDS = (
    *((word, "applied") for word in ("申报", "申报中", "已上报")),
    *((word, "returned") for word in ("被退回", "审核退回", "未通过")),
    *((word, "listed") for word in ("已入库", "纳统", "已纳统", "入统", "已入统")),
    *((word, "removed") for word in ("已出库", "退库", "竣工出库")),
)
"""Spellings met in workbooks."""


class InvestmentMoveLedger(OfInvestmentLedger):
    key, name, noun, measure = "investment_moves", "固投入库台账", "固投入库记录", "条"
    model = InvestmentMove
    evidence_slots = (*CONFIRMED_BY.values(), "其他材料")
    purpose = "固投项目已申报、退回、入库、出库各记一条。入库和出库以统计部门确认为准，认定后才计入。"
    columns = (
        PROJECT,
        UNIT,
        Column(
            "step",
            "环节",
            Choice(choices=tuple(InvestmentStep.choices), read_as=STEP_WORDS),
            order="step",
            required=True,
            group="入库",
            aliases=("入库情况", "状态", "申报状态"),
        ),
        Column(
            "happened",
            "发生日期",
            Happened(),
            reads=HAPPENED,
            order="happened_on",
            required=True,
            group="入库",
            aliases=("日期", "时间", "入库时间", "入库日期", "申报时间"),
            help="入库、出库填统计部门确认的日期；只知道月份的写到月份。",
        ),
        Column("submission", "申报批次", order="submission", group="入库", aliases=("批次", "入库批次")),
        VERDICT,
        COUNTED,
        Column("remark", "说明", group="其他", aliases=("备注", "退回原因"), help="退回的要写明原因。"),
        LATE,
        LATE_DAYS,
    )

    def filters(self):
        step = ListOfChoices(field_name="step", label="环节", choices=InvestmentStep.choices)
        return {"step": step, **super().filters()}

    def why_not(self, record, name, wanted):
        if name == "step":
            return f"环节是{self.column(name).show(record)}，不是{wanted}"
        return super().why_not(record, name, wanted)

    def add(self, writing, values):
        return writing.add(self.model(**fields_of(self.model, values)))

    def add_all(self, writing, rows):
        """One by one in the order of their days: whether 入库 may follow depends on the rows before it."""
        return [self.add(writing, values) for values in sorted(rows, key=lambda values: values["happened"].first)]

    def change(self, writing, record, values, version=None):
        return writing.change(record, version=version, **fields_of(self.model, values))

    def identity(self, values):
        return (values["project"].pk, values["step"], values["happened"].first)

    def existing(self, seat):
        rows = self.with_display(self.rows(seat)).sharing_relations()
        return {(row.project_id, row.step, row.happened_on): row for row in rows}

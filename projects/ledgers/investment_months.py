"""固投填报数台账: a month's investment as the statistics office gave it back."""

from collections.abc import Mapping
from typing import Any, ClassVar

from core.dates import DateSpan
from core.ledgers.columns import Column
from core.ledgers.kinds import HappenedMonth, Money
from core.withheld import Withheld
from projects.ledgers.of_investment import PROJECT, UNIT, OfInvestmentLedger
from projects.models import InvestmentMonth
from townships.deadlines.timing import LATE_DAYS
from townships.ledgers import (
    COUNTED,
    LATE,
    VERDICT,
    fields_of,
)


class InvestmentMonthLedger(OfInvestmentLedger):
    key, name, noun, measure = "investment_months", "固投填报数台账", "固投填报数", "条"
    model = InvestmentMonth
    amounts = ("amount", "verified_amount")
    claimed_in: ClassVar = {"verified_amount": "amount"}
    evidence_slots = ("统计部门反馈表", "形象进度单", "支付凭证", "其他材料")
    withheld_slots: ClassVar = {"支付凭证": Withheld.VOUCHER}
    purpose = "统计部门每月反馈的各项目完成投资照录在这里，本系统不推算。已入库的项目才有填报数。"
    columns = (
        PROJECT,
        UNIT,
        Column(
            "month",
            "月份",
            HappenedMonth(),
            reads=("happened_on",),
            order="happened_on",
            required=True,
            group="填报",
            aliases=("所属月份", "报告期"),
        ),
        Column(
            "amount",
            "本月完成投资",
            Money(signed=True),
            unit="万元",
            order="amount",
            required=True,
            group="填报",
            aliases=("当月完成投资", "本月投资"),
            help="只填本月数，累计由系统相加；没有的填0，冲减填负数并在备注写明原因。",
        ),
        Column("source", "数据来源", group="填报", in_list=False, help="例如：县统计局2024年6月反馈表。"),
        VERDICT,
        Column(
            "verified_amount", "认定投资", Money(), unit="万元", order="verified_amount", in_form=False, in_import=False
        ),
        COUNTED,
        Column("remark", "备注", in_list=False, group="其他"),
        LATE,
        LATE_DAYS,
    )

    @property
    def closings(self):
        return {"month": InvestmentMonth}

    def blank(self, seat):
        return InvestmentMonth(county_id=seat.county_id)

    def add(self, writing, values):
        return writing.add(InvestmentMonth(**_of_month(values)))

    def add_all(self, writing, rows):
        return writing.add_many([InvestmentMonth(**_of_month(values)) for values in rows])

    def change(self, writing, record, values, version=None):
        return writing.change(record, version=version, **_of_month(values))

    def change_all(self, writing, changes):
        return writing.change_each([(row, _of_month(values)) for row, values in changes])

    def identity(self, values):
        return (values["project"].pk, values["month"])

    def existing(self, seat):
        return {(row.project_id, row.month): row for row in self.with_display(self.rows(seat)).sharing_relations()}


def _of_month(values: Mapping[str, Any]) -> dict[str, Any]:
    """The month as the span it is."""
    fields = fields_of(InvestmentMonth, {name: value for name, value in values.items() if name != "month"})
    if month := values.get("month"):
        fields["happened"] = DateSpan.month(month.year, month.month)
    return fields

"""项目进展台账: what every project did in every month, as the 调度表 asks it."""

from collections.abc import Mapping
from typing import Any, ClassVar

import django_filters

from core.dates import DateSpan
from core.ledgers.columns import Column
from core.ledgers.kinds import HappenedMonth, LongText, Money, YesNo
from core.withheld import Withheld
from projects.ledgers.of_project import PROJECT, TOWNSHIP, OfProjectLedger, projects_by_name
from projects.models import ProjectMonth
from projects.monthly.guard import not_while_reported
from townships.deadlines.timing import LATE_DAYS
from townships.ledgers import COUNTED, LATE, VERDICT


class UnchangedFilter(django_filters.ChoiceFilter):
    """本月无变化: whether the month brought nothing new."""

    def __init__(self):
        answers = [("yes", "是"), ("no", "否")]
        super().__init__(
            choices=answers,
            label="本月无变化",
            method=lambda rows, name, answer: rows.filter(unchanged=answer == "yes"),
        )


class ProgressLedger(OfProjectLedger):
    key, name, noun, measure = "progress", "项目进展台账", "项目月度进展", "条"
    model = ProjectMonth
    import_key = "project"
    amounts = ("investment", "verified_amount")
    claimed_in: ClassVar = {"verified_amount": "investment"}
    evidence_slots = ("现场照片", "形象进度单", "支付凭证", "其他材料")
    withheld_slots: ClassVar = {"支付凭证": Withheld.VOUCHER}
    purpose = "每个项目每月记一行：本月完成投资、形象进度、问题和下一步。累计由这些记录相加，不单独填报。"
    columns = (
        PROJECT,
        TOWNSHIP,
        Column(
            "month",
            "月份",
            HappenedMonth(),
            reads=("happened_on",),
            order="happened_on",
            required=True,
            group="进展",
            aliases=("所属月份", "填报月份", "报告期"),
        ),
        Column(
            "investment",
            "本月完成投资",
            Money(signed=True),
            unit="万元",
            order="investment",
            required=True,
            group="进展",
            aliases=("本月投资", "当月完成投资", "当月投资"),
            help="只填本月新完成的部分，没有的填0；冲减填负数，并在备注里写明原因。",
        ),
        Column(
            "unchanged",
            "本月无变化",
            YesNo(),
            order="unchanged",
            group="进展",
            help="勾选的，本月完成投资填0，形象进度可以不填。",
        ),
        Column("progress", "形象进度", LongText(), group="进展", aliases=("本月进展", "进展情况", "工程形象进度")),
        Column(
            "problem", "存在问题", LongText(), group="进展", in_list=False, aliases=("问题", "存在的问题", "问题和建议")
        ),
        Column(
            "next_step",
            "下一步安排",
            LongText(),
            group="进展",
            in_list=False,
            aliases=("下一步", "下步计划", "下月计划"),
        ),
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
        return {"month": ProjectMonth}

    def filters(self):
        return {"unchanged": UnchangedFilter(), **super().filters()}

    def add(self, writing, values):
        not_while_reported(writing, [(values["project"], values["month"])])
        return writing.add(ProjectMonth(**_fields(values)))

    def add_all(self, writing, rows):
        not_while_reported(writing, [(values["project"], values["month"]) for values in rows])
        return writing.add_many([ProjectMonth(**_fields(values)) for values in rows])

    def change(self, writing, record, values, version=None):
        moved = values.get("project", record.project), values.get("month", record.month)
        not_while_reported(writing, [(record.project, record.month), moved])
        return writing.change(record, version=version, **_fields(values))

    def change_all(self, writing, changes):
        held = [(row.project, row.month) for row, _ in changes]
        moved = [(given.get("project", row.project), given.get("month", row.month)) for row, given in changes]
        not_while_reported(writing, [*held, *moved])
        return writing.change_each([(row, _fields(given)) for row, given in changes])

    def void(self, writing, record, reason):
        not_while_reported(writing, [(record.project, record.month)])
        return super().void(writing, record, reason)

    def why_not(self, record, name, wanted):
        if name == "unchanged":
            return "本月无变化" if record.unchanged else "本月有变化"
        return super().why_not(record, name, wanted)

    def lookups(self, seat, new_rows):
        return {"project": projects_by_name(seat)}

    def identity(self, values):
        return (values["project"].pk, values["month"])

    def existing(self, seat):
        return {(row.project_id, row.month): row for row in self.with_display(self.rows(seat)).sharing_relations()}


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """The month as the span it is; what was left open stays as the model begins it."""
    fields = {name: value for name, value in values.items() if name != "month" and value not in (None, "")}
    cleared = {name: "" for name in ("progress", "problem", "next_step", "remark") if values.get(name) == ""}
    if month := values.get("month"):
        fields["happened"] = DateSpan.month(month.year, month.month)
    return fields | cleared

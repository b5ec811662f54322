"""企业月度指标台账: every enterprise's month as each source tells it; and 数据授权书."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone

from core.dates import DateSpan
from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices, ListOfRows, dated_filters
from core.ledgers.kinds import Choice, Day, HappenedMonth, Integer, Money, Month
from core.ledgers.ledger import Ledger, register
from core.periods import month_of
from core.records import Verdict
from core.withheld import Withheld
from enterprises.ledgers.enterprises import ENTERPRISE, TOWNSHIP, enterprise_lookup, visible_enterprises
from enterprises.models import Answer, EnterpriseMonth, Mandate, Origin
from enterprises.models.months import DEPARTMENTS
from enterprises.month_filters import RepeatedFilter
from townships.deadlines.timing import LATE_DAYS
from townships.ledgers import COUNTED, DATED, LATE, VERDICT, DatedRecordLedger, ListOfUnits, fields_of, places
from townships.menu import Subject
from townships.models import Role

ORIGIN_WORDS = (
    *((word, "self") for word in ("自报", "企业", "企业填报")),
    *((word, "tax") for word in ("税务局", "县税务局")),
    *((word, "power") for word in ("供电公司", "电力")),
    *((word, "water") for word in ("供水", "供气", "水务", "燃气")),
    *((word, "labour") for word in ("人社局", "社保")),
)
"""Spellings met in workbooks."""


def figure(name: str, header: str, unit: str, kind: Any, *aliases: str, in_list: bool = True) -> Column:
    return Column(name, header, kind, unit=unit, order=name, group="数据", aliases=aliases, in_list=in_list)


@register
class EnterpriseMonthLedger(DatedRecordLedger):
    key, name, noun, measure = "enterprise_months", "企业月度指标台账", "企业月度数据", "条"
    subject = Subject.ENTERPRISES
    model = EnterpriseMonth
    import_key = "enterprise"
    confidential = True
    amounts = ("revenue", "output", "invoiced", "tax", "wages")
    ordering = ("-happened_on", "-code")
    search_fields = ("enterprise__name", "enterprise__code", "code")
    evidence_slots = ("利润表", "纳税申报表", "部门回函", "其他材料")
    withheld_slots: ClassVar = {"纳税申报表": Withheld.TAX, "部门回函": Withheld.TAX}
    purpose = (
        "每家企业每月按来源各记一行：企业自报由乡镇填报，部门提供的由县里登记，并列存放、互不覆盖。"
        "这是部门工作台账，不是统计数据。"
    )
    columns = (
        ENTERPRISE,
        TOWNSHIP,
        Column(
            "month",
            "月份",
            HappenedMonth(),
            reads=("happened_on",),
            order="happened_on",
            required=True,
            group="企业",
            aliases=("所属月份", "填报月份", "报告期"),
        ),
        Column(
            "origin",
            "来源",
            Choice(choices=tuple(Origin.choices), read_as=ORIGIN_WORDS),
            order="origin",
            required=True,
            initial="self",
            group="企业",
            aliases=("数据来源",),
            help="乡镇只填报企业自报的数据。",
        ),
        figure("revenue", "营业收入", "万元", Money(signed=True), "主营业务收入", "本月营业收入"),
        figure("output", "工业总产值", "万元", Money(signed=True), "总产值", "产值"),
        figure("invoiced", "开票销售额", "万元", Money(signed=True), "开票额", "开票金额"),
        figure("tax", "入库税收", "万元", Money(signed=True), "税收", "税金"),
        figure("power", "用电量", "千瓦时", Integer(), "用电"),
        figure("water", "用水量", "立方米", Integer(), "用水", in_list=False),
        figure("gas", "用气量", "立方米", Integer(), "用气", in_list=False),
        figure("employees", "从业人数", "人", Integer(), "从业人员", "用工人数"),
        figure("wages", "工资总额", "万元", Money(), "工资", in_list=False),
        Column(
            "answer",
            "核对意见",
            Choice(choices=tuple(Answer.choices)),
            order="answer",
            group="数据",
            help="部门没有企业授权、不便提供数据的填写，只说与企业自报是否一致。",
        ),
        VERDICT,
        COUNTED,
        Column("remark", "备注", in_list=False, group="其他"),
        LATE,
        LATE_DAYS,
    )

    @property
    def closings(self):
        return {"month": EnterpriseMonth}

    def with_display(self, rows):
        return rows.select_related("enterprise__township")

    def filters(self):
        """Without 计入单位: a metric's lines would show a township what departments say of its enterprises."""
        return {
            "enterprise": ListOfRows(rows=visible_enterprises, label="企业", field_name="enterprise"),
            "township": ListOfUnits(rows=places, label="所在乡镇", field_name="enterprise__township"),
            "origin": ListOfChoices(field_name="origin", label="来源", choices=Origin.choices),
            "answer": ListOfChoices(field_name="answer", label="核对意见", choices=Answer.choices),
            "verdict": ListOfChoices(field_name="verdict", label="认定状态", choices=Verdict.choices),
            "repeated": RepeatedFilter(),
            **dated_filters({"happened": DATED["happened"], "counted": DATED["counted"]}),
        }

    def links(self, seat):
        """Reported by now is the month that has ended."""
        ended = month_of(month_of(timezone.localdate()) - timedelta(days=1))
        missing = f"{reverse('ledger-list', args=['enterprises'])}?unreported={ended:%Y-%m}"
        county = [("数据授权书", reverse("ledger-list", args=["mandates"]))] if seat.role == Role.COUNTY else []
        top = ("行业前十企业", reverse("top-enterprises"))
        return [(f"{ended.month}月尚未提交的企业", missing), top, *county]

    def line_label(self, record):
        return str(record)

    def blank(self, seat):
        return EnterpriseMonth(county_id=seat.county_id)

    def add(self, writing, values):
        return writing.add(EnterpriseMonth(**_fields(values)))

    def add_all(self, writing, rows):
        return writing.add_many([EnterpriseMonth(**_fields(values)) for values in rows])

    def change(self, writing, record, values, version=None):
        return writing.change(record, version=version, **_fields(values))

    def change_all(self, writing, changes):
        return writing.change_each([(row, _fields(values)) for row, values in changes])

    def lookups(self, seat, new_rows):
        return {"enterprise": enterprise_lookup(seat)}

    def identity(self, values):
        return (values["enterprise"].pk, values["month"], values["origin"])

    def existing(self, seat):
        return {
            (row.enterprise_id, row.month, row.origin): row
            for row in self.with_display(self.rows(seat)).sharing_relations()
        }


@register
class MandateLedger(Ledger):
    key, name, noun, measure = "mandates", "数据授权书", "数据授权书", "份"
    model = Mandate
    confidential = True
    search_fields = ("enterprise__name", "enterprise__code", "code")
    evidence_slots = ("授权书",)
    purpose = "企业同意某个部门提供哪几个月的数据，登记在这里。没有授权书的，部门只回答一致、不一致或建议核实。"
    columns = (
        ENTERPRISE,
        Column(
            "origin",
            "授权部门",
            Choice(choices=tuple((origin.value, origin.label) for origin in DEPARTMENTS)),
            order="origin",
            required=True,
        ),
        Column("signed_on", "签署日期", Day(), order="signed_on", required=True),
        Column("first_month", "授权起月", Month(), order="first_month", required=True),
        Column("last_month", "授权止月", Month(), order="last_month", help="长期有效的不填。"),
        Column("remark", "备注", in_list=False),
    )

    def with_display(self, rows):
        return rows.select_related("enterprise")

    def filters(self):
        return {
            "enterprise": ListOfRows(rows=visible_enterprises, label="企业", field_name="enterprise"),
            "origin": ListOfChoices(field_name="origin", label="授权部门", choices=Mandate.origin.field.choices),
        }

    def add(self, writing, values):
        return super().add(writing, fields_of(Mandate, values))

    def change(self, writing, record, values, version=None):
        return super().change(writing, record, fields_of(Mandate, values), version)


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """The month as the span it is; what was not given is an empty text or no figure."""
    fields = fields_of(EnterpriseMonth, {name: value for name, value in values.items() if name != "month"})
    if month := values.get("month"):
        fields["happened"] = DateSpan.month(month.year, month.month)
    return fields

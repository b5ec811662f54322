"""What a county sets for its enterprises: 退库预警规则, 本县标准."""

from django.urls import reverse

from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices
from core.ledgers.kinds import Choice, Day, Integer, Money, YesNo
from core.ledgers.ledger import Ledger, register
from enterprises.models import (
    AboveScaleGroup,
    ExitRule,
    LocalThreshold,
    RegistrationStatus,
    Signal,
    WarningLight,
)
from townships.ledgers import fields_of


class SettingsLedger(Ledger):
    """Rows of the county itself: everybody reads them, the office writes them."""

    def add(self, writing, values):
        return super().add(writing, fields_of(self.model, values))

    def change(self, writing, record, values, version=None):
        return super().change(writing, record, fields_of(self.model, values), version)


@register
class ExitRuleLedger(SettingsLedger):
    key, name, noun, measure = "exit_rules", "退库预警规则", "退库预警规则", "条"
    model = ExitRule
    ordering = ("signal", "code")
    purpose = "在库企业出现什么情况亮哪种灯，由本县在这里设定。没有设定的，按随系统提供的规则预警。"
    columns = (
        Column("signal", "依据", Choice(choices=tuple(Signal.choices)), order="signal", required=True),
        Column("light", "预警等级", Choice(choices=tuple(WarningLight.choices)), order="light", required=True),
        Column(
            "bound",
            "界限",
            Integer(),
            order="bound",
            initial=0,
            required=True,
            help="营业收入填百分比，例如80；没有报数填月数，例如2；登记状态填0。",
        ),
        Column(
            "least_months",
            "至少已报月数",
            Integer(),
            order="least_months",
            initial=6,
            required=True,
            help="近12个月报数不足这么多个月的，不比较营业收入。",
        ),
        Column("status", "登记状态", Choice(choices=tuple(RegistrationStatus.choices)), order="status"),
        Column("in_use", "启用", YesNo(), order="in_use", initial=True),
    )

    def filters(self):
        return {
            "signal": ListOfChoices(field_name="signal", label="依据", choices=Signal.choices),
            "light": ListOfChoices(field_name="light", label="预警等级", choices=WarningLight.choices),
        }

    def links(self, seat):
        may = seat.may("add", self.blank(seat))
        own = [("采用随系统提供的规则", reverse("exit-rules-shipped"))] if may else []
        return [("退库预警名单", reverse("exit-watch")), *own]


@register
class ThresholdLedger(SettingsLedger):
    key, name, noun, measure = "local_thresholds", "本县标准", "本县标准", "条"
    model = LocalThreshold
    ordering = ("scale_group", "code")
    search_fields = ("name", "code", "scope", "source")
    purpose = "四上标准全国统一，随系统提供。本县自定的“一新”等类别，在这里登记行业范围和标准。"
    columns = (
        Column("name", "标准名称", order="name", required=True, help="例如规上新型服务业。"),
        Column(
            "scale_group",
            "四上类别",
            Choice(choices=tuple(AboveScaleGroup.choices)),
            order="scale_group",
            required=True,
            initial="local",
        ),
        Column("scope", "行业范围", required=True, help="国民经济行业代码，例如63-65、7310；比全国标准写得细的优先。"),
        Column("indicator", "指标", required=True, initial="年营业收入"),
        Column("amount", "标准", Money(), unit="万元", order="amount", help="以资质为准、没有收入门槛的不填。"),
        Column("valid_from", "起始日", Day(), order="valid_from", required=True),
        Column("valid_until", "截止日", Day(), order="valid_until", help="仍在执行的不填。"),
        Column("source", "依据文件", required=True),
    )

    def filters(self):
        return {
            "scale_group": ListOfChoices(field_name="scale_group", label="四上类别", choices=AboveScaleGroup.choices)
        }

    def links(self, seat):
        return [("现行标准一览", reverse("standards"))]

"""签约记录: contracts, upgrades from a framework, increases and reductions."""

from typing import ClassVar

from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices
from core.ledgers.kinds import Choice, Code, Happened, Money
from projects.ledgers.of_project import PROJECT, TOWNSHIP, OfProjectLedger
from projects.models import Agreement
from projects.models.projects import AgreementReason, Contract
from townships.deadlines.timing import LATE_DAYS
from townships.ledgers import COUNTED, HAPPENED, LATE, VERDICT


class AgreementLedger(OfProjectLedger):
    key, name, noun, measure = "agreements", "签约记录", "签约", "笔"
    model = Agreement
    amounts = ("total_investment", "verified_amount")
    claimed_in: ClassVar = {"verified_amount": "total_investment"}
    evidence_slots = ("协议扫描件",)
    purpose = "签约、框架转正式、增资、减资各记一笔，项目的总投资由这些记录相加而来。"
    columns = (
        PROJECT,
        TOWNSHIP,
        Column(
            "kind",
            "签约类型",
            Choice(choices=tuple(Contract.choices)),
            order="kind",
            required=True,
            initial="formal",
            group="签约",
        ),
        Column(
            "reason",
            "事由",
            Choice(choices=tuple(AgreementReason.choices)),
            order="reason",
            required=True,
            initial="new",
            group="签约",
        ),
        Column(
            "happened",
            "签约时间",
            Happened(),
            reads=HAPPENED,
            order="happened_on",
            required=True,
            group="签约",
            aliases=("协议签订时间",),
        ),
        Column(
            "total_investment",
            "总投资",
            Money(signed=True),
            unit="万元",
            order="total_investment",
            required=True,
            group="签约",
            help="增资只填新增的部分，减资填负数。",
        ),
        Column("introduced", "协议引资额", Money(signed=True), unit="万元", group="签约", in_list=False),
        Column("fixed_assets", "固定资产投资", Money(signed=True), unit="万元", group="签约", in_list=False),
        Column("contract_number", "合同编号", Code(), group="签约", in_list=False),
        VERDICT,
        Column(
            "verified_amount",
            "认定总投资",
            Money(),
            unit="万元",
            order="verified_amount",
            in_form=False,
            in_import=False,
        ),
        COUNTED,
        LATE,
        LATE_DAYS,
    )

    def filters(self):
        return {
            "kind": ListOfChoices(field_name="kind", label="签约类型", choices=Contract.choices),
            "reason": ListOfChoices(field_name="reason", label="事由", choices=AgreementReason.choices),
            **super().filters(),
        }

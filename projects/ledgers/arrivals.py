"""到位资金台账: money by project and month, with the voucher that proves it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from core.dates import DateSpan
from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices
from core.ledgers.kinds import Choice, Code, HappenedMonth, Money
from core.withheld import Withheld
from projects import official_forms, services
from projects.ledgers.of_project import PROJECT, TOWNSHIP, OfProjectLedger, projects_by_name
from projects.models import Arrival
from projects.models.arrivals import Basis, Nature, VoucherKind
from projects.models.projects import Origin
from townships.deadlines.timing import LATE_DAYS
from townships.ledgers import COUNTED, LATE, VERDICT


class ArrivalLedger(OfProjectLedger):
    key, name, noun, measure = "arrivals", "到位资金台账", "到位资金", "笔"
    model = Arrival
    import_key = "project"
    amounts = ("amount", "verified_amount")
    claimed_in: ClassVar = {"verified_amount": "amount"}
    evidence_slots = ("银行凭证", "发票", "进度单", "其他凭证")
    withheld_slots: ClassVar = dict.fromkeys(evidence_slots, Withheld.VOUCHER)
    official_form = official_forms.ARRIVALS
    purpose = "每个项目每月到位多少记一行，累计由这些记录相加，不单独填报。"
    columns = (
        PROJECT,
        TOWNSHIP,
        Column(
            "month",
            "到位月份",
            HappenedMonth(),
            reads=("happened_on",),
            order="happened_on",
            required=True,
            group="到位",
            aliases=("月份", "到位时间"),
        ),
        Column(
            "amount",
            "到位金额",
            Money(signed=True),
            unit="万元",
            order="amount",
            required=True,
            group="到位",
            aliases=("到位资金", "金额", "本月到位资金"),
            help="冲减填负数，并在备注里写明原因。",
        ),
        Column(
            "nature",
            "资金性质",
            Choice(choices=tuple(Nature.choices), read_as=(("固定资产", "fixed"), ("流动资金", "working"))),
            order="nature",
            required=True,
            initial="fixed",
            group="到位",
        ),
        Column("origin", "资金来源", Choice(choices=tuple(Origin.choices)), in_list=False, group="到位"),
        Column(
            "basis",
            "口径",
            Choice(choices=tuple(Basis.choices)),
            in_list=False,
            required=False,
            initial="arrival",
            group="到位",
            help="同一项目只能用一种口径。",
        ),
        Column(
            "voucher_kind",
            "凭证种类",
            Choice(choices=tuple(VoucherKind.choices)),
            source="voucher.kind",
            in_list=False,
            group="凭证",
        ),
        Column("voucher_issuer", "出具单位", source="voucher.issuer", in_list=False, group="凭证"),
        Column(
            "voucher_number",
            "凭证号",
            Code(),
            source="voucher.number",
            in_list=False,
            group="凭证",
            help="同一张凭证分到几个项目时，各项目都填这个号。",
        ),
        Column(
            "voucher_amount", "凭证金额", Money(), unit="万元", source="voucher.amount", in_list=False, group="凭证"
        ),
        VERDICT,
        Column(
            "verified_amount", "认定金额", Money(), unit="万元", order="verified_amount", in_form=False, in_import=False
        ),
        COUNTED,
        Column("remark", "备注", in_list=False, group="其他"),
        LATE,
        LATE_DAYS,
    )

    @property
    def closings(self):
        return {"month": Arrival}

    def filters(self):
        return {
            "nature": ListOfChoices(field_name="nature", label="资金性质", choices=Nature.choices),
            "origin": ListOfChoices(field_name="origin", label="资金来源", choices=Origin.choices),
            **super().filters(),
        }

    def with_display(self, rows):
        return super().with_display(rows).select_related("voucher")

    def add(self, writing, values):
        return writing.add(Arrival(**self._fields(writing, values)))

    def add_all(self, writing, rows):
        return writing.add_many([Arrival(**self._fields(writing, values)) for values in rows])

    def change(self, writing, record, values, version=None):
        return writing.change(record, version=version, **self._fields(writing, values))

    def change_all(self, writing, changes):
        return writing.change_each([(row, self._fields(writing, values)) for row, values in changes])

    def _fields(self, writing: Any, values: Mapping[str, Any]) -> dict[str, Any]:
        fields = {k: v for k, v in values.items() if not k.startswith("voucher_") and k != "month" and v is not None}
        if month := values.get("month"):
            fields["happened"] = DateSpan.month(month.year, month.month)
        if values.get("voucher_number"):
            parts = {name: values.get(f"voucher_{name}") or "" for name in ("kind", "issuer", "number")}
            fields["voucher"] = services.voucher_for(writing, **parts, amount=values.get("voucher_amount"))
        return fields

    def lookups(self, seat, new_rows):
        return {"project": projects_by_name(seat)}

    def identity(self, values):
        return (values["project"].pk, values["month"], values["amount"], values.get("nature"))

    def existing(self, seat):
        rows = self.with_display(self.rows(seat)).sharing_relations()
        return {(row.project_id, row.month, row.amount, row.nature): row for row in rows}

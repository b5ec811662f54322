"""资金拨付台账: what left the purse, on which voucher, to whom."""

from typing import ClassVar

from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices, ListOfRows
from core.ledgers.kinds import Choice, Code, Happened, Money, Reference
from core.withheld import Withheld
from projects.ledgers.funding_documents import KINDS
from projects.ledgers.of_funding import OfMoneyLedger, allocations, by_what_it_is_called, documents
from projects.models import Payment
from projects.models.funding import MoneyKind, PayeeKind
from townships.deadlines.timing import LATE_DAYS
from townships.ledgers import (
    COUNTED,
    HAPPENED,
    LATE,
    VERDICT,
    DatedRecordLedger,
    ListOfUnits,
    dated_record_filters,
    fields_of,
    units,
)


class PaymentLedger(OfMoneyLedger, DatedRecordLedger):
    key, name, noun, measure = "payments", "资金拨付台账", "资金拨付", "笔"
    model = Payment
    import_key = "allocation"
    amounts = ("amount", "verified_amount")
    claimed_in: ClassVar = {"verified_amount": "amount"}
    sums = ("amount",)
    kind_path = "allocation__document__kind"
    search_fields = ("allocation__unit__name", "allocation__document__number", "voucher_number", "payee", "code")
    ordering = ("-happened_on", "-code")
    evidence_slots = ("支付凭证", "其他材料")
    withheld_slots: ClassVar = {"支付凭证": Withheld.VOUCHER}
    purpose = "每拨付一次记一行，写明凭证号；拨付合计不超过分配金额。"
    columns = (
        Column(
            "allocation",
            "资金分配",
            Reference(rows=allocations, noun="资金分配"),
            order="allocation__code",
            required=True,
            group="拨付",
            help="填写资金分配的编号。",
        ),
        Column(
            "kind",
            "资金类别",
            KINDS,
            source="allocation.document.kind",
            order="allocation__document__kind",
            in_form=False,
            in_import=False,
        ),
        Column(
            "happened",
            "拨付日期",
            Happened(),
            reads=HAPPENED,
            order="happened_on",
            required=True,
            group="拨付",
            aliases=("拨款时间", "支付日期"),
        ),
        Column(
            "amount",
            "拨付金额",
            Money(signed=True),
            unit="万元",
            order="amount",
            required=True,
            group="拨付",
            aliases=("金额", "支付金额"),
            help="冲减填负数，并在备注里写明原因。",
        ),
        Column(
            "payee_kind",
            "收款方类别",
            Choice(choices=tuple(PayeeKind.choices)),
            order="payee_kind",
            required=True,
            initial="unit",
            group="收款",
            in_list=False,
            help="资金只拨给单位，不拨给个人。",
        ),
        Column("payee", "收款单位", group="收款", help="拨到使用单位账户的可不填。"),
        Column("voucher_number", "凭证号", Code(), order="voucher_number", required=True, group="收款"),
        VERDICT,
        Column(
            "verified_amount", "认定金额", Money(), unit="万元", order="verified_amount", in_form=False, in_import=False
        ),
        COUNTED,
        Column("remark", "备注", in_list=False, group="其他"),
        LATE,
        LATE_DAYS,
    )

    def with_display(self, rows):
        return rows.select_related("allocation__unit", "allocation__project", "allocation__document__department")

    def filters(self):
        kinds, whose = self.kind_path, "allocation__unit"
        return {
            "kind": ListOfChoices(field_name=kinds, label="资金类别", choices=MoneyKind.choices),
            "unit": ListOfUnits(rows=units, label="使用单位", field_name=whose),
            "document": ListOfRows(rows=documents, label="资金文件", field_name="allocation__document"),
            "payee_kind": ListOfChoices(field_name="payee_kind", label="收款方类别", choices=PayeeKind.choices),
            **dated_record_filters(),
        }

    def line_label(self, record):
        return f"{record.allocation.document}，{record.happened.label}拨付"

    def why_not(self, record, name, wanted):
        if name in ("kind", "payee_kind"):
            return f"{self.column(name).header}是{self.column(name).show(record)}，不是{wanted}"
        return super().why_not(record, name, wanted)

    def add(self, writing, values):
        return writing.add(self.model(**fields_of(self.model, values)))

    def add_all(self, writing, rows):
        return writing.add_many([self.model(**fields_of(self.model, values)) for values in rows])

    def change(self, writing, record, values, version=None):
        return writing.change(record, version=version, **fields_of(self.model, values))

    def change_all(self, writing, changes):
        return writing.change_each([(row, fields_of(self.model, values)) for row, values in changes])

    def lookups(self, seat, new_rows):
        return {"allocation": by_what_it_is_called(allocations(seat), "资金分配")}

    def identity(self, values):
        return (values["allocation"].pk, values["voucher_number"], values["amount"])

    def existing(self, seat):
        rows = self.with_display(self.rows(seat)).sharing_relations()
        return {(row.allocation_id, row.voucher_number, row.amount): row for row in rows}

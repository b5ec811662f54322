"""资金分配台账: what units and projects have of the money, and for how long it has been waiting."""

import django_filters
from django.utils import timezone

from core.dates import DateSpan
from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices, ListOfRows, dated_filters
from core.ledgers.kinds import Choice, Code, Day, Money, Reference, Share, plain_number
from core.ledgers.ledger import ledger_for
from core.write import Refused
from projects import official_forms
from projects.ledgers.funding_documents import KINDS, panel_of
from projects.ledgers.of_funding import OfMoneyLedger, by_what_it_is_called, documents, rate
from projects.ledgers.of_project import projects_by_name, visible_projects
from projects.models import Allocation
from projects.models.funding import Aging, MoneyKind
from townships.ledgers import AsOfFilter, ListOfUnits, credit_filters, fields_of, units
from townships.models import WHOLE_COUNTY, Role
from townships.services import heir_in, lookup_of_then
from townships.waiting import Kind

PROPOSALS = "award_proposals"
KEEPERS = WHOLE_COUNTY | {Role.DEPARTMENT}
"""Who is told of money that lies about: the county, and departments of what they see."""


class AllocationLedger(OfMoneyLedger):
    key, name, noun, measure = "allocations", "资金分配台账", "资金分配", "笔"
    model = Allocation
    waits = (
        Kind("满一年未拨清", KEEPERS, frozenset(), {"aging": Aging.DAYS_365}, mark="tag tag-overdue"),
        Kind("满180天未拨清", KEEPERS, frozenset(), {"aging": Aging.DAYS_180}, mark="tag tag-due"),
    )
    import_key = "document"
    amounts = ("amount",)
    sums = ("amount",)
    kind_path = "document__kind"
    search_fields = ("unit__name", "project__name", "document__number", "code", "purpose")
    ordering = ("-allocated_on", "-code")
    evidence_slots = ("分配文件", "绩效材料", "其他材料")
    detail_template = "ledgers/funding.html"
    official_form = official_forms.ALLOCATIONS
    purpose = "资金文件下达后，分给哪个单位、哪个项目记在这里；分配合计不超过文件的下达总额。"
    columns = (
        Column(
            "document",
            "资金文件",
            Reference(rows=documents, noun="资金文件"),
            order="document__number",
            required=True,
            group="分配",
            aliases=("文号", "指标文号"),
            help="填写文号或编号。",
        ),
        Column(
            "kind", "资金类别", KINDS, source="document.kind", order="document__kind", in_form=False, in_import=False
        ),
        Column(
            "unit",
            "使用单位",
            Reference(rows=units, noun="单位", few=True),
            order="unit__position",
            required=True,
            group="分配",
            aliases=("乡镇", "单位"),
        ),
        Column(
            "project",
            "项目",
            Reference(rows=visible_projects, noun="项目"),
            order="project__name",
            group="分配",
            aliases=("项目名称",),
            help="分到单位、不对应具体项目的不填。",
        ),
        Column(
            "amount", "分配金额", Money(), unit="万元", order="amount", required=True, group="分配", aliases=("金额",)
        ),
        Column("allocated_on", "分配日期", Day(), order="allocated_on", required=True, group="分配"),
        Column("purpose", "具体用途", in_list=False, group="分配", aliases=("用途",)),
        Column(
            "proposal",
            "奖补建议编号",
            Code(),
            in_list=False,
            group="其他",
            help="由奖补建议转来的填写它的编号，每条建议只分配一次。",
        ),
        Column("paid_then", "已拨付", Money(), unit="万元", order="paid_then", in_form=False, in_import=False),
        Column(
            "payment_rate",
            "支付率（已拨付÷分配金额）",
            Share(),
            source=lambda row: rate(row.paid_then, row.amount),
            in_form=False,
            in_import=False,
        ),
        Column("aging", "账龄", Choice(choices=tuple(Aging.choices)), order="aging", in_form=False, in_import=False),
        Column("remark", "备注", in_list=False, group="其他"),
    )

    def rows(self, seat, as_of=None):
        rows = super().rows(seat)
        rows = rows.filter(allocated_on__lte=as_of) if as_of else rows
        return rows.standing(as_of or timezone.localdate(), past=as_of is not None)

    def all_rows(self, seat):
        return super().all_rows(seat).standing(timezone.localdate(), past=False)

    def with_display(self, rows):
        return rows.select_related("unit", "project", "document__department")

    def filters(self):
        return {
            "kind": ListOfChoices(field_name="document__kind", label="资金类别", choices=MoneyKind.choices),
            "unit": ListOfUnits(rows=units, label="使用单位"),
            "aging": ListOfChoices(field_name="aging", label="账龄", choices=Aging.choices),
            "document": ListOfRows(rows=documents, label="资金文件"),
            "of_project": django_filters.ChoiceFilter(
                label="分到项目",
                choices=[("yes", "是"), ("no", "否")],
                method=lambda rows, name, answer: rows.filter(project__isnull=answer == "no"),
            ),
            **credit_filters(),
            **dated_filters({"happened": ("allocated_on", "allocated_on", "分配日期")}),
            "as_of": AsOfFilter(),
        }

    def happened(self, record):
        return DateSpan.day(record.allocated_on)

    def line_label(self, record):
        return f"{record.document}{record.purpose}"

    def why_not(self, record, name, wanted):
        if name in ("kind", "aging"):
            return f"{self.column(name).header}不是{wanted}"
        return super().why_not(record, name, wanted)

    def add(self, writing, values):
        by_the_proposal(writing, values)
        return writing.add(self.model(**fields_of(self.model, values)))

    def add_all(self, writing, rows):
        for values in rows:
            by_the_proposal(writing, values)
        return writing.add_many([self.model(**fields_of(self.model, values)) for values in rows])

    def change(self, writing, record, values, version=None):
        by_the_proposal(writing, self._proposed(record, values))
        return writing.change(record, version=version, **fields_of(self.model, values))

    def change_all(self, writing, changes):
        for row, values in changes:
            by_the_proposal(writing, self._proposed(row, values))
        return writing.change_each([(row, fields_of(self.model, values)) for row, values in changes])

    def _proposed(self, record, values):
        return {"proposal": record.proposal, "unit": record.unit, "amount": record.amount, **values}

    # -- importing -------------------------------------------------------------------------------

    def lookups(self, seat, new_rows):
        return {
            "document": by_what_it_is_called(documents(seat), "资金文件", "number"),
            "unit": lookup_of_then(seat),
            "project": projects_by_name(seat),
        }

    def as_new(self, values, seat):
        return heir_in(values, seat)

    def identity(self, values):
        project = values.get("project")
        return (values["document"].pk, values["unit"].pk, project and project.pk, values["allocated_on"])

    def existing(self, seat):
        rows = self.with_display(self.rows(seat)).sharing_relations()
        return {(row.document_id, row.unit_id, row.project_id, row.allocated_on): row for row in rows}

    # -- the detail page -------------------------------------------------------------------------

    def panels(self, record, seat):
        return [panel_of("payments", seat, {"allocation": record}, record)]

    def extra_context(self, record, seat):
        return {"bars": [("已拨付", "分配金额", record.paid, record.amount)]}


def by_the_proposal(writing, values):
    """An allocation that names an award proposal keeps to what was published: the same unit, no more than its amount.

    The proposals stand a floor higher, so that they are asked through their ledger. Raises Refused.
    """
    if code := values.get("proposal"):
        rows = ledger_for(PROPOSALS).model.objects.current().in_county(writing.actor.county_id)
        if sentence := _why_not_by(rows.select_related("unit").filter(code=code).first(), code, values):
            raise Refused(sentence)


def _why_not_by(proposal, code, values):
    if proposal is None:
        return {"proposal": f"没有编号为 {code} 的奖补建议，或者它已经作废，请在奖补建议台账中核对。"}
    if proposal.unit != values["unit"]:
        return {"unit": f"奖补建议 {code} 是给{proposal.unit}的，不能分给{values['unit']}。"}
    if values["amount"] > proposal.amount:
        return {"amount": f"超过奖补建议 {code} 公布的奖金 {plain_number(proposal.amount)} 万元。"}
    return None

"""走访台账（大走访大帮扶）."""

import django_filters
from django.db.models import Q
from django.urls import reverse

from core.ledgers.columns import Column
from core.ledgers.kinds import Happened, LongText
from core.ledgers.ledger import ledger_for, register
from enterprises.ledgers.enterprises import ENTERPRISE, OfEnterpriseLedger
from enterprises.models import Visit
from enterprises.visiting import RAISE
from townships.deadlines.timing import LATE_DAYS
from townships.ledgers import COUNTED, HAPPENED, LATE, VERDICT, ListOfUnits, places

DEMANDS = (("waiting", "有诉求，未转办"), ("raised", "有诉求，已转办"), ("none", "没有诉求"))
RAISED = Q(problem__isnull=False, problem__voided_at=None)
ASKED = {"waiting": ~Q(demand="") & ~RAISED, "raised": RAISED, "none": Q(demand="")}
NOT_WANTED = "企业诉求不是“{}”"


@register
class VisitLedger(OfEnterpriseLedger):
    key, name, noun, measure = "visits", "走访台账", "走访记录", "次"
    model = Visit
    search_fields = ("enterprise__name", "enterprise__code", "code", "visitors", "demand")
    evidence_slots = ("走访照片", "走访记录表", "其他材料")
    detail_template = "ledgers/visit.html"
    purpose = "走访企业的时间、人员和听到的情况记在这里。企业提出的诉求可以转为问题，交办以后按期办结。"
    columns = (
        ENTERPRISE,
        Column(
            "township",
            "走访时所在乡镇",
            source="township.name",
            order="township__position",
            in_form=False,
            in_import=False,
        ),
        Column(
            "happened",
            "走访日期",
            Happened(),
            reads=HAPPENED,
            order="happened_on",
            required=True,
            group="走访",
            aliases=("日期", "走访时间", "时间"),
        ),
        Column("visitors", "走访人员", required=True, group="走访", aliases=("走访领导", "走访干部", "走访人")),
        Column("received_by", "接待人", group="走访", in_list=False, aliases=("企业接待人",)),
        Column(
            "heard",
            "走访情况",
            LongText(),
            required=True,
            group="走访",
            in_list=False,
            aliases=("企业情况", "生产经营情况", "了解的情况"),
        ),
        Column(
            "demand",
            "企业诉求",
            LongText(),
            group="走访",
            aliases=("诉求", "困难诉求", "存在困难", "困难问题"),
            help="企业请政府帮助解决的事，没有的不填。",
        ),
        Column("problem", "转办问题", source=lambda row: row.problem, in_form=False, in_import=False),
        VERDICT,
        COUNTED,
        Column("remark", "备注", group="其他", in_list=False),
        LATE,
        LATE_DAYS,
    )

    def with_display(self, rows):
        return rows.select_related("enterprise__township", "township", "problem")

    def filters(self):
        return {
            "demand": django_filters.ChoiceFilter(
                label="企业诉求", choices=DEMANDS, method=lambda rows, name, value: rows.filter(ASKED[value])
            ),
            **super().filters(),
            "township": ListOfUnits(rows=places, label="走访时所在乡镇", field_name="township"),
        }

    def why_not(self, record, name, wanted):
        return NOT_WANTED.format(wanted) if name == "demand" else super().why_not(record, name, wanted)

    def extra_context(self, record, seat):
        """The problem's page where this seat may see it; else the act that raises one."""
        shown = record.problem and ledger_for("problems").rows(seat).filter(pk=record.problem_id).exists()
        return {
            "may_raise": not record.voided_at and record.waits and seat.may(RAISE, record),
            "problem_url": reverse("ledger-detail", args=["problems", record.problem.code]) if shown else "",
        }

    def identity(self, values):
        return (values["enterprise"].pk, values["happened"].first, values["visitors"])

    def existing(self, seat):
        rows = self.with_display(self.rows(seat)).sharing_relations()
        return {(row.enterprise_id, row.happened_on, row.visitors): row for row in rows}

"""疑点台账 and 疑点规则."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.dates import DateSpan
from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices, ListOfRows, dated_filters
from core.ledgers.kinds import Choice, Day, Integer, LongText, Month, Number, YesNo
from core.ledgers.ledger import Ledger, register
from enterprises.coherence import services
from enterprises.coherence.drawing import drawing_of
from enterprises.coherence.models import FIGURE_NAMES, KIND_NAMES, CoherenceQuestion, CoherenceRule
from enterprises.coherence.steps import ASK, Act, Outcome, Stage
from enterprises.coherence.waiting import KINDS
from enterprises.ledgers import visible_enterprises
from enterprises.models import EnterpriseMonth
from townships.ledgers import ListOfUnits, places, units
from townships.menu import Subject
from townships.models import Role
from townships.problems.ledgers import due_soon_days
from townships.problems.models import Light

YES = (("True", "是"),)
MAIN_ACTS = (Act.ASSIGN, Act.CLOSE)
TOLD_APART = ("sentence", "light", "stage", "answer", "opinion", "outcome")
"""Columns that the question's page shows elsewhere than among the facts."""


def visible_rules(seat: Any) -> QuerySet:
    return CoherenceRule.objects.current().visible_to(seat)


def told_to(seat: Any) -> Q:
    """A question tells its figures: who reads the whole county, but not its tax, say, learns of none about tax. Units
    see what is their own, or what they were asked."""
    withheld = [name for name, kind in EnterpriseMonth.withheld_fields.items() if not seat.reads_every(kind)]
    if not withheld or not seat.sees_county:
        return Q()
    return ~Q(rule__figure__in=[*withheld, ""]) & ~Q(rule__other__in=withheld)


def false_alarms(rule: CoherenceRule) -> str:
    """误报率: of the questions that were closed."""
    if not rule.closed:
        return "尚无已核结"
    return f"{rule.false / rule.closed:.1%}（{rule.false}/{rule.closed}）"


@register
class CoherenceQuestionLedger(Ledger):
    key, name, noun, measure = services.LEDGER, "疑点台账", "疑点", "个"
    subject = Subject.FOLLOW_UP
    model = CoherenceQuestion
    waits = KINDS
    confidential = True
    ordering = ("-month", "-code")
    search_fields = ("enterprise__name", "enterprise__code", "code", "sentence")
    evidence_slots = (services.SLOT,)
    detail_template = "ledgers/question.html"
    purpose = (
        "县招商办按月核对企业数据，前后不一致的在这里提出疑点，由有关单位说明情况，再由另一位同事核结。"
        "疑点只作询问，不改动数据。"
    )
    columns = (
        Column("enterprise", "企业名称", source="enterprise.name", order="enterprise__name"),
        Column("township", "所在乡镇", source="enterprise.township.name", order="enterprise__township__position"),
        Column("month", "月份", Month(), order="month"),
        Column("rule", "疑点规则", source="rule.name", order="rule__name"),
        Column("sentence", "疑点"),
        Column("light", "亮灯", Choice(choices=tuple(Light.choices)), order="light"),
        Column("stage", "办理阶段", Choice(choices=tuple(Stage.choices)), order="stage"),
        Column("responsible", "答复单位", source="responsible.name", order="responsible__position"),
        Column("deadline", "答复期限", Day(), order="deadline"),
        Column("asked_on", "提出日期", Day(), order="asked_on", in_list=False),
        Column("answer", "说明", LongText(), in_list=False),
        Column("answered_on", "答复日期", Day(), order="answered_on", in_list=False),
        Column("outcome", "核实结果", Choice(choices=tuple(Outcome.choices)), order="outcome"),
        Column("opinion", "核结意见", LongText(), in_list=False),
        Column("closed_on", "核结日期", Day(), order="closed_on", in_list=False),
        Column("settled_on", "数据变动后不再出现", Day(), order="settled_on", in_list=False),
        Column("from_departments", "含部门数据", YesNo(), in_list=False),
    )

    def rows(self, seat, as_of=None):
        rows = super().rows(seat).filter(told_to(seat))
        rows = rows.filter(asked_on__lte=as_of) if as_of else rows
        return rows.with_light(as_of or timezone.localdate(), due_soon_days(seat))

    def all_rows(self, seat):
        return super().all_rows(seat).filter(told_to(seat)).with_light(timezone.localdate(), due_soon_days(seat))

    def with_display(self, rows):
        return rows.select_related("enterprise__township", "rule", "responsible")

    def filters(self):
        return {
            "light": ListOfChoices(field_name="light", label="亮灯", choices=Light.choices),
            "stage": ListOfChoices(field_name="stage", label="办理阶段", choices=Stage.choices),
            "responsible": ListOfUnits(rows=units, label="答复单位"),
            "enterprise": ListOfRows(rows=visible_enterprises, label="企业"),
            "township": ListOfUnits(rows=places, label="所在乡镇", field_name="enterprise__township"),
            "rule": ListOfRows(rows=visible_rules, label="疑点规则"),
            "outcome": ListOfChoices(field_name="outcome", label="核实结果", choices=Outcome.choices),
            "from_departments": django_filters.ChoiceFilter(
                field_name="from_departments", label="含部门数据", choices=YES
            ),
            **dated_filters({"happened": ("month", "month", "月份"), "counted": ("asked_on", "asked_on", "提出日期")}),
        }

    def links(self, seat):
        if seat.role != Role.COUNTY:
            return []
        asking = [("核对一个月", reverse("coherence-ask"))] if seat.may(ASK, self.blank(seat)) else []
        return [*asking, ("疑点规则", reverse("ledger-list", args=["coherence_rules"]))]

    def happened(self, record):
        return DateSpan.month(record.month.year, record.month.month)

    def facts(self, record, seat):
        told = {self.column(name).header for name in TOLD_APART}
        return [fact for fact in super().facts(record, seat) if fact[0] not in told]

    def extra_context(self, record, seat):
        acts = record.open_acts(seat)
        leads = next((act for act in (*MAIN_ACTS, Act.ANSWER) if act in acts and not _only_again(record, act)), None)
        return {
            "drawing": drawing_of(record),
            "light": Light(record.light).label,
            "open_acts": [act for act in acts if act != leads],
            "main_act": leads,
        }


def _only_again(question: CoherenceQuestion, act: Act) -> bool:
    """Whether the act is there to give an assigned question to somebody else."""
    return act == Act.ASSIGN and question.stage == Stage.ASKED


@register
class CoherenceRuleLedger(Ledger):
    key, name, noun, measure = "coherence_rules", "疑点规则", "疑点规则", "条"
    model = CoherenceRule
    confidential = True
    ordering = ("code",)
    search_fields = ("name", "code")
    purpose = "核对企业数据的规则和界限由县招商办设定，修改都有记录。误报多的规则，可以先试算再放宽界限。"
    columns = (
        Column("name", "规则名称", order="name", required=True, group="规则"),
        Column("kind", "规则类型", Choice(choices=tuple(KIND_NAMES)), order="kind", required=True, group="规则"),
        Column(
            "figure",
            "指标",
            Choice(choices=tuple(FIGURE_NAMES)),
            group="规则",
            help="单位错位规则不填的，各项指标都核对。",
        ),
        Column(
            "other",
            "对照指标",
            Choice(choices=tuple(FIGURE_NAMES)),
            group="规则",
            help="两项指标变化不一致、有收入无投入、明显高于同行的规则填写。",
        ),
        Column(
            "limit",
            "界限",
            Number(),
            group="界限",
            initial=0,
            help="变化不一致、单位错位：偏离此前12个月中位数多少个离散度。明显高于同行：同行中位数的多少倍。其他规则填0。",
        ),
        Column(
            "least",
            "幅度",
            Number(),
            unit="%",
            group="界限",
            initial=0,
            help="变化不一致：至少偏离百分之几。单位错位：与整十、整百倍允许相差百分之几。其他规则填0。",
        ),
        Column(
            "months",
            "个数",
            Integer(),
            group="界限",
            initial=1,
            help="有收入无投入：连续几个月。雷同：至少几项不为零的指标相同。其他规则填1。",
        ),
        Column(
            "rest",
            "间隔月数",
            Integer(),
            group="界限",
            initial=0,
            help="同一家企业提出后，几个月内不再按这条规则提出。",
        ),
        Column("active", "启用", YesNo(), group="界限", initial=True),
        Column("asked", "已提出", Integer(), unit="个", order="asked", in_form=False),
        Column("false", "误报率", source=false_alarms, in_form=False),
        Column("source", "依据", group="其他", in_list=False),
    )

    def rows(self, seat, as_of=None):
        return super().rows(seat).with_outcomes()

    def all_rows(self, seat):
        return super().all_rows(seat).with_outcomes()

    def filters(self):
        return {
            "kind": ListOfChoices(field_name="kind", label="规则类型", choices=KIND_NAMES),
            "active": django_filters.ChoiceFilter(
                field_name="active", label="启用", choices=(("True", "启用"), ("False", "停用"))
            ),
        }

    def links(self, seat):
        office = seat.role == Role.COUNTY
        return [("试算界限", reverse("coherence-trial"))] if office else []

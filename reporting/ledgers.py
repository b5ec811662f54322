"""台账 of reporting, which metrics count like any other record: 成绩, the published results, and 评分, what reviewers
said; 奖补建议, the award money that a final year asks for; and 部门数据, what departments report of each unit."""

from functools import partial
from typing import ClassVar
from urllib.parse import urlencode

import django_filters
from django.urls import reverse

from core.dates import DateSpan
from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices, dated_filters
from core.ledgers.kinds import Choice, Day, Integer, Money, Month, Number, Reference, YesNo, plain_number
from core.ledgers.ledger import Ledger, register
from projects.ledgers.funding_documents import panel_of
from reporting.department import services as figures
from reporting.models import AwardProposal, DepartmentFigure, FigureSeries, PublishedScore, Rating
from reporting.models.awards import AwardNature, ProposalStage
from reporting.models.department_figures import Reply, SeriesKind
from reporting.models.ratings import RatingKind, Side
from reporting.models.schemes import PeriodKind
from reporting.targeting.ledgers import BaseFigureLedger, TargetLedger
from townships.deadlines.timing import LATE_DAYS
from townships.ledgers import (
    COUNTED,
    LATE,
    VERDICT,
    AsOfFilter,
    DatedRecordLedger,
    credit_filters,
    dated_record_filters,
    fields_of,
    places,
    units,
)
from townships.menu import Subject
from townships.models import UnitKind
from townships.services import heir_in, lookup_of_then

__all__ = ["BaseFigureLedger", "TargetLedger"]
"""Declared elsewhere; registered by standing here, where ledgers are looked for."""

QUALIFIED = (("True", "合格"), ("False", "不合格"))


shown = partial(Column, in_form=False, in_import=False)
"""A column that nobody fills in."""


class RankAtMost(django_filters.NumberFilter):
    """The first so many, the last of them included."""

    def __init__(self):
        super().__init__(field_name="rank", lookup_expr="lte", label="名次在前", min_value=1, max_digits=4)


@register
class ScoreLedger(Ledger):
    """Written by publishing alone; a corrected version leaves only its own rows standing."""

    key, name, noun, measure = "scores", "成绩台账", "成绩", "条"
    subject = Subject.RESULTS
    model = PublishedScore
    amounts = ("amount",)
    numbers = ("total", "rank")
    ordering = ("-last_day", "rank", "code")
    search_fields = ("unit__name", "code", "publication__scheme__name")
    purpose = "排名发布后，各单位的总分、名次和奖项自动记在这里，不用填报。更正后只留最新一版。"
    columns = (
        shown("unit", "单位", order="unit__position"),
        shown("period", "期间", source="period.label", order="last_day"),
        shown("kind", "周期", Choice(choices=tuple(PeriodKind.choices)), in_list=False),
        shown("scheme", "考核方案", source="publication.scheme.name", order="publication__scheme__name"),
        shown("group", "组别", order="group"),
        shown("total", "总分", Number(), order="total"),
        shown("rank", "名次", Integer(), order="rank"),
        shown("qualified", "是否合格", Choice(choices=((True, "合格"), (False, "不合格"))), order="qualified"),
        shown("award", "奖项", order="award"),
        shown("amount", "奖金", Money(), unit="万元", order="amount"),
        shown("version", "版次", Integer(), source="publication.version", in_list=False),
        shown("finality", "性质", source="publication.finality"),
    )

    def rows(self, seat, as_of=None):
        return PublishedScore.objects.current().visible_to(seat).published_until(as_of)

    def with_display(self, rows):
        return rows.select_related("unit", "publication__scheme")

    def filters(self):
        return {
            "kind": ListOfChoices(field_name="kind", label="周期", choices=PeriodKind.choices),
            "qualified": ListOfChoices(field_name="qualified", label="是否合格", choices=QUALIFIED),
            "rank": RankAtMost(),
            "award": django_filters.CharFilter(field_name="award", label="奖项"),
            "scheme": django_filters.CharFilter(field_name="publication__scheme__name", label="考核方案"),
            "group": django_filters.CharFilter(field_name="group", label="组别"),
            **credit_filters(),
            **dated_filters({"happened": ("first_day", "last_day", "期间")}),
            "as_of": AsOfFilter(),
        }

    def happened(self, record):
        return record.period

    def why_not_inside(self, record):
        return f"是{record.period.label}的成绩，不都在这一期内"

    def line_label(self, record):
        return f"{record.unit}{record.period.label}{record.publication.scheme.name}"

    def page_of(self, record):
        return reverse("published-score", args=[record.publication.code, record.unit.code])

    def why_not(self, record, name, wanted):
        if name == "rank":
            return f"名次是{record.rank}，不在前{wanted}" if record.rank else "没有名次"
        if name in ("kind", "qualified", "award", "scheme", "group"):
            column = self.column(name)
            said = column.show(record)
            if column.value(record) in (None, ""):
                return f"没有{column.header}"
            return f"{column.header}是{said}，不是{wanted}"
        return super().why_not(record, name, wanted)


@register
class RatingLedger(Ledger):
    """Written on the reviewers' pages alone. A rating comes in here when its sheet closes: before, one half of the
    answers would make an average that nobody meant, and the unit would see them while they may still change."""

    key, name, noun, measure = "ratings", "评分台账", "评分", "条"
    subject = Subject.RESULTS
    model = Rating
    numbers = ("value",)
    ordering = ("-reviewer__sheet__last_day", "reviewer__group", "code")
    search_fields = ("unit__name", "code", "reviewer__sheet__topic", "reviewer__seat__user__full_name")
    purpose = "评分表截止以后，每位评委对每个单位的评分自动记在这里。评分在“擂台排名”的“评分”页上组织和填写。"
    confidential = True
    columns = (
        shown("unit", "单位", order="unit__position"),
        shown("topic", "评分事项", source="sheet.topic", order="reviewer__sheet__topic"),
        shown("period", "期间", source="period.label", order="last_day"),
        shown("kind", "评法", Choice(choices=tuple(RatingKind.choices)), source="sheet.kind", in_list=False),
        shown("group", "评委组", source="reviewer.group", order="reviewer__group"),
        shown("reviewer", "评委", source="reviewer.seat.user", order="reviewer__seat__user__full_name"),
        shown("said", "评定", order="value"),
        shown("value", "分值", Number(), in_list=False),
        shown("reason", "理由"),
        shown("evidence_name", "材料", in_list=False),
        shown("rated_on", "评分日期", Day(), order="rated_on", in_list=False),
    )

    def rows(self, seat, as_of=None):
        return Rating.objects.current().visible_to(seat).closed(as_of)

    def all_rows(self, seat):
        return Rating.objects.visible_to(seat).closed()

    def with_display(self, rows):
        return rows.select_related("unit", "reviewer__sheet", "reviewer__seat__user")

    def filters(self):
        sheet = "reviewer__sheet__"
        return {
            "kind": ListOfChoices(field_name=f"{sheet}kind", label="评法", choices=RatingKind.choices),
            "side": ListOfChoices(field_name="side", label="谁评的", choices=Side.choices),
            "period_kind": ListOfChoices(field_name=f"{sheet}period_kind", label="周期", choices=PeriodKind.choices),
            "topic": django_filters.CharFilter(field_name=f"{sheet}topic", label="评分事项"),
            "group": django_filters.CharFilter(field_name="reviewer__group", label="评委组"),
            **credit_filters(),
            **dated_filters({"happened": ("first_day", "last_day", "期间")}),
            "as_of": AsOfFilter(),
        }

    def happened(self, record):
        return record.period

    def why_not_inside(self, record):
        return f"是{record.period.label}的评分，不都在这一期内"

    def line_label(self, record):
        """Without the reviewer's name: such a line is frozen with a publication and quoted in disputes."""
        return f"{record.sheet.topic}（{record.reviewer.group}）"

    def why_not(self, record, name, wanted):
        said = {
            "kind": record.sheet.get_kind_display(),
            "side": Side(record.side).label,
            "period_kind": PeriodKind(record.sheet.period_kind).label,
            "topic": record.sheet.topic,
            "group": record.reviewer.group,
        }
        if name in said:
            return f"{self.filterset.base_filters[name].label}是{said[name]}，不是{wanted}"
        return super().why_not(record, name, wanted)


@register
class ProposalLedger(Ledger):
    """Written by one act from a final publication; voided when that is corrected. The ledger of funds takes it over."""

    key, name, noun, measure = "award_proposals", "奖补建议台账", "奖补建议", "条"
    subject = Subject.RESULTS
    model = AwardProposal
    amounts = ("amount",)
    ordering = ("-publication__period", "group", "-amount", "code")
    search_fields = ("unit__name", "code", "document", "publication__scheme__name")
    purpose = "年度评奖正式发布后，由有发布职责的人员在发布页提出，不用填报。更正后旧的建议自动作废。"
    columns = (
        shown("unit", "单位", order="unit__position"),
        shown("period", "年度", source="publication.when.label", order="publication__period"),
        shown("group", "组别", order="group"),
        shown("award", "奖项", order="award"),
        shown("amount", "奖金", Money(), unit="万元", order="amount"),
        shown("nature", "奖励性质", Choice(choices=tuple(AwardNature.choices)), order="nature"),
        shown("document", "依据文号", order="document"),
        shown("stage", "状态", Choice(choices=tuple(ProposalStage.choices)), order="stage"),
        shown("publication", "发布", source=lambda row: str(row.publication), in_list=False),
    )

    def rows(self, seat, as_of=None):
        return super().rows(seat, as_of).with_stage()

    def all_rows(self, seat):
        return super().all_rows(seat).with_stage()

    def with_display(self, rows):
        return rows.select_related("unit", "publication__scheme")

    def panels(self, record, seat):
        """What was allocated on it; the form of a new allocation begins with its unit and amount."""
        panel = panel_of("allocations", seat, {"proposal": record.code})
        waiting = record.stage == ProposalStage.PROPOSED and not record.voided_at
        if waiting and seat.may("add", panel["ledger"].blank(seat)):
            said = {"unit": record.unit.code, "amount": plain_number(record.amount), "purpose": record.award}
            begun = urlencode({"proposal": record.code, **said})
            panel |= {"begun": begun, "adding": "转入资金分配", "may_add": True}
        return [panel]

    def why_not(self, record, name, wanted):
        return f"状态不是{wanted}" if name == "stage" else super().why_not(record, name, wanted)

    def filters(self):
        return {
            "stage": ListOfChoices(field_name="stage", label="状态", choices=ProposalStage.choices),
            "nature": ListOfChoices(field_name="nature", label="奖励性质", choices=AwardNature.choices),
            "award": django_filters.CharFilter(field_name="award", label="奖项"),
            "group": django_filters.CharFilter(field_name="group", label="组别"),
            "period": django_filters.CharFilter(field_name="publication__period", label="年度"),
            "publication": django_filters.CharFilter(field_name="publication__code", label="发布编号"),
            **credit_filters(),
        }

    def happened(self, record):
        return record.publication.when


def departments(seat):
    return units(seat).filter(kind=UnitKind.DEPARTMENT)


def series_of(seat):
    return FigureSeries.objects.current().visible_to(seat).order_by("owner__position", "code")


@register
class SeriesLedger(Ledger):
    key, name, noun, measure = "figure_series", "部门数据项", "数据项", "项"
    subject = Subject.FIGURES
    model = FigureSeries
    ordering = ("owner__position", "code")
    search_fields = ("name", "code", "owner__name")
    purpose = "哪个部门每月给出哪一项数据，记在这里。新增数据项时，同名指标一并建立，考核方案就能读取。"
    columns = (
        Column("name", "数据项", order="name", required=True),
        Column(
            "owner",
            "归口部门",
            Reference(rows=departments, noun="部门", few=True),
            order="owner__position",
            required=True,
        ),
        Column("unit_of_measure", "计量单位", required=True, initial="万元"),
        Column(
            "kind",
            "填报方式",
            Choice(choices=tuple(SeriesKind.choices)),
            order="kind",
            required=True,
            initial="cumulative",
            help="报累计数或存量的，本月数由系统推算并注明。",
        ),
        Column("due_day", "次月几日前报", Integer(), required=True, initial=20),
        Column("source", "数据来源", help="报表名称或文号。"),
        Column("joint_january", "1—2月合并统计", YesNo(), in_list=False, help="合并统计的，1月不报，填在2月。"),
        Column("restricted", "数值限归口部门和县级查看", YesNo(), in_list=False),
        Column("by_reply", "只答复是否一致，不报数", YesNo(), in_list=False, help="依法不能提供数值的部门选用。"),
    )

    def filters(self):
        return {"kind": ListOfChoices(field_name="kind", label="填报方式", choices=SeriesKind.choices)}

    def with_display(self, rows):
        return rows.select_related("owner")

    def add(self, writing, values):
        return figures.add_series(writing, **fields_of(FigureSeries, values))

    def change(self, writing, record, values, version=None):
        return figures.change_series(writing, record, version=version, **fields_of(FigureSeries, values))


class SeriesFilter(django_filters.ModelChoiceFilter):
    """By name, so that a shipped metric means the series of whichever county takes it over."""

    def __init__(self):
        super().__init__(
            field_name="series",
            queryset=lambda request: series_of(request.seat),
            to_field_name="name",
            label="数据项",
        )


@register
class FigureLedger(DatedRecordLedger):
    """Entered in the month's grid or imported; the month's own figure is derived each time it is read."""

    key, name, noun, measure = "department_figures", "部门数据台账", "部门数据", "条"
    subject = Subject.FIGURES
    takes_deadlines = False
    model = DepartmentFigure
    import_key = "unit"
    numbers = ("reported",)
    amounts = ("month_amount", "counted_amount")
    claimed_in: ClassVar = {"counted_amount": "month_amount"}
    ordering = ("-happened_on", "series__owner__position", "series__code", "unit__position", "code")
    search_fields = ("unit__name", "series__name", "code", "note")
    evidence_slots = ("报表", "其他材料")
    purpose = "统计、税务等部门每月给各乡镇的数据记在这里，一般在“部门数据”页上整表填报，由另一位同事核对。"
    columns = (
        Column("unit", "单位", Reference(rows=places, noun="单位", few=True), order="unit__position", required=True),
        Column(
            "series", "数据项", Reference(rows=series_of, noun="数据项", few=True), order="series__code", required=True
        ),
        Column("month", "月份", Month(), reads=("happened_on",), order="happened_on", required=True),
        Column("reported", "上报数", Number(), order="reported", help="按数据项的计量单位和填报方式填。"),
        Column("reply", "答复", Choice(choices=tuple(Reply.choices)), in_list=False),
        shown("month_amount", "本月数", Number()),
        shown("counted_amount", "核对后本月数", Number()),
        shown("unit_of_measure", "计量单位", source="series.unit_of_measure"),
        shown("kind", "填报方式", source=lambda row: row.series.get_kind_display(), in_list=False),
        shown("owner", "归口部门", source="series.owner", in_list=False),
        Column("note", "说明", in_list=False),
        LATE,
        LATE_DAYS,
        VERDICT,
        COUNTED,
    )

    def rows(self, seat, as_of=None):
        return super().rows(seat, as_of).with_months()

    def all_rows(self, seat):
        return super().all_rows(seat).with_months()

    def with_display(self, rows):
        return rows.select_related("unit", "series__owner")

    def filters(self):
        return {
            "series": SeriesFilter(),
            "kind": ListOfChoices(field_name="series__kind", label="填报方式", choices=SeriesKind.choices),
            **dated_record_filters(),
        }

    def why_not(self, record, name, wanted):
        said = {"series": str(record.series), "kind": record.series.get_kind_display()}
        if name in said:
            return f"{self.filterset.base_filters[name].label}是{said[name]}，不是{wanted}"
        return super().why_not(record, name, wanted)

    def keeps_back(self, conditions, seat):
        if seat.sees_county:
            return False
        kept = FigureSeries.objects.current().in_county(seat.county_id).filter(restricted=True)
        named = kept.filter(name__in=conditions["series"]) if conditions.get("series") else kept
        return named.exclude(owner__in=seat.stands_for).exists()

    def totals(self, rows, *, credited=False, as_of=None):
        """Figures of different series are never added: a sum is said of one series alone."""
        found = super().totals(rows, credited=credited, as_of=as_of)
        one = rows.order_by().values("series").distinct()[:2]
        return found if len(one) < 2 else {"count": found["count"]}

    def add(self, writing, values):
        return figures.report(writing, **fields_of(DepartmentFigure, values))

    def change(self, writing, record, values, version=None):
        return writing.change(record, version=version, **self._fields(values))

    def change_all(self, writing, changes):
        return writing.change_each([(row, self._fields(values)) for row, values in changes])

    def _fields(self, values):
        values = fields_of(DepartmentFigure, values)
        if "month" in values:
            values["happened"] = DateSpan.month(values["month"].year, values.pop("month").month)
        return values

    def add_all(self, writing, rows):
        return writing.add_many([figures.figure(**fields_of(DepartmentFigure, values)) for values in rows])

    def as_new(self, values, seat):
        return heir_in(values, seat)

    def identity(self, values):
        return (values["series"].pk, values["unit"].pk, values["month"])

    def existing(self, seat):
        rows = self.with_display(self.rows(seat)).sharing_relations()
        return {(row.series_id, row.unit_id, row.month): row for row in rows}

    def lookups(self, seat, new_rows):
        return {"unit": lookup_of_then(seat), "series": {series.name: series for series in series_of(seat)}.get}

"""台账 of 目标 and 历史基数: one row a line, for lists that come as workbooks."""

from typing import ClassVar

from core.dates import DateSpan
from core.ledgers.columns import Column
from core.ledgers.filters import DayFilter, ListOfChoices, ListOfRows, YearFilter
from core.ledgers.kinds import Choice, Day, Integer, Month, Number, Reference, plain_number
from core.ledgers.ledger import Ledger, register
from core.readings import Unreadable, visible
from reporting.models import BaseFigure, Metric, Target
from reporting.models.base_figures import why_no_base
from reporting.models.metrics import Spread
from reporting.models.targets import part_label
from reporting.targeting.services import withdraw_target
from reporting.targeting.workbook import COUNTY, COUNTY_WORDS
from townships.ledgers import fields_of, places
from townships.menu import Subject
from townships.services import heir_in, lookup_of_then

UNIT_ALIASES = ("乡镇", "单位名称", "责任单位", "考核单位", "乡镇（街道）")
METRIC_ALIASES = ("指标名称", "考核指标", "目标任务", "项目")
VERSIONS = (("no", "原目标"), ("yes", "调整后"))


def metrics_of(seat):
    return Metric.objects.current().visible_to(seat).order_by("code")


def aimed_metrics(seat):
    return metrics_of(seat).filter(has_target=True)


class UnitOrCounty(Reference):
    """A unit, or the county itself, which has no unit and is written 全县."""

    def show(self, value):
        return COUNTY if value is None else str(value)

    def export(self, value):
        return self.show(value)

    def form_field(self, seat, **options):
        field = super().form_field(seat, **options)
        field.empty_label = COUNTY
        return field

    def read(self, cell, *, unit, lookup):
        """An empty cell is a unit that was forgotten, and never the county."""
        written = visible(cell.value) if isinstance(cell.value, str) else cell.value
        if written in (None, ""):
            raise Unreadable(f"缺少单位，请补上；全县的目标写“{COUNTY}”。")
        return None if written in COUNTY_WORDS else super().read(cell, unit=unit, lookup=lookup)


@register
class TargetLedger(Ledger):
    """Every version of every target: the original and its adjustments stand as rows of their own."""

    key, name, noun, measure = "targets", "年度目标台账", "目标", "项"
    subject = Subject.FIGURES
    model = Target
    import_key = "metric"
    identity_words = "单位、指标、年度和自何时起"
    ordering = ("-year", "metric__code", "unit__position", "unit__code", "since", "code")
    search_fields = ("unit__name", "metric__name", "document", "code")
    evidence_slots = ("下达文件", "其他材料")
    purpose = "每个单位每项指标的年度目标，一项一行；年中调整另记一行，写明自何时起。整表填写在“年度目标”页。"
    columns = (
        Column(
            "unit",
            "单位",
            UnitOrCounty(rows=places, noun="单位", few=True),
            order="unit__position",
            reads=("unit__name",),
            aliases=UNIT_ALIASES,
            help="全县的目标写“全县”。",
        ),
        Column(
            "metric",
            "指标",
            Reference(rows=aimed_metrics, noun="指标", few=True),
            order="metric__code",
            required=True,
            aliases=METRIC_ALIASES,
        ),
        Column("year", "年度", Integer(), order="year", required=True, aliases=("年份", "考核年度")),
        Column(
            "basic",
            "基本目标",
            Number(),
            order="basic",
            required=True,
            aliases=("目标", "年度目标", "目标值", "任务数"),
            help="按指标的计量单位填。",
        ),
        Column("stretch", "奋斗目标", Number(), order="stretch", aliases=("奋斗目标值",)),
        Column("unit_of_measure", "计量单位", source="metric.unit_of_measure", in_form=False, in_import=False),
        Column(
            "spread",
            "分摊",
            Choice(choices=tuple(Spread.choices)),
            in_form=False,
            in_import=False,
        ),
        Column("document", "下达文号", aliases=("文号", "依据文件")),
        Column(
            "since",
            "自何时起",
            Day(),
            order="since",
            aliases=("调整日期", "生效日期"),
            help="只有年中调整才填；原目标不填。",
        ),
        Column("reason", "调整理由", help="只有年中调整才填。"),
        Column(
            "plan",
            "下达计划",
            source=lambda row: plan_in_words(row),
            in_form=False,
            in_import=False,
            in_list=False,
            in_export=False,
        ),
    )

    def with_display(self, rows):
        return rows.select_related("unit", "metric")

    def filters(self):
        return {
            "year": YearFilter("year", "年度"),
            "metric": ListOfRows(rows=metrics_of, label="指标", field_name="metric"),
            "unit": ListOfRows(rows=places, label="单位", field_name="unit"),
            "adjusted": ListOfChoices(field_name="since", label="版本", choices=VERSIONS, method=_of_version),
        }

    def blank(self, seat):
        return Target(county_id=seat.county_id)

    def add(self, writing, values):
        return writing.add(self._target(values))

    def add_all(self, writing, rows):
        return writing.add_many([self._target(values) for values in rows])

    def change(self, writing, record, values, version=None):
        return writing.change(record, version=version, **self._fields(values))

    def change_all(self, writing, changes):
        return writing.change_each([(row, self._fields(values)) for row, values in changes])

    def void(self, writing, record, reason):
        return withdraw_target(writing, target=record, reason=reason)

    def _target(self, values):
        return Target(**self._fields(values))

    def _fields(self, values):
        """分摊 is said once, by the metric: all its targets fall due alike."""
        fields = fields_of(Target, values)
        return {**fields, "spread": fields["metric"].spread} if "metric" in fields else fields

    def lookups(self, seat, new_rows):
        return {"unit": lookup_of_then(seat), "metric": {row.name: row for row in aimed_metrics(seat)}.get}

    def complete(self, values, seat):
        """What the table's rules ask of one row, said where the row stands."""
        if "unit" not in values and not values.get("code"):
            raise Unreadable(f"表里没有“单位”一栏，请补上；全县的目标写“{COUNTY}”。")
        basic, stretch, since = values.get("basic"), values.get("stretch"), values.get("since")
        if basic is not None and basic < 0:
            raise Unreadable("目标不能为负。")
        if None not in (basic, stretch) and stretch < basic:
            raise Unreadable("奋斗目标不能低于基本目标。")
        if since and since.year != values.get("year", since.year):
            raise Unreadable(f"{values['year']}年的目标，调整要从{values['year']}年内的某一天起。")
        if "since" in values and bool(since) != bool(values.get("reason")):
            raise Unreadable("调整目标要写文号、自何时起和理由；原目标不填自何时起和理由。")
        return values

    def as_new(self, values, seat):
        return heir_in(values, seat)

    def identity(self, values):
        unit, metric = values.get("unit"), values.get("metric")
        return metric and (metric.pk, unit and unit.pk, values.get("year"), values.get("since"))

    def existing(self, seat):
        rows = self.with_display(self.rows(seat))
        return {(row.metric_id, row.unit_id, row.year, row.since): row for row in rows}


def _of_version(rows, name, wanted):
    kinds = {value == "no" for value in wanted}
    return rows.filter(since__isnull=kinds.pop()) if len(kinds) == 1 else rows


def plan_in_words(target: Target) -> str:
    """一季度 1000；二季度 2000; empty where none was set."""
    parts = target.parts.current().order_by("month")
    return "；".join(f"{part_label(part.month, part.months)} {plain_number(part.amount)}" for part in parts)


@register
class BaseFigureLedger(Ledger):
    key, name, noun, measure = "base_figures", "历史基数台账", "历史基数", "条"
    subject = Subject.FIGURES
    model = BaseFigure
    import_key = "metric"
    identity_words = "单位、指标和月份"
    numbers: ClassVar[tuple[str, ...]] = ("amount",)
    ordering = ("-month", "metric__code", "unit__position", "code")
    search_fields = ("unit__name", "metric__name", "document", "code")
    evidence_slots = ("来源材料", "其他材料")
    purpose = "启用系统以前的月份没有记录的，按来源材料登记各单位每月的数，用来计算上年同期和同比。"
    columns = (
        Column(
            "unit",
            "单位",
            Reference(rows=places, noun="单位", few=True),
            order="unit__position",
            required=True,
            aliases=UNIT_ALIASES,
        ),
        Column(
            "metric",
            "指标",
            Reference(rows=metrics_of, noun="指标", few=True),
            order="metric__code",
            required=True,
            aliases=METRIC_ALIASES,
        ),
        Column("month", "月份", Month(), order="month", required=True, aliases=("所属月份", "期间")),
        Column(
            "amount",
            "基数",
            Number(),
            order="amount",
            required=True,
            aliases=("当月数", "本月数", "数值"),
            help="当月数，不是累计数；按指标的计量单位填。",
        ),
        Column("unit_of_measure", "计量单位", source="metric.unit_of_measure", in_form=False, in_import=False),
        Column(
            "document",
            "来源",
            required=True,
            aliases=("数据来源", "来源文件", "依据文件"),
            help="文件名称、文号或年鉴页码。",
        ),
        Column("remark", "备注", in_list=False),
    )

    def with_display(self, rows):
        return rows.select_related("unit", "metric")

    def filters(self):
        return {
            "metric": ListOfRows(rows=metrics_of, label="指标", field_name="metric"),
            "unit": ListOfRows(rows=places, label="单位", field_name="unit"),
            "month_from": DayFilter(field_name="month", lookup_expr="gte", label="月份（起）"),
            "month_to": DayFilter(field_name="month", lookup_expr="lte", label="月份（止）", edge="last"),
        }

    def happened(self, record):
        return DateSpan.month(record.month.year, record.month.month)

    def add(self, writing, values):
        return writing.add(BaseFigure(**fields_of(BaseFigure, values)))

    def add_all(self, writing, rows):
        return writing.add_many([BaseFigure(**fields_of(BaseFigure, values)) for values in rows])

    def change(self, writing, record, values, version=None):
        return writing.change(record, version=version, **fields_of(BaseFigure, values))

    def change_all(self, writing, changes):
        return writing.change_each([(row, fields_of(BaseFigure, values)) for row, values in changes])

    def lookups(self, seat, new_rows):
        return {"unit": lookup_of_then(seat), "metric": {row.name: row for row in metrics_of(seat)}.get}

    def complete(self, values, seat):
        metric = values.get("metric")
        if metric and (sentence := why_no_base(metric)):
            raise Unreadable(sentence)
        return values

    def from_band(self, band):
        return {"unit": band}

    def as_new(self, values, seat):
        return heir_in(values, seat)

    def identity(self, values):
        return (values["metric"].pk, values["unit"].pk, values["month"])

    def existing(self, seat):
        rows = self.with_display(self.rows(seat))
        return {(row.metric_id, row.unit_id, row.month): row for row in rows}

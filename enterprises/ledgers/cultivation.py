"""培育台账, 一企一策台账, and 培育梯次标准."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices, ListOfRows, dated_filters
from core.ledgers.kinds import Choice, Code, Day, Integer, LongText, Money, Month, Reference, Share, Span
from core.ledgers.ledger import Ledger, ledger_for, register
from core.readings import Unclear
from enterprises import official_forms
from enterprises.cultivating import limits_on, needed_by
from enterprises.forecast import Tier
from enterprises.kinds import Industry
from enterprises.ledgers.enterprises import (
    ENTERPRISE,
    ENTERPRISE_HEADERS,
    ROUTE_WORDS,
    OfEnterpriseLedger,
    one_line,
)
from enterprises.ledgers.settings import SettingsLedger
from enterprises.models import AboveScaleGroup, Cultivation, CultivationLimit, CultivationMeasure, Route
from enterprises.models.cultivation import LEAVE, TIERS, LeavingCause, Standing
from enterprises.standards import thresholds_of
from townships.deadlines.timing import LATE_DAYS
from townships.ledgers import COUNTED, HAPPENED, LATE, VERDICT, AsOfFilter, fields_of, places, units
from townships.models import OWN_UNIT, WHOLE_COUNTY, Duty, Role
from townships.problems.ledgers import due_soon_days
from townships.problems.models import Light
from townships.services import unit_lookup
from townships.waiting import Kind

WHOLE = 10_000
SHOWN: Any = {"in_form": False, "in_import": False}
"""A column that nobody fills in."""
ENTRY = frozenset({Duty.ENTRY})
ASKED = frozenset({Role.TOWNSHIP, Role.COUNTY})
NOT_NOW = "到期末{}不是{}，现在是{}"
DUE = {"standing": Standing.INSIDE, "tier": Tier.DUE}
"""Large enough for the 四上 library and not in it."""
LIGHTS = tuple((light.value, light.label) for light in Light if light != Light.UNASSIGNED)


def rate(row: Cultivation) -> int | None:
    """Of the threshold, rounded down: 99.99 % must not read as reached."""
    if not row.line or row.rolling is None:
        return None
    return int((row.rolling * WHOLE / row.line).to_integral_value(ROUND_FLOOR))


def gap(row: Cultivation) -> Decimal | None:
    found = needed_by(row)
    return found.gap if found else None


def monthly(row: Cultivation) -> Decimal | None:
    found = needed_by(row)
    return found.monthly if found else None


def measures_in_words(row: Cultivation) -> str:
    """For export and paper; a list shows them on request."""
    return "；".join(f"{one.measure}（{one.owner}，{Day().show(one.deadline)}前）" for one in row.known_measures)


def with_measures(rows: QuerySet) -> QuerySet:
    known = CultivationMeasure.objects.current().select_related("owner").order_by("deadline", "pk")
    return rows.prefetch_related(Prefetch("measures", known, to_attr="known_measures"))


@register
class CultivationLedger(OfEnterpriseLedger):
    key, name, noun, measure = "cultivation", "培育台账", "培育记录", "户"
    model = Cultivation
    confidential = True
    waits = (Kind("达标应入未入", ASKED, frozenset(), DUE, mark="tag tag-due"),)
    ordering = ("-year", "-code")
    search_fields = ("enterprise__name", "enterprise__code", "code", "liaison")
    evidence_slots = ("培育方案", "其他材料")
    detail_template = "ledgers/cultivation.html"
    official_form = official_forms.CULTIVATION
    purpose = (
        "准备培育入规的企业列入这里，每家明确一名对接人。梯次按企业自报并经认定的近12个月营业收入与入库标准之比自动判定，"
        "不用填写。"
    )
    columns = (
        ENTERPRISE,
        Column(
            "township",
            "培育时所在乡镇",
            source="township.name",
            order="township__position",
            in_form=False,
            in_import=False,
        ),
        Column(
            "industry",
            "国民经济行业",
            Industry(),
            source="enterprise.industry",
            order="enterprise__industry",
            in_list=False,
            **SHOWN,
        ),
        Column("tier", "培育梯次", Choice(choices=TIERS), order="tier", **SHOWN),
        Column("standing", "培育状态", Choice(choices=tuple(Standing.choices)), order="standing", **SHOWN),
        Column("rolling", "近12个月营业收入", Money(), unit="万元", order="rolling", **SHOWN),
        Column("line", "入库标准", Money(), unit="万元", order="line", **SHOWN),
        Column("rate", "达到标准", Share(), source=rate, **SHOWN),
        Column("gap", "本年还差", Money(), unit="万元", source=gap, **SHOWN),
        Column("monthly", "月均需", Money(), unit="万元", source=monthly, **SHOWN),
        Column("last_month", "数据截至", Month(), order="last_month", **SHOWN),
        Column("reported", "已报月数", Integer(), order="reported", in_list=False, **SHOWN),
        Column(
            "liaison",
            "对接人",
            order="liaison",
            required=True,
            group="培育",
            aliases=("包联干部", "联系干部", "包保干部", "帮扶干部", "一对一对接人"),
            help="一家企业明确一名对接人。",
        ),
        Column(
            "liaison_unit",
            "对接人单位",
            Reference(rows=units, noun="单位", few=True),
            order="liaison_unit__position",
            required=True,
            group="培育",
            aliases=("包联单位", "联系单位", "帮扶单位"),
        ),
        Column(
            "liaison_phone",
            "对接人电话",
            Code(),
            group="培育",
            in_list=False,
            in_export=False,
            aliases=("对接人联系电话",),
        ),
        Column(
            "happened",
            "进入培育库日期",
            Span(),
            reads=HAPPENED,
            order="happened_on",
            required=True,
            group="培育",
            in_list=False,
            aliases=("入库日期", "列入日期", "入培育库时间"),
        ),
        Column(
            "year", "培育年度", Integer(), order="year", required=True, group="培育", help="计划哪一年入规，例如2024。"
        ),
        Column(
            "route",
            "培育方向",
            Choice(choices=tuple(Route.choices), read_as=ROUTE_WORDS),
            order="route",
            group="培育",
            in_list=False,
            help="新开业（投产）还是规下升规上。",
        ),
        Column(
            "target_month",
            "计划入规月份",
            Month(),
            order="target_month",
            group="培育",
            in_list=False,
            help="新建企业填写计划投产后申报的月份。",
        ),
        Column("measures", "一企一策", source=measures_in_words, in_list=False, on_request=True, **SHOWN),
        Column("left_on", "出培育库日期", Day(), order="left_on", in_list=False, **SHOWN),
        Column("left_cause", "出库原因", Choice(choices=tuple(LeavingCause.choices)), in_list=False, **SHOWN),
        VERDICT,
        COUNTED,
        Column("remark", "备注", group="其他", in_list=False),
        LATE,
        LATE_DAYS,
    )

    def rows(self, seat, as_of=None):
        return self._told(super().rows(seat, as_of), seat, as_of)

    def all_rows(self, seat):
        return self._told(super().all_rows(seat), seat, None)

    def _told(self, rows: QuerySet, seat: Any, as_of: date | None) -> QuerySet:
        day = as_of or timezone.localdate()
        county = seat.county_id
        return rows.with_standing(day).with_tier(day, thresholds_of(county), limits_on(county, day))

    def with_display(self, rows):
        return with_measures(rows.select_related("enterprise__township", "township", "liaison_unit"))

    def filters(self):
        return {
            "tier": ListOfChoices(field_name="tier", label="培育梯次", choices=TIERS),
            "standing": ListOfChoices(field_name="standing", label="培育状态", choices=Standing.choices),
            "route": ListOfChoices(field_name="route", label="培育方向", choices=Route.choices),
            "scale_group": ListOfChoices(
                field_name="enterprise__scale_group", label="四上类别", choices=AboveScaleGroup.choices
            ),
            "liaison_unit": ListOfRows(rows=units, label="对接人单位", field_name="liaison_unit"),
            **super().filters(),
            "township": ListOfRows(rows=places, label="培育时所在乡镇", field_name="township"),
        }

    def why_not(self, record, name, wanted):
        if name in ("tier", "standing"):
            return NOT_NOW.format(self.column(name).header, wanted, self.column(name).show(record))
        if name == "route":
            return f"培育方向不是{wanted}"
        return super().why_not(record, name, wanted)

    def links(self, seat):
        listed = [("一企一策台账", reverse("ledger-list", args=["cultivation_measures"]))]
        return [*listed, ("梯次标准", reverse("ledger-list", args=["cultivation_limits"]))]

    def lookups(self, seat, new_rows):
        return {**super().lookups(seat, new_rows), "liaison_unit": unit_lookup(seat, None)}

    def identity(self, values):
        return (values["enterprise"].pk,)

    def existing(self, seat):
        """Of several stays the one that goes on is meant, else the last."""
        rows = self.with_display(self.rows(seat)).order_by(F("left_on").asc(nulls_last=True), "pk")
        return {(row.enterprise_id,): row for row in rows}

    def panels(self, record, seat):
        ledger = ledger_for("cultivation_measures")
        rows = ledger.rows(seat).filter(cultivation=record)
        return [
            {
                "title": "一企一策",
                "ledger": ledger,
                "columns": [column for column in ledger.list_columns if column.name != "cultivation"],
                "rows": ledger.with_display(rows).order_by("deadline", "pk"),
                "totals": ledger.totals(rows),
                "begun": f"cultivation={record.code}",
            }
        ]

    def extra_context(self, record, seat):
        may = not record.voided_at and seat.may(LEAVE, record)
        return {"may_leave": may and record.left_on is None, "may_resume": may and record.left_on is not None}


def visible_cultivations(seat: Any) -> QuerySet:
    """Found in a form by code, or by the enterprise's name."""
    rows = Cultivation.objects.current().visible_to(seat).annotate(name=F("enterprise__name"))
    return rows.select_related("enterprise", "township")


@register
class MeasureLedger(Ledger):
    key, name, noun, measure = "cultivation_measures", "一企一策台账", "一企一策措施", "条"
    model = CultivationMeasure
    import_key = "measure"
    waits = (
        Kind("逾期", OWN_UNIT, ENTRY, {"light": Light.RED}, "owner", "tag tag-overdue"),
        Kind("临期", OWN_UNIT, ENTRY, {"light": Light.YELLOW}, "owner", "tag tag-due"),
        Kind("逾期", WHOLE_COUNTY, frozenset(), {"light": Light.RED}, "", "tag tag-overdue"),
    )
    search_fields = ("measure", "code", "cultivation__enterprise__name", "person")
    ordering = ("deadline", "code")
    evidence_slots = ("落实材料", "其他材料")
    purpose = "对培育库里的企业逐家定措施，写明责任单位和时限；办结的写明落实结果和日期。"
    columns = (
        Column(
            "cultivation",
            "培育企业",
            Reference(rows=visible_cultivations, noun="培育企业"),
            source=lambda row: row.cultivation,
            order="cultivation__enterprise__name",
            required=True,
            only_new=True,
            group="措施",
            aliases=(ENTERPRISE.header, *ENTERPRISE_HEADERS),
        ),
        Column(
            "measure",
            "培育措施",
            order="measure",
            required=True,
            group="措施",
            aliases=("措施", "帮扶措施", "具体措施"),
        ),
        Column("light", "亮灯", Choice(choices=LIGHTS), order="light", **SHOWN),
        Column(
            "owner",
            "责任单位",
            Reference(rows=units, noun="单位", few=True),
            order="owner__position",
            required=True,
            group="措施",
            aliases=("责任部门", "牵头单位"),
        ),
        Column("person", "责任人", order="person", group="措施"),
        Column(
            "deadline", "完成时限", Day(), order="deadline", required=True, group="措施", aliases=("办理时限", "时限")
        ),
        Column("result", "落实结果", LongText(), group="落实", aliases=("落实情况", "完成情况"), help="办结时填写。"),
        Column("done_on", "办结日期", Day(), order="done_on", group="落实", aliases=("完成日期",)),
    )

    def rows(self, seat, as_of=None):
        return super().rows(seat).with_light(as_of or timezone.localdate(), due_soon_days(seat))

    def all_rows(self, seat):
        return super().all_rows(seat).with_light(timezone.localdate(), due_soon_days(seat))

    def with_display(self, rows):
        return rows.select_related("cultivation__enterprise", "owner")

    def filters(self):
        return {
            "light": ListOfChoices(field_name="light", label="亮灯", choices=LIGHTS),
            "owner": ListOfRows(rows=units, label="责任单位", field_name="owner"),
            "township": ListOfRows(rows=places, label="培育时所在乡镇", field_name="cultivation__township"),
            **dated_filters({"happened": ("deadline", "deadline", "完成时限")}),
            "as_of": AsOfFilter(),
        }

    def blank(self, seat):
        return CultivationMeasure(county_id=seat.county_id)

    def add(self, writing, values):
        return super().add(writing, fields_of(CultivationMeasure, values))

    def add_all(self, writing, rows):
        return super().add_all(writing, [fields_of(CultivationMeasure, values) for values in rows])

    def change(self, writing, record, values, version=None):
        return super().change(writing, record, fields_of(CultivationMeasure, values), version)

    def lookups(self, seat, new_rows):
        return {"cultivation": cultivation_lookup(visible_cultivations(seat)), "owner": unit_lookup(seat, None)}

    def identity(self, values):
        return (values["cultivation"].pk, one_line(values["measure"]))

    def existing(self, seat):
        rows = self.with_display(self.rows(seat))
        return {(row.cultivation_id, one_line(row.measure)): row for row in rows}


def cultivation_lookup(rows: Iterable[Cultivation]) -> Callable[[str], Cultivation | None]:
    """For imports: a stay by its number, or the enterprise's present one by the enterprise's name, number or code."""
    known = list(rows)
    by_code = {row.code: row for row in known}
    by_name: dict[str, set[Cultivation]] = {}
    for row in known:
        if row.left_on is None:
            for said in {str(row), row.enterprise.name, row.enterprise.code, row.enterprise.uscc} - {""}:
                by_name.setdefault(one_line(said), set()).add(row)

    def find(written: str) -> Cultivation | None:
        name = one_line(written)
        found = {by_code[name]} if name in by_code else by_name.get(name, set())
        if len(found) > 1:
            raise Unclear(f"培育库里有{len(found)}家企业都叫“{written}”，请改填编号或统一社会信用代码。")
        return next(iter(found), None)

    return find


@register
class LimitLedger(SettingsLedger):
    key, name, noun, measure = "cultivation_limits", "培育梯次标准", "培育梯次标准", "条"
    model = CultivationLimit
    ordering = ("-valid_from", "code")
    search_fields = ("code", "source")
    purpose = (
        "近12个月营业收入达到入库标准的百分之多少算冲刺、重点培育，由本县在这里设定，起始日以前的不变。"
        "没有设定的，冲刺为80%，重点培育为50%；达标应入都是100%。"
    )
    columns = (
        Column("valid_from", "起始日", Day(), order="valid_from", required=True),
        Column("sprint", "冲刺", Integer(), unit="%", order="sprint", required=True, initial=80),
        Column("key", "重点培育", Integer(), unit="%", order="key", required=True, initial=50),
        Column("source", "依据文件"),
    )

    def filters(self):
        return dated_filters({"happened": ("valid_from", "valid_from", "起始日")})

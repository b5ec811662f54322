"""企业台账, and what every ledger has in common whose rows hang on an enterprise."""

from collections.abc import Callable, Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from core.dates import DateSpan
from core.identifiers import cleaned_code
from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices, ListOfRows, dated_filters
from core.ledgers.kinds import EMPTY, Choice, Code, Day, LongText, Money, Reference, UnifiedCode
from core.ledgers.ledger import Ledger, ledger_for, register
from core.readings import Unclear
from enterprises.coherence.panels import questions_panel
from enterprises.exit_watch import judged
from enterprises.industries import sections
from enterprises.kinds import Industry
from enterprises.models import AboveScaleGroup, DeclarationStep, Enterprise, RegistrationStatus, WarningLight
from enterprises.month_filters import UnreportedFilter
from enterprises.panels import added_panels
from enterprises.standards import thresholds_of
from enterprises.thresholds import threshold_of
from enterprises.waiting import countdown
from enterprises.year import year_of
from townships.ledgers import (
    AsOfFilter,
    DatedRecordLedger,
    ListOfUnits,
    credit_filters,
    dated_record_filters,
    fields_of,
    of_the_predecessor,
    places,
)
from townships.menu import Subject
from townships.problems.panels import problems_panel
from townships.services import present_names, unit_lookup

LISTING = (
    (DeclarationStep.LISTED.value, "在库"),
    (DeclarationStep.DELISTED.value, "已退库"),
)
"""What an enterprise is after its last verified 入库 or 退库."""

ENTERPRISE_HEADERS = (
    "企业",
    "单位名称",
    "单位详细名称",
    "法人单位名称",
    "公司名称",
    "项目公司",
    "落地企业",
    "注册公司",
    "项目业主",
    "名称",
)
TOWNSHIP_HEADERS = ("乡镇", "镇街", "所属乡镇", "所属镇街", "所属区域", "所在镇", "属地", "所在地")


STATUS_WORDS = (
    *((word, "active") for word in ("在业", "开业", "在营", "正常", "正常经营", "存续（在营、开业、在册）")),
    *((word, "suspended") for word in ("歇业", "停产", "停工")),
    ("已注销", "cancelled"),
    ("已吊销", "revoked"),
    ("吊销未注销", "revoked"),
)
GROUP_WORDS = (
    ("工业", "industry"),
    ("建筑业", "construction"),
    *((word, "trade") for word in ("批发", "零售", "批发业", "零售业", "限上批发", "限上零售", "批零业")),
    *((word, "catering") for word in ("住宿", "餐饮", "住宿业", "餐饮业", "限上住宿", "限上餐饮", "住餐业")),
    *((word, "real_estate") for word in ("房地产业", "房地产开发经营")),
    *((word, "service") for word in ("服务业", "规上其他营利性服务业", "规上其他服务业")),
)
ROUTE_WORDS = (
    *((word, "new") for word in ("新开业", "投产", "新建", "新建投产", "月度新增")),
    *((word, "grown") for word in ("小升规", "规下转规上", "四下升四上", "下升上")),
    *((word, "reformed") for word in ("改制", "合并", "拆分")),
)
"""Spellings met in workbooks."""


NOT_YET = {"status": "没有填写登记状态", "scale_group": "没有填写四上类别", "listing": "尚未入库"}
"""Why a row is not counted where the column says nothing."""


def visible_enterprises(seat: Any) -> QuerySet:
    return Enterprise.objects.current().visible_to(seat)


def one_line(name: str) -> str:
    """A name without the spaces that workbooks scatter, for comparing only."""
    return "".join(name.split())


class EnterpriseKey(tuple):
    """The unified code alone, or name and township; `by_name` is kept so that a row registered without
    its code is still found when the code comes in."""

    by_name: tuple[str, str]

    @classmethod
    def of(cls, uscc: str, name: str, township: str) -> "EnterpriseKey":
        by_name = (one_line(name), township)
        key = cls((uscc,) if uscc else by_name)
        key.by_name = by_name
        return key


class KnownEnterprises(dict):
    """key → enterprise; who has a code is also found by name, where the workbook knows no code."""

    def __init__(self, rows: QuerySet, names: Mapping[int, str]):
        """`names`: of a township that was merged the name of its heir."""
        self.without_code: dict[tuple, Enterprise] = {}
        for row in rows:
            key = EnterpriseKey.of(row.uscc, row.name, names.get(row.township_id, row.township.name))
            self[key] = self[key.by_name] = row
            if not row.uscc:
                self.without_code[key.by_name] = row

    def get(self, key, default=None):
        return super().get(key) or self.without_code.get(key.by_name, default)


@register
class EnterpriseLedger(Ledger):
    key, name, noun, measure = "enterprises", "企业台账", "企业", "家"
    subject = Subject.ENTERPRISES
    model = Enterprise
    import_key = "name"
    amounts = ("registered_capital",)
    search_fields = ("name", "code", "uscc")
    evidence_slots = ("营业执照", "资质证书", "其他材料")
    detail_template = "ledgers/enterprise.html"
    purpose = "落户在各乡镇的企业都在这里，一家企业只登记一次。可以逐家新增，也可以导入原有的名录。"
    columns = (
        Column("name", "企业名称", order="name", required=True, group="企业", aliases=ENTERPRISE_HEADERS),
        Column(
            "uscc",
            "统一社会信用代码",
            UnifiedCode(),
            order="uscc",
            group="企业",
            aliases=("信用代码", "社会信用代码", "统一信用代码", "营业执照号"),
            help="18位，照营业执照填写，还没有可不填。",
        ),
        Column(
            "township",
            "所在乡镇",
            Reference(rows=places, noun="单位", few=True),
            order="township__position",
            required=True,
            group="企业",
            aliases=TOWNSHIP_HEADERS,
            help="企业实际经营所在的乡镇、街道或园区。",
        ),
        Column(
            "industry",
            "国民经济行业",
            Industry(),
            order="industry",
            group="企业",
            aliases=("行业", "行业类别", "行业代码", "行业名称", "所属行业"),
            help="行业代码或大类名称，例如17、C1711或纺织业。",
        ),
        Column(
            "registered_on",
            "登记日期",
            Day(),
            order="registered_on",
            group="登记",
            aliases=("注册时间", "注册日期", "成立日期", "成立时间", "登记时间"),
            help="营业执照上的成立日期。",
        ),
        Column(
            "registered_capital",
            "注册资本",
            Money(),
            unit="万元",
            order="registered_capital",
            group="登记",
            aliases=("注册资金",),
        ),
        Column(
            "status",
            "登记状态",
            Choice(choices=tuple(RegistrationStatus.choices), read_as=STATUS_WORDS),
            order="status",
            initial="active",
            group="登记",
            aliases=("经营状态", "企业状态", "状态"),
        ),
        Column(
            "scale_group",
            "四上类别",
            Choice(choices=tuple(AboveScaleGroup.choices), read_as=GROUP_WORDS),
            order="scale_group",
            group="入库",
            aliases=("专业类别", "企业类别", "入库类别", "申报类别"),
            help="达到标准后会归入的一类，暂不清楚可不填。",
        ),
        Column("listing", "在库情况", Choice(choices=LISTING), order="listing", in_form=False, in_import=False),
        Column(
            "contact",
            "联系人",
            group="联系",
            in_list=False,
            in_export=False,
            aliases=("企业联系人", "负责人", "法定代表人"),
        ),
        Column(
            "phone",
            "联系电话",
            Code(),
            group="联系",
            in_list=False,
            in_export=False,
            aliases=("联系方式", "电话", "手机号码"),
        ),
        Column("remark", "备注", LongText(), group="联系", in_list=False),
    )

    def rows(self, seat, as_of=None):
        return visible_enterprises(seat).registered_until(as_of).with_listing(as_of)

    def all_rows(self, seat):
        return Enterprise.objects.visible_to(seat).with_listing()

    def with_display(self, rows):
        return rows.select_related("township")

    def filters(self):
        return {
            "township": ListOfUnits(rows=places, label="所在乡镇", field_name="township"),
            "section": InSections(),
            "status": ListOfChoices(field_name="status", label="登记状态", choices=RegistrationStatus.choices),
            "scale_group": ListOfChoices(field_name="scale_group", label="四上类别", choices=AboveScaleGroup.choices),
            "listing": ListOfChoices(field_name="listing", label="在库情况", choices=LISTING),
            "unreported": UnreportedFilter(),
            **credit_filters(),
            **dated_filters({"happened": ("registered_on", "registered_on", "登记日期")}),
            "as_of": AsOfFilter(),
        }

    def happened(self, record):
        return DateSpan.day(record.registered_on) if record.registered_on else None

    def why_not(self, record, name, wanted):
        if name in ("status", "scale_group", "listing"):
            column = self.column(name)
            return f"{column.header}是{column.show(record)}，不是{wanted}" if column.value(record) else NOT_YET[name]
        return super().why_not(record, name, wanted)

    def links(self, seat):
        return [("退库预警名单", reverse("exit-watch")), ("四上标准", reverse("standards"))]

    # -- writing ---------------------------------------------------------------------------------

    def blank(self, seat):
        return Enterprise(county_id=seat.county_id, township_id=seat.unit_id)

    def add(self, writing, values):
        return super().add(writing, self._fields(values))

    def add_all(self, writing, rows):
        return super().add_all(writing, [self._fields(values) for values in rows])

    def change(self, writing, record, values, version=None):
        return super().change(writing, record, self._fields(values), version)

    def change_all(self, writing, changes):
        return writing.change_each([(row, self._fields(values)) for row, values in changes])

    def _fields(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A status that is not given stays as it is: a directory without that column revives nobody."""
        return {k: v for k, v in fields_of(Enterprise, values).items() if k != "status" or v}

    # -- importing -------------------------------------------------------------------------------

    def lookups(self, seat, new_rows):
        return {"township": unit_lookup(seat, new_rows)}

    def from_band(self, band):
        return {"township": band}

    def identity(self, values):
        return EnterpriseKey.of(values.get("uscc") or "", values["name"], values["township"].name)

    def existing(self, seat):
        rows = self.with_display(visible_enterprises(seat)).sharing_relations()
        return KnownEnterprises(rows, present_names(seat))

    def stays(self, record, changed):
        return of_the_predecessor(record, changed, "township")

    # -- the detail page -------------------------------------------------------------------------

    def facts(self, record, seat):
        """With what the county's standard and its rules say of it today, before 在库情况."""
        told = super().facts(record, seat)
        place = next(number for number, (label, _) in enumerate(told) if label == self.column("listing").header)
        said = [
            ("入库标准", standard_today(record) or EMPTY),
            ("退库预警", self._warning(record) or EMPTY),
            ("申报窗口", "；".join(line.sentence for line in countdown(record, timezone.localdate())) or EMPTY),
        ]
        return [*told[:place], *said, *told[place:]]

    def _warning(self, record: Enterprise) -> str:
        """红色：…, of an enterprise in the library whose year speaks for an exit."""
        if self.column("listing").value(record) != DeclarationStep.LISTED:
            return ""
        found = judged([record], record.county_id, timezone.localdate())
        return f"{WarningLight(found[0].light).label}：{found[0].reason}" if found else ""

    def extra_context(self, record, seat):
        return {"year": year_of(record, seat, timezone.localdate())}

    def panels(self, record, seat):
        own = [panel(record, seat) for panel in (cultivation_panel, declarations_panel, visits_panel)]
        return [*own, *added_panels(record, seat), problems_panel(record, seat), questions_panel(record, seat)]


def standard_today(enterprise: Enterprise) -> str:
    """What the industry asks of the enterprise today; asks about a 四上类别 that was entered otherwise."""
    row = threshold_of(enterprise.industry, timezone.localdate(), thresholds_of(enterprise.county_id))
    if row is None:
        return ""
    otherwise = enterprise.scale_group not in ("", row.group)
    asked = f"。登记的四上类别是{enterprise.get_scale_group_display()}，请核对" if otherwise else ""
    return f"{row.label}{asked}"


class InSections(django_filters.MultipleChoiceFilter):
    """行业门类: the letter follows from the code's first two digits."""

    def __init__(self):
        choices = [(letter, f"{letter} {section.name}") for letter, section in sections().items()]
        super().__init__(choices=choices, label="行业门类")

    def filter(self, rows, letters):
        if not letters:
            return rows
        wanted = [division.code for letter in letters for division in sections()[letter].divisions]
        return rows.alias(division=Left("industry", 2)).filter(division__in=wanted)


class OfEnterpriseLedger(DatedRecordLedger):
    """Dated, verified rows that hang on an enterprise."""

    subject = Subject.ENTERPRISES
    search_fields = ("enterprise__name", "enterprise__code", "code")
    import_key = "enterprise"

    def with_display(self, rows):
        return rows.select_related("enterprise__township")

    def line_label(self, record):
        return str(record.enterprise)

    def filters(self):
        return {
            "enterprise": ListOfRows(rows=visible_enterprises, label="企业", field_name="enterprise"),
            "township": ListOfUnits(rows=places, label="所在乡镇", field_name="enterprise__township"),
            **dated_record_filters(),
        }

    def blank(self, seat):
        return self.model(county_id=seat.county_id, enterprise=ledger_for("enterprises").blank(seat))

    def add(self, writing, values):
        return super().add(writing, fields_of(self.model, values))

    def change(self, writing, record, values, version=None):
        return super().change(writing, record, fields_of(self.model, values), version)

    def lookups(self, seat, new_rows):
        return {"enterprise": enterprise_lookup(seat)}


ENTERPRISE = Column(
    "enterprise",
    "企业名称",
    Reference(rows=visible_enterprises, noun="企业"),
    order="enterprise__name",
    required=True,
    group="企业",
    aliases=ENTERPRISE_HEADERS,
)
TOWNSHIP = Column(
    "township",
    "所在乡镇",
    source="enterprise.township.name",
    order="enterprise__township__position",
    in_form=False,
    in_import=False,
)


def enterprise_lookup(seat: Any) -> Callable[[str], Enterprise | None]:
    """For imports: an enterprise by its number, its unified code or its name, of those this seat sees."""
    rows = list(visible_enterprises(seat).select_related("township"))
    by_code = {code: row for row in rows for code in (row.code, row.uscc) if code}
    by_name: dict[str, list[Enterprise]] = {}
    for row in rows:
        by_name.setdefault(one_line(row.name), []).append(row)

    def find(written: str) -> Enterprise | None:
        named = [by_code[code]] if (code := cleaned_code(written)) in by_code else by_name.get(one_line(written), [])
        if len(named) > 1:
            raise Unclear(f"有{len(named)}家企业都叫“{written}”，请改填统一社会信用代码。")
        return named[0] if named else None

    return find


CULTIVATION_SHOWN = ("year", "tier", "standing", "rolling", "line", "rate", "gap", "monthly", "liaison", "measures")


def cultivation_panel(enterprise: Enterprise, seat: Any) -> dict[str, Any]:
    """Its stays in the 培育库, with what is done for it."""
    ledger = ledger_for("cultivation")
    columns = [ledger.column(name) for name in CULTIVATION_SHOWN]
    told = {"title": "培育", "adding": "列入培育库", "columns": columns}
    return {**_panel("cultivation", enterprise, seat), **told}


def declarations_panel(enterprise: Enterprise, seat: Any) -> dict[str, Any]:
    return {**_panel("declarations", enterprise, seat), "title": "申报入库台账"}


def visits_panel(enterprise: Enterprise, seat: Any) -> dict[str, Any]:
    return {**_panel("visits", enterprise, seat), "title": "走访"}


def _panel(key: str, enterprise: Enterprise, seat: Any) -> dict[str, Any]:
    """The rows of that ledger about the enterprise, and the link that begins another."""
    ledger = ledger_for(key)
    rows = ledger.with_display(ledger.rows(seat).filter(enterprise=enterprise)).order_by("happened_on", "pk")
    columns = [column for column in ledger.list_columns if column.name not in ("enterprise", "township")]
    begun = urlencode({"enterprise": enterprise.code})
    return {"ledger": ledger, "columns": columns, "rows": rows, "totals": ledger.totals(rows), "begun": begun}

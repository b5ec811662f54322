"""申报入库台账, and what a county sets for it: 申报窗口, 申报材料清单."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.dates import DateSpan
from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices, YearFilter, dated_filters
from core.ledgers.kinds import Choice, Day, Integer, Reference, Span, YesNo
from core.ledgers.ledger import Ledger, register
from core.records import Record
from core.write import Door
from enterprises.declaring import checklists, slots_of
from enterprises.ledgers.enterprises import ENTERPRISE, ROUTE_WORDS, TOWNSHIP_HEADERS, OfEnterpriseLedger
from enterprises.models import (
    CONFIRMED_BY,
    AboveScaleGroup,
    Declaration,
    DeclarationMaterial,
    DeclarationStep,
    DeclarationWindow,
    ExitCause,
    Route,
)
from enterprises.models import Door as Batch
from enterprises.waiting import countdown
from townships.deadlines.timing import LATE_DAYS
from townships.ledgers import COUNTED, HAPPENED, LATE, VERDICT, ListOfUnits, fields_of, places
from townships.services import unit_lookup

STEP_WORDS = (
    *((word, "intended") for word in ("拟入库", "计划申报", "培育")),
    *((word, "submitted") for word in ("申报", "申报中", "已上报")),
    *((word, "returned") for word in ("被退回", "审核退回", "未通过")),
    *((word, "listed") for word in ("已入库", "纳入", "已纳入", "入统", "已入统")),
    *((word, "delisted") for word in ("已退库", "退出", "已退出")),
    *((word, "changed") for word in ("变更专业", "行业变更")),
    *((word, "moved_in") for word in ("迁入", "跨省迁入")),
    *((word, "moved_out") for word in ("迁出", "跨省迁出")),
)
CAUSE_WORDS = (
    *((word, "shrunk") for word in ("规上转规下", "降规", "规模不达标", "不达标")),
    *((word, "closed") for word in ("破产", "注销", "吊销", "注（吊）销")),
    *((word, "suspended") for word in ("停业", "歇业", "停产")),
)
"""Spellings met in workbooks."""


@register
class DeclarationLedger(OfEnterpriseLedger):
    key, name, noun, measure = "declarations", "申报入库台账", "申报入库记录", "条"
    model = Declaration
    evidence_slots = (*dict.fromkeys(slot for slots in CONFIRMED_BY.values() for slot in slots), "其他材料")
    detail_template = "ledgers/declaration.html"
    purpose = "企业拟申报、已申报、退回、入库、退库各记一条。入库和退库以统计局确认为准，认定后才计入。"
    columns = (
        ENTERPRISE,
        Column(
            "township",
            "申报时所在乡镇",
            Reference(rows=places, noun="单位", few=True),
            order="township__position",
            group="企业",
            aliases=TOWNSHIP_HEADERS,
            help="这一环节计入这个乡镇，企业以后迁走也不变。不填的，按企业现在所在乡镇登记。",
        ),
        Column(
            "scale_group",
            "四上类别",
            Choice(choices=tuple(AboveScaleGroup.choices)),
            source="enterprise.scale_group",
            order="enterprise__scale_group",
            in_form=False,
            in_import=False,
        ),
        Column(
            "step",
            "环节",
            Choice(choices=tuple(DeclarationStep.choices), read_as=STEP_WORDS),
            order="step",
            required=True,
            group="申报",
            aliases=("申报环节", "申报状态", "入库状态", "申报情况", "状态"),
            help="专业变更和迁入、迁出不算入库、退库。",
        ),
        Column(
            "route",
            "申报类型",
            Choice(choices=tuple(Route.choices), read_as=ROUTE_WORDS),
            order="route",
            group="申报",
            aliases=("入库方式", "申报方式", "纳入类型"),
            help="新开业（投产）走月度，规下升规上走年度。",
        ),
        Column(
            "happened",
            "发生日期",
            Span(),
            reads=HAPPENED,
            order="happened_on",
            required=True,
            group="申报",
            aliases=("日期", "时间", "申报时间", "申报日期", "入库时间", "入库日期", "退库时间"),
            help="入库、退库填统计局确认的日期；只知道月份的写到月份。",
        ),
        Column(
            "submission",
            "申报批次",
            order="submission",
            group="申报",
            aliases=("批次", "入库批次"),
            help="例如2024年年度第一批、2024年5月月度。",
        ),
        Column(
            "library_year",
            "纳入年度",
            Integer(),
            order="library_year",
            group="申报",
            in_list=False,
            aliases=("入库年度",),
            help="统计局纳入名单的年度，例如2025；与确认日期可以不在同一年。",
        ),
        Column(
            "cause",
            "退库原因",
            Choice(choices=tuple(ExitCause.choices), read_as=CAUSE_WORDS),
            order="cause",
            group="申报",
            in_list=False,
            help="退库的填写，没有写明的不能直接认定。",
        ),
        Column(
            "window_reason",
            "窗口外申报理由",
            group="申报",
            in_list=False,
            aliases=("逾期申报理由",),
            help="申报日期不在申报窗口内时填写。",
        ),
        VERDICT,
        COUNTED,
        Column("remark", "备注", group="其他", in_list=False),
        LATE,
        LATE_DAYS,
    )

    def with_display(self, rows):
        return rows.select_related("enterprise__township", "township")

    def filters(self):
        return {
            "step": ListOfChoices(field_name="step", label="环节", choices=DeclarationStep.choices),
            "scale_group": ListOfChoices(
                field_name="enterprise__scale_group", label="四上类别", choices=AboveScaleGroup.choices
            ),
            "route": ListOfChoices(field_name="route", label="申报类型", choices=Route.choices),
            "cause": ListOfChoices(field_name="cause", label="退库原因", choices=ExitCause.choices),
            "library_year": YearFilter("library_year", "纳入年度"),
            **super().filters(),
            "township": ListOfUnits(rows=places, label="申报时所在乡镇", field_name="township"),
        }

    def why_not(self, record, name, wanted):
        if name in ("step", "scale_group", "route", "cause", "library_year"):
            column = self.column(name)
            said = f"{column.header}是{column.show(record)}，不是{wanted}"
            return said if column.value(record) else f"没有填写{column.header}"
        return super().why_not(record, name, wanted)

    def links(self, seat):
        """The countdown stands where one declares."""
        windows = reverse("ledger-list", args=["declaration_windows"])
        notice = reverse("listing-notice-latest")
        return [*((told.sentence, windows) for told in countdown(seat, timezone.localdate())), ("新建入规通报", notice)]

    def list_links(self, seat):
        return [("导出申报材料清单", reverse("declaration-pack"))]

    def lookups(self, seat, new_rows):
        return {**super().lookups(seat, new_rows), "township": unit_lookup(seat, None)}

    def slots(self, record):
        return slots_of(record.county_id, self.evidence_slots[:-1])

    def extra_context(self, record, seat):
        """Once it is in or out, nobody asks for its papers."""
        if record.step not in (DeclarationStep.INTENDED, DeclarationStep.SUBMITTED, DeclarationStep.RETURNED):
            return {}
        return {"checklist": checklists([record])[record.pk]}

    def add_all(self, writing: Door, rows: Sequence[Mapping[str, Any]]) -> list[Record]:
        """One by one in the order of their days: whether 入库 may follow depends on the rows before it."""
        return [self.add(writing, values) for values in sorted(rows, key=lambda values: values["happened"].first)]

    def identity(self, values):
        return (values["enterprise"].pk, values["step"], values["happened"].first)

    def existing(self, seat):
        rows = self.with_display(self.rows(seat)).sharing_relations()
        return {(row.enterprise_id, row.step, row.happened_on): row for row in rows}


@register
class WindowLedger(Ledger):
    key, name, noun, measure = "declaration_windows", "申报窗口", "申报窗口", "个"
    model = DeclarationWindow
    ordering = ("-first_day", "code")
    search_fields = ("name", "code", "document")
    purpose = "统计局每年、每月受理申报的起止日期，逐年登记在这里。不在窗口内的申报要写明理由。"
    columns = (
        Column("name", "窗口名称", order="name", required=True, help="例如2024年年度第一批。"),
        Column("door", "批次类别", Choice(choices=tuple(Batch.choices)), order="door", required=True),
        Column("first_day", "起始日", Day(), order="first_day", required=True),
        Column("last_day", "截止日", Day(), order="last_day", required=True, help="当天仍可申报。"),
        Column(
            "state",
            "倒计时",
            source=lambda row: row.state_on(timezone.localdate()),
            in_form=False,
            in_import=False,
            in_export=False,
        ),
        Column(
            "scale_group",
            "适用类别",
            Choice(choices=tuple(AboveScaleGroup.choices)),
            order="scale_group",
            help="只受理某一类企业的选择，全部受理的不选。",
        ),
        Column("takes_new", "受理新开业（投产）", YesNo(), in_list=False),
        Column("takes_grown", "受理规下升规上", YesNo(), in_list=False),
        Column("takes_exits", "受理退库", YesNo(), in_list=False),
        Column("takes_changes", "受理专业变更、迁移", YesNo(), in_list=False),
        Column("document", "依据文件"),
    )

    def filters(self):
        return {
            "door": ListOfChoices(field_name="door", label="批次类别", choices=Batch.choices),
            **dated_filters({"happened": ("first_day", "last_day", "窗口")}),
        }

    def links(self, seat):
        may = seat.may("add", self.blank(seat))
        return [("按常用时间建立一年的窗口", reverse("windows-usual"))] if may else []

    def add(self, writing, values):
        return super().add(writing, fields_of(DeclarationWindow, values))

    def change(self, writing, record, values, version=None):
        return super().change(writing, record, fields_of(DeclarationWindow, values), version)

    def happened(self, record):
        return DateSpan.day(record.first_day)


@register
class MaterialLedger(Ledger):
    key, name, noun, measure = "declaration_materials", "申报材料清单", "申报材料", "项"
    model = DeclarationMaterial
    ordering = ("position", "code")
    search_fields = ("name", "code", "note")
    purpose = "申报入库要交哪些材料，按四上类别和申报类型记在这里。没有登记的县，按随系统提供的清单核对。"
    columns = (
        Column("name", "材料名称", order="name", required=True),
        Column(
            "scale_group",
            "适用类别",
            Choice(choices=tuple(AboveScaleGroup.choices)),
            order="scale_group",
            help="各类都要交的不选。",
        ),
        Column(
            "route", "适用申报类型", Choice(choices=tuple(Route.choices)), order="route", help="各种申报都要交的不选。"
        ),
        Column("position", "排列顺序", Integer(), order="position", required=True, initial=99),
        Column("note", "要求"),
    )

    def filters(self):
        return {
            "scale_group": ListOfChoices(field_name="scale_group", label="适用类别", choices=AboveScaleGroup.choices),
            "route": ListOfChoices(field_name="route", label="适用申报类型", choices=Route.choices),
        }

    def links(self, seat):
        may = seat.may("add", self.blank(seat))
        return [("采用随系统提供的清单", reverse("materials-shipped"))] if may else []

    def add(self, writing, values):
        return super().add(writing, fields_of(DeclarationMaterial, values))

    def change(self, writing, record, values, version=None):
        return super().change(writing, record, fields_of(DeclarationMaterial, values), version)

"""招商项目台账: one row a project; its signing is entered with it and lives on its first agreement."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

import django_filters
from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices, dated_filters
from core.ledgers.kinds import Choice, Code, Happened, LongText, Money, Reference, Share, grouped_number, span_of
from core.ledgers.ledger import Ledger, ledger_for
from core.models import Evidence
from core.readings import Unreadable
from core.records import Verdict
from enterprises.kinds import Industry
from enterprises.ledgers import visible_enterprises
from projects import official_forms, services
from projects.founding import company_context
from projects.ledgers.beginnings import beginning_to_be, change_beginnings, signing_of, start_of, with_beginnings
from projects.ledgers.funding_documents import panel_of
from projects.ledgers.investment_projects import investments_panel
from projects.ledgers.of_project import CreditScopeFilter, SharedFilter
from projects.ledgers.project_filters import AtLeast, Reached
from projects.lifecycle import Status, Step, evidence_slots, next_step, stage_steps
from projects.models import Agreement, Milestone, Project, ProjectShare
from projects.models.projects import Contract, CreditScope, Origin, Standing
from projects.share_forms import share_sets
from projects.stage_line import stage_line
from townships.ledgers import (
    LATE,
    AsOfFilter,
    ListOfUnits,
    credit_filters,
    fields_of,
    of_the_predecessor,
    places,
    units,
    verdict_reason,
)
from townships.menu import Subject
from townships.problems.panels import problems_panel
from townships.services import present_names, unit_lookup

SIGNING_GROUP = "签约"
SIGNED = ("signed_on", "signed_until", "signed_precision")
AGREEMENT_SLOT = "分成协议"
AGREEMENT_COLUMNS = {
    "total_investment": "total_investment",
    "fixed_assets": "fixed_assets",
    "introduced": "introduced",
    "signed": "happened",
    "contract": "kind",
    "late_reason": "late_reason",
}
"""Columns of the project's form and workbook that are kept on its agreement."""


def with_shares(rows: QuerySet) -> QuerySet:
    """Each project with its present shares in `present_shares`."""
    present = ProjectShare.objects.current().lasting().in_order().select_related("unit")
    return rows.prefetch_related(Prefetch("projectshares", present, to_attr="present_shares"))


def shares_in_words(project: Project) -> str:
    """甲镇60%、乙镇40%；到位资金：乙镇100%."""
    by_scope: dict[str, list[str]] = {}
    for share in getattr(project, "present_shares", ()):
        by_scope.setdefault(share.get_scope_display(), []).append(f"{share.unit}{Share().show(share.percent)}")
    general = str(CreditScope.GENERAL.label)
    sets = {scope: "、".join(parts) for scope, parts in by_scope.items()}
    return "；".join(text if scope == general else f"{scope}：{text}" for scope, text in sets.items())


class ProjectLedger(Ledger):
    key, name, noun, measure = "projects", "招商项目台账", "项目", "个"
    subject = Subject.PROJECTS
    model = Project
    import_key = "name"
    unique_columns = ("approval_code",)
    identity_words = "名称、乡镇和签约年份"
    amounts = ("total_investment", "verified_investment")
    claimed_in: ClassVar = {"verified_investment": "total_investment"}
    search_fields = ("name", "code", "investor__name", "approval_code")
    evidence_slots = (*evidence_slots(), AGREEMENT_SLOT)
    detail_template = "ledgers/project.html"
    official_form = official_forms.PROJECTS
    purpose = "从签约到投产的每个项目都在这里，一个项目只登记一次。可以逐个新增，也可以导入原有的台账。"
    row_to_be = staticmethod(beginning_to_be)
    columns = (
        Column("name", "项目名称", order="name", required=True, group="项目", aliases=("名称", "招商项目名称")),
        Column(
            "landing_unit",
            "落户乡镇",
            Reference(rows=places, noun="单位", few=True),
            order="landing_unit__position",
            required=True,
            group="项目",
            aliases=("落户地点", "建设地点", "项目所在地", "乡镇"),
            help="项目建在哪个乡镇或园区。",
        ),
        Column(
            "responsible_unit",
            "责任单位",
            Reference(rows=units, noun="单位", few=True),
            group="项目",
            in_list=False,
            aliases=("牵头单位", "承办单位"),
            help="不填即为落户乡镇。",
        ),
        Column("stage", "项目阶段", Choice(choices=tuple(Step.choices)), order="stage", in_form=False, in_import=False),
        Column("status", "状态", Choice(choices=tuple(Status.choices)), order="status", in_form=False, in_import=False),
        Column(
            "signed",
            "签约时间",
            Happened(),
            source=lambda project: span_of(project, *SIGNED),
            reads=SIGNED,
            order="signed_on",
            required=True,
            group=SIGNING_GROUP,
            aliases=("协议签订时间", "签约日期"),
            help="写到日；只知道月份的写到月份，不要编日子。",
            only_new=True,
        ),
        Column(
            "contract",
            "签约类型",
            Choice(
                choices=tuple(Contract.choices),
                read_as=(("正式", "formal"), ("框架", "framework"), ("意向协议", "framework")),
            ),
            order="contract",
            required=True,
            initial="formal",
            group=SIGNING_GROUP,
            aliases=("协议类型",),
            help="框架协议、意向协议会登记，但不计入签约。",
            only_new=True,
        ),
        Column(
            "total_investment",
            "总投资",
            Money(),
            unit="万元",
            order="total_investment",
            required=True,
            group=SIGNING_GROUP,
            aliases=("协议总投资", "计划总投资", "投资金额", "投资额", "投资额/总投资"),
            help="协议约定的投资总额。",
            only_new=True,
        ),
        Column(
            "fixed_assets",
            "固定资产投资",
            Money(),
            unit="万元",
            group=SIGNING_GROUP,
            aliases=("固投金额",),
            in_list=False,
            only_new=True,
        ),
        Column(
            "introduced",
            "协议引资额",
            Money(),
            unit="万元",
            group=SIGNING_GROUP,
            aliases=("合同引资额", "引进资金"),
            in_list=False,
            only_new=True,
        ),
        replace(LATE, group=SIGNING_GROUP, only_new=True, in_detail=False, in_export=False),
        Column(
            "signing_verdict",
            "签约认定",
            Choice(choices=tuple(Verdict.choices)),
            order="signing_verdict",
            in_form=False,
            in_import=False,
        ),
        Column(
            "verified_investment",
            "认定总投资",
            Money(),
            unit="万元",
            order="verified_investment",
            in_list=False,
            in_form=False,
            in_import=False,
        ),
        Column(
            "investor",
            "投资方",
            source="investor.name",
            order="investor__name",
            group="投资方",
            aliases=("投资企业", "投资商", "客商", "投资方/名称"),
        ),
        Column(
            "investor_place",
            "来源地",
            source="investor.place",
            group="投资方",
            in_list=False,
            aliases=("投资方所在地", "投资方/来源地"),
        ),
        Column(
            "investor_standing",
            "投资方类型",
            Choice(
                choices=tuple(Standing.choices),
                read_as=(
                    ("世界五百强", "world_500"),
                    ("中国五百强", "china_500"),
                    ("中国企业500强", "china_500"),
                    ("民营500强", "private_500"),
                    ("民营企业500强", "private_500"),
                    ("中国民营企业500强", "private_500"),
                    ("上市企业", "listed"),
                    ("中央企业", "central"),
                ),
            ),
            group="投资方",
            in_list=False,
            aliases=("500强类型", "三类500强"),
            help="三类500强、上市公司、央企、链主企业填写，其他不填。",
        ),
        Column("origin", "资金来源", Choice(choices=tuple(Origin.choices)), group="投资方", in_list=False),
        Column(
            "company",
            "项目公司",
            Reference(rows=visible_enterprises, noun="企业"),
            order="company__name",
            group="投资方",
            in_list=False,
            in_import=False,
            help="为这个项目在本县注册的企业，先在企业台账登记。",
        ),
        Column("local_industry", "所属产业", group="项目", order="local_industry", aliases=("产业类型", "产业")),
        Column(
            "industry",
            "国民经济行业",
            Industry(),
            group="项目",
            in_list=False,
            help="行业代码或大类名称，例如18、C1810或纺织业。",
        ),
        Column(
            "approval_code",
            "投资项目代码",
            Code(),
            group="项目",
            in_list=False,
            aliases=("项目代码", "备案代码"),
            help="备案或批复文件上的代码，还没有可不填。",
        ),
        Column(
            "content", "建设内容", LongText(), group="项目", in_list=False, aliases=("项目内容", "主要建设内容及规模")
        ),
        Column(
            "started",
            "开工时间",
            Happened(),
            in_list=False,
            in_form=False,
            source=lambda project: None,
            in_export=False,
            in_detail=False,
        ),
        Column(
            "shares",
            "分成",
            source=shares_in_words,
            in_list=False,
            in_form=False,
            in_import=False,
            in_export=False,
            in_detail=False,
            on_request=True,
            loads=with_shares,
        ),
        Column("county_leader", "联系县领导", group="责任", in_list=False, aliases=("包联领导", "包抓领导")),
        Column("township_leader", "分管镇领导", group="责任", in_list=False),
        Column("contact", "企业联系人", group="责任", in_list=False, in_export=False),
        Column("phone", "联系电话", group="责任", in_list=False, in_export=False),
        Column(
            "progress",
            "进展情况",
            LongText(),
            group="其他",
            in_list=False,
            aliases=("项目进展", "进度", "开工情况", "项目阶段"),
        ),
        Column("remark", "备注", LongText(), group="其他", in_list=False),
    )

    def rows(self, seat, as_of=None):
        return Project.objects.current().visible_to(seat).as_of(as_of)

    def all_rows(self, seat):
        return Project.objects.visible_to(seat).as_of()

    def with_display(self, rows):
        return rows.select_related("landing_unit", "responsible_unit", "investor", "company")

    def totals(self, rows, *, credited=False, as_of=None):
        """The same sum as the column's, taken from the agreements at once instead of project by project."""
        if credited:
            return super().totals(rows, credited=True)
        chosen = rows.order_by().values("pk")
        return {"count": chosen.count(), "total_investment": Agreement.objects.total_of(chosen, as_of)}

    def filters(self):
        return {
            "landing_unit": ListOfUnits(rows=places, label="落户乡镇", field_name="landing_unit"),
            "contract": ListOfChoices(field_name="contract", label="签约类型", choices=Contract.choices),
            "signing_verdict": ListOfChoices(field_name="signing_verdict", label="签约认定", choices=Verdict.choices),
            "stage": ListOfChoices(
                field_name="stage", label="项目阶段", choices=[(s, Step(s).label) for s in stage_steps()]
            ),
            "status": ListOfChoices(field_name="status", label="状态", choices=Status.choices),
            "origin": ListOfChoices(field_name="origin", label="资金来源", choices=Origin.choices),
            "reached": Reached(),
            "min_total": AtLeast("total_investment", "总投资不少于（万元）"),
            "investor_standing": ListOfChoices(
                field_name="investor_standing", label="投资方类型", choices=Standing.choices
            ),
            "local_industry": django_filters.CharFilter(field_name="local_industry", label="所属产业"),
            "shared": SharedFilter(),
            "credit_scope": CreditScopeFilter(),
            **credit_filters(),
            **dated_filters(
                {
                    "happened": ("signed_on", "signed_until", "签约时间"),
                    "counted": ("counted_from", "counted_until", "签约归属期"),
                }
            ),
            "as_of": AsOfFilter(),
        }

    @property
    def closings(self):
        return {"signed": Agreement, "started": Milestone}

    def happened(self, record):
        return span_of(record, "signed_on", "signed_until", "signed_precision")

    def why_not(self, record, name, wanted):
        if name == "signing_verdict":
            return verdict_reason(record.signing_verdict, record.signing_note)
        if name == "min_total":
            total, least = grouped_number(record.total_investment), grouped_number(Decimal(wanted))
            return f"低于门槛：总投资 {total} 万元，不足 {least} 万元"
        if name == "contract":
            return f"是{Contract(record.contract).label}，不是{wanted}"
        if name == "origin":
            return f"资金来源是{Origin(record.origin).label}，不是{wanted}" if record.origin else "没有填写资金来源"
        return super().why_not(record, name, wanted)

    # -- writing ---------------------------------------------------------------------------------

    def add(self, writing, values):
        return services.add_project(writing, **self._parts(writing, values))

    def add_all(self, writing, rows):
        named = [(values["investor"], values.get("investor_place") or "") for values in rows if values.get("investor")]
        known = services.investors_named(writing, named)
        return services.add_projects(writing, [self._parts(writing, values, known=known) for values in rows])

    def change(self, writing, record, values, version=None):
        parts = self._parts(writing, values)
        if parts["agreement"] and (signing := signing_of(record)):
            writing.change(signing, **{k: v for k, v in parts["agreement"].items() if v is not None})
        if parts["started"]:
            services.record_start(writing, project=record, happened=parts["started"])
        return services.change_project(writing, project=record, version=version, **parts["project"])

    def change_all(self, writing, changes):
        parts = [(row, self._parts(writing, values, row)) for row, values in changes]
        change_beginnings(writing, parts)
        return services.change_projects(writing, [(row, part["project"]) for row, part in parts])

    def void(self, writing, record, reason):
        return services.void_project(writing, project=record, reason=reason)

    def _parts(self, writing: Any, values: Mapping[str, Any], held: Any = None, known: Any = None) -> dict[str, Any]:
        """Form or row values → what goes on project, agreement and 开工 milestone; `known`: investors in hand."""
        project = {
            k: v for k, v in values.items() if k not in {*AGREEMENT_COLUMNS, "investor", "investor_place", "started"}
        }
        project = fields_of(Project, {k: v for k, v in project.items() if v is not None or k != "responsible_unit"})
        if "investor" in values:
            name, place = values["investor"] or "", values.get("investor_place") or ""
            project["investor"] = (known or {}).get(name) or services.investor_named(writing, name, place, held)
        agreement = {field: values[name] for name, field in AGREEMENT_COLUMNS.items() if values.get(name) is not None}
        return {"project": project, "agreement": agreement, "started": values.get("started")}

    def row_behind(self, record, column):
        if column == "started":
            return start_of(record)
        return signing_of(record) if column in AGREEMENT_COLUMNS else record

    def stays(self, record, changed):
        """What was verified is a matter of its own: a workbook does not undo it."""
        kept = of_the_predecessor(record, changed, "landing_unit", "responsible_unit")
        start = start_of(record) if "started" in changed else None
        if start is None or start.verdict != Verdict.ACCEPTED:
            return kept
        return kept | {"started": f"开工时间已认定为{start.happened.label}，没有改动；确需更正的，请在项目节点中办理。"}

    def current_values(self, record):
        signing = signing_of(record)
        start = start_of(record)
        held = {name: getattr(signing, field, None) for name, field in AGREEMENT_COLUMNS.items()}
        return {**super().current_values(record), **held, "started": start and start.happened}

    # -- importing -------------------------------------------------------------------------------

    def lookups(self, seat, new_rows):
        find = unit_lookup(seat, new_rows)
        return {"landing_unit": find, "responsible_unit": find}

    def from_band(self, band):
        return {"landing_unit": band}

    def complete(self, values, seat):
        if values.get("started") and values.get("signed") and values["started"].last < values["signed"].first:
            raise Unreadable(f"开工时间（{values['started'].label}）早于签约时间（{values['signed'].label}），请核对。")
        return values

    def identity(self, values):
        year = values["signed"].first.year if values.get("signed") else None
        return ("".join(values["name"].split()), values["landing_unit"].name, year)

    def existing(self, seat):
        rows = list(with_beginnings(self.with_display(self.rows(seat)).sharing_relations()))
        names = present_names(seat)
        places = {p.pk: names.get(p.landing_unit_id, p.landing_unit.name) for p in rows}
        return {("".join(p.name.split()), places[p.pk], p.signed_on.year if p.signed_on else None): p for p in rows}

    def written_by(self, batch):
        return [
            model.objects.current().filter(batch=batch).select_related("project") for model in (Agreement, Milestone)
        ]

    def list_links(self, seat):
        return [("下载档案", reverse("project-dossiers"))] * seat.may("take_dossier", self.blank(seat))

    # -- the detail page -------------------------------------------------------------------------

    def panels(self, record, seat):
        return [
            _panel("agreements", record, seat),
            _panel("milestones", record, seat),
            _panel("arrivals", record, seat),
            _panel("progress", record, seat),
            investments_panel(record, seat),
            panel_of("allocations", seat, {"project": record}, record),
            problems_panel(record, seat),
        ]

    def extra_context(self, record, seat):
        upcoming = next_step(record.stage)
        present = set(
            Evidence.objects.current()
            .filter(county_id=record.county_id, ledger=self.key, record_id=record.pk)
            .values_list("slot", flat=True)
        )
        sets = share_sets(record.projectshares.current().select_related("unit").in_order())
        milestones = record.milestones.current().order_by("happened_on", "pk").select_related("verified_by")
        return {
            "upcoming": upcoming,
            "needed": services.needed_for(record, upcoming, present) if upcoming else [],
            "milestones": milestones,
            "leaders": record.projectleaders.current().in_order(),
            "share_sets": sets,
            "former_shares": not all(found["lasting"] for found in sets),
            "takes": [("下载档案", reverse("project-dossier", args=[record.code]))] * seat.may("take_dossier", record),
            "may_share": not record.voided_at and seat.may("set_shares", record),
            "stages": stage_line(milestones, signing_of(record)),
            **company_context(record, seat),
        }


def _panel(key: str, project: Project, seat: Any) -> dict[str, Any]:
    ledger = ledger_for(key)
    rows = ledger.with_display(ledger.rows(seat).filter(project=project)).order_by("happened_on", "pk")
    columns = [c for c in ledger.list_columns if c.name not in ("project", "township")]
    return {"title": ledger.name, "ledger": ledger, "columns": columns, "rows": rows, "totals": ledger.totals(rows)}

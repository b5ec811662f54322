"""问题台账."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.dates import DateSpan
from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices, dated_filters
from core.ledgers.kinds import Choice, Day, LongText, Reference, YesNo
from core.ledgers.ledger import Ledger, register
from core.readings import Unreadable
from core.write import Refused
from townships.ledgers import AsOfFilter, ListOfUnits, credit_filters, fields_of, places, units
from townships.menu import Subject
from townships.models import County, Seat
from townships.problems import official_forms, services
from townships.problems.models import Cooperation, Light, Problem, Source, Topic
from townships.problems.steps import Act, Stage, permission
from townships.problems.subjects import SubjectKind, kept, page_of_subject, subject_held, subject_lookup
from townships.problems.waiting import KINDS
from townships.services import unit_lookup

ASSIGNED = ("responsible", "deadline", "assigned_on", "leader", "document")
"""Columns of a workbook that say to whom a problem was given already."""
YES = (("True", "是"),)
SINCE_ASSIGNED = "“{}”已经交办，{}的变更请在它的页面上办理，不能由导入更改。"
MAIN_ACTS = (Act.ASSIGN, Act.ACCEPT)
UNITS_ACTS = (Act.APPLY, Act.REPLY)
"""The first of them that is open is the one the page leads to; the office enters a unit's acts only by exception."""
DEADLINE_STATES = {Light.RED: "refused", Light.LATE: "refused", Light.DONE: "verified"}
"""A deadline that still lies ahead is drawn as what is not settled yet."""
TOLD_APART = ("title", "light", "stage", "description", "subject", "late")
"""Columns that the detail page shows elsewhere than among the facts."""
RAISED, GIVEN = "问题", "来源"


def due_soon_days(seat: Any) -> int:
    """How many days before the deadline this county wants to be warned."""
    if isinstance(seat, Seat):
        return seat.county.due_soon_days
    known = County.objects.filter(pk=seat.county_id).values_list("due_soon_days", flat=True).first()
    return County._meta.get_field("due_soon_days").default if known is None else known


def standing(rows: QuerySet, day: date, seat: Any) -> QuerySet:
    """As they stood at the end of that day: the light, and what was last said."""
    return rows.with_light(day, due_soon_days(seat)).with_told(day)


@register
class ProblemLedger(Ledger):
    key, name, noun, measure = "problems", "问题台账", "问题", "件"
    subject = Subject.FOLLOW_UP
    model = Problem
    waits = KINDS
    import_key = "title"
    confidential = True
    ordering = ("-raised_on", "-code")
    search_fields = ("title", "code", "description", "document", "subject_label")
    evidence_slots = (services.SLOT,)
    detail_template = "ledgers/problem.html"
    official_form = official_forms.PROBLEMS
    purpose = "项目、企业、单位、会议、批示、检查和走访中的问题都记在这里，交办以后按期办结、由另一人验收销号。"
    columns = (
        Column(
            "title",
            "问题事项",
            order="title",
            required=True,
            group=RAISED,
            aliases=("问题", "存在问题", "事项"),
        ),
        Column(
            "light",
            "亮灯",
            Choice(choices=tuple(Light.choices)),
            order="light",
            in_form=False,
            in_import=False,
        ),
        Column(
            "responsible",
            "责任单位",
            Reference(rows=units, noun="单位", few=True),
            order="responsible__position",
            in_form=False,
            aliases=("责任部门", "牵头单位"),
        ),
        Column(
            "deadline", "办理期限", Day(), order="deadline", in_form=False, aliases=("办理时限", "完成时限", "期限")
        ),
        Column(
            "stage",
            "办理阶段",
            Choice(choices=tuple(Stage.choices)),
            order="stage",
            in_form=False,
            in_import=False,
        ),
        Column(
            "subject",
            "涉及项目或企业",
            SubjectKind(),
            source=lambda row: subject_held(row),
            order="subject_label",
            group=RAISED,
            help="填写项目、企业或单位的编号或全名，会议、批示等与具体项目无关的不填。",
        ),
        Column(
            "township",
            "涉及乡镇",
            Reference(rows=places, noun="乡镇", few=True),
            order="township__position",
            group=RAISED,
            aliases=("乡镇", "所属乡镇"),
            help="不填的，按涉及的项目或企业所在乡镇登记。",
        ),
        Column("topic", "问题类型", Choice(choices=tuple(Topic.choices)), order="topic", group=RAISED, in_list=False),
        Column(
            "description",
            "问题描述",
            LongText(),
            required=True,
            group=RAISED,
            in_list=False,
            aliases=("具体情况", "情况说明"),
        ),
        Column(
            "source",
            "来源",
            Choice(choices=tuple(Source.choices)),
            order="source",
            required=True,
            group=GIVEN,
            aliases=("问题来源",),
        ),
        Column(
            "source_note",
            "来源说明",
            group=GIVEN,
            in_list=False,
            help="会议、批示或检查的名称、文号，例如：县政府第12次常务会议纪要。",
        ),
        Column("raised_on", "提出日期", Day(), order="raised_on", required=True, group=GIVEN, in_list=False),
        Column("raised_by", "提出人", group=GIVEN, in_list=False, help="会上、走访时提出问题的人，本人提出的不填。"),
        Column("raised_unit", "提出单位", order="raised_unit__position", in_form=False, in_import=False, in_list=False),
        Column(
            "cooperating",
            "配合单位",
            source=lambda row: "、".join(unit.name for unit in row.helpers),
            in_form=False,
            in_import=False,
            in_list=False,
        ),
        Column("leader", "责任领导", in_form=False, in_list=False, aliases=("牵头领导",)),
        Column("document", "交办文号", in_form=False, in_list=False, aliases=("交办单号",)),
        Column(
            "assigned_on", "交办日期", Day(), order="assigned_on", in_form=False, in_list=False, aliases=("点球日期",)
        ),
        Column("done_on", "申请销号日期", Day(), order="done_on", in_form=False, in_import=False, in_list=False),
        Column("closed_on", "销号日期", Day(), order="closed_on", in_form=False, in_import=False, in_list=False),
        Column("closed_by", "销号人", source="closed_by.full_name", in_form=False, in_import=False, in_list=False),
        Column("told", "最新办理情况", LongText(), in_form=False, in_import=False, in_list=False, in_detail=False),
        Column("late", "逾期标记", YesNo(), in_form=False, in_import=False, in_list=False),
    )

    def rows(self, seat, as_of=None):
        rows = super().rows(seat)
        rows = rows.filter(raised_on__lte=as_of) if as_of else rows
        return standing(rows, as_of or timezone.localdate(), seat)

    def all_rows(self, seat):
        return standing(super().all_rows(seat), timezone.localdate(), seat)

    def with_display(self, rows):
        helping = Prefetch("cooperations", Cooperation.objects.current().select_related("unit").order_by("pk"))
        return rows.select_related("township", "responsible", "raised_unit", "closed_by").prefetch_related(helping)

    def filters(self):
        return {
            "light": ListOfChoices(field_name="light", label="亮灯", choices=Light.choices),
            "stage": ListOfChoices(field_name="stage", label="办理阶段", choices=Stage.choices),
            "responsible": ListOfUnits(rows=units, label="责任单位"),
            "township": ListOfUnits(rows=places, label="涉及乡镇"),
            "raised_unit": ListOfUnits(rows=units, label="提出单位"),
            "source": ListOfChoices(field_name="source", label="来源", choices=Source.choices),
            "topic": ListOfChoices(field_name="topic", label="问题类型", choices=Topic.choices),
            "returned": django_filters.ChoiceFilter(field_name="returned", label="验收退回", choices=YES),
            "late": django_filters.ChoiceFilter(field_name="late", label="逾期标记", choices=YES),
            **credit_filters(),
            **dated_filters(
                {
                    "counted": ("deadline", "deadline", "办理期限"),
                    "happened": ("raised_on", "raised_on", "提出日期"),
                    "verified": ("closed_on", "closed_on", "销号日期"),
                }
            ),
            "as_of": AsOfFilter(),
        }

    def links(self, seat):
        return [("临期提醒", reverse("problem-due-soon"))] if seat.may("set_due_soon", self.blank(seat)) else []

    # -- writing ---------------------------------------------------------------------------------

    def blank(self, seat):
        return Problem(county_id=seat.county_id, raised_unit_id=seat.unit_id)

    def add(self, writing, values):
        told, assignment = split(values)
        return services.raise_problem(writing, assignment=assignment, **fields_of(Problem, placed(told)))

    def add_all(self, writing, rows):
        return [self.add(writing, values) for values in rows]

    def change(self, writing, record, values, version=None):
        told, assignment = split(values)
        changed = services.change_problem(
            writing, problem=record, version=version, **fields_of(Problem, subject_kept(told))
        )
        if record.stage == Stage.RAISED:
            return services.assign(writing, problem=changed, **assignment) if assignment else changed
        if moved := [
            self.column(name).header for name in ASSIGNED if values.get(name) not in (None, "", getattr(record, name))
        ]:
            raise Refused(SINCE_ASSIGNED.format(record, "、".join(moved)))
        return changed

    def void(self, writing, record, reason):
        return services.void_problem(writing, problem=record, reason=reason)

    def happened(self, record):
        return DateSpan.day(record.deadline or record.raised_on)

    def why_not(self, record, name, wanted):
        """`record` is known as it stands today, the condition was asked at the period's end."""
        if name in ("light", "stage", "source", "topic"):
            return f"到期末{self.column(name).header}不是{wanted}，现在是{self.column(name).show(record)}"
        return super().why_not(record, name, wanted)

    # -- importing -------------------------------------------------------------------------------

    def lookups(self, seat, new_rows):
        find = unit_lookup(seat, None)
        return {"township": find, "responsible": find, "subject": subject_lookup(seat)}

    def complete(self, values, seat):
        given = {name for name in ASSIGNED if values.get(name)}
        if given and not given >= {"responsible", "deadline"}:
            raise Unreadable("已经交办的，责任单位和办理期限都要填写；还没有交办的，这几栏都不填。")
        if given and not seat.may(permission(Act.ASSIGN), self.blank(seat)):
            raise Unreadable("责任单位和办理期限由县招商办交办时填写，请把这几栏清空后再导入。")
        return values

    def identity(self, values):
        return ("".join(values["title"].split()), values["raised_on"])

    def existing(self, seat):
        return {
            ("".join(row.title.split()), row.raised_on): row
            for row in self.with_display(self.rows(seat)).sharing_relations()
        }

    # -- the detail page -------------------------------------------------------------------------

    def facts(self, record, seat):
        told = {self.column(name).header for name in TOLD_APART}
        return [fact for fact in super().facts(record, seat) if fact[0] not in told]

    def extra_context(self, record, seat):
        acts = record.open_acts(seat)
        leads = next((act for act in (*MAIN_ACTS, *(UNITS_ACTS if seat.unit_id else ())) if act in acts), None)
        return {
            "steps": record.steps.current().order_by("pk"),
            "subject_url": page_of_subject(record, seat),
            "light": Light(record.light).label,
            "open_acts": [act for act in acts if act != leads],
            "main_act": leads,
            "line": step_line(record),
        }


def split(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What is said of the problem itself, and to whom it was given; None where it was not yet."""
    told = {name: value for name, value in values.items() if name not in ASSIGNED}
    if not values.get("responsible"):
        return told, None
    assignment = {name: values.get(name) or "" for name in ("leader", "document")}
    on = values.get("assigned_on") or values.get("raised_on")
    return told, {**assignment, "responsible": values["responsible"], "deadline": values.get("deadline"), "on": on}


def step_line(problem: Problem) -> list[dict[str, Any]]:
    """The way of a problem: [{"label", "day", "note", "state"}, …]; `state` is a class of `.stages`."""
    told = (
        ("提出", problem.raised_on, problem.raised_unit or "县招商办", "verified"),
        ("交办", problem.assigned_on, problem.responsible or "", "verified"),
        ("办理期限", problem.deadline, Light(problem.light).label, DEADLINE_STATES.get(problem.light, "claimed")),
        ("申请销号", problem.done_on, "", "verified"),
        ("销号", problem.closed_on, "", "verified"),
    )
    return [
        {"label": label, "day": day, "note": note, "state": state if day else ""} for label, day, note, state in told
    ]


def subject_kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """`subject` as the model keeps it."""
    rest = {name: value for name, value in values.items() if name != "subject"}
    return {**rest, **kept(values["subject"])} if "subject" in values else rest


def placed(values: Mapping[str, Any]) -> dict[str, Any]:
    """A problem about a project concerns the township in which that stands."""
    subject = values.get("subject")
    township = values.get("township") or (subject.township if subject else None)
    return {**subject_kept(values), "township": township}

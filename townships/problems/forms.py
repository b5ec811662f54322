"""The forms of the acts on a problem."""

from typing import Any

from django import forms
from django.db.models import Case, IntegerField, QuerySet, Value, When

from core.ledgers.forms import TokenForm
from core.ledgers.kinds import ReadField, read_day
from townships.ledgers import units
from townships.models import UnitKind
from townships.problems.models import Problem
from townships.problems.steps import Act

PAPER_HELP = "PDF、图片、xlsx 或 docx，不超过 20 兆；还有别的，可再填报一次。"


def day_field(label: str, **options: Any) -> ReadField:
    return ReadField(reader=read_day, label=label, max_length=40, **options)


def words(label: str, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), **options)


def departments_first(seat: Any) -> QuerySet:
    """Units in official order, those to which problems are mostly given before the rest."""
    others = Case(When(kind=UnitKind.DEPARTMENT, then=Value(0)), default=Value(1), output_field=IntegerField())
    return units(seat).order_by(others, "position", "code")


class ActForm(TokenForm):
    """`given` is what the act's service takes; `paper` is kept beside it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, problem: Problem, seat: Any, **kwargs: Any):
        initial = {"version": problem.row_version, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.problem, self.seat = problem, seat

    @property
    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("token", "paper")}


class AssignForm(ActForm):
    responsible = forms.ModelChoiceField(queryset=None, label="责任单位", empty_label="请选择")
    leader = forms.CharField(label="责任领导", max_length=30, required=False, help_text="责任单位负责这件事的领导。")
    cooperating = forms.ModelMultipleChoiceField(
        queryset=None, label="配合单位", required=False, widget=forms.CheckboxSelectMultiple
    )
    deadline = day_field("办理期限", help_text="当天办结不算逾期。")
    on = day_field("交办日期", required=False, help_text="不填的，按今天登记。")
    document = forms.CharField(label="交办文号", max_length=60, required=False)
    text = words("交办意见", required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("responsible", "cooperating"):
            self.fields[name].queryset = departments_first(self.seat)


class ReassignForm(AssignForm):
    """Begins with what holds now, save for the unit that was wrong."""

    on = None
    text = words("改派理由")

    def __init__(self, *args: Any, problem: Problem, **kwargs: Any):
        known = {"leader": "", "document": problem.document, "deadline": f"{problem.deadline:%Y-%m-%d}"}
        super().__init__(*args, problem=problem, initial={**known, "cooperating": problem.helpers}, **kwargs)


class ReplyForm(ActForm):
    text = words("办理情况")
    on = day_field("日期", required=False, help_text="不填的，按今天登记。")
    paper = forms.FileField(label="佐证材料", required=False, help_text=PAPER_HELP)


class ApplyForm(ActForm):
    text = words("办结情况", help_text="写明问题怎样解决的，验收的同事会看到。")
    paper = forms.FileField(label="佐证材料", required=False, help_text=PAPER_HELP)


class AcceptForm(ActForm):
    text = words("验收意见", required=False)


class ReturnForm(ActForm):
    text = words("退回原因", help_text="责任单位会看到，办理期限不变。")


class DeadlineForm(ActForm):
    deadline = day_field("新期限")
    text = words("理由", help_text="原期限和新期限都会保留在办理记录里。")


FORMS: dict[Act, type[ActForm]] = {
    Act.ASSIGN: AssignForm,
    Act.REPLY: ReplyForm,
    Act.REASSIGN: ReassignForm,
    Act.APPLY: ApplyForm,
    Act.ACCEPT: AcceptForm,
    Act.RETURN: ReturnForm,
    Act.EXTEND: DeadlineForm,
    Act.REOPEN: DeadlineForm,
}


class DueSoonForm(TokenForm):
    days = forms.IntegerField(label="提前几天提醒", min_value=0, max_value=90, help_text="到期前这些天起亮黄灯。")

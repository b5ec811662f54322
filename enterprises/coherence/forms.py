"""The forms of the acts on questions, of a run over a month, and of a trial."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from core.ledgers.forms import TokenForm
from core.ledgers.kinds import ReadField, read_month
from enterprises.coherence.models import CoherenceQuestion
from enterprises.coherence.steps import Act, Outcome
from townships.ledgers import units
from townships.models import PLACES
from townships.problems.forms import PAPER_HELP, day_field, departments_first, words


def month_field(label: str, **options: Any) -> ReadField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "2024-03"})
    return ReadField(reader=read_month, widget=widget, label=label, max_length=20, **options)


def who_may_answer(seat: Any, question: CoherenceQuestion) -> QuerySet:
    """Departments and the like, and the enterprise's own township unless a department's figures are in it."""
    if question.from_departments:
        return departments_first(seat).exclude(kind__in=PLACES)
    elsewhere = units(seat).filter(kind__in=PLACES).exclude(pk=question.enterprise.township_id)
    return units(seat).exclude(pk__in=elsewhere.values("pk")).order_by("position", "code")


class ActForm(TokenForm):
    """`given` is what the act's service takes; `paper` is kept beside it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, question: CoherenceQuestion, seat: Any, **kwargs: Any):
        super().__init__(*args, initial={"version": question.row_version}, **kwargs)
        self.question, self.seat = question, seat

    @property
    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("token", "paper")}


class AssignForm(ActForm):
    responsible = forms.ModelChoiceField(queryset=None, label="答复单位", empty_label="请选择")
    deadline = day_field("答复期限", help_text="当天答复不算逾期。")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = who_may_answer(self.seat, self.question)


class AnswerForm(ActForm):
    text = words("核实情况", help_text="写明原因和核实经过。数据确有错误的，请在企业月度指标台账里更正，这里只作说明。")
    paper = forms.FileField(label="佐证材料", required=False, help_text=PAPER_HELP)


class ReturnForm(ActForm):
    text = words("退回原因", help_text="答复单位会看到，答复期限不变。")


class CloseForm(ActForm):
    outcome = forms.ChoiceField(
        label="核实结果",
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        help_text="属实：数据无误，情况确实如此。已更正：数据有误，填报单位已更正。误报：规则不适用。",
    )
    text = words("核结意见", required=False)


FORMS: dict[Act, type[ActForm]] = {
    Act.ASSIGN: AssignForm,
    Act.ANSWER: AnswerForm,
    Act.RETURN: ReturnForm,
    Act.CLOSE: CloseForm,
}


class AskForm(TokenForm):
    month = month_field("核对的月份")
    deadline = day_field(
        "答复期限",
        required=False,
        help_text="填了的，企业自报数据的疑点直接交给所在乡镇。用到部门数据的疑点不交乡镇，由县招商办另行交办。",
    )


class TrialForm(forms.Form):
    """Asked by GET: nothing is kept."""

    rule = forms.ModelChoiceField(queryset=None, label="疑点规则", empty_label="请选择", to_field_name="code")
    month = month_field("月份")
    limit = forms.DecimalField(
        label="界限", min_value=0, max_value=100_000, required=False, help_text="不填的，按现行界限。"
    )
    least = forms.DecimalField(
        label="幅度（%）", min_value=0, max_value=100_000, required=False, help_text="不填的，按现行幅度。"
    )

    def __init__(self, *args: Any, rules: QuerySet, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["rule"].queryset = rules

    @property
    def limits(self) -> dict[str, Any]:
        """Those that differ from the rule's own."""
        return {name: self.cleaned_data[name] for name in ("limit", "least") if self.cleaned_data[name] is not None}

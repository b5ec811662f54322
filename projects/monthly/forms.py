"""The forms of the acts on a monthly report."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from core.ledgers.forms import TokenForm
from projects.models import MonthlyReport
from projects.monthly.lines import TYPED, Line
from projects.monthly.steps import Act
from townships.deadlines.forms import day_field

AGAIN_IN = timedelta(days=3)
"""How long a unit usually has to send a returned report again."""
PAPER_HELP = "分管领导签字、单位盖章后的月报，PDF 或图片，不超过 20 兆。"


def words(label: str, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=400, widget=forms.Textarea(attrs={"rows": 3}), **options)


class ActForm(TokenForm):
    """`given` is what the act's service takes."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, report: MonthlyReport, day: date, **kwargs: Any):
        initial = {"version": report.row_version, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)

    @property
    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "token"}


class RemarkForm(ActForm):
    text = words("说明", required=False)


class ReasonForm(ActForm):
    text = words("原因", help_text="填报单位会看到。")


class PaperForm(ActForm):
    signer = forms.CharField(label="分管领导姓名", max_length=30)
    paper = forms.FileField(label="签字扫描件", help_text=PAPER_HELP)
    text = words("说明", required=False)

    @property
    def given(self) -> dict[str, Any]:
        told = super().given
        paper = told.pop("paper")
        return {**told, "chunks": paper.chunks(), "name": paper.name}


class ReturnForm(ActForm):
    text = words("退回原因", help_text="填报单位会看到。")
    deadline = day_field("重报期限", help_text="在这一天以前重新报送的不算逾期；原来已经逾期的仍算逾期。")

    def __init__(self, *args: Any, report: MonthlyReport, day: date, **kwargs: Any):
        initial = {"deadline": f"{max(report.due_on, day + AGAIN_IN):%Y-%m-%d}"}
        super().__init__(*args, report=report, day=day, initial=initial, **kwargs)


FORMS: dict[Act, type[ActForm]] = {
    Act.SUBMIT: RemarkForm,
    Act.NOTHING: RemarkForm,
    Act.RECALL: RemarkForm,
    Act.SIGN: RemarkForm,
    Act.PAPER: PaperForm,
    Act.REFUSE: ReasonForm,
    Act.ACCEPT: RemarkForm,
    Act.RETURN: ReturnForm,
    Act.DROP: ReasonForm,
}


class GridForm(TokenForm):
    """What belongs to the grid as a whole; its boxes are read by `typed_in`."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label="填好的工作簿",
        required=False,
        help_text="先“下载填报表”，在Excel里填好，选中后点“读入工作簿”。没填的项目不改，读入后仍可在下面修改。",
    )


def box(project: Any, name: str) -> str:
    """What a line's box is called in the page's form."""
    return f"{project.code}-{name}"


def typed_in(data: QueryDict, lines: list[Line]) -> dict[str, dict[str, str]]:
    """{project code: {box: text}} of the lines that the page held."""
    return {
        line.project.code: {name: data.get(box(line.project, name), "") for name in (*TYPED, "version")}
        for line in lines
        if box(line.project, "version") in data
    }

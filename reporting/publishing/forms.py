"""What each step of a publication asks."""

from collections.abc import Sequence
from typing import Any

from django import forms

from core.ledgers.forms import TokenForm
from core.ledgers.kinds import ReadField, read_day
from reporting.metrics import Line
from reporting.models.awards import AwardNature
from reporting.models.publications import DisputeOutcome

WHOLE_FIGURE = ""


class CheckingForm(TokenForm):
    answer_by = ReadField(
        reader=read_day, label="核对截止日期", max_length=40, help_text="到期没有答复的单位视为同意。"
    )
    correction = forms.CharField(
        label="更正说明", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="改了什么，为什么。"
    )

    provisional = forms.BooleanField(label="暂定：部分数据年后才有定数，先发暂定结果，再发正式结果", required=False)

    def __init__(self, *args: Any, corrects: bool, may_be_provisional: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["correction"]
        if not may_be_provisional:
            del self.fields["provisional"]


class ApprovalForm(TokenForm):
    meeting = forms.CharField(label="审定会议", max_length=100, help_text="例如：县招商引资工作领导小组第3次会议。")
    approved_on = ReadField(reader=read_day, label="审定日期", max_length=40)
    signed_page = forms.FileField(label="签批页扫描件", required=False)
    announced_from = ReadField(reader=read_day, label="公示起", max_length=40, required=False)
    announced_until = ReadField(
        reader=read_day,
        label="公示止",
        max_length=40,
        required=False,
        help_text="奖评和遴选要公示，季度排名可以不公示。",
    )
    contact = forms.CharField(label="公示联系人和电话", max_length=100, required=False)

    def __init__(self, *args: Any, announced: bool, **kwargs: Any):
        """`announced`: whether this result must be."""
        super().__init__(*args, **kwargs)
        for name in ("announced_from", "announced_until", "contact"):
            self.fields[name].required = announced

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("announced_from"), given.get("announced_until")
        if (first is None) != (last is None):
            self.add_error("announced_until", "公示的起、止日期要一起填写。")
        return given


class PublishForm(TokenForm):
    """`moved`: whether results are no longer as they were approved."""

    since_approval = forms.CharField(
        label="变动的原因",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="原因和变动一起冻结，随发布公开。要重新开会的，请撤回后重新核对、审定。",
    )

    def __init__(self, *args: Any, moved: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not moved:
            del self.fields["since_approval"]


class DisputeForm(TokenForm):
    """`row`: the line in question, or the figure as a whole."""

    row = forms.ChoiceField(label="对哪一条", required=False)
    claim = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, counted: Sequence[Line], not_counted: Sequence[Line], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.lines = {line.code: (line, True) for line in counted} | {line.code: (line, False) for line in not_counted}
        self.fields["row"].choices = [
            (WHOLE_FIGURE, "这个数的整体"),
            ("计入", [(line.code, shown(line)) for line in counted]),
            ("未计入", [(line.code, shown(line)) for line in not_counted]),
        ]

    @property
    def about(self) -> dict[str, Any]:
        """What a dispute keeps of the line."""
        code = self.cleaned_data["row"]
        if not code:
            return {}
        line, counted = self.lines[code]
        return {"row_code": code, "row_label": line.label, "counted": counted}


def shown(line: Line) -> str:
    return f"{line.label}（{line.when}，{line.code}）"


class ReplyForm(TokenForm):
    outcome = forms.ChoiceField(label="结果", choices=DisputeOutcome.choices, widget=forms.RadioSelect)
    reply = forms.CharField(label="答复理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ObjectionForm(TokenForm):
    raised_by = forms.CharField(label="提出人", max_length=100, help_text="单位名称，或群众来信的编号。")
    raised_on = ReadField(reader=read_day, label="提出日期", max_length=40)
    claim = forms.CharField(label="异议内容", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


class ProposalForm(TokenForm):
    nature = forms.ChoiceField(
        label="奖励性质",
        choices=AwardNature.choices,
        widget=forms.RadioSelect,
        help_text="奖金给单位，不发给个人。",
    )
    document = forms.CharField(label="依据文号", max_length=100)


class WithdrawalForm(TokenForm):
    reason = forms.CharField(label="撤回原因", max_length=200)

"""What the pages of a selection ask: the call, an application, its examination, the experts, the meeting."""

from collections.abc import Sequence
from typing import Any

from django import forms

from core.ledgers.forms import TokenForm
from core.ledgers.kinds import ReadField, read_day
from reporting.models import Application, Scheme, Selection
from reporting.selecting.services import EXPERTS
from townships.models import PilotCategory, PilotType, Seat

ACCEPTED, REFUSED = "accepted", "refused"
CHOSEN, NOT_CHOSEN = "chosen", "not_chosen"


class CallForm(TokenForm):
    """`schemes`: those in force that no other selection uses; none to choose from once the call is out."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="遴选名称", max_length=60, help_text="例如：2025年试点乡镇遴选。")
    scheme = forms.ChoiceField(label="遴选方案", help_text="名额和评分办法按这份方案。")
    document = forms.CharField(label="依据文件", max_length=100, help_text="例如：县委办〔2024〕1号。")
    apply_until = ReadField(reader=read_day, label="申报截止日期", max_length=40, help_text="当天还可以申报。")
    first_day = ReadField(reader=read_day, label="试点起", max_length=40)
    last_day = ReadField(reader=read_day, label="试点止", max_length=40)
    notice = forms.CharField(
        label="申报要求",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="乡镇申报时会看到，例如申报书写哪些内容、附哪些材料。",
    )

    def __init__(self, data: Any = None, *, schemes: Sequence[Scheme] = (), selection: Selection | None = None):
        super().__init__(data, initial=held_by(selection) if selection else None)
        self.schemes = {scheme.code: scheme for scheme in schemes}
        self.fields["scheme"].choices = [(code, str(scheme)) for code, scheme in self.schemes.items()]
        if selection:
            del self.fields["scheme"]

    @property
    def values(self) -> dict[str, Any]:
        names = ("name", "document", "apply_until", "first_day", "last_day", "notice")
        given = {name: self.cleaned_data[name] for name in names}
        if "scheme" in self.fields:
            given["scheme"] = self.schemes[self.cleaned_data["scheme"]]
        return given


def held_by(selection: Selection) -> dict[str, Any]:
    days = ("apply_until", "first_day", "last_day")
    return {
        "version": selection.row_version,
        **{name: getattr(selection, name) for name in ("name", "document", "notice")},
        **{name: f"{getattr(selection, name):%Y-%m-%d}" for name in days},
    }


class ApplicationForm(TokenForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    category = forms.ChoiceField(label="申报类别", widget=forms.RadioSelect)
    type = forms.ChoiceField(label="试点类型", choices=PilotType.choices, widget=forms.RadioSelect)
    statement = forms.CharField(
        label="申报理由",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="区位、产业、资源条件，计划怎样做，不超过1000字。",
    )
    paper = forms.FileField(label="申报书", help_text="PDF、图片、xlsx 或 docx，不超过20兆。")

    def __init__(self, data: Any = None, files: Any = None, *, selection: Selection, held: Application | None = None):
        """Only categories that have places; `held`: what was applied before, whose 申报书 stays unless replaced."""
        names = ("category", "type", "statement")
        initial = {"version": held.row_version, **{name: getattr(held, name) for name in names}} if held else None
        super().__init__(data, files, initial=initial)
        places = selection.scheme.rules.places
        self.fields["category"].choices = [
            (category.value, f"{category.label}（名额{places[category.label]}个）")
            for category in PilotCategory
            if places.get(category.label)
        ]
        if held:
            self.fields["paper"].required = False
            self.fields["paper"].help_text = f"已上传“{held.paper_name}”，不换就不用再传。"


class ExaminationForm(TokenForm):
    outcome = forms.ChoiceField(
        label="审查结果", choices=((ACCEPTED, "受理"), (REFUSED, "不予受理")), widget=forms.RadioSelect
    )
    reply = forms.CharField(
        label="审查意见",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不予受理的必须写明理由，乡镇会看到。",
    )


class ExpertsForm(TokenForm):
    """Seats to choose the experts from, each under its code."""

    answer_by = ReadField(reader=read_day, label="评分截止日期", max_length=40, help_text="当天还可以评。")
    experts = forms.MultipleChoiceField(label="评审专家", widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, seats: Sequence[Seat]):
        super().__init__(data)
        self.seats = {seat.code: seat for seat in seats}
        self.fields["experts"].choices = [(code, seat.label) for code, seat in self.seats.items()]

    @property
    def reviewers(self) -> list[tuple[Seat, str]]:
        return [(self.seats[code], EXPERTS) for code in self.cleaned_data["experts"]]


class DecisionForm(TokenForm):
    outcome = forms.ChoiceField(
        label="会议决定", choices=((CHOSEN, "入选"), (NOT_CHOSEN, "不入选")), widget=forms.RadioSelect
    )
    because = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="哪次会议、为什么，会与结果一起冻结。",
    )


class GrantForm(TokenForm):
    document = forms.CharField(label="批准文件", max_length=100, help_text="公布试点名单的文件，写入每个乡镇的试点期。")

"""What is asked of whoever wants a 关账例外, and of whoever grants it."""

from datetime import date
from typing import Any

from django import forms

from core.ledgers.forms import TokenForm, ask_plainly
from core.ledgers.kinds import ReadField, read_day, read_month
from core.models import ClosingException, Decision
from core.periods import month_label
from core.records import Record
from townships.models import Seat, Unit


class AskForm(TokenForm):
    """`row` None: the whole of a unit's month in the ticked ledgers; else that row, in one of its closed `months`."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", empty_label="请选择")
    month = ReadField(reader=read_month, label="月份", max_length=20)
    ledgers = forms.MultipleChoiceField(label="台账", widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label="申请原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="批准人和以后查账的人会看到。",
    )
    wanted_until = ReadField(
        reader=read_day,
        label="开放至",
        max_length=40,
        help_text="当天仍可填写，过后自动关闭；最长31天。",
    )

    def __init__(
        self,
        *args: Any,
        seat: Seat,
        ledgers: list[tuple[str, str]],
        row: Record | None,
        months: list[date],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["ledgers"].choices = ledgers
        self.fields["unit"].queryset = Unit.objects.current().visible_to(seat).listed()
        if seat.unit_id or row is not None:
            del self.fields["unit"]
        if row is not None:
            del self.fields["ledgers"]
            choices = [(f"{month:%Y-%m}", month_label(month)) for month in months]
            coerce = {f"{month:%Y-%m}": month for month in months}
            self.fields["month"] = forms.TypedChoiceField(label="月份", choices=choices, coerce=coerce.get)
        ask_plainly(self.fields.values())


class DecideForm(TokenForm):
    """What is asked for is granted or refused; what was granted is ended before its day."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    verdict = forms.ChoiceField(
        label="结论",
        choices=[(Decision.GRANTED.value, "批准"), (Decision.REFUSED.value, "不同意")],
        initial=Decision.GRANTED,
        widget=forms.RadioSelect,
    )
    until = ReadField(
        reader=read_day,
        label="开放至",
        max_length=40,
        required=False,
        help_text="当天仍可填写，过后自动关闭。",
    )
    note = forms.CharField(label="意见", max_length=200, required=False, help_text="不同意的要写明原因。")

    def __init__(self, *args: Any, exception: ClosingException, **kwargs: Any):
        initial = {"version": exception.row_version, "until": f"{exception.wanted_until:%Y-%m-%d}"}
        super().__init__(*args, initial=initial, **kwargs)
        self.ends = exception.decision == Decision.GRANTED
        if self.ends:
            del self.fields["verdict"], self.fields["until"]
            self.fields["note"].label, self.fields["note"].help_text = "收回原因", "申请人会看到；已写入的内容保留。"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("verdict") == Decision.GRANTED and "until" not in self.errors and not given.get("until"):
            self.add_error("until", "请写明开放到哪一天。")
        return given

    @property
    def decision(self) -> Decision:
        return Decision.ENDED if self.ends else Decision(self.cleaned_data["verdict"])

    @property
    def told(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in ("note", "version")}
        return given | ({"until": self.cleaned_data["until"]} if self.decision == Decision.GRANTED else {})

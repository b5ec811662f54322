"""Forms made from a ledger's columns; what the door refuses comes back beside the field it is about."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.crypto import get_random_string

from core.ledgers.kinds import Money, ReadField, plain_number, read_day, read_month
from core.ledgers.ledger import Ledger
from core.plain_words import PLAINLY
from core.records import Record, Verdict
from core.verification import VERBS


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent in, be it nothing at all: an empty form is refused like any other, not shown as if new."""
    return request.POST if request.method == "POST" else None


def ask_plainly(fields: Iterable[forms.Field]) -> None:
    """Say what to do where an answer is missing, instead of speaking of fields."""
    for field in fields:
        field.error_messages |= PLAINLY
        field.error_messages["required"] = "请选择。" if isinstance(field, CHOSEN) else "请填写。"


CHOSEN = (forms.ChoiceField, forms.ModelChoiceField, forms.FileField)


class TokenForm(forms.Form):
    """A form that can be sent in once: a second click finds its token used."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = get_random_string(24)
        ask_plainly(self.fields.values())

    @property
    def marks_required(self) -> bool:
        """Whether 必填 or 选填 is the rarer, and so the one that is said."""
        visible = [field.field.required for field in self.visible_fields()]
        return sum(visible) * 2 < len(visible)

    def refuse(self, error: ValidationError) -> None:
        """Show the door's sentences, each beside its field where the form has that field."""
        messages = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, sentences in messages.items():
            place = name if name in self.fields else None
            for sentence in sentences:
                self.add_error(place, sentence)


class LedgerForm(TokenForm):
    """One field for each form column; `values` are what the ledger's `add` and `change` take."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, ledger: Ledger, seat: Any, record: Record | None = None, **kwargs: Any):
        self.ledger, self.record = ledger, record
        self.columns = ledger.asked_columns(record)
        initial = dict(kwargs.pop("initial", None) or {})
        if record is not None:
            current = ledger.current_values(record)
            shown = {c.name: c.kind.initial(current[c.name]) for c in self.columns}
            initial = {**shown, "version": record.row_version, **initial}
        super().__init__(*args, initial=initial, **kwargs)
        for column in self.columns:
            self.fields[column.name] = column.form_field(seat)
            if record is not None:
                column.kind.keep(self.fields[column.name], current[column.name])
        ask_plainly(self.fields.values())

    @property
    def values(self) -> dict[str, Any]:
        names = {column.name for column in self.columns}
        return {name: value for name, value in self.cleaned_data.items() if name in names}

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """[(heading, fields), …] in the ledger's order, grouped as the paper form is."""
        grouped: dict[str, list[forms.BoundField]] = {}
        for column in self.columns:
            grouped.setdefault(column.group, []).append(self[column.name])
        return list(grouped.items())


class ReasonForm(TokenForm):
    """For 作废: nothing disappears without a reason."""

    reason = forms.CharField(label="原因", max_length=200, help_text="会记入历史，其他人看得到。")


class VerdictForm(TokenForm):
    """认定, 退回 or 不予认定 of one row or of a filtered list."""

    verdict = forms.TypedChoiceField(
        label="结论",
        choices=[(v, VERBS[v]) for v in (Verdict.ACCEPTED, Verdict.RETURNED, Verdict.REFUSED)],
        coerce=Verdict,
        initial=Verdict.ACCEPTED,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="意见", max_length=200, required=False, help_text="退回和不予认定要写明原因。")

    def __init__(self, *args: Any, single: Record | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if single is not None:
            self.fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, initial=single.row_version
            )
        if single is not None and hasattr(single, "claimed"):
            self.fields["amount"] = amount_field(single)


def amount_field(record: Record) -> forms.Field:
    from_column = Money().form_field(None, label="认定金额", required=False, help_text="与填报金额不同时要写明意见。")
    from_column.initial, from_column.suffix = plain_number(record.claimed), "万元"
    return from_column


class EvidenceForm(TokenForm):
    slot = forms.ChoiceField(label="材料")
    file = forms.FileField(label="文件", help_text="PDF、图片、xlsx 或 docx，不超过 20 兆。")

    def __init__(self, *args: Any, slots: tuple[str, ...], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = [(slot, slot) for slot in slots]


class WorkbookForm(TokenForm):
    file = forms.FileField(label="工作簿", help_text="xlsx 或 xls 文件；et 请先另存为 xlsx。")
    create_units = forms.BooleanField(label="本县没有的乡镇，导入时一并新增", required=False)

    def __init__(self, *args: Any, may_create_units: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not may_create_units:
            del self.fields["create_units"]


class LateForm(TokenForm):
    """补录: why rows of closed months come only now, said once for a whole workbook."""

    late_reason = forms.CharField(
        label="补录说明", max_length=200, help_text="写给所有已关账月份的新行；表中已填补录说明的行以表中为准。"
    )


class OpeningForm(TokenForm):
    """期初认定: history is accepted once, on a document."""

    document = forms.CharField(
        label="依据文件", max_length=100, help_text="例如：县招商引资工作领导小组会议纪要〔2024〕3号。"
    )
    dated = ReadField(reader=read_day, label="文件日期", max_length=40)
    file = forms.FileField(label="文件扫描件", required=False)


class ClosingForm(TokenForm):
    month = ReadField(reader=read_month, label="月份", max_length=20)
    ledgers = forms.MultipleChoiceField(label="台账", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, ledgers: list[Ledger], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["ledgers"].choices = [(ledger.model.closes_with, ledger.name) for ledger in ledgers]

"""The month's grid: a box for each unit and series, questions beside what looks odd, a block pasted from Excel."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.amounts import read_quantity
from core.ledgers.forms import TokenForm
from core.ledgers.kinds import ReadField, plain_number
from core.periods import month_label
from core.records import Verdict
from reporting.department.month import FigureMonth
from reporting.department.questions import question
from reporting.department.services import Given
from reporting.department.workbook import Misfit, UnitNamed, asked_series, read_grid
from reporting.models import DepartmentFigure, FigureSeries
from reporting.models.department_figures import Reply, SeriesKind
from reporting.pasted_grids import NOT_WHOLE, PASTED, PastedGrid, with_boxes
from townships.models import Unit

READ_IN = "已把工作簿里的数读入表里，还没有保存，请核对后点“保存”。"
CHANGED_MEANWHILE = "别人刚改过这一格，您填的还在，请核对后再保存。"
CLOSED = "{}的部门数据已经关账，本表不能再改；确需补录的，在部门数据台账里新增并填写补录说明。"
NOT_YOURS = "表里有不归您填报的数据项，没有保存，请由归口部门填报。"


class FigureGrid(PastedGrid):
    """Boxes `f-<series>-<unit>`; a question is answered by `ok-<series>-<unit>` with the text it was put about."""

    file = forms.FileField(
        label="填好的工作簿",
        required=False,
        help_text="先“下载填报表”，在Excel里填好，选中后点“读入表里”，核对后再保存。空着的格子不改。",
    )
    reason = forms.CharField(
        label="改动已核数据的原因", max_length=200, required=False, help_text="改了已核的格子才填，会记入历史。"
    )
    seen = forms.CharField(required=False, max_length=100_000)

    def __init__(
        self, data: Any = None, files: Any = None, *, figures: FigureMonth, this_month: Any, unit_named: UnitNamed
    ):
        self.figures, self.this_month, self.unit_named = figures, this_month, unit_named
        self.questions: dict[str, str] = {}
        self.misfit = ""
        self.reads = data is not None and data.get("act") == "read"
        asked = asked_series(figures)
        super().__init__(
            self._with_workbook(data, files) if self.reads else data,
            rows=[unit.name for unit in figures.units],
            columns=[series.name for series in asked],
            box=lambda row, column: name_of(asked[column], figures.units[row]),
            as_sent=lambda column, text: _as_sent(asked[column], text),
        )
        for series, unit in figures.cells():
            self.fields[name_of(series, unit)] = self._box(series, unit)

    @property
    def versions(self) -> str:
        """Which version of each figure the page shows, so that nobody's change is overwritten unseen.

        Written afresh each time: once told of a change, one may save over it.
        """
        return " ".join(f"{row.code}:{row.row_version}" for row in self.figures.now.values())

    def _box(self, series: FigureSeries, unit: Unit) -> forms.Field:
        held = self.figures.held(series, unit)
        label = f"{unit}{series}"
        if series.by_reply:
            choices = [("", "请选择"), *Reply.choices]
            initial = held.reply if held else ""
            widget = forms.Select(attrs={"aria-label": label})
            return forms.ChoiceField(choices=choices, label=label, required=False, initial=initial, widget=widget)
        return ReadField(
            reader=lambda text: read_quantity(text, series.unit_of_measure, allow_negative=True),
            label=label,
            required=False,
            max_length=30,
            initial=plain_number(held.reported) if held and held.reported is not None else None,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "aria-label": label}),
        )

    def _with_workbook(self, data: Any, files: Any) -> Any:
        """What was typed, with the workbook's cells over it."""
        series, units = asked_series(self.figures), self.figures.units
        if not files or "file" not in files:
            self.misfit = "请先选择填好的工作簿。"
            return data
        try:
            block = read_grid(files["file"], self.figures, self.unit_named)
        except Misfit as problem:
            self.misfit = str(problem)
            return data
        sent = {(row, column): _as_sent(series[column], text) for (row, column), text in block.items()}
        return with_boxes(data, {name_of(series[column], units[row]): text for (row, column), text in sent.items()})

    # -- checking --------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.misfit:
            self.add_error("file", self.misfit)
        self._check_whole()
        seen = dict(part.rpartition(":")[::2] for part in (given.get("seen") or "").split())
        for series, unit in self.figures.cells():
            self._check_cell(series, unit, given, seen)
        return given

    def _check_whole(self) -> None:
        month, names = self.figures.month, {name_of(*cell) for cell in self.figures.cells()}
        if any(name.startswith("f-") and name not in names for name in self.data):
            raise ValidationError(NOT_YOURS)
        if not self.figures.series:
            raise ValidationError("还没有归本岗位填报的数据项，请先在部门数据项里新增。")
        if any(name not in self.data for name in names):
            raise ValidationError(NOT_WHOLE)
        if self.figures.closed:
            raise ValidationError(CLOSED.format(month_label(month)))
        if month > self.this_month:
            raise ValidationError(f"还没有到{month_label(month)}，不能填报。")

    def _check_cell(self, series: FigureSeries, unit: Unit, given: dict[str, Any], seen: dict[str, str]) -> None:
        name, held = name_of(series, unit), self.figures.held(series, unit)
        if name in self.errors or not self._is_new(series, unit, given[name]):
            return
        if held is not None and seen.get(held.code) != str(held.row_version):
            self.add_error(name, CHANGED_MEANWHILE)
            return
        self._check_value(series, unit, given[name], given)

    def _check_value(self, series: FigureSeries, unit: Unit, value: Given, given: dict[str, Any]) -> None:
        name, held = name_of(series, unit), self.figures.held(series, unit)
        if held and held.verdict == Verdict.ACCEPTED and not self.puts_in and not (given.get("reason") or "").strip():
            self.add_error("reason", f"“{held}”已经核对，改动要写明原因。")
        if not isinstance(value, Decimal):
            return
        if value < 0 and series.kind != SeriesKind.FLOW:
            self.add_error(name, f"{series.get_kind_display()}不能是负数，请核对。")
            return
        asked = question(value, self.figures.before(series, unit), series.kind)
        if asked and self.data.get(f"ok-{name[2:]}") != self.data.get(name):
            self.questions[name] = asked

    def _is_new(self, series: FigureSeries, unit: Unit, value: Given) -> bool:
        held = self.figures.held(series, unit)
        if held is None:
            return value not in (None, "")
        return value != (held.reply if series.by_reply else held.reported)

    @property
    def given(self) -> dict[tuple[FigureSeries, Unit], Given]:
        return {(s, u): self.cleaned_data[name_of(s, u)] for s, u in self.figures.cells()}

    @property
    def puts_in(self) -> bool:
        """Whether it was sent to have figures put into the boxes, and not to be saved."""
        return self.pastes or self.reads

    @property
    def said(self) -> str:
        """What was put into the boxes."""
        if not self.puts_in or "file" in self.errors or "paste" in self.errors:
            return ""
        return READ_IN if self.reads else PASTED

    @property
    def may_be_kept(self) -> bool:
        """Nothing wrong, nothing to ask, and sent to be saved."""
        return not self.puts_in and self.is_valid() and not self.questions

    def box(self, series: FigureSeries, unit: Unit) -> forms.BoundField:
        return self[name_of(series, unit)]


class CheckForm(TokenForm):
    """A second person's word on the figures that wait; `cells` names each with the version that was seen."""

    cells = forms.MultipleChoiceField(
        label="核对哪些",
        error_messages={"required": "请至少勾选一格。", "invalid_choice": "有的数据刚刚有改动，请看过新数再核对。"},
    )
    verdict = forms.ChoiceField(
        label="意见", choices=[(Verdict.ACCEPTED.value, "核对无误"), (Verdict.RETURNED.value, "退回")]
    )
    note = forms.CharField(label="退回原因", max_length=200, required=False, help_text="退回的要写，填报人会看到。")

    def __init__(self, data: Any = None, *, waiting: dict[str, DepartmentFigure]):
        super().__init__(data)
        self.waiting = waiting
        self.fields["cells"].choices = [(seen, str(row)) for seen, row in waiting.items()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("verdict") == Verdict.RETURNED and not (given.get("note") or "").strip():
            self.add_error("note", "退回要写明原因。")
        return given

    @property
    def rows(self) -> list[DepartmentFigure]:
        return [self.waiting[seen] for seen in self.cleaned_data["cells"]]


def _as_sent(series: FigureSeries, text: str) -> str:
    """A reply is sent by its value, and pasted by its name."""
    replies = {label: value for value, label in Reply.choices}
    return replies.get(text, text) if series.by_reply else text


def name_of(series: FigureSeries, unit: Unit) -> str:
    return f"f-{series.code}-{unit.code}"

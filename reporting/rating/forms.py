"""What the county is asked to begin a sheet, and what a reviewer is asked about each unit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.ledgers.forms import TokenForm, ask_plainly
from core.ledgers.kinds import ReadField, plain_number, read_day
from core.periods import Period
from reporting.models import Rating, RatingSheet, Reviewer
from reporting.models.ratings import NO, OWN_GROUP, YES, RatingKind
from reporting.models.schemes import PeriodKind
from reporting.rating.means import read_score, read_weights
from reporting.rating.services import begun_like
from townships.models import Role, Seat, Unit

ANSWERS = (("1", "有"), ("0", "无"))
NOT_YET = "还没有评任何一个单位，请至少评一个再保存。"


def period_choices(today: date, *held: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """[(year, [(code, 名称), …]), …]: this year, the one before and the next, and what a sheet has already."""
    years = {today.year - 1, today.year, today.year + 1, *(Period.parse(code).year for code in held if code)}
    return [(f"{year}年", list(_periods_of(year))) for year in sorted(years, reverse=True)]


def _periods_of(year: int) -> Iterator[tuple[str, str]]:
    for kind in PeriodKind.values[::-1]:
        first = Period(kind, year)
        yield from ((one.code, one.label) for one in (Period(kind, year, n + 1) for n in range(first.per_year)))


class SheetForm(TokenForm):
    """A sheet with its units and reviewers; `units` and `seats` are all there are to choose from."""

    topic = forms.CharField(
        label="评分事项", max_length=40, help_text="例如：服务和报送。指标按这个名称取数，每期用同一个名称。"
    )
    period = forms.ChoiceField(label="期间")
    kind = forms.ChoiceField(
        label="评法", choices=RatingKind.choices, initial=RatingKind.SCORE, widget=forms.RadioSelect,
        help_text="一票否决事项选“有无”，由各部门逐个单位答复有或无。",
    )  # fmt: skip
    full_points = ReadField(reader=read_score, label="满分", required=False, max_length=20, help_text="打分的填写。")
    criteria = forms.CharField(
        label="评分标准", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="评委打分时会看到。",
    )  # fmt: skip
    weights = forms.CharField(
        label="各组权重", max_length=200, required=False,
        help_text="例如：园区70%，乡镇30%。只用于本表的汇总，排名里的权重写在考核方案的算式里。",
    )  # fmt: skip
    answer_by = ReadField(reader=read_day, label="截止日期", max_length=40, help_text="当天还可以评。")
    document = forms.CharField(label="依据", max_length=100, required=False, help_text="例如：县委办〔2024〕1号。")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    units = forms.MultipleChoiceField(label="被评单位", widget=forms.CheckboxSelectMultiple)

    def __init__(
        self,
        data: Any = None,
        *,
        today: date,
        units: Sequence[Unit],
        seats: Sequence[Seat],
        sheet: RatingSheet | None = None,
        begun: Mapping[str, Any] | None = None,
    ):
        """`begun`: how a new sheet's form starts: units, and {seat key: group} of reviewers."""
        held = held_by(sheet) if sheet else dict(begun or {})
        self.groups, self.own = held.pop("groups", {}), held.pop("own", frozenset())
        super().__init__(data, initial=held)
        self.all_units, self.seats = {unit.code: unit for unit in units}, seats
        self.fields["period"].choices = period_choices(today, sheet.period if sheet else "")
        self.fields["units"].choices = [(unit.code, unit.name) for unit in units]
        for seat in seats:
            self._ask_about(seat)
        ask_plainly(self.fields.values())
        self.group_names = sorted({"园区", "乡镇", "部门", "县领导", "工作队", "专家", *self.groups.values()})

    def _ask_about(self, seat: Seat) -> None:
        self.fields[f"group-{seat.code}"] = forms.CharField(
            label=f"{seat.user}（{seat.title}）的评委组",
            max_length=20,
            required=False,
            initial=self.groups.get(seat.pk, ""),
            widget=forms.TextInput(attrs={"list": "groups", "aria-label": f"{seat.user}的评委组"}),
        )
        if seat.role == Role.TOWNSHIP:
            self.fields[f"own-{seat.code}"] = forms.BooleanField(
                label=f"{seat.unit}自评",
                required=False,
                initial=seat.pk in self.own,
                widget=forms.CheckboxInput(attrs={"aria-label": f"{seat.user}给{seat.unit}自评"}),
            )

    @property
    def questions(self) -> list[forms.BoundField]:
        asked = ("topic", "period", "kind", "full_points", "criteria", "weights", "answer_by", "document", "units")
        return [self[name] for name in asked]

    @property
    def rows(self) -> Iterator[tuple[Seat, forms.BoundField, forms.BoundField | None]]:
        for seat in self.seats:
            own = f"own-{seat.code}"
            yield seat, self[f"group-{seat.code}"], self[own] if own in self.fields else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        veto = given.get("kind") == RatingKind.VETO
        if veto:
            given["full_points"] = None
        elif "full_points" not in self.errors and not given.get("full_points"):
            self.add_error("full_points", "打分的要填写满分，要大于0。")
        self._check_weights(given)
        for seat in self.seats:
            if (given.get(f"group-{seat.code}") or "").strip() == OWN_GROUP:
                self.add_error(f"group-{seat.code}", "自评请在“自评”一栏勾选。")
        return given

    def _check_weights(self, given: Mapping[str, Any]) -> None:
        try:
            read_weights(given.get("weights") or "")
        except ValueError as error:
            self.add_error("weights", str(error))

    @property
    def values(self) -> dict[str, Any]:
        """What `open_sheet` and `change_sheet` take."""
        names = ("topic", "period", "kind", "full_points", "criteria", "weights", "answer_by", "document")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "units": [self.all_units[code] for code in self.cleaned_data["units"]],
            "reviewers": self.reviewers,
        }

    @property
    def reviewers(self) -> list[tuple[Seat, str]]:
        given = self.cleaned_data
        panel = [(seat, given[f"group-{seat.code}"].strip()) for seat in self.seats]
        own = [(seat, OWN_GROUP) for seat in self.seats if given.get(f"own-{seat.code}")]
        return [(seat, group) for seat, group in panel if group] + own


def held_by(sheet: RatingSheet) -> dict[str, Any]:
    """A sheet as its form shows it."""
    when = {"period": sheet.period, "answer_by": f"{sheet.answer_by:%Y-%m-%d}", "version": sheet.row_version}
    return begun_like(sheet) | when


@dataclass(frozen=True)
class Row:
    """What is asked about one unit; `held` is the answer of before."""

    unit: Unit
    own: bool
    value: forms.BoundField
    reason: forms.BoundField
    evidence: forms.BoundField
    held: Rating | None

    @property
    def value_name(self) -> str:
        return "有或无" if self.value.use_fieldset else "分值"

    @property
    def paper(self) -> tuple[str, str]:
        """(code, file name) of what was handed in before; empty where nothing was."""
        return (self.held.code, self.held.evidence_name) if self.held and self.held.evidence_id else ("", "")

    @property
    def reason_name(self) -> str:
        return "事由（答“有”的必填）" if self.value.use_fieldset else "理由（选填）"


class RatingForm(TokenForm):
    """One row for each unit. What stays empty waits for another day; what was said once can only be corrected."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        sheet: RatingSheet,
        asked: Sequence[tuple[Reviewer, Unit]],
        ratings: Mapping[tuple[int, int], Rating],
    ):
        super().__init__(data, files)
        self.sheet, self.asked = sheet, asked
        self.held = {unit.code: ratings.get((reviewer.pk, unit.pk)) for reviewer, unit in asked}
        for _, unit in asked:
            self._ask_about(unit, self.held[unit.code])
        ask_plainly(self.fields.values())

    def _ask_about(self, unit: Unit, held: Rating | None) -> None:
        self.fields[f"value-{unit.code}"] = value_field(self.sheet, unit, held)
        self.fields[f"reason-{unit.code}"] = forms.CharField(
            label=f"{unit}的{'事由' if self.sheet.is_veto else '理由'}",
            max_length=300,
            required=False,
            initial=held.reason if held else "",
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields[f"evidence-{unit.code}"] = forms.FileField(label=f"{unit}的材料", required=False)

    @property
    def rows(self) -> list[Row]:
        return [
            Row(
                unit,
                reviewer.rates_own,
                *(self[f"{name}-{unit.code}"] for name in ("value", "reason", "evidence")),
                self.held[unit.code],
            )
            for reviewer, unit in self.asked
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for _, unit in self.asked:
            self._check(unit, given)
        if not self.errors and not any(given[f"value-{unit.code}"] not in (None, "") for _, unit in self.asked):
            raise ValidationError(NOT_YET)
        return given

    def _check(self, unit: Unit, given: Mapping[str, Any]) -> None:
        """What the model would say of the row, beside the very box."""
        if f"value-{unit.code}" in self.errors:
            return
        value, reason = self._value(unit, given), given.get(f"reason-{unit.code}", "")
        if value is None and not (reason or given.get(f"evidence-{unit.code}") or self.held[unit.code]):
            return
        for name, sentence in self.sheet.problems(value, reason).items():
            self.add_error(f"{name}-{unit.code}", sentence)

    def _value(self, unit: Unit, given: Mapping[str, Any]) -> Decimal | None:
        value = given.get(f"value-{unit.code}")
        if not self.sheet.is_veto:
            return value
        return {"1": YES, "0": NO}.get(value or "")

    @property
    def answered(self) -> Iterator[tuple[Reviewer, Unit, Decimal, str, Any]]:
        """(reviewer, unit, value, reason, upload) of the rows that say something."""
        given = self.cleaned_data
        for reviewer, unit in self.asked:
            value = self._value(unit, given)
            if value is not None:
                yield reviewer, unit, value, given[f"reason-{unit.code}"], given[f"evidence-{unit.code}"]


def value_field(sheet: RatingSheet, unit: Unit, held: Rating | None) -> forms.Field:
    if sheet.is_veto:
        said = None if held is None else str(int(held.value))
        return forms.ChoiceField(
            label=f"{unit}有没有", choices=ANSWERS, required=False, initial=said, widget=forms.RadioSelect
        )
    field = ReadField(
        reader=read_score,
        label=f"{unit}的分值",
        required=False,
        max_length=20,
        initial=None if held is None else plain_number(held.value),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    field.suffix = "分"
    return field


class ReopenForm(TokenForm):
    answer_by = ReadField(reader=read_day, label="新的截止日期", max_length=40, help_text="当天还可以评。")
    reason = forms.CharField(label="原因", max_length=200, help_text="会写在评分表上，也记入历史。")

"""The grids of targets: the year's figures, their adjustment in mid-year, and the plan of one metric."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms

from core.amounts import read_quantity
from core.ledgers.kinds import Money, ReadField, plain_number, read_day
from core.spreadsheet.reading import WorkbookError
from reporting.models import Metric, Target
from reporting.models.targets import QUARTER, part_label
from reporting.pasted_grids import NOT_WHOLE, PASTED, PastedGrid, with_boxes
from reporting.plans import Part, comes_to
from reporting.targeting.services import firsts_of, versions_of
from reporting.targeting.workbook import COUNTY, Misread, read_grid
from townships.ledgers import units
from townships.models import Unit
from townships.services import unit_lookup

READ_IN = "已把工作簿的内容放进表里，还没有保存，请核对后点“保存”。"


class TargetGrid(PastedGrid):
    """One box for each metric and unit, and for the county itself; named `t-<metric>-<unit or 0>`.

    What is pasted, or read from a workbook, is put into the boxes first, to be looked at before it is saved.
    """

    document = forms.CharField(label="下达文号", max_length=100, required=False)
    file = forms.FileField(
        label="从工作簿读取",
        required=False,
        help_text="单位为行、指标为列的分解表，xlsx 或 xls。一行一项目标的表，请到年度目标台账导入。",
    )

    def __init__(self, data: Any = None, files: Any = None, *, seat: Any, year: int):
        self.year = year
        self.metrics = list(Metric.objects.current().visible_to(seat).filter(has_target=True).order_by("code"))
        self.units: list[Unit | None] = [*units(seat).places(), None]
        rows = Target.objects.current().visible_to(seat).filter(year=year).select_related("metric", "unit")
        listed = list(rows.in_turn())
        self.documents = list(dict.fromkeys(row.document for row in listed if row.document))
        self.versions = versions_of(listed)
        self.misread: list[Misread] = []
        self.remarks: tuple[str, ...] = ()
        self.reads = data is not None and data.get("act") == "file"
        super().__init__(
            self._with_workbook(data, files, seat) if self.reads else data,
            files=files,
            rows=[name_of_unit(unit) for unit in self.units],
            columns=[metric.name for metric in self.metrics],
            box=lambda row, column: self._name(self.metrics[column], self.units[row]),
        )
        for metric, unit in self._cells():
            self.fields[self._name(metric, unit)] = self._box(seat, metric, unit)

    def _box(self, seat: Any, metric: Metric, unit: Unit | None) -> forms.Field:
        field = Money().form_field(seat, label=f"{name_of_unit(unit)}{metric}", required=False)
        held = self.held(metric, unit)
        field.initial = None if held is None else plain_number(held)
        field.widget.attrs["aria-label"] = field.label
        return field

    def _with_workbook(self, data: Any, files: Any, seat: Any) -> Any:
        """What was typed, with the workbook's figures over it; what can't be read stays as it is written there."""
        file = (files or {}).get("file")
        if file is None:
            self.misread = [Misread(None, "请先选择工作簿。")]
            return data
        try:
            found = read_grid(file, self.metrics, self._named(seat))
        except WorkbookError as error:
            self.misread = [Misread(None, str(error))]
            return data
        self.misread, self.remarks = list(found.misread), found.remarks
        return with_boxes(data, {self._name(*cell): text for cell, text in found.texts.items()})

    def _named(self, seat: Any) -> Callable[[str], Unit | None]:
        """A unit of this grid, by any name under which the county knows it."""
        find = unit_lookup(seat, None)
        return lambda written: found if (found := find(written)) in self.units else None

    def held_versions(self, metric: Metric, unit: Unit | None) -> list[Target]:
        return self.versions.get((metric.pk, unit.pk if unit else None), [])

    def held(self, metric: Metric, unit: Unit | None) -> Decimal | None:
        """The target as it is saved, in its newest version; `unit` None: the county's own."""
        held = self.held_versions(metric, unit)
        return held[-1].basic if held else None

    def cell(self, metric: Metric, unit: Unit | None) -> forms.BoundField:
        return self[self._name(metric, unit)]

    def _cells(self) -> Iterator[tuple[Metric, Unit | None]]:
        return ((metric, unit) for unit in self.units for metric in self.metrics)

    def clean(self) -> dict[str, Any]:
        """A cell that was not sent at all is not an emptied one: it must not withdraw its target."""
        if any(self._name(metric, unit) not in self.data for metric, unit in self._cells()):
            raise forms.ValidationError(NOT_WHOLE)
        given = super().clean()
        for one in self.misread:
            self.add_error(self._name(*one.cell) if one.cell else "file", one.sentence)
        if self.may_be_kept:
            self._check(given)
        return given

    def _check(self, given: dict[str, Any]) -> None:
        """What was adjusted is not withdrawn by an emptied box: its versions are taken back one by one."""
        for metric, unit in self._cells():
            name = self._name(metric, unit)
            if name not in self.errors and given[name] is None and len(self.held_versions(metric, unit)) > 1:
                self.add_error(name, "这项目标调整过，不能清空；要撤销的，请到年度目标台账里作废。")

    @staticmethod
    def _name(metric: Metric, unit: Unit | None) -> str:
        return f"t-{metric.code}-{unit.code if unit else 0}"

    @property
    def given(self) -> dict[tuple[Metric, Unit | None], Decimal | None]:
        return {(m, u): self.cleaned_data[self._name(m, u)] for m, u in self._cells()}

    @property
    def may_be_kept(self) -> bool:
        """Whether it was sent to be saved, and not only to have figures put into it."""
        return not self.pastes and not self.reads

    @property
    def said(self) -> str:
        """What was put into the boxes, and what was left aside."""
        if "file" in self.errors or "paste" in self.errors or self.may_be_kept:
            return ""
        return "".join((READ_IN, *self.remarks)) if self.reads else PASTED


class AdjustmentGrid(TargetGrid):
    """The same boxes as they hold now: whichever gets another figure is adjusted from a day on."""

    document = forms.CharField(label="调整文号", max_length=100)
    since = ReadField(
        reader=read_day, label="自何时起", max_length=40, help_text="这一天以前结束的期间，仍按原来的目标。"
    )
    reason = forms.CharField(label="调整理由", max_length=200)

    def _check(self, given: dict[str, Any]) -> None:
        for metric, unit in self._cells():
            name, held = self._name(metric, unit), self.held_versions(metric, unit)
            if name in self.errors or given[name] == (held[-1].basic if held else None):
                continue
            if not held:
                self.add_error(name, "还没有原目标，不能调整，请先在年度目标里下达。")
            elif given[name] is None:
                self.add_error(name, "调整后的目标不能空着；任务取消的，填0。")

    @property
    def adjusted(self) -> dict[tuple[Metric, Unit | None], Decimal]:
        return {cell: basic for cell, basic in self.given.items() if basic is not None}


class PlanGrid(PastedGrid):
    """The plan of one metric's targets: a row for each unit that has one, a box `p-<unit or 0>-<first month>`.

    Where the parts do not come to the year's target a question is put, answered by `ok-<unit or 0>` with that sum.
    """

    def __init__(self, data: Any = None, *, targets: list[Target], months: int):
        self.targets, self.months = targets, months
        self.firsts = list(firsts_of(months))
        self.questions: dict[str, str] = {}
        super().__init__(
            data,
            rows=[name_of_unit(target.unit) for target in targets],
            columns=self.headings,
            box=lambda row, column: self._name(targets[row], self.firsts[column]),
        )
        for target in targets:
            for month in self.firsts:
                self.fields[self._name(target, month)] = self._box(target, month)

    @property
    def headings(self) -> list[str]:
        """1月 … 12月, or 一季度 … 四季度."""
        return [part_label(month, self.months) for month in self.firsts]

    def _box(self, target: Target, month: int) -> forms.Field:
        held = next((part for part in target.planned if (part.month, part.months) == (month, self.months)), None)
        label = f"{name_of_unit(target.unit)}{part_label(month, self.months)}"
        return ReadField(
            reader=read_quantity,
            label=label,
            required=False,
            max_length=30,
            initial=plain_number(held.amount) if held else None,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "aria-label": label}),
        )

    def clean(self) -> dict[str, Any]:
        if not self.targets:
            raise forms.ValidationError("这项指标本年还没有下达目标，请先下达目标，再填计划。")
        if any(self._name(target, month) not in self.data for target in self.targets for month in self.firsts):
            raise forms.ValidationError(NOT_WHOLE)
        given = super().clean()
        for target in self.targets:
            self._ask(target, given)
        return given

    def _ask(self, target: Target, given: Mapping[str, Any]) -> None:
        amounts = [(month, given.get(self._name(target, month))) for month in self.firsts]
        total = comes_to([Part(m, self.months, a) for m, a in amounts if a is not None], target.spread)
        if total is None or total == target.basic or self.data.get(self.answer_name(target)) == plain_number(total):
            return
        missing = [part_label(month, self.months) for month, amount in amounts if amount is None]
        said = f"年末计划 {plain_number(total)}" if target.spread == "none" else f"各期合计 {plain_number(total)}"
        gap = total - target.basic
        self.questions[self.answer_name(target)] = (
            f"{said}，比年度目标{'多' if gap > 0 else '少'} {plain_number(abs(gap))}"
            f"{'，' + '、'.join(missing) + '没有填' if missing else ''}。"
        )

    def sum_of(self, target: Target) -> Decimal | None:
        """What stands in the boxes of a row, or is saved where nothing was sent."""
        if not self.is_bound or self.errors:
            return comes_to([Part(p.month, p.months, p.amount) for p in target.planned], target.spread)
        amounts = [(month, self.cleaned_data[self._name(target, month)]) for month in self.firsts]
        return comes_to([Part(m, self.months, a) for m, a in amounts if a is not None], target.spread)

    def boxes(self, target: Target) -> list[forms.BoundField]:
        return [self[self._name(target, month)] for month in self.firsts]

    @property
    def given(self) -> dict[Target, dict[int, Decimal | None]]:
        return {
            target: {month: self.cleaned_data[self._name(target, month)] for month in self.firsts}
            for target in self.targets
        }

    @property
    def may_be_kept(self) -> bool:
        return not self.pastes and self.is_valid() and not self.questions

    @staticmethod
    def _name(target: Target, month: int) -> str:
        return f"p-{target.unit.code if target.unit else 0}-{month}"

    @staticmethod
    def answer_name(target: Target) -> str:
        return f"ok-{target.unit.code if target.unit else 0}"


def name_of_unit(unit: Unit | None) -> str:
    return unit.name if unit else COUNTY


def planned_by(targets: list[Target]) -> int:
    """In parts of how many months most of these plans are; quarters where there is none yet."""
    sizes = [part.months for target in targets for part in target.planned]
    return max(sizes, key=sizes.count, default=QUARTER)

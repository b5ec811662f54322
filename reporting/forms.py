"""The grid of a year's targets."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms

from core.ledgers.forms import TokenForm
from core.ledgers.kinds import Money, plain_number
from reporting.models import Metric, Target
from townships.ledgers import units
from townships.models import Unit


class TargetGrid(TokenForm):
    """One field for each metric and unit, and for the county itself; named `t-<metric>-<unit or 0>`."""

    document = forms.CharField(label="下达文号", max_length=100, required=False)

    def __init__(self, *args: Any, seat: Any, year: int, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.metrics = list(Metric.objects.current().visible_to(seat).filter(has_target=True).order_by("code"))
        self.units: list[Unit | None] = [None, *units(seat).places()]
        rows = list(Target.objects.current().visible_to(seat).filter(year=year).order_by("pk"))
        self.documents = list(dict.fromkeys(row.document for row in rows if row.document))
        self.known = {(row.metric_id, row.unit_id): row.basic for row in rows}
        for metric, unit in self._cells():
            field = Money().form_field(seat, label=f"{unit or '全县'}{metric}", required=False)
            held = self.held(metric, unit)
            field.initial = None if held is None else plain_number(held)
            field.widget.attrs["aria-label"] = field.label
            self.fields[self._name(metric, unit)] = field

    def held(self, metric: Metric, unit: Unit | None) -> Decimal | None:
        """The target as it is saved; `unit` None: the county's own."""
        return self.known.get((metric.pk, unit.pk if unit else None))

    def cell(self, metric: Metric, unit: Unit | None) -> forms.BoundField:
        return self[self._name(metric, unit)]

    def _cells(self) -> Iterator[tuple[Metric, Unit | None]]:
        return ((metric, unit) for unit in self.units for metric in self.metrics)

    def clean(self) -> dict[str, Any]:
        """A cell that was not sent at all is not an emptied one: it must not withdraw its target."""
        if any(self._name(metric, unit) not in self.data for metric, unit in self._cells()):
            raise forms.ValidationError("这张表没有完整提交，没有保存，请刷新后再填。")
        return super().clean() or {}

    @staticmethod
    def _name(metric: Metric, unit: Unit | None) -> str:
        return f"t-{metric.code}-{unit.code if unit else 0}"

    @property
    def given(self) -> dict[tuple[Metric, Unit | None], Decimal | None]:
        return {(m, u): self.cleaned_data[self._name(m, u)] for m, u in self._cells()}

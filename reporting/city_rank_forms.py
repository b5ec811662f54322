"""The grid of 全市排位: metrics down; place, of how many, and the city's figure across."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from core.ledgers.forms import TokenForm
from core.ledgers.kinds import Money, ReadField, plain_number, read_day
from core.periods import Period
from reporting.city_ranks import GivenRank, ranked_metrics
from reporting.models import CityRank, Metric

PARTS = ("place", "counties", "figure")
HEADINGS = {"place": "全市第几位", "counties": "参加排位的县（市、区）数", "figure": "通报数值"}
MOST_COUNTIES = 3000


@dataclass(frozen=True)
class GridLine:
    metric: Metric
    row: CityRank | None
    cells: tuple[forms.BoundField, ...]


class CityRankGrid(TokenForm):
    """Three fields for each metric, named `<part>-<metric code>`; one document for the whole notice."""

    document = forms.CharField(label="来源文件", max_length=100, help_text="市里的通报或文号。")
    published_on = ReadField(label="发布日期", reader=read_day, required=False, max_length=20)

    def __init__(self, *args: Any, seat: Any, period: Period, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.metrics = ranked_metrics(seat.county, period)
        rows = CityRank.objects.current().visible_to(seat).filter(period=period.code).order_by("pk")
        self.known = {row.metric_id: row for row in rows}
        self.documents = list(dict.fromkeys(row.document for row in self.known.values()))
        for metric in self.metrics:
            for part in PARTS:
                self.fields[f"{part}-{metric.code}"] = self._field(seat, metric, part)
        first = next(iter(self.known.values()), None)
        if first is not None:
            self.fields["document"].initial = first.document
            self.fields["published_on"].initial = first.published_on and first.published_on.isoformat()

    def _field(self, seat: Any, metric: Metric, part: str) -> forms.Field:
        label = f"{metric}{HEADINGS[part]}"
        held = getattr(self.known.get(metric.pk), part, None)
        if part == "figure":
            field = Money(signed=True).form_field(seat, label=label, required=False)
            field.initial = None if held is None else plain_number(held)
        else:
            widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
            field = forms.IntegerField(label=label, required=False, min_value=1, max_value=MOST_COUNTIES, widget=widget)
            field.initial = held
        field.widget.attrs["aria-label"] = label
        return field

    @property
    def lines(self) -> Iterator[GridLine]:
        for metric in self.metrics:
            cells = tuple(self[f"{part}-{metric.code}"] for part in PARTS)
            yield GridLine(metric, self.known.get(metric.pk), cells)

    def clean(self) -> dict[str, Any]:
        """A line that was not sent at all is not an emptied one: it must not withdraw its place."""
        cleaned = super().clean() or {}
        if any(f"{part}-{metric.code}" not in self.data for metric in self.metrics for part in PARTS):
            raise forms.ValidationError("这张表没有完整提交，没有保存，请刷新后再填。")
        for metric in self.metrics:
            self._check_line(metric, cleaned)
        return cleaned

    def _check_line(self, metric: Metric, cleaned: dict[str, Any]) -> None:
        place, counties, figure = (cleaned.get(f"{part}-{metric.code}") for part in PARTS)
        if self.errors.keys() & {f"{part}-{metric.code}" for part in PARTS}:
            return
        if (place is None) != (counties is None) or (place is None and figure is not None):
            self.add_error(f"place-{metric.code}", "第几位和一共几个县（市、区）要一起填写。")
        elif place is not None and place > counties:
            self.add_error(f"place-{metric.code}", f"一共{counties}个县（市、区），不会排在第{place}位，请核对。")

    @property
    def given(self) -> dict[Metric, GivenRank | None]:
        return {metric: self._given(metric) for metric in self.metrics}

    def _given(self, metric: Metric) -> GivenRank | None:
        place, counties, figure = (self.cleaned_data[f"{part}-{metric.code}"] for part in PARTS)
        return None if place is None else GivenRank(place, counties, figure)

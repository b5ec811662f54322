"""The year's deadlines of one ledger, to be typed month by month or filled in by a rule."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from core.ledgers.forms import TokenForm
from core.ledgers.kinds import ReadField, read_day
from townships.deadlines.calendar import Month, Workdays, Year, filled

LAST_DUE_DAY = 28


def day_field(label: str, **options: Any) -> ReadField:
    widget = forms.TextInput(attrs={"data-date": "", "autocomplete": "off", "placeholder": "2024-03-05"})
    return ReadField(reader=read_day, widget=widget, label=label, max_length=40, **options)


class FillForm(forms.Form):
    """By which rule empty months are filled. What follows from it is kept as such, and moves with the holidays."""

    day = forms.IntegerField(
        label="次月几日前报",
        min_value=1,
        max_value=LAST_DUE_DAY,
        help_text="遇放假和周末顺延到下一个工作日，调休上班的周末算工作日。",
    )


class CalendarForm(TokenForm):
    """One box for each month; an empty one leaves the usual day, or none."""

    def __init__(self, *args: Any, year: Year, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.months = year.months
        for month in year.months:
            field = day_field(month.label, required=False)
            field.widget.attrs["placeholder"] = f"{month.usual:%Y-%m-%d}" if month.usual else ""
            field.initial = f"{month.fixed.due_on:%Y-%m-%d}" if month.fixed else ""
            self.fields[name_of(month)] = field

    @property
    def days(self) -> Mapping[date, date | None]:
        return {month.first: self.cleaned_data[name_of(month)] or None for month in self.months}


def name_of(month: Month) -> str:
    return month.first.strftime("m%m")


def filled_in(year: Year, day: int, workdays: Workdays) -> dict[str, str]:
    """What stands in the boxes once the empty ones are filled by the rule."""
    days = filled(year, day, workdays)
    return {name_of(month): f"{days[month.first]:%Y-%m-%d}" for month in year.months if month.first in days}

"""The year's deadlines of one ledger, to be typed month by month or filled in by a rule."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms

from core.ledgers.forms import TokenForm
from core.ledgers.kinds import ReadField, read_day
from core.readings import Unreadable
from townships.deadlines.calendar import Month, Year, filled

LAST_DUE_DAY = 28
LONGEST_HOLIDAY = 31


def day_field(label: str, **options: Any) -> ReadField:
    widget = forms.TextInput(attrs={"data-date": "", "autocomplete": "off", "placeholder": "2024-03-05"})
    return ReadField(reader=read_day, widget=widget, label=label, max_length=40, **options)


def read_days_off(text: str) -> frozenset[date]:
    """2025-01-28至2025-02-04，2025-05-01: every day of it. Raises Unreadable with a sentence."""
    off: set[date] = set()
    for part in filter(None, re.split(r"[，,、；;\s]+", text.strip())):
        first, _, last = part.partition("至")
        begin, end = read_day(first), read_day(last or first)
        if not 0 <= (end - begin).days < LONGEST_HOLIDAY:
            raise Unreadable(f"“{part}”起止颠倒或超过{LONGEST_HOLIDAY}天，请写成类似2025-01-28至2025-02-04。")
        off |= {begin + timedelta(days=count) for count in range((end - begin).days + 1)}
    return frozenset(off)


class FillForm(forms.Form):
    """By which rule empty months are filled; nothing of it is kept."""

    day = forms.IntegerField(label="次月几日前报", min_value=1, max_value=LAST_DUE_DAY)
    off = ReadField(
        reader=read_days_off,
        label="放假日期",
        required=False,
        max_length=400,
        help_text="例如 2025-01-28至2025-02-04，2025-05-01至2025-05-05。遇放假和周末顺延到下一个工作日。",
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


def filled_in(year: Year, rule: FillForm) -> dict[str, str]:
    """What stands in the boxes once the empty ones are filled by the rule, which is valid."""
    days = filled(year, rule.cleaned_data["day"], rule.cleaned_data["off"] or frozenset())
    return {name_of(month): f"{days[month.first]:%Y-%m-%d}" for month in year.months if month.first in days}

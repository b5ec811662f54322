"""How figures and dates stand on a page; the same words everywhere."""

from django import template
from django.utils import timezone

from core.amounts import show_wan, show_yi
from core.dates import DateSpan
from core.ledgers.kinds import plain_number

register = template.Library()


@register.filter
def wan(amount):
    """Decimal 万元 → 5,000.00; — for none."""
    return show_wan(amount)


@register.filter
def yi(amount):
    """Decimal 万元 → 亿元 with two places."""
    return show_yi(amount)


@register.filter
def day(value):
    """2024年3月4日."""
    return DateSpan.day(value).label if value else "—"


@register.filter
def moment(value):
    """2024年3月4日 09:30, in the county's time."""
    local = timezone.localtime(value)
    return f"{DateSpan.day(local.date()).label} {local:%H:%M}"


@register.filter
def may(seat, question):
    """{% if seat|may:"verify" %}: whether this seat has the duty at all, on rows of its own county."""
    return seat.may(question, CountyRow(seat))


class CountyRow:
    """Stands for any row of the seat's county and unit, to ask about duties in a template."""

    def __init__(self, seat):
        self.county_id, self.unit_id = seat.county_id, seat.unit_id


@register.filter
def plain(number):
    """1200.5000 → 1,200.5; a true minus; — for none."""
    if number is None:
        return "—"
    whole, _, rest = plain_number(abs(number)).partition(".")
    text = f"{int(whole):,}" + (f".{rest}" if rest else "")
    return f"−{text}" if number < 0 else text

"""How figures and dates stand on a page; the same words everywhere."""

from django import template

from core.amounts import show_wan, show_yi
from core.audit import moment_label
from core.dates import DateSpan
from core.ledgers.kinds import Share, plain_number

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
def share(hundredths):
    """Hundredths of a percent → 33.33%."""
    return Share().show(hundredths)


@register.filter
def day(value):
    """2024年3月4日."""
    return DateSpan.day(value).label if value else "—"


@register.filter
def moment(value):
    """2024年3月4日 09:30, in the county's time."""
    return moment_label(value)


@register.filter
def until(period, today):
    """The day up to which a period's figures count today."""
    return period.counted_until(today)


MARKS = {
    "已认定": "done",
    "待认定": "waiting",
    "退回": "returned",
    "不予认定": "refused",
    "停滞": "due",
    "终止": "refused",
    "草稿": "draft",
    "已发布": "published",
    "未交办": "waiting",
    "正常": "normal",
    "临期": "due",
    "逾期": "overdue",
    "按期办结": "done",
    "逾期办结": "overdue",
    "填报中": "draft",
    "退回修改": "returned",
    "待审核": "waiting",
    "待受理": "waiting",
    "已受理": "done",
    "逾期未报": "overdue",
    "逾期报送": "overdue",
    "按期报送": "done",
    "待批准": "waiting",
    "开放中": "due",
    "不同意": "refused",
}
"""Words of state → the shape and colour they carry on every page (`.tag-…` in leitai.css)."""


@register.filter
def mark(word):
    """The class of a word of state; empty for any other text."""
    return f"tag tag-{MARKS[word]}" if word in MARKS else ""


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

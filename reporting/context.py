"""What every page counts beside 首页."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from reporting.open_work import open_work_count


def today(request: HttpRequest) -> dict[str, Any]:
    """The day as of which a page that is not frozen counts."""
    return {"today": timezone.localdate()}


def open_work(request: HttpRequest) -> dict[str, Any]:
    """A function: a page without masthead asks nothing."""
    seat = getattr(request, "seat", None)
    if seat is None or not seat.is_business:
        return {"todo_count": 0}
    return {"todo_count": lambda: open_work_count(seat, timezone.localdate())}

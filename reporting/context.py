"""What every page counts beside 首页."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from reporting.todo import todo_count


def todo(request: HttpRequest) -> dict[str, Any]:
    """A function: a page without masthead asks nothing."""
    seat = getattr(request, "seat", None)
    if seat is None or not seat.is_business:
        return {"todo_count": 0}
    return {"todo_count": lambda: todo_count(seat, timezone.localdate())}

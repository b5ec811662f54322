"""退库预警名单, its workbook and its rules; 四上标准一览."""

from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.amounts import show_wan
from core.dates import DateSpan
from core.ledgers.exporting import workbook_response
from core.ledgers.forms import TokenForm, sent
from core.ledgers.views import readable
from core.spreadsheet.writing import OutColumn, write_table
from core.write import Door
from enterprises.declaring_views import taken_over
from enterprises.exit_watch import Watched, add_shipped_rules, next_exit_window, watched
from enterprises.models import AboveScaleGroup, Enterprise, WarningLight
from enterprises.standards import thresholds_of
from enterprises.thresholds import Threshold, shipped

MARKS = {"red": "tag tag-overdue", "amber": "tag tag-due", "yellow": "tag tag-waiting"}
COLUMNS = (
    OutColumn("序号", "integer", 6),
    OutColumn("预警等级", width=10),
    OutColumn("企业名称", width=34),
    OutColumn("统一社会信用代码", width=22),
    OutColumn("所在乡镇", width=14),
    OutColumn("四上类别", width=14),
    OutColumn("入库标准", "amount", 14, "万元"),
    OutColumn("近12个月营业收入", "amount", 20, "万元"),
    OutColumn("已报月数", "integer", 10),
    OutColumn("原因", width=70),
    OutColumn("核实情况", width=30),
)


@dataclass(frozen=True)
class Shown:
    """A line of the page: `mark` is a class, `label` the light's word."""

    enterprise: Enterprise
    label: str
    mark: str
    reason: str


@require_GET
def exit_watch(request: HttpRequest) -> HttpResponse:
    readable(request, "enterprises")
    day = timezone.localdate()
    rows, window = watched(request.seat, day), next_exit_window(request.seat.county_id, day)
    context = {
        "rows": [Shown(r.enterprise, light_label(r), MARKS[r.light], r.reason) for r in rows],
        "counts": counts_of(rows),
        "day": day,
        "window": window,
        "countdown": window.state_on(day) if window else "",
    }
    return render(request, "ledgers/exit_watch.html", context)


def light_label(row: Watched) -> str:
    return str(WarningLight(row.light).label)


def counts_of(rows: list[Watched]) -> list[dict[str, Any]]:
    """Without the lights that nobody shows."""
    counts = Counter(row.light for row in rows)
    return [{"label": light.label, "count": counts[light.value]} for light in WarningLight if counts[light.value]]


@require_GET
def exit_watch_file(request: HttpRequest) -> HttpResponse:
    """The list as a workbook, with an empty column for what the check on the spot finds."""
    readable(request, "enterprises")
    at, stream = timezone.localtime(), BytesIO()
    rows = watched(request.seat, at.date())
    captions = ["，".join(f"{light['label']}{light['count']}家" for light in counts_of(rows)) or "没有亮灯的企业"]
    write_table(stream, "退库预警名单", COLUMNS, _lines(rows), made_at=at, caption_lines=captions)
    return workbook_response(stream, f"退库预警名单{at:%Y%m%d}.xlsx")


def _lines(rows: list[Watched]) -> list[list[Any]]:
    return [
        [
            number,
            light_label(row),
            str(row.enterprise),
            row.enterprise.uscc,
            str(row.enterprise.township),
            row.enterprise.get_scale_group_display(),
            row.facts.line,
            row.facts.revenue if row.facts.reported else None,
            row.facts.reported,
            row.reason,
            None,
        ]
        for number, row in enumerate(rows, 1)
    ]


@require_http_methods(["GET", "POST"])
def shipped_rules(request: HttpRequest) -> HttpResponse:
    told = {
        "title": "采用随系统提供的规则",
        "says": "将把随系统提供的退库预警规则登记为本县的规则，此后可以逐条修改、停用。",
        "button": "采用规则",
        "done": "已登记{}条退库预警规则。",
    }

    def take(writing: Door) -> int:
        return len(add_shipped_rules(writing))

    return taken_over(request, "exit_rules", TokenForm(sent(request)), take, told)


@require_GET
def standards(request: HttpRequest) -> HttpResponse:
    """The standard of today, the county's own rows first."""
    readable(request, "local_thresholds")
    day = timezone.localdate()
    national = set(map(id, shipped()))
    rows = [row for row in thresholds_of(request.seat.county_id) if row.holds_on(day)]
    context = {"rows": [_standard(row, id(row) in national) for row in rows], "day": day}
    return render(request, "ledgers/standards.html", context)


def _standard(row: Threshold, national: bool) -> dict[str, str]:
    until = DateSpan.day(row.valid_until).label if row.valid_until else "今"
    return {
        "name": row.name,
        "group": str(AboveScaleGroup(row.group).label),
        "scope": "、".join(row.codes),
        "indicator": row.indicator,
        "amount": show_wan(row.amount),
        "days": f"{DateSpan.day(row.valid_from).label}至{until}",
        "set_by": "全国" if national else "本县",
        "source": row.source,
    }

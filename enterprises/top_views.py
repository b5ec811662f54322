"""行业前十企业: the page and its workbook."""

from io import BytesIO
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from core.ledgers.exporting import workbook_response
from core.ledgers.forms import ask_plainly
from core.ledgers.kinds import ReadField, Share, read_month
from core.ledgers.views import readable
from core.periods import Period
from core.spreadsheet.writing import OutColumn, OutTable, write_tables
from enterprises.coherence.series import FIGURES
from enterprises.industries import sections
from enterprises.top import Asked, Line, Top, figures_for, last_told, top_of
from townships.ledgers import places

SPANS = (("month", "当月"), ("year", "本年累计"))
STOCKS = frozenset({"employees"})
"""Figures of a month's end: adding months up would count the same people twelve times."""


NAMED = (OutColumn("企业名称", width=34), OutColumn("所在乡镇", width=14), OutColumn("行业", width=26))
MEMBERS = OutColumn("企业数", "integer", 8, "家")


class TopForm(forms.Form):
    figure = forms.ChoiceField(label="指标")
    month = ReadField(reader=read_month, label="月份", max_length=20)
    span = forms.ChoiceField(label="期间", choices=SPANS)
    section = forms.ChoiceField(label="行业门类", required=False)
    township = forms.ModelChoiceField(queryset=None, label="所在乡镇", required=False, to_field_name="code")

    def __init__(self, *args: Any, seat: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["figure"].choices = [(key, FIGURES[key][0]) for key in figures_for(seat)]
        letters = [(letter, f"{letter} {section.name}") for letter, section in sections().items()]
        self.fields["section"].choices = [("", "全部"), *letters]
        self.fields["township"].queryset = places(seat)
        self.fields["township"].empty_label = "全部"
        if seat.unit_id:
            del self.fields["township"]
        ask_plainly(self.fields.values())

    def clean(self):
        given = super().clean()
        if given.get("figure") in STOCKS and given.get("span") == "year":
            self.add_error("span", f"{FIGURES[given['figure']][0]}是月末数，只能按当月看。")
        return given

    @property
    def asked(self) -> Asked:
        given = self.cleaned_data
        month = Period.containing(given["month"], "month")
        place = given.get("township")
        return Asked(given["figure"], month, given["span"] == "year", given["section"], place)


def _form(request: HttpRequest) -> TopForm:
    """What the address leaves out is the revenue of the last month that was told."""
    begun = {"figure": "revenue", "span": "month"}
    if "month" not in request.GET:
        begun["month"] = last_told(request.seat, timezone.localdate()).code
    return TopForm({**begun, **request.GET.dict()}, seat=request.seat)


@require_GET
def top_enterprises(request: HttpRequest) -> HttpResponse:
    ledger = readable(request, "enterprise_months")
    form = _form(request)
    context = {"ledger": ledger, "form": form, "title": "行业前十企业", "found": None}
    if not form.is_valid():
        return render(request, "ledgers/top.html", context, status=422)
    asked = form.asked
    figure, unit = FIGURES[asked.figure]
    told = {"figure": figure, "unit": unit, "title": title_of(asked), "found": top_of(request.seat, asked)}
    return render(request, "ledgers/top.html", {**context, **told, "query": request.GET.urlencode()})


@require_GET
def top_enterprises_file(request: HttpRequest) -> HttpResponse:
    readable(request, "enterprise_months")
    form = _form(request)
    if not form.is_valid():
        return top_enterprises(request)
    asked, at, stream = form.asked, timezone.localtime(), BytesIO()
    write_tables(stream, _tables(top_of(request.seat, asked), asked), made_at=at)
    return workbook_response(stream, f"{title_of(asked)}{at:%Y%m%d}.xlsx")


def title_of(asked: Asked) -> str:
    """2024年1至5月营业收入前十."""
    span = f"{asked.month.year}年1至{asked.month.number}月" if asked.whole_year else asked.month.label
    where = "".join([str(asked.township or ""), sections()[asked.section].name if asked.section else ""])
    return f"{span}{where}{FIGURES[asked.figure][0]}前十"


def _tables(found: Top, asked: Asked) -> list[OutTable]:
    said = [title_of(asked), "以企业自报的月度数据计算，是部门工作台账，不是统计数据。"]
    return [
        OutTable(title, _columns(asked, *own), [_cells(line, *names) for line in lines], said)
        for title, own, names, lines in (
            ("企业", NAMED, ("label", "township", "industry"), found.enterprises),
            ("行业", (OutColumn("行业", width=26), MEMBERS), ("industry", "members"), found.industries),
            ("乡镇", (OutColumn("乡镇", width=26), MEMBERS), ("township", "members"), found.townships),
        )
    ]


def _columns(asked: Asked, *own: OutColumn) -> list[OutColumn]:
    name, unit = FIGURES[asked.figure]
    return [OutColumn("位次", "integer", 6), *own, OutColumn(name, "number", 16, unit), OutColumn("占比", "rate", 10)]


def _cells(line: Line, *names: str) -> list[Any]:
    return [line.rank, *(getattr(line, name) for name in names), line.value, Share().export(line.share)]

"""Figures given as an input file, taken through 核对, 审定 and 发布: the way to a page without a ledger's rows."""

import html
import re
from datetime import date, timedelta
from typing import Any

from core.periods import Period
from reporting.models import Publication
from reporting.publishing import steps
from reporting.ranking import Draft
from reporting.scoring.engine import score
from reporting.scoring.inputs import Inputs, load_inputs
from reporting.scoring.scheme import load_scheme
from reporting.services import add_scheme
from tests import factories as make

AFTER = make.NOW + timedelta(days=6)
ANNOUNCED = {
    "announced_from": date(2024, 7, 12),
    "announced_until": date(2024, 7, 18),
    "contact": "县招商办，0816-0000000",
}
ARTICLE = re.compile(r'<article id="(\w+)".*?</article>', re.DOTALL)
SCORE = re.compile(r'<p class="got"><b>(.*?)</b>')
CALCULATION = re.compile(r'<p class="calculation">(.*?)</p>')
NOTE = re.compile(r'<p class="tag tag-due">(.*?)</p>')
ROW = re.compile(r"<tr>\s*<td class=\"place\">.*?</tr>", re.DOTALL)
CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")


def published(county: Any, body: dict[str, Any], inputs: dict[str, Any]) -> Publication:
    """`body`: a scheme file, `inputs`: an input file; the units are founded as townships of these names."""
    figures = load_inputs(inputs)
    groups = {make.new_township(county, name=unit.name): unit.group or "" for unit in figures.units}
    with make.writing_as(county) as writing:
        scheme = add_scheme(writing, body=body, participants=groups.items(), document="县委办〔2024〕1号")
        draft = draft_with(scheme, figures)
        row = steps.open_checking(writing, draft=draft, answer_by=make.TODAY + timedelta(days=5))
    with make.writing_as(county, at=AFTER) as writing:
        row = steps.approve(
            writing, publication=row, draft=draft, meeting="领导小组会议", approved_on=date(2024, 7, 11), **ANNOUNCED
        )
    with make.writing_as(county, at=AFTER + timedelta(days=8)) as writing:
        return steps.publish(writing, publication=row, draft=draft, before={})


def draft_with(scheme: Any, inputs: Inputs) -> Draft:
    """A draft of these figures; no metric stands behind them."""
    rules = load_scheme(scheme.body)
    return Draft(
        scheme=scheme,
        rules=rules,
        period=Period.parse(inputs.period),
        inputs=inputs,
        results=score(rules, inputs),
        participants=tuple(scheme.participants.current().select_related("unit").order_by("pk")),
        metrics={},
        broken={},
    )


def page(client: Any, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def opened_items(shown: str) -> dict[str, tuple[str, str, str]]:
    """Anchor of a unit's score page → score, calculation and note, as a reader sees them."""
    return {
        found[1]: tuple(_first(p, found[0]) for p in (SCORE, CALCULATION, NOTE)) for found in ARTICLE.finditer(shown)
    }


def ranked_rows(shown: str) -> dict[str, list[str]]:
    """Unit of a ranking page → the texts of its cells."""
    rows = [[_text(cell) for cell in CELL.findall(row)] for row in ROW.findall(shown)]
    return {cells[1].split()[0]: cells for cells in rows}


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return _text(found[1]) if found else ""


def _text(markup: str) -> str:
    return " ".join(html.unescape(TAG.sub(" ", markup)).split())

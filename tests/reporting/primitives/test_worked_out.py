"""Every scoring primitive P1 to P34 and every worked example, three ways: the engine's exact value, the pages,
the workbook recalculated by LibreOffice.
"""

import html
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from core.amounts import half_up
from reporting.formula.words import calculation
from reporting.ranking_workbook import write_ranking_workbook
from reporting.scoring.engine import score
from reporting.scoring.inputs import load_inputs
from reporting.scoring.results import Results
from reporting.scoring.scheme import load_scheme
from tests import factories as make
from tests.reporting.office import all_recalculated, spoilt
from tests.reporting.primitives.cases import NAMES, Case, case, items_of
from tests.reporting.published import opened_items, page, published, ranked_rows
from tests.reporting.scoring_files import by_unit
from tests.reporting.workbook_cells import cells_that_differ

PRIMITIVES = {f"P{number}" for number in range(1, 35)}
OWN_KEYS = ("scores", "errors", "derived")


def results_of(given: Case) -> Results:
    return score(load_scheme(given.scheme), load_inputs(given.inputs))


def test_no_primitive_is_left_out() -> None:
    assert {primitive for name in NAMES if (primitive := case(name).primitive)} == PRIMITIVES


@pytest.mark.parametrize("name", NAMES)
def test_the_engine_gives_what_was_worked_out_by_hand(name: str) -> None:
    given = case(name)
    results = results_of(given)
    rows = by_unit(results)
    for unit, expect in given.expected.items():
        found = {key: rows[unit][key] for key in expect if key not in OWN_KEYS}
        assert found == {key: value for key, value in expect.items() if key not in OWN_KEYS}, unit
        items = {item["name"]: item for _, item in items_of(rows[unit])}
        for item, (points, substituted, *note) in expect["scores"].items():
            assert (items[item]["points"], items[item]["substituted"]) == (points, substituted), unit
            assert items[item]["note"] == (note[0] if note else None), unit
        derived = {item["name"]: item["value"] for item in rows[unit]["derived"]}
        assert derived | expect.get("derived", {}) == derived
        assert {e.where: e.message for e in results.errors if e.unit == unit} == expect.get("errors", {}), unit


@pytest.mark.parametrize("name", NAMES)
def test_the_pages_show_score_and_substituted_formula(name: str, county: Any, office: Any, client_for: Any) -> None:
    given = case(name)
    row = published(county, given.scheme, given.inputs)
    client, rows = client_for(office), by_unit(results_of(given))
    ranking = page(client, reverse("published-ranking", args=[row.code]))
    shown = ranked_rows(ranking)
    codes = {score.unit.name: score.unit.code for score in row.scores.select_related("unit")}
    for unit, expect in given.expected.items():
        _ranking_shows(shown[unit], expect)
        opened = page(client, reverse("published-score", args=[row.code, codes[unit]]))
        _score_page_shows(opened, rows[unit], expect, places_of(given.scheme))
        for sentence in expect.get("errors", {}).values():
            assert sentence in html.unescape(ranking)


def _ranking_shows(cells: list[str], expect: dict[str, Any]) -> None:
    place = f"{expect['rank'] or '—'}" + (" 并列" if expect.get("tied") else "")
    assert (cells[0], cells[2]) == (place, expect["total"] or "—")
    for words in (expect.get("award"), *expect.get("lists", []), *expect.get("notes", [])):
        assert words is None or words == "并列" or words in cells[-1]


def places_of(scheme: dict[str, Any]) -> int:
    """A score stands at the scheme's places, at two where the scheme rounds none."""
    places = scheme.get("rounding", {}).get("indicator")
    return 2 if places is None else places


def _score_page_shows(shown: str, row: dict[str, Any], expect: dict[str, Any], places: int) -> None:
    anchors = {item["name"]: anchor for anchor, item in items_of(row)}
    opened = opened_items(shown)
    for item, (points, substituted, *note) in expect["scores"].items():
        at_places = "—" if points is None else f"{half_up(Decimal(points), places):f}"
        assert opened[anchors[item]] == (at_places, calculation(substituted or ""), note[0] if note else ""), item


@pytest.mark.office
def test_libreoffice_recalculates_every_cell_of_every_workbook(tmp_path: Path) -> None:
    books = {name: exported(case(name)) for name in NAMES}
    again = all_recalculated({name: spoilt(book) for name, book in books.items()}, tmp_path)
    differing = {
        name: differences
        for name, book in books.items()
        if (differences := cells_that_differ(load_workbook(BytesIO(book), data_only=True), again[name]))
    }
    assert differing == {}


def exported(given: Case) -> bytes:
    scheme, inputs = load_scheme(given.scheme), load_inputs(given.inputs)
    stream = BytesIO()
    write_ranking_workbook(
        stream, scheme, inputs, score(scheme, inputs), title="排名", footnote_lines=[], made_at=make.NOW
    )
    return stream.getvalue()

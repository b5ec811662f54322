"""The golden quarter and the golden year of docs/scoring.md: the same numbers, worked by hand there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from reporting.formula.words import calculation
from reporting.scoring.engine import score
from tests.reporting.published import opened_items, page, published, ranked_rows
from tests.reporting.scoring_files import SAMPLES, by_unit, sample, sample_data

TEXT = (Path(__file__).parent.parent.parent / "docs" / "scoring.md").read_text(encoding="utf-8")
WORKED_BY_HAND = {calculation(text) for text in re.findall(r"`([^`]* = [^`]*)`", TEXT)}


def test_the_golden_quarter() -> None:
    rows = by_unit(score(*sample("golden-quarter")))
    assert {name: [item["points"] for item in row["indicators"]] for name, row in rows.items()} == {
        "乙镇": [None, "32.00", "20.00", "8.50"],
        "丁乡": ["30.00", "40.00", "10.00", "5.00"],
        "甲镇": ["22.50", "40.00", "10.00", "8.00"],
        "丙乡": ["24.00", "26.67", "20.00", "9.33"],
    }
    assert {name: (row["total"], row["bonus"], row["deduction"]) for name, row in rows.items()} == {
        "乙镇": ("86.43", "0.00", "0.00"),
        "丁乡": ("86.00", "3.00", "2.00"),
        "甲镇": ("85.50", "6.00", "1.00"),
        "丙乡": ("80.00", "0.00", "0.00"),
    }
    assert {name: row["award"] for name, row in rows.items()} == {
        "乙镇": "一等奖",
        "丁乡": None,
        "甲镇": "一等奖",
        "丙乡": "二等奖",
    }
    assert rows["甲镇"]["notes"] == ["晋1档：新落地亿元项目数>=3", "奖项由二等奖调整为一等奖"]
    assert rows["丁乡"]["vetoed"] == "弄虚作假"
    assert [name for name, row in rows.items() if row["lists"]] == ["丙乡"]


def test_the_golden_year() -> None:
    rows = by_unit(score(*sample("golden-year")))
    assert {name: (row["total"], row["rank"], row["award"]) for name, row in rows.items()} == {
        "乙镇": ("85.40", 1, "一等奖"),
        "甲镇": ("85.40", 2, "二等奖"),
        "丙乡": ("73.50", 3, "一等奖"),
        "丁乡": ("59.90", 4, None),
    }
    assert rows["丁乡"]["qualified"] is False
    assert rows["丁乡"]["lists"] == ["黄牌"]


@pytest.mark.parametrize("name", ["golden-quarter", "golden-year"])
def test_the_document_shows_what_the_engine_gives(name: str) -> None:
    for row in by_unit(score(*sample(name))).values():
        for item in [*row["indicators"], *row["derived"]]:
            assert item["substituted"] is None or f"`{item['substituted']}`" in TEXT
        assert f"**{row['total']}**" in TEXT


def test_the_document_states_the_ranking_that_the_engine_gives() -> None:
    rows = re.findall(r"^\| (\d) \| (\S+) \| (\S+) \| (\S+) \|", TEXT, re.MULTILINE)
    assert len(rows) == 4
    found = by_unit(score(*sample("golden-quarter")))
    assert rows == [(str(row["rank"]), name, row["total"], row["award"] or "–") for name, row in found.items()]


@pytest.mark.parametrize("name", ["golden-quarter", "golden-year"])
def test_the_pages_show_what_the_document_says(name: str, county: Any, office: Any, client_for: Any) -> None:
    body = json.loads((SAMPLES / f"{name}.scheme.json").read_bytes())
    publication = published(county, body, sample_data(name, "input"))
    client = client_for(office)
    ranking = page(client, reverse("published-ranking", args=[publication.code]))
    expected = by_unit(score(*sample(name)))
    shown = ranked_rows(ranking)
    assert {unit: (cells[0], cells[2]) for unit, cells in shown.items()} == {
        unit: (str(row["rank"]), row["total"]) for unit, row in expected.items()
    }
    for result in publication.scores.select_related("unit"):
        address = reverse("published-score", args=[publication.code, result.unit.code])
        shown = opened_items(page(client, address))
        calculations = [text for anchor, (_, text, _) in shown.items() if anchor.startswith("i") and text]
        items = expected[result.unit.name]["indicators"]
        assert calculations == [calculation(item["substituted"]) for item in items if item["substituted"]]
        assert set(calculations) <= WORKED_BY_HAND

"""The golden quarter and the golden year of docs/scoring.md: the same numbers, worked by hand there."""

from pathlib import Path

from reporting.scoring.engine import score
from tests.reporting.scoring_files import by_unit, sample

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "scoring.md"


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


def test_the_document_shows_the_substituted_formulas_that_the_engine_gives() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for name in ("golden-quarter", "golden-year"):
        for row in by_unit(score(*sample(name))).values():
            for item in row["indicators"]:
                assert item["substituted"] is None or f"`{item['substituted']}`" in text
            assert row["total"] in text

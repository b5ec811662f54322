"""Schemes and inputs for the scoring tests: the sample files, and small ones built from what a test names."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reporting.scoring.engine import score
from reporting.scoring.exact_json import read_json
from reporting.scoring.inputs import Inputs, load_inputs
from reporting.scoring.results import Results
from reporting.scoring.scheme import Scheme, load_scheme

SAMPLES = Path(__file__).parent.parent / "data" / "schemes"
SAMPLE_NAMES = sorted(path.name.removesuffix(".expected.json") for path in SAMPLES.glob("*.expected.json"))
# Written for these tests: every rule of the language at once. What it gives is checked against LibreOffice.
RICH = "rich"


def sample(name: str) -> tuple[Scheme, Inputs]:
    return load_scheme(sample_data(name, "scheme")), load_inputs(sample_data(name, "input"))


def sample_data(name: str, kind: str) -> Any:
    return read_json((SAMPLES / f"{name}.{kind}.json").read_bytes())


def scheme_data(formula: str = "签约额", points: int = 100, **rules: Any) -> dict[str, Any]:
    indicators = [{"name": "得分", "family": "招商引资", "points": points, "formula": formula}]
    return {"name": "方案", "year": 2024, "period": "quarter", "indicators": indicators, **rules}


def unit_data(name: str, actual: Mapping[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    return {"name": name, "actual": dict(actual or {}), **parts}


def input_data(*units: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"period": "2024Q1", "units": list(units), **rest}


def scored(scheme: dict[str, Any], *units: dict[str, Any], **rest: Any) -> Results:
    return score(load_scheme(scheme), load_inputs(input_data(*units, **rest)))


def by_unit(results: Results) -> dict[str, dict[str, Any]]:
    return {row["unit"]: row for row in results.as_json()["results"]}


def totals(results: Results) -> dict[str, tuple[str | None, int | None]]:
    """Township → (total, rank)."""
    return {name: (row["total"], row["rank"]) for name, row in by_unit(results).items()}


def only_score(formula: str, actual: Mapping[str, Any] | None = None, **parts: Any) -> str | None:
    """What `formula` gives for one township, at most 6 places."""
    rest = {key: parts.pop(key) for key in ("months_elapsed", "months_covered", "prorate") if key in parts}
    results = scored(scheme_data(formula), unit_data("甲镇", actual, **parts), **rest)
    return by_unit(results)["甲镇"]["indicators"][0]["points"]


def only_error(formula: str, actual: Mapping[str, Any] | None = None, **parts: Any) -> str:
    results = scored(scheme_data(formula), unit_data("甲镇", actual, **parts))
    (error,) = results.errors
    return error.message


def indicator(name: str, formula: str, points: Any = 50, **rest: Any) -> dict[str, Any]:
    return {"name": name, "points": points, "formula": formula, **rest}


def with_scores(*scores: Any, **rules: Any) -> Results:
    """Townships 甲乙丙… with these totals."""
    units = [unit_data(name, {"签约额": value}) for name, value in zip("甲乙丙丁戊己", scores, strict=False)]
    return scored(scheme_data(**rules), *units)


def ranks(results: Results) -> dict[str, int | None]:
    return {unit: rank for unit, (_, rank) in totals(results).items()}


def column(results: Results, key: str) -> dict[str, Any]:
    return {name: row[key] for name, row in by_unit(results).items()}

"""The table of scoring primitives: tests/data/primitives holds a small scheme, figures and results for each.

A file states beside every unit what was worked out by hand: `scores` gives for each indicator, bonus and deduction
the points, the substituted formula and the note; the other keys of `expect` are those of the `score` command.
`records` are rows of a ledger with a per-record formula: their sum is the unit's figure. `rule` is the formula of the
primitive, `data` says which part of it the metrics bring along.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from reporting.formula.records import evaluate_record, parse_record

FOLDER = Path(__file__).parent.parent.parent / "data" / "primitives"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
UNIT_PARTS = ("group", "actual", "target", "plan", "last_year", "last_period")
INPUT_PARTS = ("period", "months_elapsed", "months_covered", "prorate")


@dataclass(frozen=True)
class Case:
    """`scheme` and `inputs` as files; `expected`: unit → what was worked out by hand."""

    primitive: str
    scheme: dict[str, Any]
    inputs: dict[str, Any]
    expected: dict[str, dict[str, Any]]


def case(name: str) -> Case:
    content = (FOLDER / f"{name}.json").read_bytes()
    data = json.loads(content, parse_float=Decimal)
    inputs = {part: data[part] for part in INPUT_PARTS if part in data}
    inputs["units"] = [_unit(unit, given) for unit, given in data["units"].items()]
    head = {"name": name, "year": 2024, "period": "year" if data["period"] == "2024" else "quarter"}
    expected = {unit: given["expect"] for unit, given in data["units"].items()}
    # As the database's column of JSON holds it: numbers are floats there.
    return Case(data["primitive"], {**head, **json.loads(content)["scheme"]}, inputs, expected)


def _unit(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    unit = {"name": name, **{part: given[part] for part in UNIT_PARTS if part in given}}
    sums = {metric: record_sum(**records) for metric, records in given.get("records", {}).items()}
    return {**unit, "actual": {**unit.get("actual", {}), **sums}}


def record_sum(formula: str, rows: list[dict[str, Any]]) -> Decimal:
    """What a metric with a per-record formula gives: the formula's sum over the rows, 0 over none."""
    return sum((_of_row(formula, row) for row in rows), Decimal(0))


def _of_row(formula: str, row: Mapping[str, Any]) -> Decimal:
    values = {name: value if isinstance(value, str) else Decimal(value) for name, value in row.items()}
    return evaluate_record(parse_record(formula, values), values)


def items_of(row: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Anchor on the unit's page and JSON of every indicator, bonus and deduction of a result."""
    for letter, kind in (("i", "indicators"), ("b", "bonuses"), ("d", "deductions")):
        for number, item in enumerate(row[kind], 1):
            yield f"{letter}{number}", item

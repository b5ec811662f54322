"""Small schemes, figures and results worked out by hand: one table for what the scoring must be able to do.

tests/data/primitives holds a file for each scoring primitive P1 to P34, tests/data/worked_examples real counties'
rules and published results. A file states beside every unit what must come out: `scores` gives for each indicator,
bonus and deduction the points, the substituted formula and the note; the other keys of `expect` are those of the
`score` command. `records` are rows of a ledger with a per-record formula: their sum is the unit's figure. `scheme_of`
names a sample scheme in tests/data/schemes. `data` says which part of a primitive the metrics bring along.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from reporting.formula.records import evaluate_record, parse_record
from reporting.scoring.inputs import period_kind

DATA = Path(__file__).parent.parent.parent / "data"
PATHS = {
    path.stem: path for folder in ("primitives", "worked_examples") for path in sorted((DATA / folder).glob("*.json"))
}
NAMES = list(PATHS)
UNIT_PARTS = ("group", "actual", "target", "plan", "last_year", "last_period")
INPUT_PARTS = ("period", "months_elapsed", "months_covered", "prorate")


@dataclass(frozen=True)
class Case:
    """`scheme` and `inputs` as files; `expected`: unit → what was worked out by hand."""

    primitive: str | None
    scheme: dict[str, Any]
    inputs: dict[str, Any]
    expected: dict[str, dict[str, Any]]


def case(name: str) -> Case:
    content = PATHS[name].read_bytes()
    data = json.loads(content, parse_float=Decimal)
    inputs = {part: data[part] for part in INPUT_PARTS if part in data}
    inputs["units"] = [_unit(unit, given) for unit, given in data["units"].items()]
    head = {"name": name, "year": 2024, "period": period_kind(data["period"])}
    expected = {unit: given["expect"] for unit, given in data["units"].items()}
    return Case(data.get("primitive"), {**head, **_scheme(content)}, inputs, expected)


def _scheme(content: bytes) -> dict[str, Any]:
    """As the database's column of JSON holds it: numbers are floats there."""
    data = json.loads(content)
    if "scheme_of" in data:
        return json.loads((DATA / "schemes" / f"{data['scheme_of']}.scheme.json").read_bytes())
    return data["scheme"]


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

"""A scheme as its file, and the file as it is kept: the shortest JSON that says the same."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from reporting.formula.nodes import Formula
from reporting.scoring.exact_json import read_json, write_json
from reporting.scoring.scheme import ASSESSMENT, Award, Rounding, Scheme, load_scheme

LISTS = (
    "derived",
    "indicators",
    "bonuses",
    "deductions",
    "vetoes",
    "awards",
    "promotions",
    "demotions",
    "lists",
)
"""The keys under which a scheme lists its rules, in the order of the file."""


def file_data(rules: Scheme) -> dict[str, Any]:
    """The data that `load_scheme` reads back to the same scheme; numbers Decimal or int, defaults left out."""
    return _told(
        {
            "engine": rules.engine,
            "name": rules.name,
            "purpose": None if rules.purpose == ASSESSMENT else rules.purpose,
            "year": rules.year,
            "period": rules.period,
            "derived": _parts(rules.derived, "name", "formula"),
            "indicators": _parts(rules.indicators, "name", "family", "points", "formula", "groups"),
            "bonuses": _parts(rules.bonuses, "name", "formula", "cap"),
            "bonus_cap": rules.bonus_cap,
            "deductions": _parts(rules.deductions, "name", "formula", "cap"),
            "vetoes": _parts(rules.vetoes, "name", "when", "effect"),
            "missing_target": rules.missing_target,
            "rounding": _rounding(rules.rounding),
            "floor": rules.floor,
            "ranking": _told({"within": rules.ranking.within, "tie_break": list(rules.ranking.tie_break)}),
            "pass_mark": rules.pass_mark,
            "awards": [_award(award) for award in rules.awards],
            "promotions": _parts(rules.promotions, "when", "tiers"),
            "demotions": _parts(rules.demotions, "when", "tiers"),
            "lists": _parts(rules.lists, "name", "when"),
            "places": dict(rules.places),
        }
    )


def kept(data: Any, *, unfinished: bool = False) -> dict[str, Any]:
    """What the database keeps of a scheme's data: checked, whole numbers as int and all others as text.

    A JSON column gives floats back for numbers with places; text stays what it was. Raises SchemeError.
    """
    return {key: _kept(value) for key, value in file_data(load_scheme(data, unfinished=unfinished)).items()}


def file_text(rules: Scheme) -> str:
    """The scheme file for other counties, every number as it was typed."""
    return write_json(file_data(rules))


def read_file(content: bytes) -> dict[str, Any]:
    """What to keep of an uploaded file. Raises FileError with a sentence about what is wrong and where."""
    return kept(read_json(content))


def _told(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None and value not in ([], {})}


def _parts(parts: Iterable[Any], *keys: str) -> list[dict[str, Any]]:
    return [_told({key: _plain(getattr(part, key)) for key in keys}) for part in parts]


def _plain(value: Any) -> Any:
    match value:
        case Formula():
            return value.text
        case tuple():
            return list(value)
        case _:
            return value


def _rounding(rounding: Rounding) -> dict[str, Any]:
    return _told({"indicator": rounding.indicator, "total": rounding.total, "mode": rounding.mode})


def _award(award: Award) -> dict[str, Any]:
    return _told(
        {
            "tier": award.tier,
            "ranks": list(award.ranks) if award.ranks else None,
            "minimum": award.minimum,
            "amount": award.amount,
            "pass_down": award.pass_down or None,
        }
    )


def _kept(value: Any) -> Any:
    match value:
        case Decimal() if value == value.to_integral_value():
            return int(value)
        case Decimal():
            return f"{value:f}"
        case dict():
            return {key: _kept(inner) for key, inner in value.items()}
        case list():
            return [_kept(inner) for inner in value]
        case _:
            return value

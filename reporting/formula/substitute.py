"""The second reading: the formula with numbers for names, as a leader checks it by hand."""

from decimal import Decimal

from reporting.formula.errors import CalculationError
from reporting.formula.evaluate import Lookup, Value
from reporting.formula.exact import plain
from reporting.formula.nodes import Formula, Reference


def substituted(formula: Formula, lookup: Lookup, value: Decimal) -> str:
    """`MIN(4.2/5.6, 1)*30 = 22.5`: names and domain functions become numbers, the rest stays as written.

    A name without a value (on a branch that was not taken) stays too.
    """
    pieces, written = [], 0
    for node in formula.references:
        figure = _shown(node, lookup)
        if figure is None:
            continue
        pieces += [formula.text[written : node.start], f"{{{figure}}}" if node in formula.braced else figure]
        written = node.end
    return f"{''.join(pieces)}{formula.text[written:]} = {plain(value)}"


def _shown(node: Reference, lookup: Lookup) -> str | None:
    try:
        return shown(lookup(node))
    except CalculationError:
        return None


def shown(value: Value) -> str:
    """A number with at most 6 places, a list's numbers with commas, a text in quotes."""
    match value:
        case Decimal():
            return plain(value)
        case tuple():
            return ", ".join(map(plain, value))
        case _:
            return f"“{value}”"

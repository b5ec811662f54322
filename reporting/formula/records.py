"""Per-record formulas: the same language over the columns of one ledger row, where text may be compared."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from reporting.formula.errors import FormulaError, MissingData
from reporting.formula.evaluate import Value, evaluate
from reporting.formula.nodes import Comparison, Expression, Formula, Group, Name, Reference, Text, children, walk
from reporting.formula.parser import nearest, parse


def parse_record(text: str, columns: Collection[str], texts: Collection[str] | None = None) -> Formula:
    """A formula over `columns`, of which `texts` hold words (None: which do is seen only in the rows).

    Raises FormulaError for a column that is not there, for a figure of a township, and for arithmetic on words.
    """
    formula = parse(text)
    for reference in formula.references:
        if not isinstance(reference, Name):
            raise FormulaError(f"逐条计算的公式不能用{reference.label}")
        if reference.name not in columns:
            raise FormulaError(f"没有“{reference.name}”这一列{nearest(reference.name, list(columns))}")
    if texts is not None:
        _check_words(formula, frozenset(texts))
    return formula


def _check_words(formula: Formula, texts: frozenset[str]) -> None:
    """Words stand beside = or <> only, with words on the other side; known before the first row is read."""
    if _is_words(formula.root, texts):
        raise FormulaError(f"{formula.source(formula.root)}是文字，公式的结果应当是数")
    for node in walk(formula.root):
        sides = [child for child in children(node) if _is_words(child, texts)]
        if isinstance(node, Group) or not sides:
            continue
        if not isinstance(node, Comparison) or node.sign not in ("=", "<>"):
            raise FormulaError(f"{formula.source(sides[0])}是文字，只能用=或<>比较")
        if len(sides) == 1:
            raise FormulaError(f"{formula.source(node)}：文字不能与数比较，文字要加引号")


def _is_words(node: Expression, texts: frozenset[str]) -> bool:
    match node:
        case Text():
            return True
        case Name():
            return node.name in texts
        case Group():
            return _is_words(node.inner, texts)
        case _:
            return False


def evaluate_record(formula: Formula, values: Mapping[str, Decimal | str | None]) -> Decimal:
    """The number that `formula` gives for one row; None is a missing figure. Raises CalculationError."""

    def lookup(reference: Reference) -> Value:
        value = values.get(reference.name) if isinstance(reference, Name) else None
        if value is None:
            raise MissingData(reference.label)
        return value

    return evaluate(formula, lookup)

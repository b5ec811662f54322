"""The first reading: the exact value."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation, Overflow, localcontext
from typing import TypeVar

from reporting.formula.errors import CalculationError, MissingData, NoTask
from reporting.formula.exact import CONTEXT, LIMIT, nine_places
from reporting.formula.functions import AGGREGATE, SCALAR, is_true, trimmed_mean, truth
from reporting.formula.nodes import (
    Call,
    Chain,
    Comparison,
    Expression,
    Formula,
    Group,
    Negation,
    Number,
    Reference,
    Text,
    Truth,
)

# A tuple is a list metric (raters' scores, one number each); text occurs in records only.
Value = Decimal | str | tuple[Decimal, ...]
# Looks a name up; raises CalculationError where it has no value.
Lookup = Callable[[Reference], Value]
Read = TypeVar("Read")

COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def evaluate(formula: Formula, lookup: Lookup) -> Decimal:
    """The number that `formula` gives. Raises CalculationError: NoTask before any other, else the first met."""
    with localcontext(CONTEXT):
        try:
            value = _Evaluation(formula, lookup).number(formula.root)
        except (Overflow, InvalidOperation) as error:
            raise CalculationError("计算结果过大") from error
        if abs(value) >= LIMIT:
            raise CalculationError("计算结果过大")
        return value + 0


class _Evaluation:
    def __init__(self, formula: Formula, lookup: Lookup) -> None:
        self.formula = formula
        self.lookup = lookup

    def number(self, node: Expression) -> Decimal:
        return self.as_number(self.value(node), node)

    def as_number(self, value: Value, node: Expression) -> Decimal:
        match value:
            case Decimal():
                return value
            case tuple():
                raise CalculationError(f"{self.quote(node)}是一组数，只能放在{'、'.join(AGGREGATE)}、TRIMMEAN里")
            case _:
                raise CalculationError(f"{self.quote(node)}是文字，不能当作数")

    def value(self, node: Expression) -> Value:
        match node:
            case Number() | Text():
                return node.value
            case Truth():
                return truth(node.value)
            case Group():
                return self.value(node.inner)
            case Negation():
                return -self.number(node.operand)
            case Chain():
                return self.chain(node)
            case Comparison():
                return truth(self.compare(node))
            case Call():
                return self.call(node)
            case _:
                return self.lookup(node)

    def chain(self, node: Chain) -> Decimal:
        result, *operands = _all_read(node.operands, self.number)
        for (sign, _), operand in zip(node.rest, operands, strict=True):
            if sign == "/" and operand == 0:
                raise CalculationError(f"除数为零：{self.quote(node)}")
            result = _joined(result, sign, operand)
        return result

    def compare(self, node: Comparison) -> bool:
        left, right = _all_read((node.left, node.right), self.comparable)
        match left, right:
            case Decimal(), Decimal():
                return COMPARE[node.sign](nine_places(left), nine_places(right))
            case str(), str() if node.sign in ("=", "<>"):
                # Excel's = does not tell capitals from small letters.
                return (left.casefold() == right.casefold()) == (node.sign == "=")
            case str(), str():
                raise CalculationError(f"文字只能用=或<>比较：{self.quote(node)}")
            case _:
                raise CalculationError(f"文字不能与数比较：{self.quote(node)}")

    def comparable(self, node: Expression) -> Decimal | str:
        value = self.value(node)
        return value if isinstance(value, str) else self.as_number(value, node)

    def call(self, node: Call) -> Decimal:
        match node.function:
            case "IF":
                return self.choose(node.arguments)
            case "IFS":
                return self.first_match(node)
            case "TRIMMEAN":
                return self.trimmed_mean(node)
        if node.function in AGGREGATE:
            return AGGREGATE[node.function](self.spread(node))
        return SCALAR[node.function](*_all_read(node.arguments, self.number))

    def choose(self, arguments: Sequence[Expression]) -> Decimal:
        condition, then, *otherwise = arguments
        if is_true(self.number(condition)):
            return self.number(then)
        # Excel's IF without a third argument gives FALSE.
        return self.number(otherwise[0]) if otherwise else truth(False)

    def first_match(self, node: Call) -> Decimal:
        for condition, result in zip(node.arguments[::2], node.arguments[1::2], strict=True):
            if is_true(self.number(condition)):
                return self.number(result)
        raise CalculationError(f"没有一个条件成立：{self.quote(node)}")

    def trimmed_mean(self, node: Call) -> Decimal:
        listed, share = node.arguments
        numbers, proportion = _all_read((listed, share), self.numbers)
        if len(proportion) != 1:
            raise CalculationError(f"TRIMMEAN的比例应当是一个数：{self.quote(share)}")
        return trimmed_mean(self.filled(numbers, listed), proportion[0])

    def spread(self, node: Call) -> list[Decimal]:
        """All numbers of the arguments, lists laid out. An empty list can be counted, and nothing else."""
        parts = _all_read(node.arguments, self.numbers)
        if node.function != "COUNT":
            parts = [self.filled(part, argument) for part, argument in zip(parts, node.arguments, strict=True)]
        return [number for part in parts for number in part]

    def numbers(self, node: Expression) -> tuple[Decimal, ...]:
        value = self.value(node)
        return value if isinstance(value, tuple) else (self.as_number(value, node),)

    def filled(self, numbers: tuple[Decimal, ...], node: Expression) -> tuple[Decimal, ...]:
        if not numbers:
            raise MissingData(self.quote(node))
        return numbers

    def quote(self, node: Expression) -> str:
        return self.formula.source(node)


def _all_read(nodes: Iterable[Expression], reading: Callable[[Expression], Read]) -> list[Read]:
    """What `reading` finds in each node. All are read before one fails: an absent target anywhere is 无任务."""
    found, problems = [], []
    for node in nodes:
        try:
            found.append(reading(node))
        except CalculationError as problem:
            problems.append(problem)
    if problems:
        raise next((problem for problem in problems if isinstance(problem, NoTask)), problems[0])
    return found


def _joined(left: Decimal, sign: str, right: Decimal) -> Decimal:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            return left / right

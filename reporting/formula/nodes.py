"""The parsed formula. Every node knows its place in the source, so that the other readings can quote it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

# What stands around a metric, and the name of the statistic or figure it asks for.
FIGURES = ("目标", "时序目标", "上年同期", "上期")
SCOPES = ("组内", "全部")
STATISTICS = ("最大", "最小", "平均", "合计", "名次")
PEER_FUNCTIONS = {scope + statistic: (scope, statistic) for scope in SCOPES for statistic in STATISTICS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """`start` and `end`: the place in the formula's source."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Node):
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Node):
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth(Node):
    value: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Node):
    """A metric, a derived metric, `满分`, or a column of a record."""

    name: str

    @property
    def label(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Node):
    """A figure beside a metric: `kind` is one of FIGURES."""

    kind: str
    name: str

    @property
    def function(self) -> str:
        return self.kind

    @property
    def label(self) -> str:
        return f"{self.function}({self.name})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers(Node):
    """A statistic over the townships compared: `scope` one of SCOPES, `statistic` one of STATISTICS."""

    scope: str
    statistic: str
    name: str

    @property
    def function(self) -> str:
        return self.scope + self.statistic

    @property
    def label(self) -> str:
        return f"{self.function}({self.name})"


Reference = Name | Figure | Peers


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Node):
    """An expression in parentheses."""

    inner: "Expression"


@dataclass(frozen=True, slots=True, kw_only=True)
class Negation(Node):
    operand: "Expression"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain(Node):
    """Operands joined left to right by signs of one rank, `+ -` or `* /`: flat, so that length costs no depth."""

    first: "Expression"
    rest: "tuple[tuple[str, Expression], ...]"

    @property
    def operands(self) -> "tuple[Expression, ...]":
        return (self.first, *(operand for _, operand in self.rest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Node):
    left: "Expression"
    sign: str
    right: "Expression"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Node):
    function: str
    arguments: "tuple[Expression, ...]"


Expression = Number | Text | Truth | Name | Figure | Peers | Group | Negation | Chain | Comparison | Call


def children(node: Expression) -> tuple[Expression, ...]:
    """The nodes directly under `node`."""
    match node:
        case Group():
            return (node.inner,)
        case Negation():
            return (node.operand,)
        case Chain():
            return node.operands
        case Comparison():
            return (node.left, node.right)
        case Call():
            return node.arguments
        case _:
            return ()


def walk(node: Expression) -> Iterator[Expression]:
    """`node` and everything under it, in the order of the source."""
    yield node
    for child in children(node):
        yield from walk(child)


@dataclass(frozen=True)
class Formula:
    """A formula as written (`text`) and as understood (`root`)."""

    text: str
    root: Expression

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every name, figure and statistic that the formula mentions, in the order of the source."""
        return tuple(node for node in walk(self.root) if isinstance(node, Reference))

    @cached_property
    def braced(self) -> frozenset[Expression]:
        """TRIMMEAN's first argument is one list, which Excel writes in braces; elsewhere a list is many arguments."""
        calls = (node for node in walk(self.root) if isinstance(node, Call))
        return frozenset(call.arguments[0] for call in calls if call.function == "TRIMMEAN")

    @property
    def holds_text(self) -> bool:
        """Whether the formula compares texts, as only per-record formulas may."""
        return any(isinstance(node, Text) for node in walk(self.root))

    def source(self, node: Node) -> str:
        """The part of the text that `node` was read from."""
        return self.text[node.start : node.end]

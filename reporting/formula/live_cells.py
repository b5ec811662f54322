"""The third reading: the text of a live Excel cell (Excel 2016's functions only), equal to the exact value.

Cells compare and round by nine places as the engine does, truths become numbers, and a missing figure stays an error.
"""

from typing import Protocol

from reporting.formula.exact import NINE, nine_places
from reporting.formula.nodes import (
    Call,
    Chain,
    Comparison,
    Expression,
    Figure,
    Formula,
    Group,
    Name,
    Negation,
    Number,
    Peers,
    Text,
    Truth,
    children,
)

MISSING = "NA()"
STATISTIC_FUNCTIONS = {"最大": "MAX", "最小": "MIN", "平均": "AVERAGE", "合计": "SUM"}


class Cells(Protocol):
    """Where the figures of one township stand in the workbook; every answer is a reference such as `数据!$C$5`."""

    def number(self, reference: Name | Figure) -> str:
        """One cell, or a formula that gives its number."""

    def numbers(self, reference: Name | Figure) -> str:
        """The cells of a list metric, or one cell."""

    def is_list(self, reference: Name | Figure) -> bool:
        """Whether this township's figure is a list."""

    def no_task(self, reference: Name | Figure) -> str | None:
        """A condition that holds where the reference has no task; None where that cannot be."""

    def peers(self, reference: Peers) -> str:
        """The column of the townships compared, holding `IFERROR(ROUND(cell, 9), "—")`."""

    def own(self, reference: Peers) -> str:
        """This township's cell in that column."""


def cell_text(formula: Formula, cells: Cells) -> str:
    """The Excel formula, without the leading `=`."""
    return _Writing(cells).number(formula.root)


def condition_text(formula: Formula, cells: Cells) -> str:
    """The same as an Excel condition, for a `when`."""
    return _Writing(cells).condition(formula.root)


def no_task_text(formula: Formula, cells: Cells) -> str | None:
    """An Excel condition that holds where the formula reads an absent target; None if it reads no target."""
    return _Writing(cells).no_task(formula.root)


class _Writing:
    def __init__(self, cells: Cells) -> None:
        self.cells = cells

    def number(self, node: Expression) -> str:
        match node:
            case Number():
                return format(node.value, "f")
            case Text():
                raise ValueError("a text has no place in a township's formula")
            case Truth():
                return "1" if node.value else "0"
            case Comparison():
                return f"N({self.condition(node)})"
            case Group():
                return f"({self.number(node.inner)})"
            case Negation():
                return f"-{self.number(node.operand)}"
            case Chain():
                return self.chain(node)
            case Call():
                return self.call(node)
            case Peers():
                return self.peers(node)
            case _:
                return self.reference(node)

    def condition(self, node: Expression) -> str:
        match node:
            case Truth():
                return "TRUE" if node.value else "FALSE"
            case Group():
                return f"({self.condition(node.inner)})"
            case Comparison():
                return f"{self.nine_places(node.left)}{node.sign}{self.nine_places(node.right)}"
            case Call(function="AND" | "OR" | "NOT"):
                return f"{node.function}({','.join(map(self.condition, node.arguments))})"
            case _:
                return f"{self.nine_places(node)}<>0"

    def nine_places(self, node: Expression) -> str:
        # A written number of nine places needs no rounding; a long one does.
        if isinstance(node, Number) and node.value == nine_places(node.value):
            return self.number(node)
        return f"ROUND({self.number(node)},{NINE})"

    def chain(self, node: Chain) -> str:
        return self.number(node.first) + "".join(sign + self.number(operand) for sign, operand in node.rest)

    def reference(self, node: Name | Figure) -> str:
        return MISSING if self.cells.is_list(node) else self.cells.number(node)

    def call(self, node: Call) -> str:
        match node.function:
            case "AND" | "OR" | "NOT":
                return f"N({self.condition(node)})"
            case "IF":
                condition, then, *otherwise = node.arguments
                last = self.number(otherwise[0]) if otherwise else "0"
                return f"IF({self.condition(condition)},{self.number(then)},{last})"
            case "IFS":
                return self.nested(node.arguments)
            case "INT":
                return f"INT({self.nine_places(node.arguments[0])})"
            case "ROUND" | "ROUNDDOWN" | "ROUNDUP":
                return f"{node.function}({','.join(map(self.nine_places, node.arguments))})"
            case "TRIMMEAN":
                return self.trimmed_mean(*node.arguments)
            case "ABS":
                return f"ABS({self.number(node.arguments[0])})"
            case _:
                return self.aggregate(node)

    def nested(self, arguments: tuple[Expression, ...]) -> str:
        """IFS as nested IF, which Excel 2016 knows; no match is an error, never a 0."""
        text = MISSING
        for condition, result in zip(arguments[-2::-2], arguments[::-2], strict=True):
            text = f"IF({self.condition(condition)},{self.number(result)},{text})"
        return text

    def aggregate(self, node: Call) -> str:
        arguments = ",".join(map(self.numbers, node.arguments))
        if node.function == "COUNT":
            # COUNT passes over errors: without the test a missing figure would go unseen.
            return f"IF(ISERROR(SUM({arguments})),NA(),COUNT({arguments}))"
        lists = [self.numbers(argument) for argument in node.arguments if self.is_list(argument)]
        empty = ",".join(f"COUNT({numbers})=0" for numbers in lists)
        text = f"{node.function}({arguments})"
        return f"IF(OR({empty}),NA(),{text})" if lists else text

    def trimmed_mean(self, listed: Expression, share: Expression) -> str:
        """The share is restated from the whole count of dropped numbers, which Excel's binary n×share may miss."""
        numbers, part = self.numbers(listed), self.nine_places(share)
        dropped = f"INT(ROUND(COUNT({numbers})*{self.operand(share)}/2,{NINE}))"
        mean = f"TRIMMEAN({numbers},(2*{dropped}+0.5)/COUNT({numbers}))"
        return f"IF(AND({part}>=0,{part}<1),{mean},NA())"

    def operand(self, node: Expression) -> str:
        text = self.number(node)
        return f"({text})" if isinstance(node, Chain) else text

    def numbers(self, node: Expression) -> str:
        match node:
            case Group():
                return self.numbers(node.inner)
            case Name() | Figure():
                return self.cells.numbers(node)
            case _:
                return self.number(node)

    def is_list(self, node: Expression) -> bool:
        match node:
            case Group():
                return self.is_list(node.inner)
            case Name() | Figure():
                return self.cells.is_list(node)
            case _:
                return False

    def peers(self, node: Peers) -> str:
        column, own = self.cells.peers(node), self.cells.own(node)
        if node.statistic == "名次":
            return f"IF(ISNUMBER({own}),1+SUMPRODUCT(ISNUMBER({column})*({column}>{own})),NA())"
        function = STATISTIC_FUNCTIONS[node.statistic]
        return f"IF(COUNT({column})=0,NA(),{function}({column}))"

    def no_task(self, node: Expression) -> str | None:
        match node:
            case Name() | Figure():
                return self.cells.no_task(node)
            case Peers():
                return self.own_no_task(node)
            case Call(function="IF"):
                return self.choice_no_task(*node.arguments)
            case Call(function="IFS"):
                return self.match_no_task(node.arguments)
            case _:
                return _any_of([self.no_task(child) for child in children(node)])

    def own_no_task(self, node: Peers) -> str | None:
        """Only a rank reads the township's own figure; the other statistics pass over those without one."""
        if node.statistic != "名次":
            return None
        return self.cells.no_task(Name(start=node.start, end=node.end, name=node.name))

    def choice_no_task(
        self, condition: Expression, then: Expression, otherwise: Expression | None = None
    ) -> str | None:
        branches = self.no_task(then), otherwise and self.no_task(otherwise)
        if not any(branches):
            return self.no_task(condition)
        taken = f"IF({self.condition(condition)},{branches[0] or 'FALSE'},{branches[1] or 'FALSE'})"
        # A condition in error makes the formula an error, not 无任务.
        return _any_of([self.no_task(condition), f"IFERROR({taken},FALSE)"])

    def match_no_task(self, arguments: tuple[Expression, ...]) -> str | None:
        text: str | None = None
        for condition, result in zip(arguments[-2::-2], arguments[::-2], strict=True):
            own, later = self.no_task(result), text
            text = self.no_task(condition)
            if own or later:
                taken = f"IF({self.condition(condition)},{own or 'FALSE'},{later or 'FALSE'})"
                text = _any_of([text, f"IFERROR({taken},FALSE)"])
        return text


def _any_of(conditions: list[str | None]) -> str | None:
    found = list(dict.fromkeys(condition for condition in conditions if condition))
    if len(found) > 1:
        return f"OR({','.join(found)})"
    return found[0] if found else None

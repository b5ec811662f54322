"""The one parser of the formula language.

comparison := sum [("=" | "<>" | "<" | "<=" | ">" | ">=") sum]
sum        := product {("+" | "-") product}
product    := signed {("*" | "/") signed}
signed     := {"-"} atom
atom       := number ["%"] | text | TRUE | FALSE | name | function "(" … ")" | "(" comparison ")"
"""

from collections.abc import Callable
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache

from reporting.formula.errors import FormulaError
from reporting.formula.functions import ARGUMENTS
from reporting.formula.nodes import (
    FIGURES,
    PEER_FUNCTIONS,
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
    Reference,
    Text,
    Truth,
    children,
    walk,
)
from reporting.formula.tokens import Token, tokenize

LONGEST = 2000
DEEPEST = 30
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
TRUTHS = {"TRUE": True, "FALSE": False}
FUNCTION_NAMES = (*ARGUMENTS, *FIGURES, *PEER_FUNCTIONS)


@lru_cache(maxsize=4096)
def parse(text: str) -> Formula:
    """The formula that `text` says. Raises FormulaError, a Chinese sentence that names what and where."""
    if len(text) > LONGEST:
        raise FormulaError(f"公式有{len(text)}个字符，最多{LONGEST}个")
    root = _Parser(text).formula()
    _check_texts(root)
    return Formula(text, root)


def nearest(name: str, known: list[str], likeness: float = 0.3) -> str:
    """A clause that names up to three of `known` resembling `name`, or nothing; Chinese names are short, hence 0.3."""
    close = get_close_matches(name, known, n=3, cutoff=likeness)
    return f"，相近的有：{'、'.join(close)}" if close else ""


def _check_texts(root: Expression) -> None:
    """Text is for comparing by = and <>; anywhere else it would be arithmetic on words."""
    for node in walk(root):
        if isinstance(node, Comparison) and node.sign in ("=", "<>"):
            continue
        if any(isinstance(child, Text) for child in children(node)):
            raise FormulaError("文字只能用=或<>比较")
    if isinstance(root, Text):
        raise FormulaError("公式的结果应当是数，不能是文字")


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = tokenize(source)
        self.position = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def ended(self) -> bool:
        return self.token.kind == "end"

    def formula(self) -> Expression:
        if self.ended():
            raise FormulaError("公式是空的")
        root = self.comparison()
        if not self.ended():
            raise self.unexpected()
        return root

    def comparison(self) -> Expression:
        left = self.sum()
        sign = self.take_sign(*COMPARISONS)
        if sign is None:
            return left
        right = self.sum()
        if self.token.kind == "sign" and self.token.text in COMPARISONS:
            raise FormulaError(f"第{self.token.start + 1}个字符处不能连续比较，请改用AND")
        return Comparison(start=left.start, end=right.end, left=left, sign=sign.text, right=right)

    def sum(self) -> Expression:
        return self.chain(self.product, "+", "-")

    def product(self) -> Expression:
        return self.chain(self.signed, "*", "/")

    def chain(self, operand: Callable[[], Expression], *signs: str) -> Expression:
        first = operand()
        rest = []
        while sign := self.take_sign(*signs):
            rest.append((sign.text, operand()))
        if not rest:
            return first
        return Chain(start=first.start, end=rest[-1][1].end, first=first, rest=tuple(rest))

    def signed(self) -> Expression:
        start = self.token.start
        minus_signs = 0
        while self.take_sign("-"):
            minus_signs += 1
        operand = self.atom()
        # Signs are counted, not nested: a row of them must not cost depth.
        for _ in range(minus_signs and 2 - minus_signs % 2):
            operand = Negation(start=start, end=operand.end, operand=operand)
        return operand

    def atom(self) -> Expression:
        token = self.token
        match token.kind:
            case "number":
                return self.number()
            case "text":
                self.advance()
                return Text(start=token.start, end=token.end, value=token.text)
            case "name":
                return self.word()
            case "bracketed":
                return self.name()
        if self.take_sign("("):
            return self.grouped(token)
        raise self.unexpected()

    def number(self) -> Number:
        token = self.advance()
        if self.token.kind == "name" and self.token.start == token.end:
            whole = token.text + self.token.text
            raise FormulaError(f"名称不能以数字开头：{whole}，请写成[{whole}]")
        percent = self.take_sign("%")
        if percent is None:
            return Number(start=token.start, end=token.end, value=Decimal(token.text))
        # Built from its text: arithmetic would round it to the context's digits.
        return Number(start=token.start, end=percent.end, value=Decimal(f"{token.text}e-2"))

    def word(self) -> Expression:
        token = self.token
        following = self.tokens[self.position + 1]
        if following.kind == "sign" and following.text == "(":
            return self.function()
        if token.text.upper() in TRUTHS:
            self.advance()
            return Truth(start=token.start, end=token.end, value=TRUTHS[token.text.upper()])
        return self.name()

    def name(self) -> Name:
        token = self.advance()
        return Name(start=token.start, end=token.end, name=token.text)

    def grouped(self, opening: Token) -> Expression:
        self.descend()
        inner = self.comparison()
        closing = self.closing()
        self.depth -= 1
        return Group(start=opening.start, end=closing.end, inner=inner)

    def function(self) -> Expression:
        token = self.advance()
        self.advance()
        self.descend()
        node = self.call(token)
        self.depth -= 1
        return node

    def call(self, token: Token) -> Expression:
        if token.text in FIGURES or token.text in PEER_FUNCTIONS:
            return self.around_metric(token)
        name = token.text.upper()
        if name not in ARGUMENTS:
            raise FormulaError(f"没有函数“{token.text}”{nearest(name, list(FUNCTION_NAMES))}")
        arguments = self.arguments()
        closing = self.closing()
        if not ARGUMENTS[name].fit(len(arguments)):
            raise FormulaError(f"函数{name}的参数个数不对：给了{len(arguments)}个，{_wanted(name)}")
        return Call(start=token.start, end=closing.end, function=name, arguments=arguments)

    def arguments(self) -> tuple[Expression, ...]:
        if self.token.kind == "sign" and self.token.text == ")":
            return ()
        found = [self.comparison()]
        while self.take_sign(","):
            found.append(self.comparison())
        return tuple(found)

    def around_metric(self, token: Token) -> Reference:
        """`目标(x)` and its like read one name, never an expression."""
        named = self.token
        following = self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        is_name = named.kind == "bracketed" or (named.kind == "name" and named.text.upper() not in TRUTHS)
        if not is_name or following.text != ")" or following.kind != "sign":
            raise FormulaError(f"{token.text}的括号里应当是一个指标数据的名称")
        self.advance()
        start, end = token.start, self.advance().end
        if token.text in FIGURES:
            return Figure(start=start, end=end, kind=token.text, name=named.text)
        scope, statistic = PEER_FUNCTIONS[token.text]
        return Peers(start=start, end=end, scope=scope, statistic=statistic, name=named.text)

    def descend(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(f"括号嵌套超过{DEEPEST}层")

    def advance(self) -> Token:
        token = self.token
        self.position += 1
        return token

    def take_sign(self, *signs: str) -> Token | None:
        if self.token.kind == "sign" and self.token.text in signs:
            return self.advance()
        return None

    def closing(self) -> Token:
        token = self.take_sign(")")
        if token is None:
            raise FormulaError("公式缺少右括号") if self.ended() else self.unexpected()
        return token

    def unexpected(self) -> FormulaError:
        if self.ended():
            return FormulaError("公式没有写完")
        written = self.source[self.token.start : self.token.end]
        return FormulaError(f"第{self.token.start + 1}个字符处不应出现“{written}”")


def _wanted(name: str) -> str:
    wanted = ARGUMENTS[name]
    if wanted.paired:
        return "应当成对给出条件和结果"
    if wanted.least == wanted.most:
        return f"应当是{wanted.least}个"
    return f"应当是{wanted.least}到{wanted.most}个"

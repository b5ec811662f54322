"""Money as people write and read it. Everywhere in the code an amount is a Decimal in 万元 with four places: whole 元.

Pure: what is stored in the database, and how, is the money field's affair.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal, NoReturn

from core.readings import Unclear, Unreadable, half_width, is_placeholder, quoted

MoneyUnit = Literal["元", "千元", "万元", "亿元"]

WAN_PER_UNIT: dict[MoneyUnit, Decimal] = {
    "元": Decimal("0.0001"),
    "千元": Decimal("0.1"),
    "万元": Decimal(1),
    "亿元": Decimal(10000),
}
UNITS_WRITTEN: dict[str, MoneyUnit] = {
    "元": "元",
    "千元": "千元",
    "万": "万元",
    "万元": "万元",
    "亿": "亿元",
    "亿元": "亿元",
}
ONE_YUAN = Decimal("0.0001")
MAX_WAN = Decimal("99999999.9999")
"""The largest amount, in 万元: one 元 under 1 万亿元. More is a slip of the unit or of the finger."""

TEN_THOUSAND = Decimal(10_000)
MAX_QUANTITY = Decimal("999999999999")
NOTHING = "—"

NUMBER = r"(?P<number>-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+)(?:\.[0-9]{1,12})?)"
AMOUNT = re.compile(rf"(?:人民币|RMB|¥)?{NUMBER}(?P<unit>元|千元|万元?|亿元?)?(?:人民币)?")
BRACKETED_NEGATIVE = re.compile(r"\([0-9][0-9,.]*\)(?:元|千元|万元?|亿元?)?")

CHINESE_DIGITS = "一二两三四五六七八九十百千零〇壹贰叁肆伍陆柒捌玖拾佰仟"
SOME_NUMBER = re.compile(f"[0-9{CHINESE_DIGITS}]|[万亿]元")

# What an unread amount is asked about, tried in this order.
QUESTIONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"美元|美金|欧元|日元|日圆|港元|港币|英镑|澳元|加元|韩元|台币|法郎|卢布|外币|USD|EUR|JPY|HKD|GBP|[$€£]"
        ),
        "币种不是人民币，请填写折算后的人民币金额，原币种、汇率和日期写在备注里",
    ),
    (re.compile(r"[0-9](?:元|千元|万元?|亿元?)?[-~至到][0-9]"), "这是区间，请填写一个确定的数"),
    (re.compile(r"[约近超余多上下≈≥≤><+]|左右|不足|不少于|以内"), "这是约数，请填写一个确定的数"),
    (re.compile(r"[0-9].*\("), "数字后面带有说明，请只填写数字，说明写在备注里"),
    (re.compile(f"[{CHINESE_DIGITS}]"), "请改用阿拉伯数字，例如3000"),
)


def is_slip_of_unit(before: Decimal, after: Decimal) -> bool:
    """Whether one is exactly ten thousand times the other, as 元 taken for 万元, or 万元 for 亿元."""
    return after == before * TEN_THOUSAND or before == after * TEN_THOUSAND


def half_up(value: Decimal, places: int) -> Decimal:
    """Rounded half up (四舍五入, away from zero), the rounding of every figure a person reads."""
    return value.quantize(_last_place(places), rounding=ROUND_HALF_UP)


@cache
def _last_place(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def read_amount(text: str, unit: MoneyUnit = "万元", *, allow_negative: bool = False) -> Decimal | None:
    """The amount in 万元 that a person wrote in a form or text cell, exact to the 元; None for nothing, — / 无 待定.

    ``unit`` is the column's, and a unit written beside the number goes before it: 1.2亿元 is 12000 in a 万元 column.
    Raises Unclear for 约数, 区间, other currencies and Chinese numerals; Unreadable for anything else that is no
    amount, for negative amounts unless allowed, for fractions of a 元 and for 1 万亿元 and more.
    """
    if is_placeholder(text):
        return None
    match = AMOUNT.fullmatch(_compact(text))
    if match is None:
        _explain(text, f"写的是{quoted(text)}，不是金额，请填写数字，例如5000或5,000.50。")
    amount = _number(match) * WAN_PER_UNIT[UNITS_WRITTEN.get(match["unit"], unit)]
    _check_size(text, amount, allow_negative)
    if amount.quantize(ONE_YUAN) != amount:
        raise Unreadable(f"写的是{quoted(text)}，比1元还细，请填写到元为止（万元最多4位小数）。")
    return amount.quantize(ONE_YUAN)


def amount_of_number(value: float | Decimal, unit: MoneyUnit = "万元", *, allow_negative: bool = False) -> Decimal:
    """The amount in 万元 of a number cell, half up to the 元: 0.30000000000000004 is the spreadsheet's doing.

    Raises Unreadable for negative amounts unless allowed, and for 1 万亿元 and more.
    """
    amount = Decimal(str(value)) * WAN_PER_UNIT[unit]
    _check_size(show_number(value), amount, allow_negative)
    return half_up(amount, 4)


def read_quantity(text: str, unit: str = "", *, allow_negative: bool = False) -> Decimal | None:
    """A plain number as written (亩, ㎡, 人, kWh), its unit beside it or not; None for nothing, — / 无 待定.

    Raises Unclear for 约数, 区间 and Chinese numerals, Unreadable for what is no number or has another unit.
    """
    if is_placeholder(text):
        return None
    match = re.fullmatch(f"{NUMBER}(?:{re.escape(_compact(unit))})?", _compact(text))
    if match is None:
        _explain(
            text, f"写的是{quoted(text)}，不是{unit and f'以{unit}为单位的'}数字，请只填写数字，例如120或1,200.5。"
        )
    return _checked_quantity(text, _number(match), allow_negative)


def quantity_of_number(value: float | Decimal, places: int = 4, *, allow_negative: bool = False) -> Decimal:
    """A number cell as a plain number, half up to ``places``; raises Unreadable as ``read_quantity`` does."""
    quantity = _checked_quantity(show_number(value), Decimal(str(value)), allow_negative)
    return half_up(quantity, places)


def _checked_quantity(text: str, quantity: Decimal, allow_negative: bool) -> Decimal:
    if abs(quantity) > MAX_QUANTITY:
        raise Unreadable(f"写的是{quoted(text)}，数字太大，请核对。")
    if quantity < 0 and not allow_negative:
        _refuse_negative(text)
    return quantity


def _compact(text: str) -> str:
    """Half-width capitals; only spaces between two digits stay, since two numbers must not become one."""
    return re.sub(r"(?<![0-9])\s+|\s+(?![0-9])", "", half_width(text).upper())


def _number(match: re.Match[str]) -> Decimal:
    return Decimal(re.sub("[, ]", "", match["number"]))


def _explain(text: str, otherwise: str) -> NoReturn:
    """Raise what is known about why the text gives no number."""
    written = _compact(text)
    if BRACKETED_NEGATIVE.fullmatch(written):
        _refuse_negative(text)
    for pattern, question in QUESTIONS:
        if SOME_NUMBER.search(written) and pattern.search(written):
            raise Unclear(f"写的是{quoted(text)}，{question}。")
    raise Unreadable(otherwise)


def _check_size(text: str, amount: Decimal, allow_negative: bool) -> None:
    if abs(amount) > MAX_WAN:
        raise Unreadable(f"写的是{quoted(text)}，达到或超过了1万亿元，请核对数字和单位（元、万元、亿元）。")
    if amount < 0 and not allow_negative:
        _refuse_negative(text)


def _refuse_negative(text: str) -> NoReturn:
    raise Unreadable(f"写的是{quoted(text)}，这里不能填负数，请核对后填写0或正数。")


def show_number(value: float | Decimal) -> str:
    """A number cell as a person sees it: no exponent, no trailing zeros."""
    plain = f"{Decimal(str(value)):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def show_wan(amount: Decimal | None, places: int = 2) -> str:
    """5,000.00 for an amount in 万元, with a true minus sign; — for None."""
    return NOTHING if amount is None else _grouped(half_up(amount, places))


def say_wan(amount: Decimal | None) -> str:
    """As `show_wan`, but with all four places where two would round: for sentences that tell a change to the 元."""
    if amount is None:
        return NOTHING
    rounded = half_up(amount, 2)
    return _grouped(rounded if rounded == amount else half_up(amount, 4))


def show_yi(amount: Decimal | None, places: int = 2) -> str:
    """The same amount (in 万元) as 亿元 with two places: 1.20 for 12000; — for None."""
    return NOTHING if amount is None else _grouped(half_up(amount / WAN_PER_UNIT["亿元"], places))


def _grouped(figure: Decimal) -> str:
    return f"{figure or abs(figure):,f}".replace("-", "−")

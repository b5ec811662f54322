"""One cell of an imported workbook read as the value its column wants, or a sentence for the person who filled it in.

Pure. A blank cell and the placeholders (— / 无 待定) read as None, in prose only the signs; Unreadable refuses a cell,
Unclear asks about it.
Sources of the cases: ledgers met in practice; ISO/IEC 29500-1 §18.8.30 and §18.8.31 for number formats.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, NoReturn, cast

from core.amounts import (
    UNITS_WRITTEN,
    MoneyUnit,
    amount_of_number,
    quantity_of_number,
    read_amount,
    read_quantity,
    show_number,
)
from core.dates import DateSpan, read_date
from core.identifiers import cleaned_project_code, read_region_code, read_uscc
from core.readings import Unclear, Unreadable, half_width, is_placeholder, quoted, says_nothing, visible
from core.spreadsheet.raw import RawCell

CellKind = Literal[
    "text", "long_text", "money", "quantity", "integer", "percent", "date", "month", "boolean", "choice", "lookup",
    "uscc", "project_code", "region_code",
]  # fmt: skip

SERIAL_NUMBERS = range(20000, 60001)
"""Bare numbers in a date column that count days: 1954 to 2064. Outside, a number is written like 2023.5 or 202305."""
YEARLIKE_SERIALS = range(2101)
DAY_ZERO = date(1899, 12, 30)
DAY_ZERO_1904 = date(1904, 1, 1)

EXACT_DIGITS = 15
MAX_INTEGER = 2**31 - 1
RATIO_PLACES = 6
COUNTED = re.compile("(?:人|名|个|户|家|次|天|处|项|场|批|件)$")
OFFERED_CHOICES = 8

YES_NO = {
    **dict.fromkeys(("是", "有", "√", "✓", "✔", "Y", "YES", "TRUE", "1", "已"), True),
    **dict.fromkeys(("否", "无", "没有", "×", "✗", "✘", "N", "NO", "FALSE", "0", "未"), False),
}

FORMAT_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\!_*].')
FORMAT_SCALING = re.compile(r"[0#?],+(?![0#?,])")
FORMAT_UNIT = re.compile("千元|万元?|亿元?|元")
FORMAT_FOREIGN = re.compile(r"\[\$(?:US\$|HK\$|[$€£]|USD|EUR|GBP|HKD|JPY)")


class _Column(NamedTuple):
    """What a reader needs to know about the column beside its kind."""

    unit: str | None = None
    date1904: bool = False
    allow_negative: bool = False
    choices: Mapping[str, Any] = MappingProxyType({})
    lookup: Callable[[str], Any] | None = None


def read_cell(
    cell: RawCell,
    kind: CellKind,
    *,
    unit: str | None = None,
    date1904: bool = False,
    required: bool = False,
    allow_negative: bool = False,
    choices: Mapping[str, Any] | None = None,
    lookup: Callable[[str], Any] | None = None,
) -> Any:
    """The cell's value, None when it is blank.

    text, long_text (keeps its lines), uscc, project_code, region_code → str
    money → Decimal in 万元 (``unit`` is the column's, 万元 unless given); quantity → Decimal in ``unit``
    integer → int; percent → the ratio as Decimal, 0.85 for 85%; boolean → bool
    date → DateSpan; month → first-of-month date
    choice → ``choices[what is written]``; lookup → what ``lookup(what is written)`` gives, which returns None for an
    unknown name and may itself raise Unclear

    Raises Unreadable and Unclear with a Chinese sentence; a blank required cell is Unreadable.
    """
    _refuse_broken(cell)
    column = _Column(unit, date1904, allow_negative, choices or {}, lookup)
    value = None if _is_blank(cell, kind) else READERS[kind](cell, column)
    if value is None and required:
        raise Unreadable("这一栏必须填写，请补上。")
    return value


def _refuse_broken(cell: RawCell) -> None:
    if cell.is_error:
        raise Unreadable(f"单元格里是错误值{quoted(cell.value)}，请在表格里改正后再导入。")
    if cell.is_formula_without_value:
        raise Unreadable("单元格里的公式没有计算结果，请用WPS或Excel打开并保存后再导入。")


def _is_blank(cell: RawCell, kind: CellKind) -> bool:
    """Whether nothing is there; in prose (存在问题) 无 is something to say, in a yes-no column it means no."""
    if not isinstance(cell.value, str):
        return cell.value is None
    if kind in ("long_text", "boolean"):
        return says_nothing(cell.value)
    return is_placeholder(cell.value)


def _written(cell: RawCell, column: _Column) -> str:
    """The cell as text, as the person sees it; raises Unreadable for numbers that a spreadsheet has cut short."""
    if isinstance(cell.value, str):
        return visible(cell.value)
    if isinstance(cell.value, bool):
        return "是" if cell.value else "否"
    if isinstance(cell.value, date):
        return _span_of_day(cell.value, cell, column).label
    if isinstance(cell.value, int | float):
        return _digits(cell.value)
    return str(cell.value)


def _digits(value: float) -> str:
    digits = show_number(value)
    if len(digits.lstrip("-").replace(".", "")) > EXACT_DIGITS:
        raise Unreadable(f"单元格里是数字{digits}，超过15位的数字会被表格改掉末尾，请设为文本后重新填写。")
    return digits


def _read_text(cell: RawCell, column: _Column) -> str:
    """One line: line breaks go, and only between Latin words or numbers a space stays for them."""
    text = _written(cell, column)
    if "\n" not in text and "\r" not in text:
        return text
    text = re.sub(r"(?<=[A-Za-z0-9])[ \t]*[\r\n]+[ \t]*(?=[A-Za-z0-9])", " ", text)
    return re.sub(r"[ \t]*[\r\n]+[ \t]*", "", text)


def _read_long_text(cell: RawCell, column: _Column) -> str:
    lines = _written(cell, column).splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip())


def _read_money(cell: RawCell, column: _Column) -> Decimal | None:
    unit = cast(MoneyUnit, column.unit or "万元")
    if isinstance(cell.value, str):
        return read_amount(cell.value, unit, allow_negative=column.allow_negative)
    number = _number(cell, "金额")
    return amount_of_number(number, _unit_in_format(cell, unit), allow_negative=column.allow_negative)


def _unit_in_format(cell: RawCell, unit: MoneyUnit) -> MoneyUnit:
    """The unit that the number format writes behind the number, or the column's."""
    bare = FORMAT_LITERALS.sub("", cell.number_format)
    if FORMAT_FOREIGN.search(cell.number_format):
        raise Unclear(f"单元格里是{quoted(cell.value)}，格式里的币种不是人民币，请填写折算后的人民币金额。")
    if FORMAT_SCALING.search(bare):
        raise Unclear(f"单元格里是{quoted(cell.value)}，但格式让它显示成另一个数，请改为常规格式后核对数字和单位。")
    written = FORMAT_UNIT.search(cell.number_format)
    return UNITS_WRITTEN[written[0]] if written else unit


def _number(cell: RawCell, wanted: str) -> float:
    if isinstance(cell.value, bool) or not isinstance(cell.value, int | float):
        raise Unreadable(f"这一栏应填{wanted}，单元格里不是数字，请改为常规格式后重新填写。")
    return cell.value


def _read_quantity(cell: RawCell, column: _Column) -> Decimal | None:
    if isinstance(cell.value, str):
        return read_quantity(cell.value, column.unit or "", allow_negative=column.allow_negative)
    return quantity_of_number(_number(cell, "数字"), allow_negative=column.allow_negative)


def _read_integer(cell: RawCell, column: _Column) -> int | None:
    counted = cell
    if isinstance(cell.value, str):
        counted = RawCell(COUNTED.sub("", visible(cell.value)))
    quantity = _read_quantity(counted, _Column(allow_negative=column.allow_negative))
    if quantity is None:
        return None
    if quantity != int(quantity) or abs(quantity) > MAX_INTEGER:
        raise Unreadable(f"写的是{quoted(cell.value)}，这一栏应填整数，不超过{MAX_INTEGER}，请核对。")
    return int(quantity)


def _read_percent(cell: RawCell, column: _Column) -> Decimal:
    """The ratio; without a percent sign 85 and 0.85 may each mean two things, and only 0 is plain."""
    if isinstance(cell.value, str):
        return _read_percent_text(half_width(cell.value))
    ratio = quantity_of_number(_number(cell, "百分数"), RATIO_PLACES, allow_negative=True)
    if ratio and "%" not in cell.number_format:
        _ask_percent_sign(show_number(ratio), ratio)
    return ratio


def _read_percent_text(text: str) -> Decimal:
    number = read_quantity(text.removesuffix("%"), allow_negative=True)
    if number is None:
        raise Unreadable(f"写的是{quoted(text)}，不是百分数，请改为类似85%的写法。")
    if number and not text.endswith("%"):
        _ask_percent_sign(text, number)
    return number / 100


def _ask_percent_sign(text: str, number: Decimal) -> NoReturn:
    as_ratio = show_number(number * 100)
    raise Unclear(f"写的是{quoted(text)}，没有百分号，分不清是{text}%还是{as_ratio}%，请写明百分号。")


def _read_date(cell: RawCell, column: _Column) -> DateSpan:
    if isinstance(cell.value, date):
        return _span_of_day(cell.value, cell, column)
    if isinstance(cell.value, str):
        return read_date(cell.value)
    return _date_of_number(_number(cell, "日期"), cell, column)


def _date_of_number(number: float, cell: RawCell, column: _Column) -> DateSpan:
    """A serial day number, or a date written like a number; 2023.10 has lost its last digit to become 2023.1."""
    if int(number) in SERIAL_NUMBERS:
        return _as_precise_as_shown(_day_zero(column) + timedelta(days=int(number)), cell.number_format)
    written = show_number(round(number, 6))
    if re.fullmatch(r"[0-9]{4}\.1", written):
        year = written[:4]
        raise Unclear(f"写的是“{written}”，分不清是1月还是10月，请改为{year}年1月或{year}年10月。")
    return read_date(written)


def _span_of_day(value: date, cell: RawCell, column: _Column) -> DateSpan:
    """A date cell; when its serial number looks like a year, somebody typed a bare number into a date format."""
    day = value.date() if isinstance(value, datetime) else value
    serial = (day - _day_zero(column)).days
    if serial in YEARLIKE_SERIALS:
        raise Unclear(
            f"单元格显示为{DateSpan.day(day).label}，像是在日期格式里只写了数字{serial}，请改为类似2023年5月的写法。"
        )
    return _as_precise_as_shown(day, cell.number_format)


def _day_zero(column: _Column) -> date:
    return DAY_ZERO_1904 if column.date1904 else DAY_ZERO


def _as_precise_as_shown(day: date, number_format: str) -> DateSpan:
    """The first of a month shown without its day was typed as a month; the same for a year."""
    shown = FORMAT_LITERALS.sub("", number_format).split(";")[0].lower()
    if "d" in shown or "y" not in shown:
        return DateSpan.day(day)
    if "m" in shown:
        return DateSpan.of(day, "month" if day.day == 1 else "day")
    return DateSpan.of(day, "year" if (day.month, day.day) == (1, 1) else "day")


def _read_month(cell: RawCell, column: _Column) -> date:
    span = _read_date(cell, column)
    if span.precision not in ("day", "month"):
        raise Unclear(f"写的是{quoted(span.label)}，没有写到月份，请改为类似2023年5月的写法。")
    return span.first.replace(day=1)


def _read_boolean(cell: RawCell, column: _Column) -> bool | None:
    text = _written(cell, column)
    answer = YES_NO.get(half_width(text).upper())
    if answer is None and not is_placeholder(text):
        raise Unreadable(f"写的是{quoted(text)}，请填写“是”或“否”。")
    return answer


def _read_choice(cell: RawCell, column: _Column) -> Any:
    text = _written(cell, column)
    known = {_folded(choice): value for choice, value in column.choices.items()}
    if _folded(text) not in known:
        offered = "、".join(list(column.choices)[:OFFERED_CHOICES])
        more = "等" if len(column.choices) > OFFERED_CHOICES else ""
        raise Unreadable(f"写的是{quoted(text)}，不在可选项里，请改为{offered}{more}中的一项。")
    return known[_folded(text)]


def _folded(text: str) -> str:
    return "".join(half_width(text).upper().split())


def _read_lookup(cell: RawCell, column: _Column) -> Any:
    if column.lookup is None:
        raise TypeError("a lookup column needs its lookup")
    text = _read_text(cell, column)
    found = column.lookup(text)
    if found is None:
        raise Unreadable(f"写的是{quoted(text)}，没有登记过这个名称，请核对，或先登记后再导入。")
    return found


def _read_uscc(cell: RawCell, column: _Column) -> str:
    return read_uscc(_written(cell, column))


def _read_project_code(cell: RawCell, column: _Column) -> str:
    """Cleaned only: whether the code looks right is a warning and the importer's to give."""
    return cleaned_project_code(_written(cell, column))


def _read_region_code(cell: RawCell, column: _Column) -> str:
    return read_region_code(_written(cell, column))


READERS: dict[CellKind, Callable[[RawCell, _Column], Any]] = {
    "text": _read_text,
    "long_text": _read_long_text,
    "money": _read_money,
    "quantity": _read_quantity,
    "integer": _read_integer,
    "percent": _read_percent,
    "date": _read_date,
    "month": _read_month,
    "boolean": _read_boolean,
    "choice": _read_choice,
    "lookup": _read_lookup,
    "uscc": _read_uscc,
    "project_code": _read_project_code,
    "region_code": _read_region_code,
}

"""A block copied out of Excel into the month's grid. Pure: texts in, texts out; what they say is read later.

Shapes taken: units in the first column, or rows in the grid's order; with or without a line of headings.
"""

import re
from collections.abc import Sequence

FIGURE = re.compile(r"[-−(（]?[0-9.][0-9,，.]*[)）]?[^0-9月季年]{0,3}")
"""1,200.5 or 1,200.5万元, but neither 1-2月 nor 3月累计."""
Block = dict[tuple[int, int], str]
"""{(row of the grid, column of the grid): what was pasted}."""
SUMS = frozenset(["合计", "总计", "小计", "全县", "全县合计"])


class Unplaced(ValueError):
    """A block that can't be put into the grid; the message is a Chinese sentence."""


def placed(text: str, *, units: Sequence[str], columns: Sequence[str]) -> Block:
    """Every pasted cell at its place; raises Unplaced where a place is not certain."""
    lines = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines() if line.strip()]
    if not lines:
        raise Unplaced("粘贴框是空的，请先在Excel里复制，再粘贴到框里。")
    head, body = _parted(lines, units)
    named = any(not _numeric(line[0]) for line in body)
    rows = _rows_by_name(body, units) if named else _rows_in_order(body, units)
    sums = _sums_beside(units)
    cells = [line[1:] if named else line for line in body if not (named and _plain(line[0]) in sums)]
    order = _columns(head[1:] if named else head, columns, max(len(line) for line in cells) if cells else 0)
    return {
        (row, column): line[at]
        for row, line in zip(rows, cells, strict=True)
        for at, column in enumerate(order)
        if at < len(line)
    }


def _sums_beside(units: Sequence[str]) -> frozenset[str]:
    """What heads a line of sums here: where the county itself has a row, 全县 is no sum."""
    return SUMS - {_plain(name) for name in units}


def _parted(lines: list[list[str]], units: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """The line of headings, if the first is one, and the rest."""
    first = lines[0]
    is_unit = _plain(first[0]) in {_plain(name) for name in units}
    if is_unit or any(_numeric(cell) and cell for cell in first) or _plain(first[0]) in SUMS or len(lines) == 1:
        return [], lines
    return first, lines[1:]


def _rows_by_name(body: list[list[str]], units: Sequence[str]) -> list[int]:
    place = {_plain(name): number for number, name in enumerate(units)}
    rows: list[int] = []
    for line in body:
        name = _plain(line[0])
        if name in _sums_beside(units):
            continue
        if name not in place:
            raise Unplaced(f"表里没有“{line[0]}”这个单位，请核对名称后再粘贴。")
        if place[name] in rows:
            raise Unplaced(f"“{line[0]}”粘贴了两次，请留下一行。")
        rows.append(place[name])
    return rows


def _rows_in_order(body: list[list[str]], units: Sequence[str]) -> list[int]:
    if len(body) > len(units):
        raise Unplaced(f"粘贴了{len(body)}行数，表里只有{len(units)}个单位，请去掉合计等多余的行。")
    return list(range(len(body)))


def _columns(head: list[str], columns: Sequence[str], width: int) -> list[int]:
    if width > len(columns):
        raise Unplaced(f"粘贴了{width}列数，表里只有{len(columns)}项数据，请只复制这几列。")
    place = {_plain(name): number for number, name in enumerate(columns)}
    named = [_plain(name) for name in head if name]
    if not named or not set(named) & set(place):
        return list(range(width))
    unknown = next((name for name in head if _plain(name) not in place), None)
    if unknown is not None:
        raise Unplaced(f"表里没有“{unknown}”这一项数据，请只复制本表的几列。")
    if len(set(named)) < len(named):
        raise Unplaced("有一项数据粘贴了两列，请留下一列。")
    return [place[name] for name in named]


def _plain(text: str) -> str:
    return "".join(text.split())


def _numeric(text: str) -> bool:
    """Whether it may be a figure; an empty cell may."""
    return not text or bool(FIGURE.fullmatch(text)) or text in {"-", "—", "/", "一致", "不一致", "建议核实"}

"""选择栏目: the columns a list may show, to tick and to put in order."""

from dataclasses import dataclass

from core.ledgers.query import ListQuery


@dataclass(frozen=True)
class Choice:
    """`earlier`: the list's address with this column one place further to the front; empty where it can't go."""

    name: str
    header: str
    chosen: bool = False
    earlier: str = ""


@dataclass(frozen=True)
class ColumnChoice:
    """`kept`: what else the address says, [(name, value), …]; `plain`: the same without any choice of columns."""

    choices: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]
    plain: str
    changed: bool


def column_choice(query: ListQuery) -> ColumnChoice:
    """What stands in the list now comes first, in its order; the others follow in the ledger's."""
    shown = query.chosen or query.ledger.list_columns
    names = [column.name for column in shown]
    others = [Choice(c.name, c.header) for c in query.ledger.choosable_columns if c.name not in names]
    kept = [(name, v) for name, vs in query.data.lists() if name not in ("columns", "page") for v in vs if v]
    choices = [Choice(c.name, c.header, True, _earlier(query, names, place)) for place, c in enumerate(shown)]
    return ColumnChoice((*choices, *others), tuple(kept), query.without("columns"), bool(query.chosen))


def _earlier(query: ListQuery, names: list[str], place: int) -> str:
    if place == 0:
        return ""
    moved = [*names[: place - 1], names[place], names[place - 1], *names[place + 1 :]]
    address = query.data.copy()
    address.pop("page", None)
    address["columns"] = ",".join(moved)
    return address.urlencode(safe=",")

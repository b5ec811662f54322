"""官方表样 of a ledger: which of its columns stand on the office's printed form, under which headers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FormField:
    """One column of the form: the ledger's column, the heading where it differs, the upper header it stands under.

    `width` counts a Chinese character as two. `summed` amounts are added up in the line 合计.
    """

    column: str
    heading: str = ""
    band: str = ""
    width: int = 12
    summed: bool = False


@dataclass(frozen=True)
class OfficialForm:
    """`key` is what a county's own wording names; `title` may hold {县}, the county's name, and {年}."""

    key: str
    name: str
    title: str
    fields: tuple[FormField, ...]
    unit: str = "万元"

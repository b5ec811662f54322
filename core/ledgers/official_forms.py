"""官方表样: which columns stand on the office's printed form, under which headers, and its title as shipped."""

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
    """`key` is what a county's own wording names; `title` may hold the words that `words` lists: {县}, {年}.

    Without `fields` the form's columns are its maker's affair: a ranking has as many as its scheme has indicators.
    `apart` names the column whose different words are never added up with each other. `compared`: whether 上年同期 and
    同比 stand under 合计 wherever the list is bounded by days of one year; never together with `apart`.
    """

    key: str
    name: str
    title: str
    fields: tuple[FormField, ...] = ()
    unit: str = "万元"
    words: tuple[str, ...] = ("县", "年")
    apart: str = ""
    compared: bool = False


_FORMS: dict[str, OfficialForm] = {}


def declared(form: OfficialForm) -> OfficialForm:
    """Makes it known to the page on which a county words its forms."""
    if _FORMS.setdefault(form.key, form) is not form:
        raise ValueError(f"two forms are called {form.key}")
    return form


def all_forms() -> list[OfficialForm]:
    return list(_FORMS.values())

"""A county's own words on its printed forms: title, lines under the table, who signs."""

from collections.abc import Mapping

from core.ledgers.official_forms import OfficialForm
from core.models import FormWording
from core.spreadsheet.official_form import SIGNED_BY, Wording, filled
from core.write import Door


def wording_row(county_id: int, form: OfficialForm) -> FormWording | None:
    return FormWording.objects.current().filter(county_id=county_id, form=form.key).first()


def wording_of(county_id: int, form: OfficialForm, words: Mapping[str, str]) -> Wording:
    """The county's words, and the shipped ones where it has none; {县} and the like filled in."""
    row = wording_row(county_id, form)
    return Wording(
        title=filled((row.title if row else "") or form.title, words),
        footer_lines=tuple(filled(line, words) for line in lines_of(row.footer_lines)) if row else (),
        signatures=signatures_of(row.signatures) if row and row.signatures else SIGNED_BY,
    )


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def signatures_of(text: str) -> tuple[tuple[str, str], ...]:
    """One a line, 审核人：张三; without a name there is room to sign."""
    parts = (line.replace(":", "：", 1).partition("：") for line in lines_of(text))
    return tuple((label.strip(), name.strip()) for label, _, name in parts)


def word_form(writing: Door, *, form: OfficialForm, version: int | None = None, **words: str) -> FormWording | None:
    """`words`: title, footer_lines, signatures. A form that nothing is said of keeps its shipped words."""
    row = wording_row(writing.actor.county_id, form)
    if row:
        return writing.change(row, version=version, permission="word_forms", **words)
    if not any(words.values()):
        return None
    new = FormWording(form=form.key, **words)
    new.county_id = writing.actor.county_id
    return writing.add(new, permission="word_forms")

"""Which record a row of a workbook is about: by 编号, then by a code that only one record has, then by what it says.

Where two of these name different records nobody guesses: the row is refused with both of them in the sentence.
"""

import re
from collections.abc import Mapping
from typing import Any

from core.ledgers.ledger import CODE, Ledger
from core.readings import Unreadable, half_width, visible
from core.records import Record
from core.spreadsheet.raw import RawCell

NAMED_WITH_CODE = re.compile(r"(?P<name>.*)[（(](?P<code>[A-Z]+[0-9]{4}-[0-9]{5,})[）)]")


class KnownRecords:
    """The records that an import of this ledger may meet, as this seat sees them."""

    def __init__(self, ledger: Ledger, seat: Any):
        self.ledger, self.seat = ledger, seat
        self.by_identity = ledger.existing(seat)
        self.rows: dict[int, Record] = {row.pk: row for row in self.by_identity.values()}
        self.codes: dict[str, int] = dict(ledger.rows(seat).order_by().values_list("code", "pk"))
        self.ours = re.compile(rf"{ledger.model.code_prefix}[0-9]{{4}}-[0-9]{{5,}}")
        self.by_key = {name: (ledger.column(name).header, self._by(name)) for name in ledger.unique_columns}

    def _by(self, name: str) -> dict[Any, Record]:
        column = self.ledger.column(name)
        return {value: row for row in self.rows.values() if (value := column.value(row))}

    def find(self, values: Mapping[str, Any]) -> Record | None:
        """The record of a row's values, None for a new one. Raises Unreadable with a sentence."""
        numbered = self._by_code(values)
        found = [answer for answer in (numbered, *self._by_keys(values)) if answer]
        alike = self._alike(values, numbered[1] if numbered else None)
        if alike is not None and not any(record.pk == alike.pk for _, record in found):
            found.append((self.ledger.identity_words, alike))
        if len(found) > 1 and len({record.pk for _, record in found}) > 1:
            said = "，".join(f"{what}是“{record}”（{record.code}）的" for what, record in found)
            raise Unreadable(f"{said}，请核对是哪一{self.ledger.measure}")
        return found[0][1] if found else None

    def begun(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A new row's values as the ledger takes them today. Raises Unreadable where a record says the same then."""
        new = self.ledger.as_new(values, self.seat)
        if new != values and (met := self.by_identity.get(self.ledger.identity(new))):
            raise Unreadable(f"没有原单位的这条记录，承接单位已有“{met}”（{met.code}），请核对后在原记录上修改")
        return new

    def _alike(self, values: Mapping[str, Any], numbered: Record | None) -> Record | None:
        """The record that says the same. A sheet that names records by their numbers need not repeat the rest, and
        of several that say the same the number has chosen."""
        known = self.ledger.current_values(numbered) if numbered else {}
        wanted = self.ledger.identity({**known, **values})
        chosen = numbered is not None and wanted == self.ledger.identity(known)
        return None if chosen else self.by_identity.get(wanted)

    def numbers(self, cell: RawCell | None) -> bool:
        """Whether a cell holds a number of this ledger; anything else under 编号 is the sheet's own counting."""
        return cell is not None and self.ours.fullmatch(half_width(str(cell.value))) is not None

    def _by_code(self, values: Mapping[str, Any]) -> tuple[str, Record] | None:
        code = half_width(str(values.get(CODE.name) or ""))
        if not self.ours.fullmatch(code):
            return None
        if code not in self.codes:
            raise Unreadable(f"没有编号为{code}的{self.ledger.noun}，请核对；新增的不填编号")
        return CODE.header, self._loaded(self.codes[code])

    def _by_keys(self, values: Mapping[str, Any]) -> list[tuple[str, Record]]:
        named = [(header, rows.get(values.get(name))) for name, (header, rows) in self.by_key.items()]
        return [(header, record) for header, record in named if record is not None]

    def _loaded(self, key: int) -> Record:
        """Of two records that say the same, `existing` holds one alone."""
        if key not in self.rows:
            self.rows[key] = self.ledger.with_display(self.ledger.rows(self.seat)).get(pk=key)
        return self.rows[key]


def code_in(written: str) -> str:
    """XM2024-00001 out of 芦溪粮油项目（XM2024-00001）, or the code alone; empty where none is written."""
    text = visible(written)
    named = NAMED_WITH_CODE.fullmatch(text)
    return named["code"] if named else text

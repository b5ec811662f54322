"""What only columns about enterprises hold."""

from core.ledgers.kinds import EMPTY, Code, Integer, ReadField
from core.readings import Unreadable
from core.spreadsheet.cells import read_cell
from enterprises.industries import name_of, read_industry


class Industry(Code):
    """A code of GB/T 4754 as digits, shown with the name of its division: 1711 纺织业."""

    def show(self, value):
        """A code that no longer stands in the standard is shown as it is."""
        if not value:
            return super().show(value)
        try:
            return f"{value} {name_of(value)}"
        except Unreadable:
            return value

    def export(self, value):
        return self.show(value) if value else None

    def form_field(self, seat, **options):
        return ReadField(reader=read_industry, max_length=60, **options)

    def read(self, cell, *, unit, lookup):
        text = read_cell(cell, "text")
        if not text:
            return None
        return read_industry(text, from_number=isinstance(cell.value, int | float))


class Whole(Integer):
    """A whole number that is kept with the places of a quantity, so that metrics add it up like any amount."""

    def show(self, value):
        return EMPTY if value is None else f"{value:,.0f}"

    def initial(self, value):
        return None if value is None else int(value)

    def export(self, value):
        return None if value is None else int(value)

"""核对表头: which column of the ledger each header of a workbook means, asked once for each kind of header."""

from dataclasses import dataclass, field
from typing import Any

from django import forms

from core.ledgers.forms import TokenForm
from core.ledgers.layouts import NOT_READ, ReadTable, is_money
from core.ledgers.ledger import Ledger
from core.spreadsheet.headers import MONEY_UNITS

AS_WRITTEN = "按表中写的"
UNITS = [unit for unit in MONEY_UNITS if "美元" not in unit]


@dataclass
class AskedColumn:
    """One header in the page's table; `unit` is asked of money, and of what is not read yet and may be money."""

    text: str
    example: str
    meant: forms.BoundField
    unit: forms.BoundField | None


@dataclass
class AskedLayout:
    """All tables with the same header; after the form was valid with what was chosen, by column key."""

    table: ReadTable
    sheets: list[str]
    asked: list[AskedColumn] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)


class LayoutForm(TokenForm):
    """`layouts` hold what was chosen, `left_out` the sheets that shall not be read."""

    def __init__(self, *args: Any, ledger: Ledger, tables: list[ReadTable], left_out: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.ledger = ledger
        self.layouts = _layouts(tables)
        self.fields["sheets"] = _sheets_field(tables, left_out)
        for number, layout in enumerate(self.layouts):
            self._ask(number, layout)

    def _ask(self, number: int, layout: AskedLayout) -> None:
        meanings = [("", NOT_READ), *((c.name, c.header) for c in self.ledger.import_columns)]
        for column in layout.table.columns:
            name = f"{number}-{column.index}"
            label = f"“{column.text}”读作"
            self.fields[name] = forms.ChoiceField(
                choices=meanings, required=False, initial=column.name or "", label=label
            )
            if column.name is None or is_money(self.ledger, column.name):
                self.fields[f"{name}-unit"] = _unit_field(column.text, layout.units.get(column.key, ""))
            unit = self[f"{name}-unit"] if f"{name}-unit" in self.fields else None
            example = layout.table.examples[column.index]
            layout.asked.append(AskedColumn(column.text, example, self[name], unit))

    @property
    def left_out(self) -> list[str]:
        chosen = self.cleaned_data["sheets"]
        return [sheet for sheet, _ in self.fields["sheets"].choices if sheet not in chosen]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for number, layout in enumerate(self.layouts):
            names = {column.key: f"{number}-{column.index}" for column in layout.table.columns}
            layout.columns = {key: given.get(name, "") for key, name in names.items()}
            units = {key: given.get(f"{name}-unit", "") for key, name in names.items()}
            layout.units = {k: unit for k, unit in units.items() if unit and is_money(self.ledger, layout.columns[k])}
            self._refuse_twice(layout, names)
        return given

    def _refuse_twice(self, layout: AskedLayout, names: dict[str, str]) -> None:
        met: set[str] = set()
        for key, meant in layout.columns.items():
            if meant and meant in met:
                self.add_error(names[key], f"“{self.ledger.column(meant).header}”已经选了另一列，一项只能对应一列。")
            met.add(meant)


def _layouts(tables: list[ReadTable]) -> list[AskedLayout]:
    """Tables of the same layout are asked about once."""
    by_print: dict[str, AskedLayout] = {}
    for table in tables:
        layout = by_print.setdefault(table.fingerprint, AskedLayout(table, [], units=dict(table.units)))
        layout.sheets.append(table.sheet)
    return list(by_print.values())


def _sheets_field(tables: list[ReadTable], left_out: list[str]) -> forms.Field:
    sheets = list(dict.fromkeys(table.sheet for table in tables))
    return forms.MultipleChoiceField(
        label="要读取的工作表",
        choices=[(sheet, sheet) for sheet in sheets],
        initial=[sheet for sheet in sheets if sheet not in left_out],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一张工作表。"},
    )


def _unit_field(header: str, chosen: str) -> forms.Field:
    units = [("", AS_WRITTEN), *((unit, unit) for unit in UNITS)]
    return forms.ChoiceField(choices=units, required=False, initial=chosen, label=f"“{header}”的单位")

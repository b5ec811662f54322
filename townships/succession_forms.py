"""The page on which a split unit's things are given to its heirs, all in one form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from core.ledgers.forms import TokenForm
from townships.models import Unit
from townships.succeeding import Holding
from townships.succession import Given

LATER = "暂不划转"


@dataclass(frozen=True)
class Row:
    name: str
    note: str
    code: str
    box: forms.BoundField


@dataclass(frozen=True)
class Section:
    title: str
    measure: str
    others: forms.BoundField
    rows: list[Row]


class DivideForm(TokenForm):
    """For each thing a choice of heir; for each kind one for all that were not chosen singly."""

    def __init__(self, *args: Any, left: Sequence[tuple[Holding, list[Any]]], heirs: Sequence[Unit], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.left, self.heirs = left, {unit.code: unit for unit in heirs}
        named = [(code, unit.name) for code, unit in self.heirs.items()]
        for holding, rows in left:
            self.fields[others(holding)] = _choice(f"其余{holding.title}", [("", LATER), *named])
            for row in rows:
                self.fields[box(holding, row)] = _choice(str(row), [("", LATER), *named])

    @property
    def moves_credit(self) -> bool:
        """Whether something is listed that counts for its unit from a month on."""
        return any(holding.moves_credit for holding, _ in self.left)

    @property
    def sections(self) -> list[Section]:
        return [
            Section(
                holding.title,
                holding.measure,
                self[others(holding)],
                [Row(str(row), holding.note(row), row.code, self[box(holding, row)]) for row in rows],
            )
            for holding, rows in self.left
        ]

    @property
    def given(self) -> list[Given]:
        """What was said; where one thing was not chosen, what was said for the rest of its kind."""
        chosen = self.cleaned_data
        return [
            Given(holding, row, self.heirs[code])
            for holding, rows in self.left
            for row in rows
            if (code := chosen[box(holding, row)] or chosen[others(holding)])
        ]


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


def box(holding: Holding, row: Any) -> str:
    return f"{holding.key}-{row.code}"


def others(holding: Holding) -> str:
    return f"{holding.key}-others"

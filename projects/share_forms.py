"""The editor of a project's shares of credit: its rows as typed, and what they add up to."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.forms import BoundField
from django.http import QueryDict

from core.ledgers.forms import TokenForm
from core.ledgers.kinds import ReadField, plain_number, read_month
from core.readings import Unreadable
from core.write import CHANGED_MEANWHILE
from projects.credits import EVER
from projects.models import Project, ProjectShare
from projects.models.projects import CreditScope, ShareRole
from townships.ledgers import units

MOST_ROWS = 20
OF_ROW = ("unit", "role", "percent")
MORE, DROP = "more", "drop-"
"""Buttons that change how many rows are asked for, and save nothing."""


def read_percent(text: str) -> int:
    """50, 33.33% → hundredths of a percent. Raises Unreadable."""
    written = text.strip().replace("％", "%").rstrip("%").strip()
    try:
        hundredths = Decimal(written) * 100
    except InvalidOperation as error:
        raise Unreadable(f"写的是“{text}”，请写成数字，例如 50 或 33.33。") from error
    if not hundredths.is_finite() or not 0 < hundredths <= 10_000:
        raise Unreadable("份额要大于0，不超过100%。")
    if hundredths != hundredths.to_integral_value():
        raise Unreadable("份额最多写两位小数。")
    return int(hundredths)


class SharesForm(TokenForm):
    """`seen` is the mark of the shares that the page showed: what somebody else changed meanwhile is not lost."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    count = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_ROWS, required=False)
    since = ReadField(
        reader=read_month,
        label="从哪个月起",
        required=False,
        max_length=20,
        help_text="不填就是从项目登记起。已关账月份的不能再改，请填以后的月份。",
    )
    document = forms.CharField(label="依据", max_length=100, help_text="分成协议或会议纪要的名称、文号和日期。")
    file = forms.FileField(
        label="协议扫描件", required=False, help_text="PDF、图片、xlsx 或 docx，不超过 20 兆，存入项目的佐证材料。"
    )

    def __init__(self, *args: Any, project: Project, scope: CreditScope, seat: Any, **kwargs: Any):
        self.shares = present_shares(project, scope, seat)
        shown = self.shares or present_shares(project, CreditScope.GENERAL, seat)
        begun = {**_rows_of(shown), **_terms_of(self.shares), "seen": mark(self.shares)}
        kwargs["initial"] = {**begun, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        # A unit that was abolished keeps what it has.
        self.units = {str(unit.pk): unit for unit in [*units(seat), *(share.unit for share in shown)]}
        choices = [("", "请选择"), *((key, unit.name) for key, unit in self.units.items())]
        for number in range(self.row_count):
            self._ask(number, choices)

    def _ask(self, number: int, choices: list[tuple[Any, str]]) -> None:
        row, options = f"第{number + 1}行", {"required": False}
        self.fields[f"unit_{number}"] = forms.ChoiceField(label=f"{row}单位", choices=choices, **options)
        self.fields[f"role_{number}"] = forms.ChoiceField(label=f"{row}贡献", choices=ShareRole.choices, **options)
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "data-part": "", "size": 8})
        percent = ReadField(reader=read_percent, label=f"{row}份额", max_length=20, widget=widget, **options)
        self.fields[f"percent_{number}"] = percent

    @property
    def row_count(self) -> int:
        given = self.data.get("count") if self.is_bound else self.initial.get("count")
        text = str(given or "")
        return min(max(int(text), 1), MOST_ROWS) if text.isdecimal() and len(text) < 4 else 1

    @property
    def rows(self) -> Iterator[tuple[int, BoundField, BoundField, BoundField]]:
        for number in range(self.row_count):
            yield number, *(self[f"{name}_{number}"] for name in OF_ROW)

    @property
    def total(self) -> str:
        """What the rows come to as far as they can be read: 100%."""
        found = sum(_hundredths(str(percent.value() or "")) for _, _, _, percent in self.rows)
        return f"{plain_number(Decimal(found) / 100)}%"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("seen") != mark(self.shares):
            raise ValidationError(CHANGED_MEANWHILE)
        for number in range(self.row_count):
            unit, percent = cleaned.get(f"unit_{number}"), cleaned.get(f"percent_{number}")
            if unit and percent is None and f"percent_{number}" not in self.errors:
                self.add_error(f"percent_{number}", "请填写份额；不再分给这个单位的，请去掉这一行。")
            if percent and not unit and f"unit_{number}" not in self.errors:
                self.add_error(f"unit_{number}", "请选择单位。")
        return cleaned

    @property
    def agreed(self) -> dict[str, Any]:
        """What `set_shares` takes; a row left empty is none."""
        given = self.cleaned_data
        numbers = [n for n in range(self.row_count) if given.get(f"unit_{n}")]
        shares = [
            (self.units[given[f"unit_{n}"]], ShareRole(given[f"role_{n}"] or ShareRole.SUPPORT), given[f"percent_{n}"])
            for n in numbers
        ]
        return {"shares": shares, "since": given["since"] or EVER, "document": given["document"]}

    def refuse(self, error: ValidationError) -> None:
        """What is wrong with the rows together stands above them all."""
        if hasattr(error, "error_dict"):
            messages = error.message_dict
            error = ValidationError({("since" if n == "since" else NON_FIELD_ERRORS): m for n, m in messages.items()})
        super().refuse(error)


def present_shares(project: Project, scope: CreditScope, seat: Any) -> QuerySet:
    return (
        ProjectShare.objects.current()
        .visible_to(seat)
        .filter(project=project, scope=scope)
        .lasting()
        .select_related("unit")
        .in_order()
    )


def mark(shares: QuerySet) -> str:
    """Of the set as it stands: another agreement has another mark."""
    return "-".join(f"{share.pk}.{share.row_version}" for share in shares)[-64:]


def _rows_of(shares: QuerySet) -> dict[str, Any]:
    rows: dict[str, Any] = {"count": max(len(shares), 1)}
    for number, share in enumerate(shares):
        percent = plain_number(Decimal(share.percent) / 100)
        rows |= {f"unit_{number}": share.unit_id, f"role_{number}": share.role, f"percent_{number}": percent}
    return rows


def _terms_of(shares: QuerySet) -> dict[str, str]:
    """Whoever corrects a set corrects it from where it began."""
    first = next(iter(shares), None)
    if first is None:
        return {}
    return {"since": "" if first.since == EVER else f"{first.since:%Y-%m}", "document": first.document}


def typed(data: QueryDict, button: str) -> dict[str, Any]:
    """What was typed, with one row more or without the dropped one: what the form goes on with."""
    count = int(data["count"]) if data.get("count", "").isdecimal() and len(data["count"]) < 4 else 1
    numbers = [n for n in range(min(count, MOST_ROWS)) if button != f"{DROP}{n}"]
    kept = {name: data.get(name, "") for name in ("since", "document", "seen")}
    rows = {f"{name}_{to}": data.get(f"{name}_{n}", "") for to, n in enumerate(numbers) for name in OF_ROW}
    return {**kept, **_blank(len(numbers)), **rows, "count": min(len(numbers) + (button == MORE), MOST_ROWS) or 1}


def _blank(number: int) -> dict[str, str]:
    """The row after the last begins empty, whatever the form would show there."""
    return {f"unit_{number}": "", f"role_{number}": ShareRole.SUPPORT, f"percent_{number}": ""}


def _hundredths(text: str) -> int:
    try:
        return read_percent(text)
    except Unreadable:
        return 0


def share_sets(shares: QuerySet) -> list[dict[str, Any]]:
    """[{"scope", "since", "until", "document", "lasting", "shares"}, …] of shares in order, set by set."""
    sets: dict[tuple[str, date], list[ProjectShare]] = {}
    for share in shares:
        sets.setdefault((share.scope, share.since), []).append(share)
    return [
        {
            "scope": rows[0].get_scope_display(),
            "key": scope,
            "general": scope == CreditScope.GENERAL,
            "when": rows[0].when,
            "document": rows[0].document,
            "lasting": rows[0].superseded_from is None,
            "shares": rows,
        }
        for (scope, _), rows in sets.items()
    ]

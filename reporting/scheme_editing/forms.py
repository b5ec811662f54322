"""What the pages of the scheme editor ask: tables of rules, one rule with its preset, participants."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from core.ledgers.forms import TokenForm, ask_plainly
from core.ledgers.kinds import ReadField
from core.readings import Unreadable, half_width, quoted
from reporting.formula.errors import FormulaError
from reporting.formula.exact import LIMIT, NINE
from reporting.formula.parser import parse
from reporting.formula.words import in_words
from reporting.models import Scheme
from reporting.models.schemes import PeriodKind, SchemePurpose
from reporting.scheme_editing.presets import PEERS, TARGETS, Rule, Slot, recognised
from reporting.scheme_editing.sections import Cell, Section, filed, label, rows_of, typed
from reporting.scheme_editing.unknown import no_such_metric, unread
from reporting.scoring.section import JSON_NUMBER
from townships.models import Unit

TYPED = "typed"
"""The choice of a formula that somebody writes without a preset."""
FAMILIES = ("招商引资", "项目建设", "企业培育", "定性")
SEPARATORS = str.maketrans("，,；; ", "、、、、、")
EXACT_NUMBER = {"inputmode": "decimal", "autocomplete": "off"}


def read_points(text: str) -> Decimal:
    """A number as a scheme keeps it: exact, at most 9 places. Raises Unreadable."""
    plain = half_width(text).replace(",", "").removesuffix("分").removesuffix("%")
    if not JSON_NUMBER.fullmatch(plain) or "e" in plain.lower():
        raise Unreadable(f"写的是{quoted(text)}，请填写数字，例如15或0.5。")
    number = Decimal(plain)
    if number < 0:
        raise Unreadable("不能是负数。")
    if number >= LIMIT or -int(number.as_tuple().exponent) > NINE:
        raise Unreadable(f"数太大，或者小数多于{NINE}位。")
    return number


def read_groups(text: str) -> list[str]:
    """中心镇、特色镇 → two groups, each once."""
    return list(dict.fromkeys(name for name in text.translate(SEPARATORS).split("、") if name))


def cell_field(cell: Cell) -> forms.Field:
    options: dict[str, Any] = {"label": cell.label, "required": cell.required, "help_text": cell.help}
    match cell.kind:
        case "number":
            return ReadField(reader=read_points, max_length=40, widget=forms.TextInput(attrs=EXACT_NUMBER), **options)
        case "whole":
            widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
            return forms.IntegerField(min_value=1, max_value=999, widget=widget, **options)
        case "choice":
            return forms.ChoiceField(choices=cell.choices, **options)
        case "groups":
            return ReadField(reader=read_groups, max_length=200, **options)
        case "flag":
            return forms.BooleanField(**{**options, "required": False})
        case "family":
            return forms.CharField(max_length=40, widget=forms.TextInput(attrs={"list": "families"}), **options)
        case _:
            return forms.CharField(max_length=60, **options)


class RowForm(forms.Form):
    """The typed columns of one row; its formula stays as it is."""

    def __init__(self, *args: Any, section: Section, row: Mapping[str, Any], place: int, **kwargs: Any):
        self.section, self.row, self.place = section, row, place
        self.called = label(section, row)
        super().__init__(*args, initial=typed(section, row), prefix=f"{section.key}-{place}", **kwargs)
        for cell in section.cells:
            field = self.fields[cell.key] = cell_field(cell)
            field.help_text = ""
            field.widget.attrs["aria-label"] = f"{self.called}：{cell.label}"
        ask_plainly(self.fields.values())

    @property
    def formula(self) -> str:
        return str(self.row.get(self.section.formula, ""))

    @property
    def words(self) -> str:
        """The formula for people who don't write Excel."""
        return in_words(parse(self.formula)) if self.formula else ""

    @property
    def boxes(self) -> list[forms.BoundField]:
        return list(self)

    def filed(self) -> dict[str, Any]:
        return filed(self.section, self.cleaned_data, self.formula)

    def clean(self) -> dict[str, Any]:
        return checked_ranks(self)


def checked_ranks(form: forms.Form) -> dict[str, Any]:
    given = form.cleaned_data
    first, last = given.get("first"), given.get("last")
    if first and last and first > last:
        form.add_error("last", f"截止名次{last}在起始名次{first}之前，请核对。")
    return given


class TablesForm(TokenForm):
    """All tables of a scheme in one form, so that whatever button is pressed, nothing typed is lost."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, scheme: Scheme):
        super().__init__(data, initial={"version": scheme.row_version})
        self.scheme = scheme
        self.tables = [
            (section, [RowForm(data, section=section, row=row, place=place) for place, row in enumerate(rows)])
            for section, rows in rows_of(scheme.body)
        ]

    @property
    def row_forms(self) -> Iterator[RowForm]:
        return (form for _, forms_ in self.tables for form in forms_)

    def is_valid(self) -> bool:
        return all([super().is_valid(), *[form.is_valid() for form in self.row_forms]])

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """(address of the box, sentence) for the summary at the top."""
        own = [("", str(error)) for error in self.non_field_errors()]
        return own + [
            (field.id_for_label, f"{form.called} {field.label}：{error}")
            for form in self.row_forms
            for field in form
            for error in field.errors
        ]

    def body(self) -> dict[str, Any]:
        return {**self.scheme.body, **{section.key: [row.filed() for row in rows] for section, rows in self.tables}}


class RuleForm(TokenForm):
    """One row with its formula: the columns, the preset, its blanks or the typed formula."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        section: Section,
        row: Mapping[str, Any],
        names: Sequence[tuple[str, list[str]]],
        rule: str = "",
        initial: Mapping[str, Any] | None = None,
    ):
        """`names`: [(kind, names), …] that a formula may read; `rule`: the preset asked for, else the row's own."""
        self.section, self.row, self.names = section, row, names
        self.rule, given = self._chosen(rule)
        super().__init__(data, initial={**typed(section, row), **given, **(initial or {})})
        self._add_cells()
        if section.formula:
            self._add_rule()
        ask_plainly(self.fields.values())

    def _chosen(self, asked: str) -> tuple[Rule | None, dict[str, Any]]:
        """The preset and what is filled into it. None: a typed formula."""
        rules, formula = self.section.rules, str(self.row.get(self.section.formula, ""))
        found = recognised(formula, rules) if formula else None
        chosen = next((rule for rule in rules if rule.key == asked), None)
        if chosen is None and asked != TYPED:
            chosen = found[0] if found else (None if formula or not rules else rules[0])
        filled = found[1] if found and found[0] is chosen else {}
        return chosen, {**{slot_name(key): value for key, value in filled.items()}, "formula": formula}

    def _add_cells(self) -> None:
        for cell in self.section.cells:
            field = self.fields[cell.key] = cell_field(cell)
            field.suffix = cell.unit

    def _add_rule(self) -> None:
        choices = [(rule.key, rule.name) for rule in self.section.rules]
        self.fields["rule"] = forms.ChoiceField(
            label=self.section.formula_label,
            choices=[*choices, (TYPED, "自己写算式")],
            initial=self.rule_key,
            widget=forms.Select(attrs=SWITCHES),
        )
        if self.rule is None:
            self.fields["formula"] = forms.CharField(label="算式", widget=FORMULA_BOX, help_text=FORMULA_HELP)
        for slot in self.rule.slots if self.rule else ():
            self.fields[slot_name(slot.key)] = self._slot_field(slot)

    @property
    def rule_says(self) -> str:
        return self.rule.says if self.rule else ""

    @property
    def rule_key(self) -> str:
        return self.rule.key if self.rule else TYPED

    def _slot_field(self, slot: Slot) -> forms.Field:
        options: dict[str, Any] = {"label": slot.label, "required": not slot.optional, "help_text": slot.help}
        match slot.kind:
            case "metric":
                return forms.ChoiceField(choices=self._metrics(slot), **options)
            case "target":
                return forms.ChoiceField(choices=TARGETS, initial=slot.initial, **options)
            case "peers":
                return forms.ChoiceField(choices=PEERS, initial=slot.initial, **options)
        box = forms.TextInput(attrs=EXACT_NUMBER)
        field = ReadField(reader=read_points, max_length=40, initial=slot.initial, widget=box, **options)
        field.suffix = slot.unit
        return field

    def _metrics(self, slot: Slot) -> list[Any]:
        """Grouped names; one that the formula reads and nobody gives stays to be seen."""
        grouped = [(kind, [(name, name) for name in names]) for kind, names in self.names if names]
        held = self.initial.get(slot_name(slot.key), "")
        if held and held not in self.known:
            grouped.append(("没有这个指标数据", [(held, held)]))
        return [("", "请选择"), *grouped]

    @property
    def known(self) -> set[str]:
        return {name for _, names in self.names for name in names}

    @property
    def paired(self) -> bool:
        """Whether the blanks come in pairs: 达到多少, 得多少."""
        return self.rule_key == "tiers"

    @property
    def slots(self) -> list[forms.BoundField]:
        return [self[slot_name(slot.key)] for slot in self.rule.slots] if self.rule else []

    @property
    def cells(self) -> list[forms.BoundField]:
        return [self[cell.key] for cell in self.section.cells]

    def clean_formula(self) -> str:
        text = str(self.cleaned_data["formula"])
        self._check(text, "formula")
        return text

    def _check(self, text: str, field: str | None) -> None:
        if sentence := wrong_with(text, self.known, self.section.constants):
            self.add_error(field, sentence)

    def clean(self) -> dict[str, Any]:
        given = checked_ranks(self)
        if self.rule and not self.errors:
            given["formula"] = self._write()
        return given

    def _write(self) -> str:
        """The formula of the preset; what was filled in and not used is said, never dropped in silence."""
        assert self.rule is not None
        filled = {slot.key: told(self.cleaned_data[slot_name(slot.key)]) for slot in self.rule.slots}
        formula = self.rule.written(filled)
        used = self.rule.read(formula) or {}
        for key, value in filled.items():
            if value and key not in used:
                self.add_error(slot_name(key), "这一格没有用上，请把它前面空着的格也填上，或者把它清空。")
        self._check_tiers(filled)
        self._check(formula, None)
        return formula

    def _check_tiers(self, filled: Mapping[str, str]) -> None:
        lines = [
            (key, Decimal(value)) for key, value in filled.items() if key[0] == "a" and key[1:].isdigit() and value
        ]
        for (_, above), (key, below) in pairwise(lines):
            if below >= above:
                self.add_error(slot_name(key), "要从高到低填写，这一档应比上一档低。")

    def filed(self) -> dict[str, Any]:
        return filed(self.section, self.cleaned_data, self.cleaned_data.get("formula", ""))


SWITCHES = {
    "hx-post": "",
    "hx-trigger": "change consume",
    "hx-vals": '{"do": "rule"}',
    "hx-select": "#blanks",
    "hx-select-oob": "#id_rule_helptext,#refusal,#trial",
    "hx-target": "#blanks",
    "hx-swap": "outerHTML",
}
"""Another preset has other blanks, which the page is asked for; what is typed or chosen beside them meanwhile stays."""
FORMULA_BOX = forms.Textarea(attrs={"rows": 4, "data-names": "names", "spellcheck": "false"})
FORMULA_HELP = "写法和电子表格里一样，例如 MIN(签约额/时序目标(签约额), 1)*满分。"


def slot_name(key: str) -> str:
    return f"slot_{key}"


def told(value: Any) -> str:
    """What was filled in, as the formula writes it."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value or "")


def wrong_with(text: str, known: set[str], constants: tuple[str, ...]) -> str:
    """A sentence about what is wrong with a formula and where; empty where nothing is."""
    try:
        formula = parse(text)
    except FormulaError as error:
        return f"{error}。"
    if formula.holds_text:
        return "这里的算式不能比较文字。"
    return "".join(
        no_such_metric(name, {*known, *constants}) for name in dict.fromkeys(unread(formula, known, constants))
    )


GROUP_NAME = RegexValidator(r"^[^、，,；;\s]*$", "组名里不要有顿号、逗号和空格。")


class ParticipantsForm(TokenForm):
    """Which units are compared, in which group, and the document that allows it."""

    document = forms.CharField(
        label="依据文件",
        max_length=100,
        required=False,
        help_text="准许这项考核的文件，例如县委办〔2024〕1号。启用前要填写。",
    )

    def __init__(self, data: Any = None, *, scheme: Scheme, units: Sequence[Unit], example: Scheme | None = None):
        """`example`: whose participants are ticked beforehand where the scheme has none yet."""
        held = {row.unit_id: row.group for row in scheme.participants.current()}
        self.example = None if held else example
        if self.example:
            held = {row.unit_id: row.group for row in self.example.participants.current()}
        super().__init__(data, initial={"document": scheme.document})
        self.units = units
        for unit in units:
            self.fields[f"in-{unit.code}"] = forms.BooleanField(
                label=f"{unit}参评", required=False, initial=unit.pk in held
            )
            self.fields[f"group-{unit.code}"] = forms.CharField(
                label=f"{unit}的组别",
                max_length=40,
                required=False,
                initial=held.get(unit.pk, ""),
                validators=[GROUP_NAME],
                widget=forms.TextInput(attrs={"list": "groups", "aria-label": f"{unit}的组别"}),
            )
            self.fields[f"in-{unit.code}"].widget.attrs["aria-label"] = f"{unit}参评"
        self.group_names = sorted({group for group in held.values() if group})

    @property
    def rows(self) -> Iterator[tuple[Unit, forms.BoundField, forms.BoundField]]:
        return ((unit, self[f"in-{unit.code}"], self[f"group-{unit.code}"]) for unit in self.units)

    @property
    def groups(self) -> dict[Unit, str]:
        given = self.cleaned_data
        return {unit: given[f"group-{unit.code}"] for unit in self.units if given[f"in-{unit.code}"]}


class CopyForm(TokenForm):
    name = forms.CharField(label="方案名称", max_length=100, help_text="名称和年度都不变的，成为下一版。")
    year = forms.IntegerField(
        label="年度", min_value=1990, max_value=2100, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )


class NewSchemeForm(TokenForm):
    name = forms.CharField(label="方案名称", max_length=100, help_text="例如：乡镇抓经济季度擂台。")
    year = forms.IntegerField(
        label="年度", min_value=1990, max_value=2100, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    period = forms.ChoiceField(label="周期", choices=PeriodKind.choices, initial=PeriodKind.QUARTER)
    purpose = forms.ChoiceField(
        label="用途",
        choices=SchemePurpose.choices,
        initial=SchemePurpose.ASSESSMENT,
        widget=forms.RadioSelect,
        help_text="考核每期排名；遴选从申报的乡镇里选试点，周期选年。",
    )


MOST_BYTES = 1024 * 1024


class FileForm(TokenForm):
    file = forms.FileField(label="方案文件", help_text="从本系统或别的县导出的方案文件，扩展名是 json，不超过 1 兆。")

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise ValidationError("文件超过1兆，不像是方案文件，请核对。")
        return upload

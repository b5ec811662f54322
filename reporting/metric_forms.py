"""The metric builder's form: which records of a ledger, reckoned how, over which days, called what."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from core.ledgers.filter_line import Part, part_of
from core.ledgers.filters import ListOfRows, as_query, bound
from core.ledgers.forms import TokenForm
from core.ledgers.ledger import Ledger
from core.periods import Period
from projects.models.projects import CreditScope
from reporting.measures import (
    CreditRule,
    Measure,
    SpanRule,
    Spread,
    bases_of,
    columns_for,
    condition_names,
    formula_columns,
    scope_for,
    scopes_of,
)
from reporting.models import Metric
from townships.ledgers import places

CONDITION = "c-"
"""Begins the name of a condition's input: a ledger's filter may be called as one of this form's own fields."""
OWN_FIELDS = ("name", "unit_of_measure", "formula", "span", "basis", "cohort_age", "credit", "credit_scope", "spread")
FREE = ("has_target", "description")
SPANS = (
    (SpanRule.PERIOD, "本期：考核哪个月、季、年，就数哪一期的"),
    (SpanRule.YEAR_TO_DATE, "本年累计：从当年1月数到期末"),
    (SpanRule.ALL_TIME, "历年累计：从最早一条数到期末"),
    (SpanRule.COHORT, "指定年份：只数某一年的，例如上年签约的项目"),
)
CREDITS = (
    (CreditRule.SHARE, "按份额：几个单位共有的项目，各计各的份额"),
    (CreditRule.WHOLE, "每个单位各计一个"),
)
SPREADS = (
    (Spread.EVEN, "按月均分（金额）"),
    (Spread.CEIL, "均分后进位（个数）"),
    (Spread.NONE, "不分摊（比率、存量）"),
)
REFUSED_AT = {"measure": "reckoning", "column": "reckoning"}
HEADINGS = {
    Measure.SUM: "合计",
    Measure.AVERAGE: "平均",
    Measure.DISTINCT: "相同的只计一次",
    Measure.LIST: "逐个列出，由方案公式取平均、最大或合计",
}


@dataclass(frozen=True)
class Shown:
    """What a trial shows: one unit's figure of one period."""

    unit: Any
    period: Period


class MetricForm(TokenForm):
    """`reckoning` is measure and column in one answer: `sum:verified_amount`, `count:`.

    `seen` is the mark of the definition whose records were shown last: only that one can be saved. A trial
    (`naming` False) needs no name yet.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    reckoning = forms.ChoiceField(label="怎么算")
    formula = forms.CharField(
        label="逐条公式",
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="每条记录算一次再相加，例如 IFS(总投资>=500000, 8, 总投资>=100000, 4, TRUE, 0)。文字要加引号。",
    )
    span = forms.ChoiceField(label="算哪段时间", choices=SPANS)
    cohort_age = forms.IntegerField(
        label="距今几年", min_value=0, max_value=20, required=False, help_text="0是当年，1是上年，2是前年。"
    )
    basis = forms.ChoiceField(
        label="以哪个日期为准", help_text="归属期是认定时定下的月份：当月已经关账的，计入之后还没有关账的月份。"
    )
    credit = forms.ChoiceField(label="几个单位共有的", choices=CREDITS, required=False)
    credit_scope = forms.ChoiceField(
        label="按哪种分成",
        required=False,
        help_text="项目对这种口径另有分成的按它计，没有的按通用分成计。",
    )
    name = forms.CharField(label="指标名称", max_length=40, help_text="考核方案的公式里就写这个名称。")
    unit_of_measure = forms.CharField(label="计量单位", max_length=10, help_text="例如 个、家、万元、分。")
    spread = forms.ChoiceField(label="年度目标怎样分到各期", choices=SPREADS)
    has_target = forms.BooleanField(label="这个指标下达年度目标", required=False)
    description = forms.CharField(
        label="口径说明",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一两句话说明计什么、不计什么，会显示在每个数字旁边。",
    )
    unit = forms.ModelChoiceField(None, to_field_name="code", label="看哪个单位", empty_label=None)
    period = forms.ChoiceField(label="看哪一期")

    def __init__(self, *args: Any, ledger: Ledger, seat: Any, periods: list[Period], naming: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.ledger, self.seat = ledger, seat
        for name in ("name", "unit_of_measure"):
            self.fields[name].required = naming
        # Asked only of who chose it, and then it is not optional; what is missing the metric itself says.
        self.fields["formula"].required = not self.is_bound
        self.fields["reckoning"].choices = list(reckonings(ledger))
        self.fields["basis"].choices = [(basis, basis.label) for basis in bases_of(ledger)]
        self.fields["credit_scope"].choices = [(scope.value, scope.label) for scope in scopes_of(ledger)]
        self.fields["unit"].queryset = places(seat)
        self.fields["period"].choices = [(period.code, period.label) for period in periods]

    # -- conditions ------------------------------------------------------------------------------

    @property
    def conditions(self) -> dict[str, list[str]]:
        """{filter: [values]} as sent, or as the form began; an unknown filter stays, to be refused by name."""
        if not self.is_bound:
            return self.initial.get("conditions", {})
        names = [name for name in self.data if name.startswith(CONDITION)]
        given = {name.removeprefix(CONDITION): [v for v in self.data.getlist(name) if v.strip()] for name in names}
        return {name: values for name, values in given.items() if values}

    @cached_property
    def parts(self) -> dict[str, Part | None]:
        """filter → how the list page offers it, None where there is too much to choose from."""
        conditions = self.conditions
        query = as_query(conditions)
        filters = bound(self.ledger.filterset, query, self.ledger.model.objects.none(), self.seat)
        offered = {name: part_of(filters.form[name], query.getlist(name)) for name in condition_names(self.ledger)}
        return {name: part and replace(part, name=CONDITION + name) for name, part in offered.items()}

    @cached_property
    def shown_parts(self) -> list[Part]:
        """What one ticks; not places, which say whose a record is rather than what it is."""
        named = {
            CONDITION + name
            for name, part in self.ledger.filterset.base_filters.items()
            if isinstance(part, ListOfRows)
        }
        return [p for p in self.parts.values() if p and p.options and not p.single and p.name not in named]

    @cached_property
    def other_parts(self) -> list[Part]:
        """What one types, and places."""
        return [part for part in self.parts.values() if part and part not in self.shown_parts]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Conditions that are too many to choose from, and those that the ledger no longer knows."""
        return [(CONDITION + name, v) for name, vs in self.conditions.items() if not self.parts.get(name) for v in vs]

    # -- what it makes ---------------------------------------------------------------------------

    @property
    def definition(self) -> dict[str, Any]:
        """The model's fields."""
        given = self.cleaned_data
        measure, _, column = given["reckoning"].partition(":")
        own = {name: given[name] for name in OWN_FIELDS}
        return {
            **own,
            "ledger": self.ledger.key,
            "conditions": self.conditions,
            "measure": measure,
            "column": column,
            "formula": given["formula"] if measure == Measure.FORMULA else "",
            "cohort_age": (given["cohort_age"] or 0) if given["span"] == SpanRule.COHORT else 0,
            "credit": given["credit"] or CreditRule.SHARE,
            "credit_scope": given["credit_scope"] or CreditScope.GENERAL,
            "has_target": given["has_target"] and measure != Measure.LIST,
            "description": given["description"],
        }

    @property
    def metric(self) -> Metric:
        """As it would be saved."""
        return Metric(county_id=self.seat.county_id, **self.definition)

    @property
    def mark(self) -> str:
        """Of everything that decides which records count: another definition has another mark."""
        deciding = {name: v for name, v in self.definition.items() if name not in (*FREE, "name", "unit_of_measure")}
        return hashlib.sha256(json.dumps(deciding, sort_keys=True, default=str).encode()).hexdigest()

    def refuse(self, error: ValidationError) -> None:
        """What the model says of measure, column and conditions, said beside what this form calls them."""
        if not hasattr(error, "error_dict"):
            return super().refuse(error)
        places = {name: REFUSED_AT.get(name, name) for name in error.message_dict}
        return super().refuse(ValidationError({places[n]: said for n, said in error.message_dict.items()}))

    @property
    def shown(self) -> Shown:
        return Shown(self.cleaned_data["unit"], Period.parse(self.cleaned_data["period"]))

    @property
    def has_scopes(self) -> bool:
        return len(self.fields["credit_scope"].choices) > 1

    @property
    def formula_columns(self) -> list[str]:
        return list(formula_columns(self.ledger))


def reckonings(ledger: Ledger) -> Iterator[tuple[str, Any]]:
    """The answers to 怎么算 that this ledger allows, grouped."""
    yield (
        "记录条数",
        [
            (f"{Measure.COUNT}:", f"每{ledger.measure}{ledger.noun}计一"),
            (f"{Measure.QUARTERS}:", "有记录的季度数（每季只计一次）"),
            (f"{Measure.MONTHS}:", "有记录的月份数（每月只计一次）"),
        ],
    )
    for measure, heading in HEADINGS.items():
        if columns := columns_for(ledger, measure):
            yield heading, [(f"{measure}:{c.name}", f"{c.heading}{WORDS[measure]}") for c in columns]
    yield "按条件给分", [(f"{Measure.FORMULA}:", "逐条公式，每条记录算一次再相加")]


WORDS = {Measure.SUM: "合计", Measure.AVERAGE: "平均", Measure.DISTINCT: "的个数", Measure.LIST: "逐个列出"}


def began_with(ledger: Ledger, data: QueryDict, example: Metric | None) -> dict[str, Any]:
    """What a new form starts with: an existing metric's answers, or the filters that the address names."""
    if example is not None:
        return answers_of(example)
    first = bases_of(ledger)[0]
    conditions = {name: data.getlist(name) for name in condition_names(ledger) if name in data}
    begun = {"basis": first, "conditions": conditions, "credit_scope": scope_for(ledger, Measure.COUNT)}
    return {"reckoning": f"{Measure.COUNT}:", **begun, **DEFAULTS}


DEFAULTS = {
    "span": SpanRule.PERIOD,
    "credit": CreditRule.SHARE,
    "unit_of_measure": "个",
    "spread": Spread.CEIL,
    "cohort_age": 1,
    "has_target": False,
}


def answers_of(metric: Metric) -> dict[str, Any]:
    """The form's answers that make this metric."""
    own = {name: getattr(metric, name) for name in (*OWN_FIELDS, *FREE)}
    return {**own, "reckoning": f"{metric.measure}:{metric.column}", "conditions": metric.conditions}

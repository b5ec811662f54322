"""指标数据: what is counted, as data."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.actors import SystemActor
from core.ledgers.filters import as_query
from core.ledgers.ledger import Ledger, ledger_for
from core.ledgers.query import BadQuery, ListQuery
from projects.models.projects import CreditScope
from reporting.formula.errors import FormulaError
from reporting.formula.names import name_problem, written
from reporting.measures import (
    WITH_COLUMN,
    CreditRule,
    DateBasis,
    Measure,
    SpanRule,
    Spread,
    bases_of,
    columns_for,
    condition_names,
    metric_ledgers,
    record_formula,
    scopes_of,
)
from townships.models import CountyRecord, unique_code


class Metric(CountyRecord):
    """A saved filter over a ledger, a measure and a span. Conditions are `{filter: [values]}` of that ledger's list.

    `name` is what formulas read. `cohort_age` is the age in years of the cohort (0: signed this year). `formula` is
    reckoned for each record and added up by the unit's share.
    """

    code_prefix = "ZB"
    made_by = "edit_metrics"

    name = models.CharField("指标名称", max_length=40)
    unit_of_measure = models.CharField("计量单位", max_length=10, default="个")
    ledger = models.CharField("台账", max_length=30)
    conditions = models.JSONField("计入条件", default=dict, blank=True)
    measure = models.CharField("算法", max_length=10, choices=Measure, default=Measure.COUNT)
    column = models.CharField("计算栏", max_length=40, blank=True)
    formula = models.TextField("逐条公式", blank=True)
    span = models.CharField("期间", max_length=14, choices=SpanRule, default=SpanRule.PERIOD)
    basis = models.CharField("以哪个日期为准", max_length=10, choices=DateBasis, default=DateBasis.COUNTED)
    cohort_age = models.PositiveSmallIntegerField("签约年距今", default=0)
    credit = models.CharField("共享项目", max_length=10, choices=CreditRule, default=CreditRule.SHARE)
    credit_scope = models.CharField("分成口径", max_length=10, choices=CreditScope, default=CreditScope.GENERAL)
    spread = models.CharField("目标分摊", max_length=5, choices=Spread, default=Spread.EVEN)
    has_target = models.BooleanField("下达目标", default=True)
    description = models.CharField("口径说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "指标"
        constraints: ClassVar = unique_code(
            "metric",
            models.UniqueConstraint(
                fields=["county", "name"],
                condition=Q(voided_at=None),
                name="metric_once",
                violation_error_message="已有同名指标。",
            ),
            models.CheckConstraint(
                condition=Q(measure__in=WITH_COLUMN) & ~Q(column="") | ~Q(measure__in=WITH_COLUMN) & Q(column=""),
                name="metric_has_column",
                violation_error_message="求和、平均、去重计数和逐个列出要选定计算栏，其他算法不用。",
            ),
            models.CheckConstraint(
                condition=Q(measure=Measure.FORMULA) & ~Q(formula="") | ~Q(measure=Measure.FORMULA) & Q(formula=""),
                name="metric_has_formula",
                violation_error_message="算法选逐条公式的要写公式，其他算法不写。",
            ),
            models.CheckConstraint(
                condition=~Q(measure=Measure.LIST) | Q(has_target=False),
                name="metric_list_without_target",
                violation_error_message="逐个列出的是一组数，不能下达目标。",
            ),
        )

    def __str__(self):
        return self.name

    @classmethod
    def seen_by(cls, unit_id):
        return Q()

    @property
    def is_money(self) -> bool:
        return self.unit_of_measure == "万元"

    @property
    def book(self) -> Ledger:
        """The ledger whose rows it counts."""
        return ledger_for(self.ledger)

    def address(self, conditions: dict[str, list[str]]) -> str:
        """The ledger's list page with these conditions."""
        return f"{reverse('ledger-list', args=[self.ledger])}?{as_query(conditions).urlencode()}"

    @property
    def written(self) -> str:
        """Its name as formulas write it."""
        return written(self.name)

    def clean(self):
        """What is wrong with it, each sentence beside the field that can mend it."""
        ledger = next((ledger for ledger in metric_ledgers() if ledger.key == self.ledger), None)
        if ledger is None:
            raise ValidationError({"ledger": "没有这本台账，或这本台账的记录不能归到单位。"})
        problems = {
            "name": name_problem(self.name),
            "measure": self._measure_problem(ledger),
            "formula": self._formula_problem(ledger),
            "basis": "" if self.basis in bases_of(ledger) else f"{ledger.name}没有{self.get_basis_display()}。",
            "conditions": self._conditions_problems(ledger),
            "credit_scope": self._scope_problem(ledger),
        }
        if found := {name: said for name, said in problems.items() if said}:
            raise ValidationError(found)

    def _measure_problem(self, ledger: Ledger) -> str:
        if self.measure not in WITH_COLUMN or not self.column:
            return ""
        offered = {column.name for column in columns_for(ledger, self.measure)}
        return "" if self.column in offered else f"{ledger.name}的这一栏不能{self.get_measure_display()}。"

    def _formula_problem(self, ledger: Ledger) -> str:
        try:
            if self.measure == Measure.FORMULA:
                record_formula(self.formula, ledger)
        except FormulaError as error:
            return f"{error}。"
        return ""

    def _scope_problem(self, ledger: Ledger) -> str:
        if self.credit_scope in scopes_of(ledger):
            return ""
        return f"{ledger.name}的记录不分给几个单位，分成口径只能是通用。"

    def _conditions_problems(self, ledger: Ledger) -> list[str]:
        if not isinstance(self.conditions, dict) or not all(isinstance(v, list) for v in self.conditions.values()):
            return ["计入条件要写成每个筛选条件各有哪些值。"]
        filters, offered = ledger.filterset.base_filters, condition_names(ledger)
        if own := [filters[name].label for name in self.conditions if name in filters and name not in offered]:
            return [f"“{'、'.join(own)}”由指标的期间和单位决定，不能作为计入条件。"]
        try:
            ListQuery(ledger, as_query(self.conditions), SystemActor(self.county_id))
        except BadQuery as error:
            return error.messages
        return []

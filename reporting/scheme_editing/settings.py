"""排名办法: what holds for a scheme as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from core.ledgers.forms import TokenForm
from core.ledgers.kinds import ReadField
from reporting.models import Scheme
from reporting.models.schemes import PeriodKind
from reporting.scheme_editing.differences import MODES, SCOPES
from reporting.scheme_editing.forms import read_points, told
from townships.models import PilotCategory

PLACES = [(str(n), f"{n}位") for n in range(5)]


class SettingsForm(TokenForm):
    """What holds for the scheme as a whole."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="方案名称", max_length=100)
    year = forms.IntegerField(
        label="年度", min_value=1990, max_value=2100, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    period = forms.ChoiceField(label="周期", choices=PeriodKind.choices)
    within = forms.ChoiceField(label="排名范围", choices=SCOPES.items(), widget=forms.RadioSelect)
    tie_1 = forms.ChoiceField(label="总分相同时，先比", required=False, help_text="大的在前；都不选就并列。")
    tie_2 = forms.ChoiceField(label="再比", required=False)
    tie_3 = forms.ChoiceField(label="最后比", required=False)
    missing_target = forms.ChoiceField(
        label="没有下达目标的指标（无任务）",
        choices=(("redistribute", "不计，其余指标的得分按分值折算"), ("full", "得满分"), ("zero", "得0分")),
        widget=forms.RadioSelect,
    )
    indicator = forms.ChoiceField(label="各项得分的小数位", choices=[("", "不取舍"), *PLACES], required=False)
    total = forms.ChoiceField(label="总分的小数位", choices=PLACES)
    mode = forms.ChoiceField(label="取舍", choices=MODES.items(), widget=forms.RadioSelect)
    bonus_cap = ReadField(
        reader=read_points, label="加分总上限", max_length=40, required=False, help_text="不填就不封顶。"
    )
    floor = ReadField(
        reader=read_points, label="总分底线", max_length=40, required=False, help_text="低于它的按它计，例如0。"
    )
    pass_mark = ReadField(
        reader=read_points, label="合格线", max_length=40, required=False, help_text="达不到的不合格，不评奖。"
    )

    def __init__(self, data: Any = None, *, scheme: Scheme, names: Sequence[tuple[str, list[str]]]):
        super().__init__(data, initial=settings_of(scheme))
        for place in (1, 2, 3):
            held = self.initial[f"tie_{place}"]
            known = {name for _, listed in names for name in listed}
            more = [("没有这个指标数据", [held])] if held and held not in known else []
            grouped = [(kind, [(name, name) for name in listed]) for kind, listed in [*names, *more] if listed]
            self.fields[f"tie_{place}"].choices = [("", "不比"), *grouped]
        for name in ("bonus_cap", "floor", "pass_mark"):
            self.fields[name].suffix = "分"
        for category in PilotCategory if scheme.selects else ():
            self.fields[places_name(category)] = forms.IntegerField(
                label=f"{category.label}名额",
                min_value=0,
                max_value=99,
                initial=scheme.rules.places.get(category.label, 0),
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )

    @property
    def places(self) -> dict[str, int]:
        """{category: how many of it are chosen}, of a selection."""
        given = {category.label: self.cleaned_data.get(places_name(category)) for category in PilotCategory}
        return {group: count for group, count in given.items() if count}

    def body(self, before: Mapping[str, Any]) -> dict[str, Any]:
        given = self.cleaned_data
        ties = [given[f"tie_{place}"] for place in (1, 2, 3) if given[f"tie_{place}"]]
        return {
            **before,
            **{
                key: given[key]
                for key in ("name", "year", "period", "missing_target", "bonus_cap", "floor", "pass_mark")
            },
            "places": self.places,
            "ranking": {"within": given["within"], "tie_break": list(dict.fromkeys(ties))},
            "rounding": {
                "indicator": int(given["indicator"]) if given["indicator"] else None,
                "total": int(given["total"]),
                "mode": given["mode"],
            },
        }


def places_name(category: str) -> str:
    return f"places_{category}"


def settings_of(scheme: Scheme) -> dict[str, Any]:
    rules = scheme.rules
    ties = dict(zip(("tie_1", "tie_2", "tie_3"), (*rules.ranking.tie_break, "", "", ""), strict=False))
    return {
        "version": scheme.row_version,
        **{key: getattr(rules, key) for key in ("name", "year", "period", "missing_target")},
        **{
            key: None if (value := getattr(rules, key)) is None else told(value)
            for key in ("bonus_cap", "floor", "pass_mark")
        },
        "within": rules.ranking.within,
        **ties,
        "indicator": "" if rules.rounding.indicator is None else str(rules.rounding.indicator),
        "total": str(rules.rounding.total),
        "mode": rules.rounding.mode,
    }

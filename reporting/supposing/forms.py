"""What a supposition asks, read from an address: nothing is written, so that the address itself can be shared."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict

from core.ledgers.forms import ask_plainly
from core.ledgers.kinds import ReadField, plain_number, read_day
from core.periods import Period
from projects.lifecycle import Step
from projects.models import Project
from projects.supposing import SUPPOSABLE, not_yet
from reporting.formula.nodes import Figure
from reporting.models import Metric, Participant, Scheme
from reporting.scheme_editing.forms import EXACT_NUMBER, read_points
from reporting.scoring.scheme import Indicator
from reporting.scoring.scheme import Scheme as Rules
from reporting.supposing.changes import Changes, place_of
from reporting.supposing.drafts import Supposition

MOST_PROJECTS = 20
MOST_OFFERED = 300
MOST_TARGETS = 30
SPARE = 2
LEAST_ROWS = 3
NUMBERED = re.compile(r"(project|unit|metric|target)-[0-9]+")
TARGET_PARTS = ("unit", "metric", "target")
NO_SUCH_CHOICE = "没有这个选项，请重新选择。"
PROJECT_BOX = {"autocomplete": "off", "placeholder": "项目编号或全名", "list": "candidates"}


class SupposeForm(forms.Form):
    """Empty boxes leave things as they are; `tidy` is the address of what is left then."""

    scheme = forms.ChoiceField(label="考核方案", required=False)
    step = forms.ChoiceField(label="到达节点", required=False, choices=[(s.value, s.label) for s in SUPPOSABLE])
    day = ReadField(reader=read_day, label="日期", max_length=40, required=False)

    def __init__(self, given: QueryDict, *, seat: Any, now: Scheme, schemes: Sequence[Scheme], period: Period):
        self.seat, self.now, self.period = seat, now, period
        self.schemes = {scheme.code: scheme for scheme in schemes}
        self.chosen = self.schemes.get(given.get("scheme", ""), now)
        self.given = given
        super().__init__(_renumbered(given) if given else None, initial={"step": Step.START})
        self._offer_schemes()
        self._ask_points()
        self._ask_projects()
        self._ask_targets()
        ask_plainly(self.fields.values())
        for box in self.fields.values():
            box.error_messages["invalid_choice"] = NO_SUCH_CHOICE

    marks_required = True
    """Nothing is: no box says that it may stay empty."""

    # -- what is asked ---------------------------------------------------------------------------

    def _offer_schemes(self) -> None:
        drafts = {True: "，草稿", False: ""}
        named = [(code, f"{scheme}{drafts[scheme.is_draft]}") for code, scheme in self.schemes.items()]
        self.fields["scheme"].choices = [("", f"{self.now}，现行"), *(c for c in named if c[0] != self.now.code)]

    def _ask_points(self) -> None:
        self.indicators = {points_name(one): one for one in self.chosen.rules.indicators}
        for name, one in self.indicators.items():
            label = one.name + (f"（{'、'.join(one.groups)}）" if one.groups else "")
            self.fields[name] = ReadField(
                reader=read_points,
                label=label,
                max_length=20,
                required=False,
                widget=forms.TextInput(attrs={**EXACT_NUMBER, "placeholder": plain_number(one.points)}),
            )

    def _ask_projects(self) -> None:
        for number in range(1, self._rows("project", MOST_PROJECTS) + 1):
            box = forms.TextInput(attrs=PROJECT_BOX)
            self.fields[f"project-{number}"] = forms.CharField(
                label=f"项目{number}", max_length=200, required=False, widget=box
            )

    def _ask_targets(self) -> None:
        units = [("", "选单位"), *((p.unit.code, p.unit.name) for p in self.participants)]
        metrics = [("", "选指标"), *((m.code, f"{m}（{m.unit_of_measure}）") for m in self.metrics.values())]
        for n in range(1, self._rows("target", MOST_TARGETS) + 1):
            self.fields[f"unit-{n}"] = forms.ChoiceField(label=f"第{n}行单位", required=False, choices=units)
            self.fields[f"metric-{n}"] = forms.ChoiceField(label=f"第{n}行指标", required=False, choices=metrics)
            self.fields[f"target-{n}"] = ReadField(
                reader=read_points,
                label=f"第{n}行年度目标",
                max_length=40,
                required=False,
                widget=forms.TextInput(attrs={**EXACT_NUMBER, "placeholder": "假设的年度目标"}),
            )

    def _rows(self, part: str, most: int) -> int:
        given = sum(name.startswith(f"{part}-") for name in self.data)
        return min(max(given + SPARE, LEAST_ROWS), most)

    @cached_property
    def participants(self) -> list[Participant]:
        """Of the scheme that is chosen: they need not be those of the present one."""
        rows = Participant.objects.current().visible_to(self.seat).filter(scheme=self.chosen).select_related("unit")
        return list(rows.order_by("group", "unit__position", "unit__code"))

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """Code → metric, of those whose target the chosen scheme reads."""
        rows = Metric.objects.current().visible_to(self.seat).filter(name__in=with_targets(self.chosen.rules))
        return {metric.code: metric for metric in rows.order_by("code")}

    @property
    def candidates(self) -> list[Project]:
        """To choose from while typing: what the units that take part have and did not start yet, the newest first."""
        landed = Project.objects.current().visible_to(self.seat).filter(landing_unit__in=self._unit_keys)
        return list(not_yet(landed, Step.START).order_by("-code")[:MOST_OFFERED])

    @property
    def _unit_keys(self) -> list[int]:
        return [participant.unit_id for participant in self.participants]

    # -- for the page ----------------------------------------------------------------------------

    @property
    def points_boxes(self) -> list[tuple[forms.BoundField, str]]:
        """Each with the present 满分."""
        return [(self[name], plain_number(one.points)) for name, one in self.indicators.items()]

    @property
    def project_boxes(self) -> list[tuple[forms.BoundField, str]]:
        """Each with the name of the project that was found."""
        found = getattr(self, "cleaned_data", {})
        boxes = (name for name in self.fields if name.startswith("project-"))
        return [(self[n], str(found[n]) if isinstance(found.get(n), Project) else "") for n in boxes]

    @property
    def target_rows(self) -> list[list[forms.BoundField]]:
        count = sum(name.startswith("target-") for name in self.fields)
        return [[self[f"{part}-{n}"] for part in TARGET_PARTS] for n in range(1, count + 1)]

    @property
    def tidy(self) -> str:
        """The query without what was left empty or says what holds anyway."""
        kept = QueryDict(mutable=True)
        defaults = {"scheme": self.now.code, "step": Step.START.value}
        for name in self.fields if self.is_bound else ():
            text = self.data.get(name, "").strip()
            if text and text != defaults.get(name):
                kept[name] = text
        return kept.urlencode()

    @property
    def dropped(self) -> list[str]:
        """Sentences on what the tidy address leaves out though somebody asked for it."""
        return [*self._points_without_indicator(), *self._too_many()]

    def _points_without_indicator(self) -> Iterator[str]:
        for name, text in self.data.items():
            if name.startswith("points-") and name not in self.fields and text.strip():
                yield f"“{self.chosen}”没有指标“{name.removeprefix('points-')}”，改成{text.strip()}分没有带过来。"

    def _too_many(self) -> Iterator[str]:
        for part, most, noun in (("project", MOST_PROJECTS, "个项目"), ("target", MOST_TARGETS, "个目标")):
            asked = [name for name, text in self.given.items() if name.startswith(f"{part}-") and text.strip()]
            if len(asked) > most:
                yield f"一次最多假设{most}{noun}，后面的{len(asked) - most}个没有带过来。"

    # -- what was meant --------------------------------------------------------------------------

    def clean_day(self):
        day = self.cleaned_data["day"]
        first, last = self.period.year_to_date().first_day, self.period.last_day
        if day and not first <= day <= last:
            raise ValidationError(
                f"日期要在{first.year}年{first.month}月{first.day}日至{last.month}月{last.day}日之间，"
                f"否则与{self.period.label}的排名无关。"
            )
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self._find_projects(given)
        if self._given("project") and "day" not in self.errors and not given.get("day"):
            self.add_error("day", "请写明这些项目哪一天到达。")
        for number in range(1, len(self.target_rows) + 1):
            self._whole_row(given, number)
        return given

    def _given(self, part: str) -> list[str]:
        return [name for name in self.data if name.startswith(f"{part}-") and self.data[name].strip()]

    def _find_projects(self, given: dict[str, Any]) -> None:
        """All named projects in one question; each that is not one project says so beside its own box."""
        asked = {name: given[name] for name in self._given("project") if given.get(name)}
        said = [part for text in asked.values() for part in (text, text.split()[0])]
        rows = Project.objects.current().visible_to(self.seat).filter(Q(code__in=said) | Q(name__in=said))
        found = list(rows.select_related("landing_unit", "responsible_unit").order_by("pk")) if said else []
        for name, text in asked.items():
            hits = [p for p in found if p.code == text.split()[0]] or [p for p in found if p.name == text]
            if len(hits) == 1:
                given[name] = hits[0]
            else:
                self.add_error(name, NOT_FOUND.format(text) if not hits else NOT_ONE.format(text))

    def _whole_row(self, given: dict[str, Any], number: int) -> None:
        names = [f"{part}-{number}" for part in TARGET_PARTS]
        empty = [name for name in names if given.get(name) in (None, "")]
        if 0 < len(empty) < len(names):
            for name in empty:
                if name not in self.errors:
                    self.add_error(name, "请把单位、指标和目标填全。")

    @property
    def supposition(self) -> Supposition | None:
        """None where nothing is supposed."""
        projects = {p.pk: p for name in self._given("project") if isinstance(p := self.cleaned_data[name], Project)}
        changes = Changes(self._points(), self._targets(), {m.name: m.spread for m in self.metrics.values()})
        if not projects and not changes.any and self.chosen.pk == self.now.pk:
            return None
        step = Step(self.cleaned_data["step"] or Step.START)
        return Supposition(self.chosen, changes, tuple(projects.values()), step, self.cleaned_data["day"])

    def _points(self) -> dict[Any, Decimal]:
        asked = {name: self.cleaned_data[name] for name in self.indicators}
        return {place_of(self.indicators[name]): points for name, points in asked.items() if points is not None}

    def _targets(self) -> dict[tuple[str, str], Decimal]:
        units = {p.unit.code: p.unit.name for p in self.participants}
        rows = [[self.cleaned_data[f"{part}-{n}"] for part in TARGET_PARTS] for n in self._filled_rows()]
        return {(units[unit], self.metrics[metric].name): target for unit, metric, target in rows}

    def _filled_rows(self) -> Iterator[int]:
        return (n for n in range(1, len(self.target_rows) + 1) if self.cleaned_data[f"target-{n}"] is not None)

    def refuse(self, error: ValidationError) -> None:
        """The door's sentences: about a project beside its box, all others above."""
        told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        boxes = {p.code: name for name, p in self.cleaned_data.items() if isinstance(p, Project)}
        for code, sentences in told.items():
            for sentence in sentences:
                self.add_error(boxes.get(code), sentence)


NOT_FOUND = "没有找到项目“{}”，请填写编号或全名。"
NOT_ONE = "有不止一个项目叫“{}”，请填写编号。"


def points_name(indicator: Indicator) -> str:
    """The box of its 满分; groups tell those apart that share a name."""
    return f"points-{indicator.name}" + (f"-{'、'.join(indicator.groups)}" if indicator.groups else "")


def with_targets(rules: Rules) -> list[str]:
    """The metrics whose target some formula reads."""
    read = (one.name for one in rules.references if isinstance(one, Figure) and "目标" in one.kind)
    return list(dict.fromkeys(read))


def _renumbered(given: QueryDict) -> QueryDict:
    """Rows that were left empty close up, so that the same supposition has one address."""
    found = QueryDict(mutable=True)
    for name in given:
        if not NUMBERED.fullmatch(name):
            found[name] = given[name]
    found.setdefault("step", Step.START.value)
    _close_up(found, given, ("project",), MOST_PROJECTS)
    _close_up(found, given, TARGET_PARTS, MOST_TARGETS)
    return found


def _close_up(found: QueryDict, given: QueryDict, parts: Iterable[str], most: int) -> None:
    numbers = sorted({int(n.rpartition("-")[2]) for n in given if n.rpartition("-")[0] in parts and NUMBERED.match(n)})
    rows = [[given.get(f"{part}-{n}", "").strip() for part in parts] for n in numbers]
    for number, row in enumerate([row for row in rows if any(row)][:most], 1):
        for part, text in zip(parts, row, strict=True):
            found[f"{part}-{number}"] = text

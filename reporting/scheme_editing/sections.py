"""The tables that a scheme consists of: their columns, and which of them hold a formula. One declaration each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from reporting.scheme_editing.presets import Rule, Use, rules_for
from reporting.scoring.scheme import FULL_POINTS, RANKING_NAMES

CellKind = Literal["text", "family", "number", "whole", "choice", "groups", "flag"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One column that is typed in; `key` is the file's, `unit` stands in the header."""

    key: str
    label: str
    kind: CellKind = "text"
    unit: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A list of rules. `formula`: the key under which each keeps its formula; empty where it has none."""

    key: str
    title: str
    noun: str
    cells: tuple[Cell, ...]
    says: str
    formula: Literal["formula", "when", ""] = ""
    use: Use = "points"
    ranked: bool = False

    @property
    def rules(self) -> list[Rule]:
        return rules_for(self.use, ranked=self.ranked) if self.formula else []

    @property
    def constants(self) -> tuple[str, ...]:
        """Names beside metrics that its formulas may read."""
        if self.ranked:
            return RANKING_NAMES
        return (FULL_POINTS,) if self.key == "indicators" else ()

    @property
    def formula_label(self) -> str:
        return "条件" if self.formula == "when" else "算法"


NAME = Cell("name", "名称", required=True)
CAP = Cell("cap", "上限", "number", "分", help="至多计多少分，不填就不封顶。")
EFFECT = Cell(
    "effect",
    "后果",
    "choice",
    required=True,
    choices=(("no_award", "不评奖"), ("unranked", "不参加排名"), ("zero", "总分记零")),
)
TIERS = Cell("tiers", "动几档", "whole", "档", required=True)

SECTIONS: tuple[Section, ...] = (
    Section(
        "indicators",
        "指标",
        "指标",
        (
            Cell("name", "指标", required=True),
            Cell("family", "类别", "family", help="例如招商引资、项目建设、企业培育、定性。"),
            Cell("points", "满分", "number", "分", required=True),
            Cell("groups", "适用组别", "groups", help="不填是共性指标，都适用；填组名是个性指标，几个组用顿号隔开。"),
        ),
        "每项指标有满分和算法；不填组别的是共性指标，填了组别的是个性指标。",
        "formula",
    ),
    Section(
        "bonuses",
        "加分",
        "加分项",
        (NAME, CAP),
        "满分之外另加的分，每项可以封顶，合计也可以封顶。",
        "formula",
        "bonus",
    ),
    Section("deductions", "扣分", "扣分项", (NAME, CAP), "从总分里扣的分，每项可以封顶。", "formula", "deduction"),
    Section(
        "derived",
        "派生指标",
        "派生指标",
        (NAME,),
        "由几个指标数据算出来的数，例如开工率，算好以后别的算式可以直接用它的名称。",
        "formula",
        "value",
    ),
    Section(
        "vetoes",
        "一票否决",
        "否决项",
        (NAME, EFFECT),
        "条件成立就生效，后果分总分记零、不参加排名、不评奖三种。",
        "when",
        "condition",
    ),
    Section(
        "awards",
        "奖项",
        "奖项",
        (
            Cell("tier", "奖项", required=True),
            Cell("first", "名次从", "whole", "名", help="不填名次的，只看最低分。"),
            Cell("last", "到", "whole", "名"),
            Cell("minimum", "最低分", "number", "分"),
            Cell("amount", "奖励", "number", "万元", help="每个单位各得这个数。"),
            Cell("pass_down", "空缺递补", "flag", help="这一档没人拿的，依次给后面的名次。"),
        ),
        "从高到低排列，单位拿名次和最低分都符合的第一个奖项。",
    ),
    Section(
        "promotions", "晋档", "晋档条件", (TIERS,), "条件成立的，奖项往上走几档。", "when", "condition", ranked=True
    ),
    Section(
        "demotions", "降档", "降档条件", (TIERS,), "条件成立的，奖项往下走几档。", "when", "condition", ranked=True
    ),
    Section("lists", "榜单", "榜单", (NAME,), "红榜、黑榜等，条件成立的单位列入。", "when", "condition", ranked=True),
)
BY_KEY = {section.key: section for section in SECTIONS}


def typed(section: Section, row: Mapping[str, Any]) -> dict[str, Any]:
    """What the boxes of a row hold when it is opened."""
    ranks = row.get("ranks") or ("", "")
    known = {**row, "first": ranks[0], "last": ranks[1], "groups": "、".join(row.get("groups") or ())}
    return {cell.key: known.get(cell.key, "") for cell in section.cells}


def filed(section: Section, cells: Mapping[str, Any], formula: str = "") -> dict[str, Any]:
    """The row as the scheme's file writes it; what was left empty is left out."""
    row = {cell.key: cells[cell.key] for cell in section.cells}
    if "first" in row:
        first, last = row.pop("first"), row.pop("last")
        row["ranks"] = [first or last, last or first] if first or last else None
    if section.formula:
        row[section.formula] = formula
    return {key: value for key, value in row.items() if value not in (None, "", [], False)}


def moved(rows: list[Any], place: int, step: int) -> list[Any]:
    """The rows with the one at `place` moved by `step`; as they are where it would leave the table."""
    other = place + step
    if not (0 <= place < len(rows) and 0 <= other < len(rows)):
        return rows
    changed = list(rows)
    changed[place], changed[other] = changed[other], changed[place]
    return changed


def label(section: Section, row: Mapping[str, Any]) -> str:
    return str(row.get("name") or row.get("tier") or row.get("when") or section.noun)


def rows_of(body: Mapping[str, Any]) -> Iterator[tuple[Section, list[dict[str, Any]]]]:
    for section in SECTIONS:
        yield section, list(body.get(section.key) or [])

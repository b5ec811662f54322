"""Rules that write formulas: an office clerk picks one, fills in numbers, and reads what it wrote.

Each rule is one or more templates with slots in braces. Writing takes the first template whose slots are all filled;
reading a formula back finds the rule and the numbers that wrote it, so that it opens as it was filled in.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

Kind = Literal["metric", "number", "target", "peers"]
Use = Literal["points", "bonus", "deduction", "value", "condition"]

TARGETS = (("时序目标", "到期末应完成的时序目标"), ("目标", "全年目标"))
PEERS = (("组内", "同组单位"), ("全部", "全部单位"))
PLAIN_NAME = re.compile(r"[^\W\d]\w*")
SLOT = re.compile(r"\{(\w+)\}")
FORMS = {
    "metric": r"\[[^\[\]]+\]|[^\W\d]\w*",
    "number": r"[0-9]+(?:\.[0-9]+)?",
    "target": "|".join(value for value, _ in TARGETS),
    "peers": "|".join(value for value, _ in PEERS),
}
MOST_TIERS = 5


@dataclass(frozen=True, slots=True)
class Slot:
    """One blank of a rule; `unit` stands behind the box. An optional blank may stay empty."""

    key: str
    label: str
    kind: Kind
    unit: str = ""
    initial: str = ""
    optional: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    key: str
    name: str
    says: str
    uses: tuple[Use, ...]
    slots: tuple[Slot, ...]
    templates: tuple[str, ...]
    aliases: tuple[tuple[str, str, str], ...] = ()
    """(template, slot, value): other spellings that people write, with the slot that they leave out."""

    def written(self, given: Mapping[str, str]) -> str:
        """The formula with `given` in the slots; empty optional ones choose a template without them."""
        filled = {key: value for key, value in given.items() if value}
        for template in self.templates:
            if set(SLOT.findall(template)) <= set(filled):
                return SLOT.sub(lambda match: self._word(match[1], filled[match[1]]), template)
        raise ValueError(f"no template of {self.key} fits {sorted(filled)}")

    def _word(self, key: str, value: str) -> str:
        return spelt(value) if self.slot(key).kind == "metric" else value

    def slot(self, key: str) -> Slot:
        return next(slot for slot in self.slots if slot.key == key)

    def read(self, formula: str) -> dict[str, str] | None:
        """What was filled in to write `formula`; None where this rule did not write it."""
        text = "".join(formula.split())
        spellings: list[tuple[str, dict[str, str]]] = [(template, {}) for template in self.templates]
        spellings += [(template, {key: value}) for template, key, value in self.aliases]
        for template, left_out in spellings:
            if match := _pattern(self, template).fullmatch(text):
                return {key: value.strip("[]") for key, value in match.groupdict().items()} | left_out
        return None


def spelt(name: str) -> str:
    """A metric's name as a formula writes it: in brackets where it would not be one word."""
    return name if PLAIN_NAME.fullmatch(name) and name.upper() not in ("TRUE", "FALSE") else f"[{name}]"


@cache
def _pattern(rule: Rule, template: str) -> re.Pattern[str]:
    """The template as a pattern: a slot's first place reads it, the others must repeat it."""
    pieces, seen, start = [], set(), 0
    for match in SLOT.finditer(template):
        pieces.append(re.escape("".join(template[start : match.start()].split())))
        key, start = match[1], match.end()
        pieces.append(f"(?P={key})" if key in seen else f"(?P<{key}>{FORMS[rule.slot(key).kind]})")
        seen.add(key)
    return re.compile("".join([*pieces, re.escape("".join(template[start:].split()))]))


def _metric(label: str = "看哪个数", key: str = "x", help: str = "") -> Slot:
    return Slot(key, label, "metric", help=help)


def _number(key: str, label: str, unit: str, initial: str = "", *, optional: bool = False, help: str = "") -> Slot:
    return Slot(key, label, "number", unit, initial, optional, help)


TARGET = Slot("t", "和什么比", "target", initial="时序目标")
ALL_OF = Slot("g", "在谁当中比", "peers", initial="组内")
STEP = _number("s", "每多少算一步", "%", "10")
MOST = _number("cap", "至多加", "分", optional=True, help="不填就不封顶。")


def _tiers(value: str) -> Iterator[str]:
    """From the most tiers down to one."""
    for count in range(MOST_TIERS, 0, -1):
        cases = ", ".join(f"{value}>={{a{n}}}%, {{p{n}}}" for n in range(1, count + 1))
        yield f"IFS({cases}, TRUE, {{p0}})"


def _tier_slots() -> Iterator[Slot]:
    first = (("100", ""), ("80", ""), ("50", ""))
    for n in range(1, MOST_TIERS + 1):
        line, points = first[n - 1] if n <= len(first) else ("", "")
        yield _number(f"a{n}", f"第{n}档：完成率达到", "%", line, optional=n > 1)
        yield _number(f"p{n}", f"第{n}档：得", "分", points, optional=n > 1)
    yield _number("p0", "各档都达不到的，得", "分", "0")


RULES: tuple[Rule, ...] = (
    Rule(
        "pro_rata",
        "时序进度",
        "完成数除以到期末应完成的时序目标，再乘满分；超额的至多按封顶计。",
        ("points",),
        (_metric("完成数"), _number("cap", "完成率封顶", "%", "100", optional=True, help="不填就不封顶。")),
        ("MIN({x}/时序目标({x}), {cap}%)*满分", "{x}/时序目标({x})*满分"),
        (("MIN({x}/时序目标({x}), 1)*满分", "cap", "100"),),
    ),
    Rule(
        "completion",
        "完成率封顶",
        "完成数除以全年目标，再乘满分；超额的至多按封顶计。",
        ("points",),
        (_metric("完成数"), _number("cap", "完成率封顶", "%", "100", optional=True, help="不填就不封顶。")),
        ("MIN({x}/目标({x}), {cap}%)*满分", "{x}/目标({x})*满分"),
        (("MIN({x}/目标({x}), 1)*满分", "cap", "100"),),
    ),
    Rule(
        "over",
        "完成得满分，超额再加",
        "没完成的按完成率得分；完成后每超一步加分，加到封顶为止。",
        ("points",),
        (_metric("完成数"), TARGET, STEP, _number("k", "每步加", "分", "1"), MOST),
        (
            "MIN({x}/{t}({x}), 1)*满分+MIN({cap}, {k}*INT(MAX(0, {x}/{t}({x})-1)/{s}%))",
            "MIN({x}/{t}({x}), 1)*满分+{k}*INT(MAX(0, {x}/{t}({x})-1)/{s}%)",
        ),
    ),
    Rule(
        "steps",
        "每增减一成加减分",
        "正好完成得满分；每超一步加分，每欠一步扣分，不足一步的不算，扣到0分为止。",
        ("points",),
        (
            _metric("完成数"),
            TARGET,
            STEP,
            _number("k", "每超一步加", "分", "1"),
            _number("m", "每欠一步扣", "分", "1"),
            MOST,
        ),
        (
            "IF({x}>={t}({x}), 满分+MIN({cap}, {k}*INT(({x}/{t}({x})-1)/{s}%)), "
            "MAX(0, 满分-{m}*INT((1-{x}/{t}({x}))/{s}%)))",
            "IF({x}>={t}({x}), 满分+{k}*INT(({x}/{t}({x})-1)/{s}%), MAX(0, 满分-{m}*INT((1-{x}/{t}({x}))/{s}%)))",
        ),
    ),
    Rule(
        "tiers",
        "分档",
        "从高到低，达到哪一档的完成率就得哪一档的分，一档也达不到的另定。",
        ("points",),
        (_metric("完成数"), TARGET, *_tier_slots()),
        tuple(_tiers("{x}/{t}({x})")),
    ),
    Rule(
        "gate",
        "达标起步",
        "达不到目标得0分；达到得起步分，每再超一步加分。",
        ("points",),
        (
            _metric("完成数"),
            TARGET,
            _number("b", "达到目标，得", "分", "60"),
            STEP,
            _number("k", "每超一步加", "分", "0.5"),
            MOST,
        ),
        (
            "IF({x}<{t}({x}), 0, {b}+MIN({cap}, {k}*INT(({x}/{t}({x})-1)/{s}%)))",
            "IF({x}<{t}({x}), 0, {b}+{k}*INT(({x}/{t}({x})-1)/{s}%))",
        ),
    ),
    Rule(
        "all",
        "全有全无",
        "达到目标得满分，差一点也得0分。",
        ("points",),
        (_metric("完成数"), TARGET),
        ("IF({x}>={t}({x}), 满分, 0)",),
    ),
    Rule(
        "efficacy",
        "功效系数",
        "最好的得满分，最差的得底分，其余按差距折算；大家都一样的都得满分。",
        ("points",),
        (
            _metric(),
            ALL_OF,
            _number("b", "最差的得满分的", "%", "60"),
        ),
        ("IF({g}最大({x})={g}最小({x}), 1, {b}%+(1-{b}%)*({x}-{g}最小({x}))/({g}最大({x})-{g}最小({x})))*满分",),
    ),
    Rule(
        "best",
        "与最好的比",
        "除以最高的一个，再乘满分；都是0的得0分。",
        ("points",),
        (_metric(), ALL_OF),
        ("IF({g}最大({x})=0, 0, {x}/{g}最大({x})*满分)",),
    ),
    Rule(
        "rank",
        "按名次得分",
        "第1名得满分，每低一名少得几分，最少0分。",
        ("points",),
        (_metric("按哪个数排"), ALL_OF, _number("d", "每低一名少得", "分", "1")),
        ("MAX(0, 满分-{d}*({g}名次({x})-1))",),
    ),
    Rule(
        "growth",
        "同比增速",
        "比上年同期增长达到要求的得满分，不到的按比例得分，没有增长的得0分。",
        ("points",),
        (_metric("看哪个数"), _number("s", "增长多少得满分", "%", "10")),
        ("MIN(MAX(0, {x}/上年同期({x})-1)/{s}%, 1)*满分",),
    ),
    Rule(
        "share",
        "占比",
        "一部分除以全部，再乘满分；全部是0的得0分。",
        ("points",),
        (_metric("一部分"), _metric("全部", "n")),
        ("IF({n}=0, 0, MIN({x}/{n}, 1)*满分)",),
    ),
    Rule(
        "each",
        "每个得几分",
        "每个得几分，得到满分为止。",
        ("points",),
        (_metric("数什么"), _number("k", "每个得", "分", "1")),
        ("MIN({k}*{x}, 满分)",),
    ),
    Rule(
        "open",
        "多做多得",
        "每个得几分，不封顶，满分只用来合计分值。",
        ("points",),
        (_metric("数什么"), _number("k", "每个得", "分", "1")),
        ("{k}*{x}",),
    ),
    Rule(
        "events",
        "从满分往下扣",
        "先给满分，每发生一次扣几分，扣完为止。",
        ("points",),
        (_metric("数什么"), _number("k", "每次扣", "分", "1")),
        ("MAX(0, 满分-{k}*{x})",),
    ),
    Rule(
        "judges",
        "评委平均",
        "评委打分的平均数，除以打分的满分，再乘这一项的满分。",
        ("points",),
        (
            _metric("评委打的分"),
            _number("w", "打分的满分是", "分", "100"),
            _number("c", "去掉最高最低共", "%", optional=True, help="例如40%：五个评委去掉一个最高、一个最低。"),
        ),
        ("TRIMMEAN({x}, {c}%)/{w}*满分", "AVERAGE({x})/{w}*满分"),
    ),
    Rule(
        "two_groups",
        "两组评委加权",
        "两组评委各取平均，按比重相加，再折成满分。",
        ("points",),
        (
            _metric("第一组打的分"),
            _number("a", "第一组占", "%", "70"),
            _metric("第二组打的分", "y"),
            _number("b", "第二组占", "%", "30"),
            _number("w", "打分的满分是", "分", "100"),
        ),
        ("(AVERAGE({x})*{a}%+AVERAGE({y})*{b}%)/{w}*满分",),
    ),
    Rule(
        "figure",
        "直接用这个数",
        "数是多少就得多少分，至多得满分。",
        ("points",),
        (_metric("哪个数"),),
        ("MIN({x}, 满分)",),
    ),
    Rule(
        "per_unit",
        "每个加几分",
        "数量乘每个的分值；封顶写在上限里。",
        ("bonus",),
        (_metric("数什么"), _number("k", "每个加", "分", "1")),
        ("{k}*{x}",),
    ),
    Rule(
        "surplus",
        "超额加分",
        "超过目标后每超一步加几分；封顶写在上限里。",
        ("bonus",),
        (_metric("完成数"), TARGET, STEP, _number("k", "每步加", "分", "1")),
        ("{k}*INT(MAX(0, {x}/{t}({x})-1)/{s}%)",),
    ),
    Rule(
        "beyond",
        "超过目标的每个加几分",
        "超过目标以后，多一个加几分；封顶写在上限里。",
        ("bonus",),
        (_metric("数什么"), TARGET, _number("k", "多一个加", "分", "1")),
        ("{k}*MAX(0, {x}-{t}({x}))",),
    ),
    Rule(
        "per_event",
        "每次扣几分",
        "次数乘每次扣的分；封顶写在上限里。",
        ("deduction",),
        (_metric("数什么"), _number("k", "每次扣", "分", "1")),
        ("{k}*{x}",),
    ),
    Rule(
        "behind",
        "欠进度扣分",
        "没有达到目标的，每欠一步扣几分；封顶写在上限里。",
        ("deduction",),
        (_metric("完成数"), TARGET, STEP, _number("k", "每欠一步扣", "分", "1")),
        ("{k}*INT(MAX(0, 1-{x}/{t}({x}))/{s}%)",),
    ),
    Rule(
        "rate",
        "两数相除",
        "一个数除以另一个数；除数是0的算0。",
        ("value",),
        (_metric("被除数（分子）"), _metric("除数（分母）", "n")),
        ("IF({n}=0, 0, {x}/{n})",),
    ),
    Rule(
        "sum", "两数相加", "两个数加起来。", ("value",), (_metric("第一个数"), _metric("第二个数", "n")), ("{x}+{n}",)
    ),
    Rule("above_zero", "只要有", "数大于0就算。", ("condition",), (_metric("哪个数"),), ("{x}>0",)),
    Rule(
        "at_least",
        "达到多少",
        "数达到或超过就算。",
        ("condition",),
        (_metric("哪个数"), _number("n", "达到", "", "1")),
        ("{x}>={n}",),
    ),
    Rule(
        "missed",
        "没有完成目标",
        "完成数低于目标就算。",
        ("condition",),
        (_metric("完成数"), TARGET),
        ("{x}<{t}({x})",),
    ),
    Rule(
        "red",
        "名次靠前且完成目标",
        "名次在前几名，同时完成了目标。",
        ("condition",),
        (_metric("完成数"), TARGET, _number("n", "前", "名", "3")),
        ("AND(名次<={n}, {x}>={t}({x}))",),
    ),
    Rule(
        "black",
        "名次靠后且没有完成目标",
        "名次在最后几名，同时没有完成目标。",
        ("condition",),
        (_metric("完成数"), TARGET, _number("n", "最后", "名", "3")),
        ("AND(名次>参评数-{n}, {x}<{t}({x}))",),
    ),
)

RANKED_ONLY = frozenset({"red", "black"})
"""Rules that read the rank, which a veto cannot know yet."""


def rules_for(use: Use, *, ranked: bool = True) -> list[Rule]:
    """`ranked`: whether the rank is known where the formula stands."""
    return [rule for rule in RULES if use in rule.uses and (ranked or rule.key not in RANKED_ONLY)]


def recognised(formula: str, rules: list[Rule]) -> tuple[Rule, dict[str, str]] | None:
    """The rule that wrote `formula` and what was filled in; None for one that somebody typed."""
    for rule in rules:
        given = rule.read(formula)
        if given is not None:
            return rule, given
    return None

"""Names that a scheme reads and nobody gives: told before the scheme ranks anybody."""

from collections.abc import Collection, Iterator

from reporting.formula.nodes import Formula, Name
from reporting.formula.parser import nearest
from reporting.scoring.scheme import FULL_POINTS, RANKING_NAMES, Scheme

TIE_BREAK = "并列次序"


def unknown_names(rules: Scheme, metrics: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """(where, name, sentence) for every name that is neither a metric nor derived; each once a place."""
    known = {*metrics, *(derived.name for derived in rules.derived)}
    for derived in rules.derived:
        if derived.name in metrics:
            yield f"派生指标“{derived.name}”", derived.name, f"派生指标“{derived.name}”与指标数据重名，请换一个名称。"
    for where, formula, constants in rules.formulas():
        for name in dict.fromkeys(unread(formula, known, constants)):
            yield where, name, no_such_metric(name, known)
    for name in rules.ranking.tie_break:
        if name not in known:
            yield TIE_BREAK, name, no_such_metric(name, known)


def unread(formula: Formula, known: Collection[str], constants: Collection[str] = ()) -> Iterator[str]:
    """The names in a formula that nothing gives; `constants` stand alone, never inside 目标( ) and its like."""
    for reference in formula.references:
        if reference.name not in known and not (isinstance(reference, Name) and reference.name in constants):
            yield reference.name


def no_such_metric(name: str, known: Collection[str]) -> str:
    if name == FULL_POINTS:
        return "“满分”只能写在指标的算式里。"
    if name in RANKING_NAMES:
        return f"“{name}”只能写在晋档、降档和榜单的条件里。"
    return f"没有名为“{name}”的指标数据{nearest(name, sorted(known))}。"

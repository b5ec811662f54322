"""Names of metrics: which ones a formula can read, and how it writes them."""

from reporting.formula.nodes import FIGURES
from reporting.formula.parser import FUNCTION_NAMES, TRUTHS
from reporting.formula.tokens import HALF_WIDTH, TOKEN

OWN_NAMES = ("满分", "总分", "名次", "参评数")
"""What a scheme's formulas call themselves: points, and a unit's own result."""


def name_problem(name: str) -> str:
    """Why no formula could read a metric of that name; empty where one can."""
    if name.upper() in {*TRUTHS, *FUNCTION_NAMES, *FIGURES} or name in OWN_NAMES:
        return f"“{name}”在公式里另有所指，请换一个名称。"
    if set(name) & set("[]［］") or name != name.strip() or not name.isprintable():
        return "名称里不能有方括号，首尾不能有空格，也不能换行。"
    if _is_plain(half := name.translate(HALF_WIDTH)) and half != name:
        return f"名称里的字母和数字请用半角：{half}。"
    return ""


def written(name: str) -> str:
    """The name as a formula writes it: letters, digits, Chinese and _ as they are, all else in brackets."""
    return name if _is_plain(name) else f"[{name}]"


def _is_plain(name: str) -> bool:
    found = TOKEN.fullmatch(name)
    return found is not None and found.lastgroup == "name"

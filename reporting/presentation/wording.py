"""Rates, scores and movements as words; the same on every report page."""

from datetime import date
from decimal import Decimal

from core.amounts import WAN_PER_UNIT, half_up, show_wan, show_yi
from core.dates import DateSpan
from core.periods import Period
from reporting.formula.exact import at_places
from reporting.scoring.results import shown_score
from reporting.scoring.scheme import Rounding

FAMILIES = ("招商引资", "项目建设", "企业培育", "定性")
OF_A_SELECTION = ("发展基础条件", "申报方案可行性", "保障措施")
NONE = "—"
PLACES = 2


def css_of(family: str | None) -> str:
    """One colour a family, everywhere; what is of no known family takes the last."""
    known = next((names for names in (FAMILIES, OF_A_SELECTION) if family in names), FAMILIES)
    return f"fam-{known.index(family) + 1 if family in known else len(FAMILIES)}"


def counted_until(period: Period, day: date) -> str:
    """数据截至2024年5月20日, as of `day`."""
    return f"数据截至{DateSpan.day(period.counted_until(day)).label}"


def percent(rate: Decimal) -> str:
    """0.5394 → 53.9%, with a true minus."""
    return f"{in_hundredths(rate)}%"


def in_hundredths(rate: Decimal) -> str:
    """0.5394 → 53.9, rounded from the raw rate."""
    return f"{half_up(rate * 100, 1) + 0:f}".replace("-", "−")


def ahead(gap: Decimal) -> str:
    """A difference of two raw rates: 0.039 → 超时序3.9个百分点."""
    shown = half_up(abs(gap) * 100, 1)
    if not shown:
        return "与时序持平"
    return f"{'超' if gap > 0 else '欠'}时序{shown:f}个百分点"


def money(amount: Decimal) -> str:
    """Decimal 万元 as a sentence says it: 4.31亿元 from one 亿 on, else 9,000.00万元."""
    return f"{show_yi(amount)}亿元" if abs(amount) >= WAN_PER_UNIT["亿元"] else f"{show_wan(amount)}万元"


def score_words(score: Decimal | None, rounding: Rounding) -> str:
    """An indicator's score at the scheme's places; at two where the scheme rounds none."""
    if score is None:
        return NONE
    return at_places(score, PLACES) if rounding.indicator is None else shown_score(score, rounding)


def movement(rank: int | None, before: int | None) -> str:
    """↑2, ↓1, →; empty where there was no rank before or is none now."""
    if rank is None or before is None:
        return ""
    if rank == before:
        return "→"
    return f"↑{before - rank}" if rank < before else f"↓{rank - before}"


MOVEMENTS = {"↑": "up", "↓": "down", "→": "same"}


def movement_css(shown: str) -> str:
    return f"move-{MOVEMENTS.get(shown[:1], 'same')}"

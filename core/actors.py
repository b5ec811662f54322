"""Who writes. Floor 0 knows no offices: whatever satisfies `Actor` may stand at the door."""

from dataclasses import dataclass
from typing import Any, Protocol

ACTS = {
    "add": "新增",
    "change": "修改",
    "void": "作废",
    "verify": "认定",
    "check_figures": "核对",
    "set_shares": "设定",
    "edit_metrics": "编制",
    "publish": "发布",
    "confirm": "确认",
    "dispute": "申请复核",
    "edit_scheme": "编辑",
    "arrange_ratings": "组织",
    "rate": "填写",
    "apply": "申报",
    "arrange_selection": "办理",
    "keep_view": "保存",
    "share_view": "共享",
    "word_forms": "设定",
    "hand_over": "移交",
    "succeed": "划转",
    "set_deadlines": "设定",
    "ask_exception": "申请",
    "decide_exception": "批准",
    "raise_demand": "转办",
    "leave_cultivation": "办理出库",
}
"""act → the verb by which a refusal names it."""


class Actor(Protocol):
    """The seat under which something is written or read."""

    county_id: int
    user_id: int | None
    unit_id: int | None
    label: str

    def may(self, action: str, record: Any) -> bool:
        """Whether this seat may `read`, `add`, `change`, `void`, `verify`, `close` … that row or kind of row."""

    def visible(self, rows: Any) -> Any:
        """Those of the rows that this seat may see."""

    def reads(self, kind: str, record: Any) -> bool:
        """Whether this seat, which sees the row, reads in it what is withheld of that kind (`core.withheld`)."""

    def reads_every(self, kind: str) -> bool:
        """Whether it reads that in whatever row it sees."""


@dataclass(frozen=True)
class SystemActor:
    """Commands that act for nobody in particular: set-up, the demo county, the seal job."""

    county_id: int
    label: str = "系统"
    user_id: int | None = None
    unit_id: int | None = None

    def may(self, action: str, record: Any) -> bool:
        return True

    def visible(self, rows: Any) -> Any:
        """A whole county, never more; metrics are computed with these eyes."""
        return rows.in_county(self.county_id)

    def reads(self, kind: str, record: Any) -> bool:
        return True

    def reads_every(self, kind: str) -> bool:
        return True

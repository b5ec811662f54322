"""A grid of boxes into which a block copied out of Excel can be put before it is saved."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms

from core.ledgers.forms import TokenForm
from reporting.department.pasting import Block, Unplaced, placed

PASTED = "已把粘贴的内容放进表里，还没有保存，请核对后点“保存”。"
NOT_WHOLE = "这张表没有完整提交，没有保存，请刷新后再填。"


class PastedGrid(TokenForm):
    """`rows` and `columns`: the names by which a pasted block says where its figures belong; `box`: what the box at a
    place is sent as; `as_sent`: what a box of that column is sent for a text that was pasted into it.
    """

    paste = forms.CharField(
        label="从Excel粘贴",
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="在Excel里复制单位和数据各列，粘贴到这里，点“放进表里”。没有单位列的，按表中单位的顺序放。",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        rows: Sequence[str],
        columns: Sequence[str],
        box: Callable[[int, int], str],
        as_sent: Callable[[int, str], str] = lambda column, text: text,
        **kwargs: Any,
    ):
        self.unplaced = ""
        self.pastes = data is not None and data.get("act") == "paste"
        block = self._pasted(data["paste"], rows, columns) if self.pastes and "paste" in data else {}
        boxes = {box(row, column): as_sent(column, text) for (row, column), text in block.items()}
        super().__init__(with_boxes(data, {**boxes, "paste": ""}) if block else data, **kwargs)

    def _pasted(self, text: str, rows: Sequence[str], columns: Sequence[str]) -> Block:
        try:
            return placed(text, units=rows, columns=columns)
        except Unplaced as problem:
            self.unplaced = str(problem)
            return {}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.unplaced:
            self.add_error("paste", self.unplaced)
        return given


def with_boxes(data: Any, boxes: Mapping[str, str]) -> Any:
    """What was typed, with other texts in these boxes."""
    merged = data.copy()
    for name, text in boxes.items():
        merged[name] = text
    return merged

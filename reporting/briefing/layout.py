"""GB/T 9704-2012 in numbers: the page, the fonts, and the styles as WordprocessingML. Pure.

Lengths are millimetres, sizes points. 版心 is 156 × 225 mm with 22 lines of 28 characters.
"""

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

PAGE = (210, 297)
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
FOOTER = 27
"""From the paper's edge: the number stands 7 mm below the text."""
LINE = 28.95
"""225 mm in 22 lines."""
CHARACTER = 16.0
"""三号."""
TIGHTER = -0.25
"""28 characters of 16 pt are 2 mm more than 156 mm."""

SERIF, SONG, FANGSONG, HEI, KAI = "Times New Roman", "宋体", "仿宋_GB2312", "黑体", "楷体_GB2312"
TITLE_FONT = "方正小标宋简体"
FALLBACKS = {TITLE_FONT: SONG, FANGSONG: "仿宋", KAI: "楷体", HEI: "SimHei", SONG: "SimSun"}
"""What a machine without the font takes instead; 小标宋 falls back to 宋体."""

BLACK, RED, GREY = "000000", "C00000", "808080"


@dataclass(frozen=True)
class Style:
    """A paragraph style. `first` and `left`: characters of indent; `line` None for single spacing."""

    key: str
    name: str
    font: str = FANGSONG
    size: float = CHARACTER
    align: str = "both"
    first: float = 0
    left: float = 0
    right: float = 0
    line: float | None = LINE
    before: float = 0
    after: float = 0
    bold: bool = False
    color: str = BLACK
    outline: int | None = None
    spacing: float = 0
    keep: bool = False


NORMAL = Style("Normal", "Normal", spacing=TIGHTER)
BODY = Style("Body", "公文正文", first=2, spacing=TIGHTER)
TITLE = Style("Title", "Title", TITLE_FONT, 22, "center", line=33, after=LINE, keep=True)
HEADINGS = (
    Style("Heading1", "heading 1", HEI, first=2, outline=0, spacing=TIGHTER, keep=True),
    Style("Heading2", "heading 2", KAI, first=2, outline=1, spacing=TIGHTER, keep=True),
)
HINT = Style("Hint", "起草提示", first=2, color=GREY, spacing=TIGHTER)
RED_HEAD = Style("RedHead", "发文机关标志", TITLE_FONT, 26, "center", line=None, after=LINE, color=RED)
NUMBER = Style("DocumentNumber", "发文字号", align="center", after=14)
ADDRESSED = Style("Addressed", "主送机关", spacing=TIGHTER)
ANNEX_NOTE = Style("AnnexNote", "附件说明", left=6, first=-4, before=LINE, spacing=TIGHTER)
ANNEX_NEXT = Style("AnnexNext", "附件说明续", left=6, first=-1, spacing=TIGHTER)
SIGNED_BY = Style("SignedBy", "署名", align="right", right=4, before=2 * LINE, keep=True)
SIGNED_ON = Style("SignedOn", "成文日期", align="right", right=4)
ANNEX_MARK = Style("AnnexMark", "附件标志", HEI, line=LINE, keep=True)
ANNEX_TITLE = Style("AnnexTitle", "附件标题", TITLE_FONT, 22, "center", line=33, before=6, after=10, keep=True)
TABLE_NOTE = Style("TableNote", "表注", size=10.5, align="right", line=None, keep=True)
TABLE_HEAD = Style("TableHead", "表头", HEI, 10.5, "center", line=None)
TABLE_TEXT = Style("TableText", "表格文字", size=10.5, align="center", line=None)
FOOTNOTE = Style("FootNote", "表下说明", size=10.5, line=None, before=4)
HEADER_STYLE = Style("Header", "header", HEI, 14, "center", line=None)
FOOTER_STYLE = Style("Footer", "footer", SONG, 14, line=None)

STYLES = (
    NORMAL, BODY, TITLE, *HEADINGS, HINT, RED_HEAD, NUMBER, ADDRESSED, ANNEX_NOTE, ANNEX_NEXT, SIGNED_BY, SIGNED_ON,
    ANNEX_MARK, ANNEX_TITLE, TABLE_NOTE, TABLE_HEAD, TABLE_TEXT, FOOTNOTE, HEADER_STYLE, FOOTER_STYLE,
)  # fmt: skip
TABLE_STYLE = "公文表格"


def twentieths(points: float) -> int:
    return round(points * 20)


def style_xml(style: Style) -> str:
    based = "" if style is NORMAL else '<w:basedOn w:val="Normal"/>'
    default = ' w:default="1"' if style is NORMAL else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{style.key}"><w:name w:val={quoteattr(style.name)}/>{based}'
        f'<w:qFormat/><w:pPr>{"<w:keepNext/>" if style.keep else ""}<w:widowControl w:val="0"/>'
        f'<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>{_spacing(style)}{_indent(style)}'
        f'<w:jc w:val="{style.align}"/>{_outline(style)}</w:pPr>{_letters(style)}</w:style>'
    )


def _spacing(style: Style) -> str:
    line = '"240" w:lineRule="auto"' if style.line is None else f'"{twentieths(style.line)}" w:lineRule="exact"'
    return f'<w:spacing w:before="{twentieths(style.before)}" w:after="{twentieths(style.after)}" w:line={line}/>'


def _indent(style: Style) -> str:
    """In characters, and in points for programs that count none."""
    first = "hanging" if style.first < 0 else "firstLine"
    parts = ((first, abs(style.first)), ("left", style.left), ("right", style.right))
    shown = (f'w:{n}Chars="{round(c * 100)}" w:{n}="{twentieths(c * style.size)}"' for n, c in parts)
    return f"<w:ind {' '.join(shown)}/>"


def _outline(style: Style) -> str:
    return "" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>'


def _letters(style: Style) -> str:
    size = round(style.size * 2)
    return (
        f'<w:rPr><w:rFonts w:hint="eastAsia" w:ascii="{SERIF}" w:hAnsi="{SERIF}" w:eastAsia="{style.font}" '
        f'w:cs="{SERIF}"/>{"<w:b/>" if style.bold else ""}<w:color w:val="{style.color}"/>'
        f'<w:spacing w:val="{twentieths(style.spacing)}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    )


def table_style_xml() -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{BLACK}"/>' for side in sides)
    return (
        f'<w:style w:type="table" w:styleId="OfficialTable"><w:name w:val="{TABLE_STYLE}"/><w:tblPr>'
        f"<w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>"
        '<w:top w:w="40" w:type="dxa"/><w:left w:w="60" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/>'
        '<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    )

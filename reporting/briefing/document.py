"""A briefing written as a Word document: official paper, one attachment to a page, wide tables in landscape."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section as Pages
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from reporting.briefing import layout
from reporting.briefing.blank import blank_package
from reporting.briefing.layout import Style
from reporting.briefing.tree import Briefing, Hint, Paragraph, Part, Section, Table

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BREAKS = re.compile(r"[\r\n\t]+")
RED_HEAD = "（发文机关标志，由起草单位填写）"
NUMBER = "（发文字号）〔　　〕　号"
NO_DATE = "　　年　月　日"
DIGITS = "一二三四五六七八九"
ALIGNED = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
}


def write_briefing(stream: BinaryIO, briefing: Briefing, *, at: datetime) -> None:
    """`at`: when the file is written, for its properties."""
    document = Document(blank_package())
    _describe(document, briefing, at)
    _set_up(document.sections[0], across=False)
    _number_pages(document.sections[0])
    _mark(document.sections[0], briefing.mark)
    _write_head(document, briefing)
    for number, section in enumerate(briefing.sections, 1):
        _write_section(document, section, number, 0)
    _write_end(document, briefing)
    for number, table in enumerate(briefing.tables, 1):
        _write_attachment(document, table, _label(number, briefing.tables))
    document.save(stream)


def printable(text: str) -> str:
    """What XML allows, on one line."""
    return FORBIDDEN.sub("", BREAKS.sub(" ", text))


def chinese_number(number: int) -> str:
    """1 to 99: 一, 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else DIGITS[tens - 1]) + "十" if tens else ""
    return head + (DIGITS[ones - 1] if ones else "")


# -- the file and its pages ------------------------------------------------------------------------


def _describe(document: Any, briefing: Briefing, at: datetime) -> None:
    """The file speaks of the county and of nothing else."""
    properties = document.core_properties
    properties.title, properties.subject = printable(briefing.name), printable(briefing.county)
    properties.author = properties.last_modified_by = printable(briefing.signed_by)
    properties.created = properties.modified = at
    properties.language, properties.revision = "zh-CN", 1


def _set_up(pages: Pages, *, across: bool) -> None:
    """A page in landscape is the upright one turned: its head lies at the binding."""
    width, height = layout.PAGE[::-1] if across else layout.PAGE
    pages.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    pages.page_width, pages.page_height = Mm(width), Mm(height)
    top, bottom, left, right = layout.TOP, layout.BOTTOM, layout.LEFT, layout.RIGHT
    if across:
        top, bottom, left, right = layout.LEFT, layout.RIGHT, layout.BOTTOM, layout.TOP
    pages.top_margin, pages.bottom_margin, pages.left_margin, pages.right_margin = map(Mm, (top, bottom, left, right))
    pages.header_distance = Mm(15)
    pages.footer_distance = Mm(layout.FOOTER - 7 if not across else 14)


def _number_pages(pages: Pages) -> None:
    """— 1 —: at the right of odd pages and the left of even ones, one character from the edge."""
    for footer, align in ((pages.footer, "right"), (pages.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = ALIGNED[align]
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
        _run(paragraph, "— ")
        _field(paragraph, "PAGE")
        _run(paragraph, " —")


def _mark(pages: Pages, mark: str) -> None:
    """草稿 above every page."""
    for header in (pages.header, pages.even_page_header) if mark else ():
        header.is_linked_to_previous = False
        _run(header.paragraphs[0], mark)


def _field(paragraph: WordParagraph, instruction: str) -> None:
    for kind in ("begin", None, "separate", "1", "end"):
        run = _run(paragraph, "1" if kind == "1" else "")
        if kind is None:
            text = OxmlElement("w:instrText")
            text.text = instruction
            run._r.append(text)
        elif kind != "1":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


# -- the text --------------------------------------------------------------------------------------


def _write_head(document: Any, briefing: Briefing) -> None:
    _paragraph(document, RED_HEAD, layout.RED_HEAD)
    _rule_below(_paragraph(document, NUMBER, layout.NUMBER))
    _paragraph(document, "", layout.NORMAL)
    title = _paragraph(document, briefing.title, layout.TITLE)
    if briefing.title_note:
        title.add_run().add_break(WD_BREAK.LINE)
        _run(title, briefing.title_note)
    _paragraph(document, briefing.addressed, layout.ADDRESSED)
    for part in briefing.opening:
        _write_part(document, part, 0)


def _rule_below(paragraph: WordParagraph) -> None:
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", layout.RED)):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _write_section(document: Any, section: Section, number: int, level: int) -> None:
    shown = chinese_number(number)
    marked = f"{shown}、{section.heading}" if level == 0 else f"（{shown}）{section.heading}"
    _paragraph(document, marked, layout.HEADINGS[level])
    inner = iter(range(1, len(section.parts) + 1))
    several = sum(isinstance(part, Paragraph) and bool(part.lead) for part in section.parts) > 1
    for part in section.parts:
        if isinstance(part, Section):
            _write_section(document, part, next(inner), level + 1)
        else:
            led = several and isinstance(part, Paragraph) and part.lead
            _write_part(document, part, level, f"（{chinese_number(next(inner))}）" if led else "")


def _write_part(document: Any, part: Part, level: int, number: str = "") -> None:
    """Of several paragraphs that begin with what they are about, each is one of the second level, （一）甲镇。"""
    match part:
        case Hint():
            _paragraph(document, part.text, layout.HINT)
        case Paragraph():
            paragraph = _paragraph(document, "", layout.BODY)
            if part.lead:
                _lead(paragraph, f"{number}{part.lead}")
            _run(paragraph, part.text)
        case Section():
            _write_section(document, part, 1, level)


def _lead(paragraph: WordParagraph, text: str) -> None:
    """In the font of the second level, and bold, for it stands within a line."""
    run = _run(paragraph, text)
    run.bold = True
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), layout.KAI)


def _write_end(document: Any, briefing: Briefing) -> None:
    """附件说明, 署名, 成文日期."""
    for number, table in enumerate(briefing.tables, 1):
        first = "附件：" if number == 1 else ""
        style = layout.ANNEX_NOTE if first else layout.ANNEX_NEXT
        order = f"{number}. " if len(briefing.tables) > 1 else ""
        _paragraph(document, f"{first}{order}{table.title}", style)
    _paragraph(document, briefing.signed_by, layout.SIGNED_BY)
    _paragraph(document, _day(briefing.signed_on), layout.SIGNED_ON)


def _day(day: date | None) -> str:
    return NO_DATE if day is None else f"{day.year}年{day.month}月{day.day}日"


def _paragraph(document: Any, text: str, style: Style) -> WordParagraph:
    paragraph: WordParagraph = document.add_paragraph(style=document.styles[style.name])
    if text:
        _run(paragraph, text)
    return paragraph


def _run(paragraph: WordParagraph, text: str) -> Run:
    """Marked as Chinese, so that quotation marks and dashes take the Chinese font."""
    run = paragraph.add_run(printable(text))
    fonts = OxmlElement("w:rFonts")
    fonts.set(qn("w:hint"), "eastAsia")
    run._r.get_or_add_rPr().insert(0, fonts)
    return run


# -- attachments -----------------------------------------------------------------------------------


def _label(number: int, tables: tuple[Table, ...]) -> str:
    return f"附件{number}" if len(tables) > 1 else "附件"


def _write_attachment(document: Any, table: Table, label: str) -> None:
    pages = document.sections[-1]
    across = pages.orientation == WD_ORIENT.LANDSCAPE
    if across == table.lies_across:
        document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    else:
        _set_up(document.add_section(WD_SECTION.NEW_PAGE), across=table.lies_across)
    _paragraph(document, label, layout.ANNEX_MARK)
    _paragraph(document, table.title, layout.ANNEX_TITLE)
    if table.note:
        _paragraph(document, table.note, layout.TABLE_NOTE)
    _write_table(document, table)
    for line in table.footnotes or ("",):
        _paragraph(document, line, layout.FOOTNOTE)


def _write_table(document: Any, table: Table) -> None:
    widths = _widths(document.sections[-1], table)
    made: WordTable = document.add_table(rows=len(table.rows) + 1, cols=len(table.columns))
    made.style, made.autofit = document.styles[layout.TABLE_STYLE], False
    for row, texts in zip(_rows(made), ([column.heading for column in table.columns], *table.rows), strict=True):
        _write_row(document, row, texts, table, widths)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    _repeat(made.rows[0])


def _rows(table: WordTable) -> Iterator[tuple[bool, _Row]]:
    """Whether it is the header, and the row."""
    for number, row in enumerate(table.rows):
        yield number == 0, row


def _write_row(document: Any, row: tuple[bool, _Row], texts: Any, table: Table, widths: list[int]) -> None:
    header, made = row
    _whole(made)
    for cell, text, column, width in zip(made.cells, texts, table.columns, widths, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.style = document.styles[(layout.TABLE_HEAD if header else layout.TABLE_TEXT).name]
        if not header:
            paragraph.alignment = ALIGNED[column.align]
        _centre(cell)
        _run(paragraph, text)


def _widths(pages: Pages, table: Table) -> list[int]:
    room = pages.page_width - pages.left_margin - pages.right_margin
    shares = sum(column.width for column in table.columns)
    return [room * column.width // shares for column in table.columns]


def _centre(cell: _Cell) -> None:
    align = OxmlElement("w:vAlign")
    align.set(qn("w:val"), "center")
    cell._tc.get_or_add_tcPr().append(align)


def _whole(row: _Row) -> None:
    """A row is not torn between two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _repeat(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))

"""The Word file itself: the page and fonts of official paper, nothing foreign in it, nothing that XML forbids."""

import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from reporting.briefing.document import chinese_number, write_briefing
from reporting.briefing.tree import Briefing, Column, Hint, Paragraph, Section, Table
from tests.reporting.briefing.reading import texts
from tests.reporting.office import all_printed

AT = datetime(2024, 7, 19, 10, 0, tzinfo=UTC)
NARROW = Table("名单", (Column("单位", 3), Column("总分", 2, "right")), (("甲镇", "90.00"), ("乙<镇>&", "−1.00")))
WIDE = Table("排名表", tuple(Column(f"第{n}栏") for n in range(12)), (tuple("x" * 12),), "单位：分", ("说明。",))
BRIEFING = Briefing(
    title="关于2024年一季度乡镇擂台情况的通报",
    county="演示县",
    addressed="各参评单位：",
    opening=(Paragraph("现通报如下。"),),
    sections=(
        Section("总体情况", (Paragraph("第1名。", lead="甲镇。"), Section("进度", (Paragraph("超时序。"),)))),
        Section("下步打算", (Hint("（由起草人填写）"),)),
    ),
    tables=(WIDE, NARROW),
    signed_by="演示县招商办",
    signed_on=date(2024, 7, 19),
)


def written(briefing):
    stream = BytesIO()
    write_briefing(stream, briefing, at=AT)
    return stream


@pytest.fixture(scope="module")
def document():
    return Document(written(BRIEFING))


def test_headings_are_numbered_by_level(document):
    found = texts(document)
    assert [found.index(text) for text in ("一、总体情况", "（一）进度", "二、下步打算")] == sorted(
        found.index(text) for text in ("一、总体情况", "（一）进度", "二、下步打算")
    )


def test_several_paragraphs_about_something_are_the_second_level_and_one_alone_is_none():
    led = [Paragraph("第1名。", lead="甲镇。"), Paragraph("第2名。", lead="乙镇。")]
    parts = (Paragraph("共2个。"), *led, Section("进度", (Paragraph("超时序。"),)))
    alone = Section("排名情况", (Paragraph("第1名。", lead="甲镇。"),))
    document = Document(written(replace(BRIEFING, sections=(Section("总体情况", parts), alone))))
    found = texts(document)
    assert found[found.index("一、总体情况") :][:8] == [
        "一、总体情况", "共2个。", "（一）甲镇。第1名。", "（二）乙镇。第2名。", "（三）进度", "超时序。",
        "二、排名情况", "甲镇。第1名。",
    ]  # fmt: skip
    lead = next(paragraph for paragraph in document.paragraphs if paragraph.text.startswith("（一）")).runs[0]
    assert (lead.bold, lead._r.rPr.rFonts.get(qn("w:eastAsia"))) == (True, "楷体_GB2312")


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (42, "四十二"), (99, "九十九")]
)
def test_chinese_numbers(number, words):
    assert chinese_number(number) == words


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("Title", "方正小标宋简体", 22),
        ("公文正文", "仿宋_GB2312", 16),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("附件标志", "黑体", 16),
        ("Footer", "宋体", 14),
    ],
)
def test_fonts(document, style, font, size):
    letters = document.styles[style].element.rPr
    assert letters.rFonts.get(qn("w:eastAsia")) == font
    assert document.styles[style].font.size == Pt(size)


def test_every_font_names_what_stands_in_for_it():
    table = zipfile.ZipFile(written(BRIEFING)).read("word/fontTable.xml").decode()
    for name, other in (("方正小标宋简体", "宋体"), ("仿宋_GB2312", "仿宋"), ("楷体_GB2312", "楷体")):
        assert f'w:name="{name}"><w:altName w:val="{other}"/>' in table


def test_the_page(document):
    """版心 156 × 225 mm, 22 lines."""
    page = document.sections[0]
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    body = document.styles["公文正文"].paragraph_format
    assert body.line_spacing == Pt(28.95)
    assert body.first_line_indent == Pt(32)


def test_a_wide_table_lies_across_and_a_narrow_one_stands_again(document):
    assert [section.orientation for section in document.sections] == [0, 1, 0]
    across = document.sections[1]
    assert (round(across.page_width.mm), round(across.page_height.mm)) == (297, 210)


def test_tables_hold_every_cell_and_repeat_their_header(document):
    wide, narrow = document.tables
    assert [[cell.text for cell in row.cells] for row in narrow.rows] == [
        ["单位", "总分"], ["甲镇", "90.00"], ["乙<镇>&", "−1.00"],
    ]  # fmt: skip
    assert wide.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert wide.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None


def test_attachments_are_named_in_the_text_and_on_their_pages(document):
    found = texts(document)
    assert "附件：1. 排名表" in found
    assert "2. 名单" in found
    assert found.index("附件1") < found.index("附件2")
    single = texts(Document(written(replace(BRIEFING, tables=(NARROW,)))))
    assert "附件：名单" in single
    assert "附件" in single


def test_page_numbers_stand_outside(document):
    page = document.sections[0]
    for footer, align in ((page.footer, "RIGHT"), (page.even_page_footer, "LEFT")):
        paragraph = footer.paragraphs[0]
        assert paragraph.text == "— 1 —"
        assert paragraph.alignment.name == align
        assert "PAGE" in paragraph._p.xml
    assert document.settings.odd_and_even_pages_header_footer


def test_only_a_draft_is_marked(document):
    assert document.sections[0].header.is_linked_to_previous
    draft = Document(written(replace(BRIEFING, mark="草稿", signed_on=None)))
    page = draft.sections[0]
    assert [header.paragraphs[0].text for header in (page.header, page.even_page_header)] == ["草稿", "草稿"]
    assert "　　年　月　日" in texts(draft)


def test_the_file_speaks_of_the_county_alone():
    stream = written(BRIEFING)
    properties = Document(stream).core_properties
    assert (properties.title, properties.subject) == (BRIEFING.title, "演示县")
    assert (properties.author, properties.last_modified_by) == ("演示县招商办", "演示县招商办")
    assert (properties.comments, properties.keywords, properties.language) == ("", "", "zh-CN")
    assert properties.created.replace(tzinfo=UTC) == AT
    parts = zipfile.ZipFile(stream)
    everything = b"".join(parts.read(name) for name in parts.namelist()).lower()
    assert b"python" not in everything
    assert b"microsoft" not in everything.replace(b"schemas.microsoft.com", b"").replace(b"schemas-microsoft-com", b"")
    assert b'targetmode="external"' not in everything


def test_what_xml_forbids_is_taken_out_and_the_rest_stays():
    dirty = replace(BRIEFING, title="甲\x00乙\x0b<丙>&\n丁\ud800\ufffe", county="县\x01")
    document = Document(written(dirty))
    assert "甲乙<丙>& 丁" in texts(document)
    assert document.core_properties.subject == "县"


@pytest.mark.office
def test_a_printed_page_holds_22_lines_of_28_characters(tmp_path):
    """版心 of GB/T 9704 as a real office program lays it out, and the page number outside."""
    long = replace(BRIEFING, opening=(Paragraph("字" * 28 * 22 * 3),), tables=())
    all_printed({"briefing.docx": written(long).getvalue()}, tmp_path)
    command = ["pdftotext", "-layout", str(tmp_path / "out" / "briefing.pdf"), "-"]
    printed = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()
    second = [line.strip() for line in printed.split("\f")[1].splitlines() if line.strip()]
    assert second[:-1] == ["字" * 28] * 22
    assert second[-1].replace(" ", "") == "—2—"

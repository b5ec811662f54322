"""Every file that any address gives opens in a real LibreOffice and comes out as pages that can be handed round.

The addresses are found in the address book, the forms among those declared: a new one is printed here without a word.
"""

import re
import subprocess
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.db import transaction
from openpyxl import load_workbook

from core.ledgers.official_forms import all_forms
from core.spreadsheet.fitting import A3_WIDTH
from core.spreadsheet.official_form import NUMBER, FormColumn, FormSheet, Wording, write_form
from tests.access import World, address_book
from tests.produced import FILES, all_files, fill_ledgers
from tests.reporting.office import all_printed

pytestmark = [pytest.mark.django_db, pytest.mark.office]
UPRIGHT, LYING, LYING_A3 = "595 x 842", "842 x 595", "1191 x 842"
PAPER = {".docx": {UPRIGHT, LYING}, ".xlsx": {LYING, LYING_A3}}
"""Points: a briefing stands on upright A4, its wide attachments lie across; a table lies on A4 or A3."""
WORD = re.compile(r"\{[^}]+\}")
FOOTER = re.compile(r"第\d+页，共\d+页|—\s*\d+\s*—")


@pytest.fixture(scope="module")
def files(django_db_setup, django_db_blocker):
    """What every address gives, by name."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        fill_ledgers(world)
        yield dict(all_files(world))
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def pages(files, tmp_path_factory):
    """The same files printed: [(size, text), …] of each one's pages."""
    folder = tmp_path_factory.mktemp("printed")
    all_printed(files, folder)
    return {name: pages_of(folder / "out" / f"{Path(name).stem}.pdf") for name in files}


def pages_of(path):
    sizes = re.findall(r"size:\s+([\d.]+) x ([\d.]+)", told("pdfinfo", "-l", "999", path))
    texts = told("pdftotext", "-layout", path, "-").split("\f")
    return [(f"{float(w):.0f} x {float(h):.0f}", text) for (w, h), text in zip(sizes, texts, strict=False)]


def told(*command):
    return subprocess.run([*map(str, command)], check=True, capture_output=True, timeout=60).stdout.decode()


def test_every_file_becomes_pages_of_office_paper(pages):
    sizes = {name: {size for size, _ in found} for name, found in pages.items()}
    assert {n: found for n, found in sizes.items() if not found or found - PAPER[Path(n).suffix]} == {}
    assert {found[0][0] for name, found in pages.items() if name.endswith(".docx")} == {UPRIGHT}


def test_no_page_is_empty(pages):
    empty = [name for name, found in pages.items() for _, text in found if not FOOTER.sub("", text).strip()]
    assert empty == []


def test_every_declared_form_is_among_them(files):
    titles = [load_workbook(BytesIO(content)).active["A1"].value or "" for n, content in files.items() if "form" in n]
    patterns = {form.key: WORD.sub(".+", form.title) for form in all_forms()}
    assert [key for key, pattern in patterns.items() if not any(re.fullmatch(pattern, title) for title in titles)] == []


def test_every_kind_of_address_gave_a_file(files):
    names = {name for name, route in address_book().items() if route.endswith(FILES)}
    given = {re.sub(r"^\d+-|(-\d+)?\.\w+$", "", name) for name in files}
    assert names - given == set()


TEXTS = {"short": "示例项目", "long": "示例县新能源电池产业园一期标准厂房及配套设施建设项目"}


def printed_forms(tmp_path):
    """{(kind of text, rows): the text of each page} of forms whose last rows come nearer and nearer to a page's end."""
    forms = {(kind, rows): form_of(TEXTS[kind], rows) for kind in TEXTS for rows in range(20, 72, 3)}
    all_printed({f"{kind}-{rows}.xlsx": content for (kind, rows), content in forms.items()}, tmp_path)
    return {
        (kind, rows): [text for _, text in pages_of(tmp_path / "out" / f"{kind}-{rows}.pdf")] for kind, rows in forms
    }


def form_of(text, rows):
    columns = [FormColumn("项目名称", width=24), *(FormColumn(f"第{n}项", width=20) for n in range(10)), MONEY]
    lines = [(text, *([""] * 10), Decimal(1)) for _ in range(rows)]
    stream = BytesIO()
    write_form(stream, FormSheet(Wording("示例县台账"), "县招商办", date(2024, 3, 31), columns, lines))
    return stream.getvalue()


MONEY = FormColumn("金额", "amount", width=14, summed=True)
ROW = re.compile(r"(?<![\d.,])1\.00\b")


def test_signatures_never_stand_on_a_page_without_rows(tmp_path):
    """Whatever number of rows a form has, the last of them stand above the signatures; every row is printed once."""
    lengths = set()
    for (kind, rows), pages in printed_forms(tmp_path).items():
        on_page = [len(ROW.findall(text)) for text in pages]
        assert sum(on_page) == rows, (kind, rows)
        assert "制表人：" in pages[-1], (kind, rows)
        assert on_page[-1] >= 3, (kind, rows)
        assert all("项目名称" in text for text in pages), (kind, rows)
        lengths.add(len(pages))
    assert lengths >= {1, 2}


@pytest.mark.parametrize("form", [form for form in all_forms() if form.fields], ids=lambda form: form.key)
def test_a_form_is_legible_on_a_lying_a3_sheet(form):
    assert NUMBER.width + sum(field.width for field in form.fields) <= A3_WIDTH

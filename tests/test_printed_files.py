"""Every file that any address gives opens in a real LibreOffice and comes out as pages that can be handed round.

The addresses are found in the address book, the forms among those declared: a new one is printed here without a word.
"""

import re
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from django.db import transaction
from openpyxl import load_workbook

from core.ledgers.official_forms import all_forms
from core.spreadsheet.fitting import A3_WIDTH
from core.spreadsheet.official_form import NUMBER
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


@pytest.mark.parametrize("form", [form for form in all_forms() if form.fields], ids=lambda form: form.key)
def test_a_form_is_legible_on_a_lying_a3_sheet(form):
    assert NUMBER.width + sum(field.width for field in form.fields) <= A3_WIDTH

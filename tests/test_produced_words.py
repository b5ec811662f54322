"""Nothing that a person typed becomes a formula, a link or a broken file, in whatever file it comes out again."""

import re
import zipfile
from io import BytesIO
from itertools import cycle

import pytest
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from docx import Document
from openpyxl import load_workbook

from core.ledgers.ledger import ledger_for
from tests.access import World
from tests.produced import all_files, fill_ledgers

pytestmark = pytest.mark.django_db
TYPED = {
    "projects": ("name", "content"),
    "enterprises": ("name",),
    "units": ("name",),
    "problems": ("title", "description"),
    "funding_documents": ("number", "purpose"),
    "allocations": ("purpose",),
    "arrivals": ("remark",),
    "visits": ("demand",),
}
HOSTILE = ("=1+1", "+1+1", "-1+1", "@SUM(1)")
FORBIDDEN = "\x0b"
KINDS = {
    "ledger-export", "ledger-form", "project-dossier", "declaration-pack", "ranking-export", "ranking-form",
    "ranking-briefing", "month-export", "month-form", "month-briefing",
}  # fmt: skip
"""Files in which what was typed must be found again, or nothing was tried."""
SAYING = {"ledger-export", "ledger-form", "month-export", "month-form", "ranking-export", "ranking-form"}
"""Files that say what was taken out."""


@pytest.fixture(scope="module")
def files(django_db_setup, django_db_blocker):
    """Every file of a county in which all that people type begins with such a sign, and holds what Excel forbids."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        fill_ledgers(world)
        fields = [(key, name) for key, names in TYPED.items() for name in names]
        for (key, name), sign in zip(fields, cycle(HOSTILE), strict=False):
            rows = ledger_for(key).model.objects.filter(county_id=world.county.pk)
            rows.update(**{name: Concat(Value(f"{sign}{FORBIDDEN}"), F(name))})
        yield dict(all_files(world))
        transaction.set_rollback(True)


def kind_of(name):
    return re.sub(r"^\d+-|(-\d+)?\.\w+$", "", name)


def cells_of(content):
    return [cell for sheet in load_workbook(BytesIO(content)) for row in sheet.iter_rows() for cell in row]


def paragraphs_of(content):
    return [paragraph.text for paragraph in Document(BytesIO(content)).paragraphs]


def is_tried(cells):
    return any(str(cell.value or "").startswith(HOSTILE) for cell in cells)


def test_what_looks_like_a_formula_is_a_text_in_every_workbook(files):
    books = {name: cells_of(content) for name, content in files.items() if name.endswith(".xlsx")}
    formulas = [(name, cell.value) for name, cells in books.items() for cell in cells if cell.data_type == "f"]
    assert [found for found in formulas if found[1].removeprefix("=").startswith((*HOSTILE, "1+1"))] == []
    papers = {name: paragraphs_of(content) for name, content in files.items() if name.endswith(".docx")}
    with_it = {kind_of(name) for name, cells in books.items() if is_tried(cells)}
    with_it |= {kind_of(n) for n, texts in papers.items() if any(sign in text for text in texts for sign in HOSTILE)}
    assert KINDS - with_it == set()


def test_what_a_workbook_cannot_hold_is_said_in_it(files):
    said = {}
    for name, content in files.items():
        if kind_of(name) in SAYING and is_tried(cells_of(content)):
            said[name] = any("Excel不能保存的字符，已去掉" in str(cell.value) for cell in cells_of(content))
    assert {kind_of(name) for name in said} == SAYING
    assert [name for name, is_said in said.items() if not is_said] == []


def test_no_file_leads_out_of_itself(files):
    for name, content in files.items():
        with zipfile.ZipFile(BytesIO(content)) as packed:
            assert not [part for part in packed.namelist() if "externalLink" in part or "vbaProject" in part], name
            relations = b"".join(packed.read(part) for part in packed.namelist() if part.endswith(".rels"))
            assert b'TargetMode="External"' not in relations, name

"""Every file that any address gives opens in a real LibreOffice and comes out as pages that can be handed round.

The addresses are found in the address book, the forms among those declared: a new one is printed here without a word.
"""

import re
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from openpyxl import load_workbook

from core.ledgers.ledger import all_ledgers
from core.ledgers.official_forms import all_forms
from core.spreadsheet.fitting import A3_WIDTH
from core.spreadsheet.official_form import NUMBER
from reporting.models import Publication
from tests import factories as make
from tests.access import World, address_book, addresses
from tests.reporting.office import all_printed
from tests.test_queries import row_for

pytestmark = [pytest.mark.django_db, pytest.mark.office]
FILES, PRINTED = (".xlsx", ".docx", ".zip"), (".xlsx", ".docx")
OF_A_LEDGER, OF_A_PUBLICATION = "ledgers/<slug:key>/", "publications/<slug:code>/"
MARKED = "marked.xlsx"
SAMPLE = settings.BASE_DIR / "tests/data/workbooks/cells.xlsx"
UPRIGHT, LYING, LYING_A3 = "595 x 842", "842 x 595", "1191 x 842"
PAPER = {".docx": {UPRIGHT, LYING}, ".xlsx": {LYING, LYING_A3}}
"""Points: a briefing stands on upright A4, its wide attachments lie across; a table lies on A4 or A3."""
WORD = re.compile(r"\{[^}]+\}")
FOOTER = re.compile(r"第\d+页，共\d+页|—\s*\d+\s*—")


@pytest.fixture(scope="module")
def files(django_db_setup, django_db_blocker):
    """What every address gives, by name."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield dict(all_files(World()))
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def pages(files, tmp_path_factory):
    """The same files printed: [(size, text), …] of each one's pages."""
    folder = tmp_path_factory.mktemp("printed")
    all_printed(files, folder)
    return {name: pages_of(folder / "out" / f"{Path(name).stem}.pdf") for name in files}


def all_files(world):
    """An address that holds nothing for the office, or is not its own, gives no file."""
    reading, importing = (make.signed_in(world.seats[post]) for post in ("county2", "county"))
    for ledger in all_ledgers():
        if not ledger.model.objects.exists():
            row_for(ledger.key, world.records["own"].unit)
    for number, (name, address) in enumerate(file_addresses(world)):
        client = importing if address.endswith(MARKED) else reading
        if client is importing:
            sample = SimpleUploadedFile("样表.xlsx", SAMPLE.read_bytes())
            client.post(address.removesuffix(MARKED), {"file": sample})
        answer = client.get(address)
        if answer.status_code == 200:
            yield from unpacked(f"{number:03d}-{name}{Path(address).suffix}", b"".join(answer))


def file_addresses(world):
    """Of a ledger's address each ledger's, of a publication's each publication's; of any other one's own record's."""
    for name, route in address_book().items():
        if not route.endswith(FILES):
            continue
        if OF_A_LEDGER in route:
            yield from ((name, reverse(name, args=[ledger.key])) for ledger in all_ledgers())
        elif OF_A_PUBLICATION in route:
            rows = Publication.objects.current().in_county(world.county.pk)
            yield from ((name, reverse(name, args=[row.code])) for row in rows)
        else:
            found = addresses(world, name, route)
            yield name, found.get("own") or found["-"]


def unpacked(name, content):
    if name.endswith(PRINTED):
        yield name, content
        return
    with zipfile.ZipFile(BytesIO(content)) as packed:
        for number, member in enumerate(packed.namelist()):
            if member.endswith(PRINTED):
                yield f"{Path(name).stem}-{number}{Path(member).suffix}", packed.read(member)


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

"""Damaged and hostile workbooks: each is read or refused with a sentence, and none takes the process with it."""

import io
import random
import zipfile

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st

from core.spreadsheet.reading import Limits, WorkbookError, open_workbook

SAMPLES = settings.BASE_DIR / "tests/data/workbooks"
FILES = {name: (SAMPLES / name).read_bytes() for name in ("cells.xlsx", "cells.xls", "townships-band-rows.xls")}
SMALL = Limits(file_size=2**20, unpacked_size=2**22, rows=2000, columns=100, cells=50_000)
ASKS = ("请", "导入")
"""What every refusal says: what to do."""


def outcome(content):
    """The sheets' names, or the sentence by which the file was refused."""
    try:
        return [sheet.name for sheet in open_workbook(io.BytesIO(content), SMALL).sheets]
    except WorkbookError as refusal:
        sentence = str(refusal)
        assert all(word in sentence for word in ASKS), sentence
        return sentence


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def flipped(content, chance, times):
    damaged = bytearray(content)
    for _ in range(times):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


@pytest.mark.parametrize("name", FILES)
@few(max_examples=60)
@given(seed=st.integers(0, 2**32), times=st.integers(1, 40))
def test_flipped_bytes(name, seed, times):
    outcome(flipped(FILES[name], random.Random(seed), times))


@pytest.mark.parametrize("name", FILES)
@few(max_examples=40)
@given(cut=st.floats(0, 1), tail=st.binary(max_size=64))
def test_cut_short_and_continued(name, cut, tail):
    content = FILES[name]
    outcome(content[: int(len(content) * cut)] + tail)


@few(max_examples=60)
@given(seed=st.integers(0, 2**32), times=st.integers(1, 12))
def test_damage_inside_a_part_whose_checksum_is_right(seed, times):
    chance, parts = random.Random(seed), parts_of(FILES["cells.xlsx"])
    name = chance.choice(sorted(parts))
    outcome(packed({**parts, name: flipped(parts[name], chance, times)}))


@few(max_examples=30)
@given(junk=st.binary(max_size=400))
def test_junk(junk):
    for head in (b"", b"PK\x03\x04", FILES["cells.xls"][:512]):
        outcome(head + junk)


@pytest.mark.parametrize("name", sorted(parts_of(FILES["cells.xlsx"])))
def test_a_missing_part(name):
    parts = parts_of(FILES["cells.xlsx"])
    outcome(packed({other: part for other, part in parts.items() if other != name}))


SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(data):
    part = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{data}</worksheet>'
    return packed({**parts_of(FILES["cells.xlsx"]), SHEET: part.encode()})


def cell(reference, value=1):
    return f'<c r="{reference}"><v>{value}</v></c>'


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            f'<sheetData><row r="1">{cell("A1")}</row><row r="1048576">{cell("A1048576")}</row></sheetData>',
            "超过2000行",
        ),
        (f'<sheetData><row r="1">{cell("A1")}{cell("XFD1")}</row></sheetData>', "超过100列"),
        (f'<sheetData><row r="999999999999">{cell("A999999999999")}</row></sheetData>', "超过2000行"),
        (f'<sheetData><row r="0">{cell("A0")}</row></sheetData>', "已损坏"),
        (f'<sheetData><row r="-3">{cell("ZZZZZ9")}</row></sheetData>', "已损坏"),
        ('<sheetData><row r="1"><c r="A1" t="s"><v>99999999</v></c></row></sheetData>', ""),
        ('<sheetData><row r="1"><c r="A1" s="9999"><v>1e999</v></c></row></sheetData>', ""),
        ("<a>" * 3000 + "</a>" * 3000, ""),
    ],
)
def test_a_sheet_that_lies(data, says):
    assert says in str(outcome(with_sheet(data)))


def test_a_bomb_is_refused_by_what_it_unpacks_to():
    bomb = packed({**parts_of(FILES["cells.xlsx"]), "xl/media.xml": b" " * 2**23})
    assert len(bomb) < 2**17
    assert "解压后超过4MB" in outcome(bomb)


def test_thousands_of_parts_are_refused():
    parts = {**parts_of(FILES["cells.xlsx"]), **{f"x/{number}.xml": b"" for number in range(2100)}}
    assert "个部件" in outcome(packed(parts))


def test_entities_are_refused():
    doctype = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa">]><w>&a;</w>'
    assert "不允许的内容" in outcome(packed({**parts_of(FILES["cells.xlsx"]), SHEET: doctype}))


def test_an_address_outside_is_never_followed():
    rels = "xl/_rels/workbook.xml.rels"
    parts = parts_of(FILES["cells.xlsx"])
    outside = parts[rels].replace(b"worksheets/sheet1.xml", b"file:///etc/passwd")
    assert "已损坏" in outcome(packed({**parts, rels: outside}))

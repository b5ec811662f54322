"""A workbook spoilt, changed and recalculated by a real LibreOffice."""

import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>"""
SPOILT = b"<v>-777</v></c>"
CACHED = re.compile(rb'(<c r="[A-Z]+[0-9]+"[^>]*?)(?: t="(?:str|e|b)")?(>)(<f>.*?</f>)<v>.*?</v></c>', re.DOTALL)


def spoilt(content: bytes) -> bytes:
    """The workbook with a wrong value in every formula cell: whoever repeats the cache is found out."""
    return _edited(content, lambda sheet: CACHED.sub(rb"\1\2\3" + SPOILT, sheet))


def recalculated(content: bytes, folder: Path) -> dict[str, Worksheet]:
    """Sheet name → sheet with the values that LibreOffice calculates."""
    return all_recalculated({"source": content}, folder)["source"]


def all_recalculated(contents: Mapping[str, bytes], folder: Path) -> dict[str, dict[str, Worksheet]]:
    """The same for many workbooks by name, opened one after the other by one LibreOffice."""
    _convert(contents, folder, "xlsx:Calc MS Excel 2007 XML")
    return {name: _sheets(folder / "out" / f"{name}.xlsx") for name in contents}


def all_printed(contents: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """The files by name (workbooks where the name says no other kind) → their PDF."""
    _convert(contents, folder, "pdf")
    return {name: (folder / "out" / f"{Path(name).stem}.pdf").read_bytes() for name in contents}


def _convert(contents: Mapping[str, bytes], folder: Path, target: str) -> None:
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    sources = [folder / (name if Path(name).suffix else f"{name}.xlsx") for name in contents]
    for source, content in zip(sources, contents.values(), strict=True):
        source.write_bytes(content)
    command = [
        "soffice",
        f"-env:UserInstallation=file://{profile}",
        "--headless",
        "--convert-to",
        target,
    ]
    subprocess.run(
        [*command, "--outdir", str(folder / "out"), *map(str, sources)], check=True, capture_output=True, timeout=180
    )


def _sheets(path: Path) -> dict[str, Worksheet]:
    return {sheet.title: sheet for sheet in load_workbook(path, data_only=True)}


def _edited(content: bytes, edit: Callable[[bytes], bytes]) -> bytes:
    result = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as before, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, edit(part) if name.startswith("xl/worksheets/sheet") else part)
    return result.getvalue()

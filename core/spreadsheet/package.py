import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

SAVE_AS = "请另存为xlsx后再导入。"
DAMAGED = f"文件已损坏，无法打开，{SAVE_AS}"
NOT_A_WORKBOOK = f"这不是Excel工作簿，{SAVE_AS}"
WPS_FORMAT = f"这是WPS的et文件，{SAVE_AS}"
OTHER_COMPOUND = f"这不是Excel工作簿，也可能是WPS的et文件，{SAVE_AS}"
BINARY_FORMAT = f"这是xlsb文件，{SAVE_AS}"
ENCRYPTED = f"文件设有打开密码，请取消密码，{SAVE_AS}"
HAS_MACROS = f"文件带有宏，不能导入，{SAVE_AS}"
HAS_DOCTYPE = f"文件含有不允许的内容，{SAVE_AS}"

WPS_SUFFIXES = (".et", ".ett")
OLD_BOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
"""Streams of a compound file in one of which an .xls keeps its workbook."""
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
COMPOUND_FILE = bytes.fromhex("D0CF11E0A1B11AE1")
MACRO_SUFFIXES = (".xlsm", ".xltm", ".xlam")
READ_SUFFIXES = (".xml", ".rels")
READ_FAILURES = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)
PARSE_FAILURES = (expat.ExpatError, LookupError, ValueError)
"""Broken XML, or in an encoding that nobody knows or that the parser can't read."""
PROLOGUE_CHUNK = 4096

Source = str | os.PathLike[str] | BinaryIO
Parts = dict[str, bytes]


class WorkbookError(ValueError):
    """The file cannot be read as a workbook; the message is a Chinese sentence that says what to do."""


@dataclass(frozen=True)
class Limits:
    """What a workbook may hold: sizes in bytes; `rows`, `columns` and `cells` for each sheet."""

    file_size: int = 20 * 2**20
    unpacked_size: int = 200 * 2**20
    entries: int = 2000
    sheets: int = 200
    rows: int = 100_000
    columns: int = 500
    cells: int = 4_000_000


def read_content(source: Source, limits: Limits) -> bytes:
    """The file's bytes, which are an .xls (`is_old`) or a package. Raises WorkbookError for any other format."""
    content = _read_content(source, limits)
    _refuse_other_formats(source, content)
    return content


def is_old(content: bytes) -> bool:
    return content.startswith(COMPOUND_FILE)


def read_parts(content: bytes, limits: Limits) -> Parts:
    """The XML parts of a workbook's package by name, checked against the limits before anything is parsed.

    Raises WorkbookError.
    """
    with _open_archive(content) as archive:
        entries = archive.infolist()
        _refuse_excess(entries, limits)
        _refuse_contents({entry.filename for entry in entries})
        parts = {entry.filename: _read_entry(archive, entry) for entry in entries if _is_read(entry)}
    for part in parts.values():
        _refuse_doctype(part)
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        raise WorkbookError(HAS_MACROS)
    return parts


def repack(parts: Parts) -> io.BytesIO:
    """The checked parts as a fresh archive, so that a second reader sees these bytes and no others."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    stream.seek(0)
    return stream


def _read_content(source: Source, limits: Limits) -> bytes:
    if isinstance(source, str | os.PathLike):
        with open(source, "rb") as stream:
            content = stream.read(limits.file_size + 1)
    else:
        source.seek(0)
        content = source.read(limits.file_size + 1)
    if len(content) > limits.file_size:
        raise WorkbookError(f"文件超过{_megabytes(limits.file_size)}，请拆成几个文件后再导入。")
    return content


def _refuse_other_formats(source: Source, content: bytes) -> None:
    if _file_name(source).endswith(WPS_SUFFIXES):
        raise WorkbookError(WPS_FORMAT)
    if is_old(content) and ENCRYPTED_STREAM in content:
        raise WorkbookError(ENCRYPTED)
    if is_old(content) and not any(name in content for name in OLD_BOOKS):
        raise WorkbookError(OTHER_COMPOUND)
    if _file_name(source).endswith(MACRO_SUFFIXES):
        raise WorkbookError(HAS_MACROS)


def _file_name(source: Source) -> str:
    if isinstance(source, str | os.PathLike):
        return Path(source).name.lower()
    return str(getattr(source, "name", "")).lower()


def _open_archive(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except READ_FAILURES as failure:
        message = DAMAGED if content.startswith(b"PK") else NOT_A_WORKBOOK
        raise WorkbookError(message) from failure


def _refuse_excess(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise WorkbookError(f"文件内部有{len(entries)}个部件，多于{limits.entries}个，{SAVE_AS}")
    if sum(entry.file_size for entry in entries) > limits.unpacked_size:
        raise WorkbookError(f"文件解压后超过{_megabytes(limits.unpacked_size)}，请删去多余内容后再导入。")
    if any(entry.flag_bits & 1 for entry in entries):
        raise WorkbookError(ENCRYPTED)
    if len({entry.filename for entry in entries}) < len(entries):
        raise WorkbookError(DAMAGED)


def _refuse_contents(names: Iterable[str]) -> None:
    lowered = {name.lower() for name in names}
    if any(name.endswith("vbaproject.bin") for name in lowered):
        raise WorkbookError(HAS_MACROS)
    if "xl/workbook.bin" in lowered:
        raise WorkbookError(BINARY_FORMAT)
    if "xl/workbook.xml" not in lowered:
        raise WorkbookError(NOT_A_WORKBOOK)


def _is_read(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith(READ_SUFFIXES)


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Never more than the declared size, which the limits have already counted."""
    try:
        return archive.read(entry)
    except READ_FAILURES as failure:
        raise WorkbookError(DAMAGED) from failure


class _RootReached(Exception):
    pass


def _refuse_doctype(part: bytes) -> None:
    """No part of a workbook has a document type; one that has it wants to define entities.

    A document type can only stand before the root element, so reading stops there.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_entities
    parser.StartElementHandler = _stop_at_root
    try:
        for start in range(0, len(part), PROLOGUE_CHUNK):
            parser.Parse(part[start : start + PROLOGUE_CHUNK])
    except _RootReached:
        return
    except WorkbookError:
        raise
    except PARSE_FAILURES as failure:
        raise WorkbookError(DAMAGED) from failure


def _refuse_entities(*_declaration: object) -> None:
    raise WorkbookError(HAS_DOCTYPE)


def _stop_at_root(*_element: object) -> None:
    raise _RootReached


def _megabytes(size: int) -> str:
    return f"{size // 2**20}MB" if size >= 2**20 else f"{size}字节"

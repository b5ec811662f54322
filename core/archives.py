"""Many files as one zip, made while it is sent: it never stands as a whole in memory or on the disk.

Pure: where the bytes come from is the caller's affair.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase
from pathlib import PurePath
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

LONGEST_NAME = 100
"""Characters, the ending included: a folder and a name within it stay below the 260 of a Windows path."""
LONGEST_ENDING = 10
NOT_IN_NAMES = re.compile(
    '[<>:"/\\\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]'
)
"""What Windows forbids, and marks that nobody sees or that turn the direction of writing."""
QUICKLY = 1  # scans and workbooks are compressed already


@dataclass(frozen=True)
class Packed:
    """One file of an archive: `name` with `/` between folders, its bytes asked for when its turn comes."""

    name: str
    chunks: Callable[[], Iterable[bytes]]


def file_name(number: int, digits: int, *words: str, original: str) -> str:
    """03_到位资金_银行凭证_三月回单.pdf: a name that every system takes; the number keeps it from meeting another.

    Too long a name loses characters of its last word, never its number or its ending.
    """
    path = PurePath(plain(original))
    ending = path.suffix if len(path.suffix) <= LONGEST_ENDING else ""
    stem = path.name.removesuffix(ending)
    name = "_".join([f"{number:0{digits}d}", *(plain(word) for word in words), stem])
    return name[: LONGEST_NAME - len(ending)].rstrip(". ") + ending


def folder_name(*words: str) -> str:
    """XM2024-0001_某某项目. The first word has to be a code, so that the name is neither empty nor reserved."""
    return "_".join(plain(word) for word in words)[: LONGEST_NAME // 2].rstrip(". ")


def plain(text: str) -> str:
    """Without what a file's name may not hold; never empty."""
    return " ".join(NOT_IN_NAMES.sub(" ", text).split()).strip(". ") or "未命名"


def zipped(files: Iterable[Packed], *, at: datetime) -> Iterator[bytes]:
    """The bytes of the zip, as soon as they are known. Names are UTF-8 and say so."""
    out = _Outgoing()
    with ZipFile(out, "w") as archive:
        for file in files:
            yield from _added(archive, out, file, at)
    yield out.taken()


def _added(archive: ZipFile, out: "_Outgoing", file: Packed, at: datetime) -> Iterator[bytes]:
    entry = ZipInfo(file.name, at.timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    entry._compresslevel = QUICKLY  # type: ignore[attr-defined] # public only from Python 3.13 on
    with archive.open(entry, "w") as target:
        for chunk in file.chunks():
            target.write(chunk)
            yield out.taken()


class _Outgoing(RawIOBase):
    """Where the zip writer writes to: no file, only what nobody has taken yet."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        waiting, self._waiting = b"".join(self._waiting), []
        return waiting

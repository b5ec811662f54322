"""Files by content: first the bytes under their SHA-256, then the row that names them."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from django.conf import settings
from django.http import Http404

from core.models import Evidence, StoredFile
from core.records import Record
from core.write import Door, Refused

LARGEST = 20 * 1024 * 1024
BATCHES = "imports"
"""What evidence of an import batch says in place of a ledger's key."""
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def path_of(sha256: str) -> Path:
    return Path(settings.FILES_ROOT) / sha256[:2] / sha256


def store(chunks: Iterable[bytes], *, name: str, at: datetime) -> StoredFile:
    """Keep these bytes; the same bytes are kept once. Refuses kinds and sizes an office does not need."""
    media_type = MEDIA_TYPES.get(Path(name).suffix.lower())
    if media_type is None:
        raise Refused({"file": f"“{name}”不能上传，请上传 PDF、图片（jpg、png）、xlsx 或 docx 文件。"})
    sha256, size = _write(chunks, name)
    stored, _ = StoredFile.objects.get_or_create(
        sha256=sha256, defaults={"size": size, "media_type": media_type, "stored_at": at}
    )
    return stored


def _write(chunks: Iterable[bytes], name: str) -> tuple[str, int]:
    root = Path(settings.FILES_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with NamedTemporaryFile(dir=root, delete=False) as temporary, _gone_if_refused(Path(temporary.name)):
        for chunk in chunks:
            digest.update(chunk)
            size += temporary.write(chunk)
            if size > LARGEST:
                raise Refused({"file": f"“{name}”超过 20 兆，请压缩或拆分后再上传。"})
    target = path_of(digest.hexdigest())
    target.parent.mkdir(exist_ok=True)
    os.replace(temporary.name, target)
    return digest.hexdigest(), size


@contextmanager
def _gone_if_refused(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        path.unlink()
        raise


def opened(stored: StoredFile, name: str) -> BinaryIO:
    """The stored bytes, to be read. Raises Http404 with a sentence where they are gone from the disk."""
    try:
        return path_of(stored.sha256).open("rb")
    except FileNotFoundError as lost:
        raise Http404(f"文件“{name}”的内容已不在服务器上，请联系系统管理员从备份中恢复。") from lost


def attach(writing: Door, record: Record, *, ledger: str, slot: str, name: str, stored: StoredFile) -> Evidence:
    """Say that this file proves something (`slot`: 合同, 现场照片 …) about that row of that ledger (or BATCHES).

    Whoever enters the row may, and whoever verifies it: what a verdict rests on is often the county's own paper.
    """
    permission = "add" if writing.actor.may("change", record) else record.judged_under
    if not writing.actor.may("change", record) and not writing.actor.may(record.judged_under, record):
        raise Refused("您当前的身份不能给这条记录添加材料。")
    unit_id = writing.actor.unit_id
    paper = Evidence(unit_id=unit_id, ledger=ledger, record_id=record.pk, slot=slot, name=name[:200], file=stored)
    return writing.add(paper, permission=permission)


def sweep(*, older_than: datetime) -> int:
    """Remove stored bytes that no row names: uploads that never became a record. Counts them."""
    named = set(StoredFile.objects.values_list("sha256", flat=True))
    orphans = [
        path
        for path in Path(settings.FILES_ROOT).glob("*/*")
        if path.name not in named and path.stat().st_mtime < older_than.timestamp()
    ]
    for path in orphans:
        path.unlink()
    return len(orphans)

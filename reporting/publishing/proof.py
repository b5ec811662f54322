"""Whether what was published is still what is stored: every part, every file, every link, every result."""

import hashlib
from collections.abc import Iterator

from core.files import path_of
from core.models import StoredFile
from reporting.models import Publication
from reporting.models.publications import PublicationKind
from reporting.publishing.chain import bound, digest
from reporting.publishing.completeness import Completeness
from reporting.publishing.kinds import KINDS, DocumentKind
from reporting.scoring.errors import FileError

SIGNED_PAGE = "签批页"


def broken_publications(county_id: int) -> Iterator[str]:
    """One sentence for everything that no longer fits, in the order of publication; nothing where all is well."""
    previous, position = "", 0
    rows = Publication.objects.in_county(county_id).exclude(position=None).order_by("position")
    for publication in rows.select_related("scheme", "workbook", "signed_page"):
        position += 1
        if publication.position != position:
            yield f"第{position}份发布不在了：之后的一份是{publication}。"
            position = publication.position
        if publication.previous != previous:
            yield f"{publication}：与上一发布的校验码接不上。"
        yield from broken_parts(publication)
        previous = publication.sha256
    yield from Completeness(county_id).sentences()


def broken_parts(publication: Publication) -> Iterator[str]:
    """What is wrong with this one; it is computed again only where its parts are intact."""
    parts = list(publication.parts.order_by("name"))
    altered = [part for part in parts if digest(part.text) != part.sha256]
    yield from (f"{publication}：冻结的“{part.name}”已被改动。" for part in altered)
    if bound(publication, {part.name: part.sha256 for part in parts}) != publication.sha256:
        yield f"{publication}：标题、审定、发布等记载或所附的部分与校验码不符。"
    if publication.voided_at or not publication.is_published:
        said = "撤回" if publication.voided_at else publication.get_stage_display()
        yield f"{publication}：已经发布，却被记作{said}。"
    yield from _broken_file(publication, _kind_of(publication).table, publication.workbook)
    yield from _broken_file(publication, SIGNED_PAGE, publication.signed_page)
    if not altered:
        yield from _recomputed(publication, {part.name: part.text for part in parts})


def _kind_of(publication: Publication) -> DocumentKind:
    """Whoever wrote an unknown kind into the row has broken its sum; the rest is still looked at."""
    return KINDS.get(publication.kind, KINDS[PublicationKind.RANKING])


def _broken_file(publication: Publication, title: str, stored: StoredFile | None) -> Iterator[str]:
    if stored is None:
        return
    path = path_of(stored.sha256)
    if not path.exists():
        yield f"{publication}：{title}文件不在了。"
    elif hashlib.sha256(path.read_bytes()).hexdigest() != stored.sha256:
        yield f"{publication}：{title}文件已被改动。"


def _recomputed(publication: Publication, texts: dict[str, str]) -> Iterator[str]:
    kind = _kind_of(publication)
    try:
        content = kind.thaw(publication.code, texts)
        found = [*kind.broken(content, texts), *kind.broken_rows(publication, content)]
    except (FileError, KeyError, ValueError, TypeError, ArithmeticError):
        yield f"{publication}：冻结的内容不完整，不能重新计算。"
        return
    yield from (f"{publication}：{sentence}" for sentence in found)

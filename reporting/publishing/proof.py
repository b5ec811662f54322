"""Whether what was published is still what is stored: every part, every file, every link, every result."""

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal

from core.files import path_of
from core.models import StoredFile
from reporting.formula.evaluate import Value
from reporting.formula.exact import nine_places
from reporting.models import Publication
from reporting.publishing.chain import bound, canonical, digest
from reporting.publishing.freezing import RESULTS, lines_part
from reporting.publishing.lines import figure_of, from_json
from reporting.publishing.thawing import thaw
from reporting.ranking import Draft
from reporting.scoring.errors import FileError

FILES = (("workbook", "排名表"), ("signed_page", "签批页"))


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


def broken_parts(publication: Publication) -> Iterator[str]:
    """What is wrong with this one; it is computed again only where its parts are intact."""
    parts = list(publication.parts.order_by("name"))
    altered = [part for part in parts if digest(part.text) != part.sha256]
    yield from (f"{publication}：冻结的“{part.name}”已被改动。" for part in altered)
    if bound(publication, {part.name: part.sha256 for part in parts}) != publication.sha256:
        yield f"{publication}：标题、审定、发布等记载或所附的部分与校验码不符。"
    for field, title in FILES:
        yield from _broken_file(publication, title, getattr(publication, field))
    if not altered:
        yield from _recomputed(publication, {part.name: part.text for part in parts})


def _broken_file(publication: Publication, title: str, stored: StoredFile | None) -> Iterator[str]:
    if stored is None:
        return
    path = path_of(stored.sha256)
    if not path.exists():
        yield f"{publication}：{title}文件不在了。"
    elif hashlib.sha256(path.read_bytes()).hexdigest() != stored.sha256:
        yield f"{publication}：{title}文件已被改动。"


def _recomputed(publication: Publication, texts: dict[str, str]) -> Iterator[str]:
    try:
        draft = thaw(publication.code, texts)
    except (FileError, KeyError, ValueError, TypeError):
        yield f"{publication}：冻结的内容不完整，不能重新计算。"
        return
    if canonical(draft.results.as_json()) != texts.get(RESULTS):
        yield f"{publication}：按冻结的输入重新计算，结果与发布的不同。"
    yield from _unequal_figures(publication, draft, texts)


def _unequal_figures(publication: Publication, draft: Draft, texts: dict[str, str]) -> Iterator[str]:
    """A figure that its own counted rows do not add up to."""
    inputs = {unit.name: unit for unit in draft.inputs.units}
    for participant in draft.participants:
        unit = participant.unit
        figures = json.loads(texts[lines_part(unit)])
        for name, metric in draft.metrics.items():
            total = figure_of(metric, [from_json(line) for line in figures[metric.code]["counted"]])
            if total is not None and as_frozen(total) != inputs[unit.name].actual.get(name):
                yield f"{publication}：{unit.name}{name}与所列记录之和不符。"


def as_frozen(figure: Value) -> Value:
    """At the nine places that inputs are kept with."""
    return nine_places(figure) if isinstance(figure, Decimal) else figure

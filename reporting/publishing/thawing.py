"""A publication read back: its parts as a draft, so that one set of pages shows both the live and the frozen."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.http import Http404

from core.periods import Period
from reporting.metrics import Line
from reporting.models import FrozenPart, Metric, Participant, Publication, Scheme
from reporting.publishing.freezing import BASES, INPUTS, METRICS, RANKS_BEFORE, SCHEME, UNITS, lines_part
from reporting.publishing.lines import from_json
from reporting.ranking import Draft
from reporting.scoring.engine import score
from reporting.scoring.exact_json import read_json
from reporting.scoring.inputs import load_inputs
from reporting.scoring.scheme import load_scheme
from townships.models import Unit

WHOLE = (SCHEME, UNITS, METRICS, INPUTS, RANKS_BEFORE)


def published_draft(publication: Publication) -> Draft:
    """The ranking exactly as published, computed from nothing but its own parts."""
    return _thawed(publication.code, publication.sha256, publication.pk, publication.provisional)


def texts_of(publication_id: int, names: tuple[str, ...]) -> dict[str, str]:
    rows = FrozenPart.objects.filter(publication=publication_id, name__in=names)
    return dict(rows.values_list("name", "text"))


# The key holds the sum over the content, so what is kept can never be older than what is stored.
@lru_cache(maxsize=32)
def _thawed(code: str, sha256: str, publication_id: int, provisional: bool) -> Draft:
    return replace(thaw(code, texts_of(publication_id, WHOLE)), provisional=provisional)


def thaw(code: str, texts: Mapping[str, str]) -> Draft:
    """`texts`: the parts by name. The models in the draft are values: none of them is a row of the database."""
    scheme, participants, metrics = thawed_frame(texts)
    rules = load_scheme(exact(texts[SCHEME])["body"])
    inputs = load_inputs(exact(texts[INPUTS]))
    return Draft(
        scheme=scheme,
        rules=rules,
        period=Period.parse(inputs.period),
        inputs=inputs,
        results=score(rules, inputs),
        participants=participants,
        metrics={metric.name: metric for metric in metrics},
        broken={},
        publication=code,
        before=json.loads(texts[RANKS_BEFORE]),
    )


def thawed_frame(texts: Mapping[str, str]) -> tuple[Scheme, tuple[Participant, ...], list[Metric]]:
    """What every kind of publication has: its scheme, units and metrics, as values."""
    participants = tuple(_participant(data) for data in json.loads(texts[UNITS]))
    return Scheme(**json.loads(texts[SCHEME])), participants, [Metric(**data) for data in json.loads(texts[METRICS])]


def exact(text: str) -> Any:
    """JSON with numbers as they were written, none through a binary float."""
    return read_json(text.encode())


def _participant(data: dict[str, Any]) -> Participant:
    unit = Unit(code=data["code"], name=data["name"])
    return Participant(unit=unit, group=data["group"])


def frozen_lines(publication: Publication, unit: Unit | None, metric: str) -> tuple[list[Line], list[Line]]:
    """Counted and not counted rows of one figure as they were. Raises Http404 where it was no part of this ranking."""
    found = _frozen_sides(publication, unit, metric)
    return [from_json(line) for line in found["counted"]], [from_json(line) for line in found["not_counted"]]


def frozen_bases(publication: Publication, unit: Unit | None, metric: str) -> list[Line]:
    """What 历史基数 stood beside them; raises Http404 like `frozen_lines`."""
    return [from_json(line) for line in _frozen_sides(publication, unit, metric).get(BASES, ())]


def _frozen_sides(publication: Publication, unit: Unit | None, metric: str) -> dict[str, Any]:
    text = texts_of(publication.pk, (name := lines_part(unit),)).get(name)
    found = json.loads(text).get(metric) if text else None
    if found is None:
        raise Http404("这个单位或指标不在这次发布的范围内。")
    return found

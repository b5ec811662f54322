"""Writes about a scheme in the making. What a publication names stays as it was; a change of it is a new version."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Max

from core.write import CHANGED_MEANWHILE, Door, Refused, Stale
from reporting.models import Metric, Participant, Scheme
from reporting.models.schemes import SchemeStage
from reporting.scheme_editing.differences import differences
from reporting.scheme_editing.filing import kept
from reporting.scheme_editing.unknown import unknown_names
from reporting.scoring.errors import SchemeError
from reporting.scoring.scheme import ASSESSMENT
from reporting.scoring.scheme import Scheme as Rules
from townships.models import Unit

EDIT = "edit_scheme"
IDENTITY = ("name", "year", "period")
"""What versions are counted by."""
PUBLISHED_FROM = "“{scheme}”已经用来发起核对或发布，不能再改。请另存为新版，在新版上改。"


def is_published_from(scheme: Scheme) -> bool:
    """Whether a publication that still stands names this version, from its checking period on."""
    return scheme.publications.current().exists()


def metric_names(county_id: int) -> set[str]:
    return set(Metric.objects.current().in_county(county_id).values_list("name", flat=True))


def add_draft(
    writing: Door,
    *,
    body: Mapping[str, Any],
    document: str = "",
    participants: Iterable[tuple[Unit, str]] = (),
) -> Scheme:
    """A new scheme that ranks nobody yet; the next version where there is one of this name, year and period."""
    told = _kept(body, unfinished=True)
    scheme = Scheme(
        name=told["name"],
        year=told["year"],
        period=told["period"],
        purpose=told.get("purpose", ASSESSMENT),
        version=_next_version(writing.actor.county_id, told),
        body=told,
        document=document,
        stage=SchemeStage.DRAFT,
    )
    writing.add(scheme, permission=EDIT)
    for unit, group in participants:
        writing.add(Participant(scheme=scheme, unit=unit, group=group), permission=EDIT)
    return scheme


def copy_scheme(writing: Door, *, scheme: Scheme, name: str, year: int) -> Scheme:
    """A draft with the same rules and participants: another version, another year, or another scheme.

    Each selection has its own applicants.
    """
    rows = scheme.participants.current().select_related("unit").order_by("pk")
    body = {**scheme.body, "name": name, "year": year}
    same = (name, year) == (scheme.name, scheme.year)
    compared = [] if scheme.selects else [(row.unit, row.group) for row in rows if row.unit.voided_at is None]
    return add_draft(
        writing,
        body=body,
        document=scheme.document if same else "",
        participants=compared,
    )


def change_rules(
    writing: Door, *, scheme: Scheme, body: Mapping[str, Any], version: int | None = None, document: str | None = None
) -> tuple[str, ...]:
    """Put `body` in place of the scheme's; what changed comes back as sentences.

    Raises Refused where the version was published from, or where a scheme in force would no longer be sound.
    """
    scheme = _changeable(scheme)
    before, told = scheme.rules, _kept(body, unfinished=scheme.is_draft)
    values = {
        "body": told,
        "purpose": told.get("purpose", ASSESSMENT),
        **{key: told[key] for key in IDENTITY},
    }
    if document is not None:
        values["document"] = document
    if all(told[key] == getattr(scheme, key) for key in IDENTITY):
        changed = writing.change(scheme, version=version, permission=EDIT, **values)
    else:
        changed = _renamed(writing, scheme, version, values)
    if not changed.is_draft:
        _names_known(changed)
    return differences(before, changed.rules)


def _renamed(writing: Door, scheme: Scheme, seen: int | None, values: dict[str, Any]) -> Scheme:
    """Another name, year or period counts versions of its own."""
    if seen not in (None, scheme.row_version):
        raise Stale(CHANGED_MEANWHILE)
    number = _next_version(scheme.county_id, values)
    writing.change_many([scheme], action="修改", permission=EDIT, **values, version=number)
    return Scheme.objects.get(pk=scheme.pk)


def set_participants(writing: Door, *, scheme: Scheme, groups: Mapping[Unit, str], document: str) -> int:
    """The units that the scheme compares, each with its group; counts what changed."""
    scheme = _changeable(scheme)
    known = {row.unit_id: row for row in scheme.participants.current().select_related("unit")}
    changed = 0
    for unit, group in groups.items():
        row = known.pop(unit.pk, None)
        if row is None:
            writing.add(Participant(scheme=scheme, unit=unit, group=group), permission=EDIT)
        elif row.group != group:
            writing.change(row, permission=EDIT, group=group)
        changed += row is None or row.group != group
    for row in known.values():
        writing.void(row, reason="不再参评", permission=EDIT)
    if scheme.document != document:
        writing.change(scheme, permission=EDIT, document=document)
    return changed + len(known)


def put_in_force(writing: Door, *, scheme: Scheme) -> Scheme:
    """启用: from now on the rankings of its period and year follow this version."""
    scheme = _changeable(scheme)
    if lacking := what_is_lacking(scheme):
        raise Refused(lacking)
    return writing.change(scheme, action="启用", permission=EDIT, stage=SchemeStage.IN_FORCE)


def what_is_lacking(scheme: Scheme) -> list[str]:
    """Sentences about what a draft still needs before it may rank anybody."""
    rules = scheme.rules
    lacking = []
    if not rules.indicators:
        lacking.append("还没有指标，至少要有一个。")
    lacking += _lacking_places(rules) if scheme.selects else _lacking_participants(scheme)
    return lacking + told_unknown(rules, metric_names(scheme.county_id))


def _lacking_places(rules: Rules) -> list[str]:
    """Who takes part in a selection is known only when townships have applied."""
    return [] if rules.places else ["还没有名额，请在“排名办法”里填写各类名额。"]


def _lacking_participants(scheme: Scheme) -> list[str]:
    lacking = []
    if not scheme.participants.current().exists():
        lacking.append("还没有参评单位，请到“参评单位”里勾选。")
    if not scheme.document:
        lacking.append("还没有填写依据文件，请在“参评单位”里写明准许这项考核的文件。")
    return lacking


def told_unknown(rules: Rules, metrics: set[str]) -> list[str]:
    return [f"{where}：{sentence}" for where, _, sentence in unknown_names(rules, metrics)]


def withdraw_scheme(writing: Door, *, scheme: Scheme, reason: str) -> Scheme:
    """作废 of a version that nothing was published from, with its participants."""
    scheme = _changeable(scheme)
    for row in scheme.participants.current():
        writing.void(row, reason=reason, permission=EDIT)
    return writing.void(scheme, reason=reason, permission=EDIT)


def _changeable(scheme: Scheme) -> Scheme:
    """The row as it stands behind the door. Raises Refused where a publication names it."""
    if is_published_from(scheme):
        raise Refused(PUBLISHED_FROM.format(scheme=scheme))
    return Scheme.objects.current().get(pk=scheme.pk)


def _names_known(scheme: Scheme) -> None:
    if unknown := told_unknown(scheme.rules, metric_names(scheme.county_id)):
        raise Refused(unknown)


def _kept(body: Mapping[str, Any], *, unfinished: bool) -> dict[str, Any]:
    try:
        return kept(body, unfinished=unfinished)
    except SchemeError as error:
        raise Refused(f"{error}。") from error


def _next_version(county_id: int, body: Mapping[str, Any]) -> int:
    """Versions are never counted twice, not even that of a scheme that was voided."""
    same = {key: body[key] for key in IDENTITY}
    last = Scheme.objects.in_county(county_id).filter(**same).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1

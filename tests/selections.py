"""Selections for tests: a call, applications with their papers, experts' scores."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from core.files import store
from reporting.models import Application, Metric, Publication, Scheme, Selection
from reporting.publishing import steps
from reporting.ranking import Draft, draft_ranking
from reporting.selecting import services
from reporting.services import add_metrics, add_scheme
from reporting.shipped import shipped_metrics
from tests import factories as make
from tests.ratings import closed, expert, say
from townships.models import County, Seat, Unit

UNTIL = make.TODAY + timedelta(days=10)
AFTER = make.NOW + timedelta(days=11)
TERM = {"first_day": date(2025, 1, 1), "last_day": date(2025, 12, 31)}
ITEM = "区位交通评分"
BODY: dict[str, Any] = {
    "name": "遴选方案",
    "purpose": "selection",
    "year": 2024,
    "period": "year",
    "indicators": [{"name": "区位交通", "family": "基础", "points": 100, "formula": "AVERAGE(区位交通评分)"}],
    "ranking": {"within": "group"},
    "places": {"中心镇": 1, "特色镇": 1},
}


def selecting_scheme(county: County, **rules: Any) -> Scheme:
    with make.writing_as(county) as writing:
        if not Metric.objects.current().filter(county=county, name=ITEM).exists():
            add_metrics(writing, [row for row in shipped_metrics() if row["name"] == ITEM])
        return add_scheme(writing, body={**BODY, **rules}, participants=[])


def called(county: County, *, scheme: Scheme | None = None, **values: Any) -> Selection:
    """A call that is open for ten days, for a term of the year 2025."""
    given = {"name": "2025年试点乡镇遴选", "document": "县委办〔2024〕9号", "apply_until": UNTIL, **TERM, **values}
    with make.writing_as(county) as writing:
        return services.open_selection(writing, scheme=scheme or selecting_scheme(county), **given)


def applied(selection: Selection, unit: Unit, *, by: Any = None, at: datetime = make.NOW, **values: Any) -> Application:
    """For 中心镇 in the leading track, with its 申报书."""
    given = {"category": "central", "type": "leading", "statement": "区位好，产业基础牢。", **values}
    with make.writing_as(by or selection.county, at=at) as writing:
        paper = store([f"{unit}申报书".encode()], name="申报书.pdf", at=at)
        return services.apply_for(
            writing, selection=selection, unit=unit, paper=paper, paper_name="申报书.pdf", **given
        )


def accepted(selection: Selection, unit: Unit, **values: Any) -> Application:
    application = applied(selection, unit, **values)
    with make.writing_as(selection.county) as writing:
        return services.examine(writing, application=application, accepted=True, reply="")


def scored(selection: Selection, scores: Mapping[Unit, int], *, by: Seat | None = None) -> None:
    """One expert says all there is to say, and the sheets are closed."""
    asked = by or expert(selection.county)
    with make.writing_as(selection.county) as writing:
        sheets = services.ask_experts(
            writing, selection=selection, reviewers=[(asked, services.EXPERTS)], answer_by=UNTIL
        )
    for sheet in sheets:
        say(sheet, asked, scores)
        closed(sheet)


def draft_of(selection: Selection) -> Draft:
    return draft_ranking(Scheme.objects.get(pk=selection.scheme_id), selection.when)


def in_checking(selection: Selection, *, at: datetime = AFTER, **options: Any) -> Publication:
    """Opened for 核对 the day after the applications closed."""
    with make.writing_as(selection.county, at=at) as writing:
        return steps.open_checking(
            writing, draft=draft_of(selection), answer_by=at.date() + timedelta(days=5), **options
        )


def published(selection: Selection, **options: Any) -> Publication:
    """Checked, approved, announced for five days and published, with nobody objecting."""
    row = in_checking(selection, **options)
    day = row.answer_by + timedelta(days=1)
    announced = {"announced_from": day, "announced_until": day + timedelta(days=5), "contact": "王主任 0816-0000000"}
    with make.writing_as(selection.county, at=on(day)) as writing:
        row = steps.approve(
            writing,
            publication=row,
            draft=draft_of(selection),
            meeting="领导小组第3次会议",
            approved_on=day,
            **announced,
        )
    with make.writing_as(selection.county, at=on(day + timedelta(days=6))) as writing:
        return steps.publish(writing, publication=row, draft=draft_of(selection))


def on(day: date) -> datetime:
    return make.NOW.replace(year=day.year, month=day.month, day=day.day)

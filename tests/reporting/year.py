"""A year's contest with awards, taken as far as a test wants it: checked, announced, published."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from core.periods import Period
from reporting.models import Publication, Scheme
from reporting.publishing import steps
from reporting.ranking import Draft, draft_ranking
from reporting.services import add_metrics, add_scheme
from tests import factories as make

FUND = "本年累计到位资金"
YEAR_SCHEME = {
    "name": "年度擂台",
    "year": 2024,
    "period": "year",
    "indicators": [
        {"name": "到位资金", "family": "项目建设", "points": 100, "formula": f"MIN({FUND}/目标({FUND}), 1)*满分"},
    ],
    "pass_mark": 60,
    "awards": [
        {"tier": "一等奖", "ranks": [1, 1], "minimum": 80, "amount": 50},
        {"tier": "二等奖", "ranks": [1, 2], "amount": "30.5"},
    ],
    "promotions": [{"when": f"{FUND}/目标({FUND})>=75%", "tiers": 1}],
    "demotions": [{"when": f"{FUND}>目标({FUND})*10", "tiers": 1}],
    "lists": [
        {"name": "擂主", "when": "名次=1"},
        {"name": "调整", "when": "AND(总分<60, 上年年度不合格>=1)"},
        {"name": "表扬", "when": "总分>100"},
    ],
}
CONTACT = "县招商办，0816-0000000"
FIRST, LAST = date(2024, 7, 15), date(2024, 7, 21)
ANNOUNCED = {"announced_from": FIRST, "announced_until": LAST, "contact": CONTACT}
MEETING = {"meeting": "县委常委会", "approved_on": date(2024, 7, 12)}


def add_score_metrics(county: Any) -> None:
    path = settings.BASE_DIR / "fixtures" / "metrics-scores.json"
    with make.writing_as(county) as writing:
        add_metrics(writing, json.loads(path.read_text(encoding="utf-8")))


def year_scheme(county: Any, units: Any, **rules: Any) -> Scheme:
    with make.writing_as(county) as writing:
        return add_scheme(
            writing,
            body={**YEAR_SCHEME, **rules},
            participants=[(unit, "") for unit in units],
            document="县委办〔2024〕9号",
        )


def on(day: date) -> datetime:
    return make.NOW + timedelta(days=(day - make.TODAY).days)


def checked(scheme: Scheme, **options: Any) -> Publication:
    """Opened, and its time to answer over on 2024-07-10."""
    draft = draft_ranking(scheme, Period.parse("2024"))
    with make.writing_as(scheme.county) as writing:
        return steps.open_checking(writing, draft=draft, answer_by=date(2024, 7, 10), **options)


def announced(scheme: Scheme, **options: Any) -> Publication:
    """Approved on 2024-07-12, announced from the 15th to the 21st."""
    row = checked(scheme, **options)
    with make.writing_as(scheme.county, at=on(date(2024, 7, 12))) as writing:
        return steps.approve(writing, publication=row, draft=draft_of(row), **MEETING, **ANNOUNCED)


def draft_of(row: Publication) -> Draft:
    return draft_ranking(row.scheme, row.when)


def publish_on(row: Publication, day: date, **options: Any) -> Publication:
    with make.writing_as(row.county_id, at=on(day)) as writing:
        return steps.publish(writing, publication=row, draft=draft_of(row), before={}, **options)


def awarded(scheme: Scheme, **options: Any) -> Publication:
    """Published on the day after the 公示."""
    return publish_on(announced(scheme, **options), LAST + timedelta(days=1))

"""A county small enough to know by heart: two townships, one quarter with figures, a seat for each role."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from core.dates import DateSpan
from core.models import User
from projects.lifecycle import Step
from projects.models import Project
from projects.models.projects import Contract
from reporting.services import add_metrics, add_scheme
from reporting.targeting.services import set_targets
from tests import factories as make
from townships.models import County, Seat, Unit

PASSWORD = "擂台下的密码2024"
QUARTER = "2024Q2"
TARGETS = {
    "新签约金额": "8000",
    "亿元以上新签约项目数": "1",
    "招引企业数": "2",
    "本年累计到位资金": "4000",
    "新开工项目数": "2",
    "新入库四上企业数": "1",
}
"""metric → the target of either township for 2024."""


@dataclass(frozen=True)
class SmallCounty:
    county: County
    luxi: Unit
    tashan: Unit
    seats: dict[str, Seat]
    tashan_project: Project


def fill() -> SmallCounty:
    """塔山镇 leads with a verified project, money and a start; 芦溪镇 has an old one and a framework agreement."""
    county = make.new_county(name="示例县")
    luxi, tashan = make.new_township(county, name="芦溪镇"), make.new_township(county, name="塔山镇")
    seats = make.seats_of_every_role(county, luxi)
    project = _fill_tashan(county, tashan)
    _fill_luxi(luxi)
    _fill_figures(county, [luxi, tashan])
    return SmallCounty(county, luxi, tashan, seats, project)


def give_password(user: User, username: str) -> None:
    with make.writing_as(0) as writing:
        writing.keep(user, action="设置密码", username=username, password=make_password(PASSWORD))


def _fill_tashan(county: County, tashan: Unit) -> Project:
    investor = make.new_investor(county)
    signed = {"signed": _day(2024, 4, 12), "total_investment": "3000"}
    project = make.new_project(tashan, name="塔山装配式建筑部品项目", investor=investor, **signed)
    make.judge(make.signing_of(project))
    make.judge(make.new_arrival(project, "800", date(2024, 4, 1)))
    make.judge(make.new_milestone(project, Step.START, _day(2024, 6, 3)))
    make.new_declaration(make.new_enterprise(tashan))
    return project


def _fill_luxi(luxi: Unit) -> None:
    old = make.new_project(luxi, name="芦溪粮油仓储项目", total_investment="1500", signed=_day(2023, 9, 8))
    make.judge(make.signing_of(old))
    framework = {"kind": Contract.FRAMEWORK}
    intended = make.new_project(luxi, name="芦溪光伏框架项目", signed=_day(2024, 5, 20), agreement=framework)
    make.judge(make.signing_of(intended))


def _fill_figures(county: County, units: list[Unit]) -> None:
    """The metrics and the scheme that come with the product, and targets for these units."""
    with make.writing_as(county) as writing:
        metrics = {m.name: m for m in add_metrics(writing, [*_shipped("metrics"), *_shipped("metrics-enterprises")])}
        add_scheme(writing, body=_shipped("scheme-demo"), participants=[(unit, "中心镇") for unit in units])
        given = {(metrics[name], unit): Decimal(target) for name, target in TARGETS.items() for unit in units}
        set_targets(writing, year=2024, given=given, document="示例〔2024〕1号")


def _shipped(name: str) -> Any:
    return json.loads((settings.BASE_DIR / "fixtures" / f"{name}.json").read_text(encoding="utf-8"))


def _day(year: int, month: int, day: int) -> DateSpan:
    return DateSpan.day(date(year, month, day))

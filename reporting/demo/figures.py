"""Metrics, targets and the scheme of the demo county."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.periods import Period
from core.write import Door, door
from reporting.city_ranks import GivenRank, set_city_ranks
from reporting.demo.places import PILOT_DOCUMENT, PILOTS
from reporting.models import Metric
from reporting.scheme_editing.examples import example_body
from reporting.scheme_editing.filing import kept
from reporting.services import add_scheme
from reporting.shipped import shipped, take_over_metrics
from reporting.targeting.services import set_targets
from townships.models import County, Seat, Unit
from townships.services import system_of

AWARDED_YEAR = 2024
POINTS_AT_FIRST = {"到位资金": 20, "新开工项目": 15}
TARGETS: dict[int, dict[str, tuple[str, ...]]] = {
    2024: {
        "新签约金额": ("30000", "14000", "28000", "22000"),
        "亿元以上新签约项目数": ("1", "", "1", ""),
        "招引企业数": ("7", "7", "5", "5"),
        "新签约项目数": ("12", "10", "11", "8"),
        "本年累计到位资金": ("16000", "6000", "15000", "8000"),
        "到位资金": ("16000", "6000", "15000", "8000"),
        "新开工项目数": ("9", "6", "7", "4"),
        "新投产项目数": ("4", "2", "3", "2"),
        "新入库四上企业数": ("3", "2", "2", "1"),
        "拟申报四上企业数": ("4", "3", "3", "2"),
    },
    2025: {
        "新签约金额": ("90000", "60000", "70000", "60000"),
        "亿元以上新签约项目数": ("3", "2", "2", "2"),
        "招引企业数": ("10", "6", "7", "5"),
        "新签约项目数": ("12", "8", "9", "7"),
        "本年累计到位资金": ("46000", "26000", "30000", "21000"),
        "到位资金": ("46000", "26000", "30000", "21000"),
        "新开工项目数": ("10", "7", "8", "6"),
        "新投产项目数": ("5", "3", "4", "3"),
        "新入库四上企业数": ("3", "2", "2", "2"),
        "拟申报四上企业数": ("5", "3", "3", "3"),
    },
}
"""Year → metric → the pilots' targets in the order of PILOTS, empty where one has no such task. Invented."""

COUNTY_TARGETS: dict[int, dict[str, str]] = {
    2024: {
        "新签约金额": "420000",
        "亿元以上新签约项目数": "18",
        "招引企业数": "80",
        "新签约项目数": "110",
        "本年累计到位资金": "200000",
        "到位资金": "200000",
        "新开工项目数": "80",
        "新投产项目数": "40",
        "新入库四上企业数": "12",
        "拟申报四上企业数": "20",
    },
    2025: {
        "新签约金额": "480000",
        "亿元以上新签约项目数": "20",
        "招引企业数": "90",
        "新签约项目数": "120",
        "本年累计到位资金": "360000",
        "到位资金": "360000",
        "新开工项目数": "100",
        "新投产项目数": "50",
        "新入库四上企业数": "15",
        "拟申报四上企业数": "25",
    },
}
"""What the whole county is to reach, with the townships that are no pilots and have no targets. Invented."""


CITY_NOTICE = "市政府办公室主要经济指标通报（演示）"
COUNTIES = 13
CITY_PLACES = {
    "2025-05": {"新签约金额": 6, "本年累计到位资金": 5},
    "2025-06": {"新签约金额": 4, "本年累计到位资金": 5, "新开工项目数": 7},
}
"""Where the city's notices place the county. Invented."""


def fill_reporting(county: County) -> None:
    """Write the shipped metrics, this county's targets and the shipped scheme with its participants."""
    entry = Seat.objects.current().in_county(county.pk).filter(user__username="county").first()
    units = [Unit.objects.current().in_county(county.pk).get(name=name) for name in PILOTS]
    with door(system_of(county), at=timezone.now(), reason="随系统附带的示例") as writing:
        metrics = {metric.name: metric for metric in take_over_metrics(writing)}
        for year in TARGETS:
            _add_scheme(writing, _quarters_of(year), units)
        _add_scheme(writing, _year_scheme(), units)
    with door(entry, at=timezone.now(), reason="下达年度目标") as writing:
        for year in TARGETS:
            set_targets(writing, year=year, given=_grid(year, metrics, units), document=PILOT_DOCUMENT)
        for month, places in CITY_PLACES.items():
            given = {metrics[name]: GivenRank(place, COUNTIES) for name, place in places.items()}
            set_city_ranks(writing, period=Period.parse(month), given=given, document=CITY_NOTICE)


def _quarters_of(year: int) -> dict[str, Any]:
    """The shipped quarter; in the first year starts of works weighed more and money less."""
    body = {**shipped("scheme-demo"), "year": year}
    points = POINTS_AT_FIRST if year == AWARDED_YEAR else {}
    return {
        **body,
        "indicators": [{**one, "points": points.get(one["name"], one["points"])} for one in body["indicators"]],
    }


def _year_scheme() -> dict[str, Any]:
    """The shipped year, without the vetoes: no department of the demo was asked for them."""
    return {**kept(example_body("f-year")), "vetoes": [], "year": AWARDED_YEAR}


def _add_scheme(writing: Door, body: dict[str, Any], units: list[Unit]) -> None:
    groups = [str(category.label) for category, _ in PILOTS.values()]
    add_scheme(writing, body=body, participants=zip(units, groups, strict=True), document=PILOT_DOCUMENT)


def _grid(year: int, metrics: dict[str, Metric], units: list[Unit]) -> dict[tuple[Metric, Unit | None], Decimal]:
    """The pilots' targets and the county's."""
    grid: dict[tuple[Metric, Unit | None], Decimal] = {}
    for name, figures in TARGETS[year].items():
        tasks = {unit: Decimal(figure) for unit, figure in zip(units, figures, strict=True) if figure}
        grid |= {(metrics[name], unit): task for unit, task in tasks.items()}
        grid[metrics[name], None] = Decimal(COUNTY_TARGETS[year][name])
    return grid

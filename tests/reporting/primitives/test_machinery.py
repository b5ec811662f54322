"""Primitives whose figures come from the ledgers' rows: conditions, shares, cohorts, growth, progress, groups.

The tables beside this file give the figures; here the metrics count them, the ranking page shows them, and the
exported workbook is recalculated.
"""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from core.dates import DateSpan
from core.periods import Period
from projects.lifecycle import Step
from projects.models.projects import ShareRole
from projects.services import set_shares
from reporting.metrics import value
from reporting.ranking import draft_ranking
from reporting.services import add_metrics, add_scheme
from reporting.targeting.services import set_targets
from tests import factories as make
from tests.reporting.office import recalculated, spoilt
from tests.reporting.published import opened_items, page, ranked_rows
from tests.reporting.workbook_cells import cells_that_differ

QUARTER = Period.parse("2024Q2")
RANKING = "/reports/ranking/2024Q2/"
EACH_ONE = {
    "name": "参与签约项目数",
    "ledger": "projects",
    "credit": "whole",
    "conditions": {"contract": ["formal"], "signing_verdict": ["accepted"]},
}
SCHEME = {
    "name": "机制示例",
    "year": 2024,
    "period": "quarter",
    "missing_target": "zero",
    "derived": [{"name": "上年签约开工率", "formula": "IF(上年签约项目数=0, 1, 上年签约已开工项目数/上年签约项目数)"}],
    "indicators": [
        {"name": "亿元项目", "points": 10, "formula": "MIN(满分, 5*亿元以上新签约项目数)"},
        {"name": "按份额", "points": 10, "formula": "4*新签约项目数"},
        {"name": "各计一", "points": 10, "formula": "4*参与签约项目数"},
        {"name": "时序进度", "points": 20, "formula": "MIN(本年累计到位资金/时序目标(本年累计到位资金), 1)*满分"},
        {"name": "开工率", "points": 10, "formula": "MIN(上年签约开工率/50%, 1)*满分"},
        {
            "name": "环比",
            "points": 10,
            "formula": "IF(上期(到位资金)<=0, 0, MAX(0, MIN(1, 到位资金/上期(到位资金)-1)))*满分",
        },
    ],
    "ranking": {"within": "group"},
}


@pytest.fixture
def scheme(county, township, neighbour, metrics):
    """芦溪镇 and 塔山镇 share one project 50/50 across their groups; one project lies exactly on the line of 1亿."""
    with make.writing_as(county) as writing:
        add_metrics(writing, [EACH_ONE])
        found = add_scheme(writing, body=SCHEME, participants=[(township, "中心镇"), (neighbour, "特色镇")])
        set_targets(writing, year=2024, given={(metrics["本年累计到位资金"], township): Decimal(1000)})
    shared = signed(township, "20000.0001", date(2024, 4, 2))
    with make.writing_as(county) as writing:
        shares = [(township, ShareRole.LANDING, 5000), (neighbour, ShareRole.FIRST_TALK, 5000)]
        set_shares(writing, project=shared, shares=shares)
    signed(neighbour, "10000", date(2024, 5, 2))
    signed(neighbour, "9999.9999", date(2024, 5, 3))
    make.judge(make.new_arrival(shared, "100", date(2024, 3, 1)))
    make.judge(make.new_arrival(shared, "250.0001", date(2024, 4, 1)))
    for day, started in ((date(2023, 3, 1), True), (date(2023, 4, 1), False), (date(2023, 5, 1), False)):
        project = signed(township, "500", day)
        if started:
            make.judge(make.new_milestone(project, Step.START, DateSpan.day(date(2024, 1, 9))))
    return found


def signed(unit, total, day):
    project = make.new_project(unit, total_investment=total, signed=DateSpan.day(day))
    make.judge(make.signing_of(project))
    return project


EXPECTED = {
    "芦溪镇": (
        ("2.50", "MIN(10, 5 × 0.5) = 2.5", ""),
        ("2.00", "4 × 0.5 = 2", ""),
        ("4.00", "4 × 1 = 4", ""),
        # half of 100 and of 250.0001; the odd 元 stays with the landing unit
        ("7.00", "MIN(175.0001 ÷ 500, 1) × 20 = 7.000004", ""),
        ("6.67", "MIN(0.333333 ÷ 50%, 1) × 10 = 6.666667", ""),
        ("10.00", "IF(50<=0, 0, MAX(0, MIN(1, 125.0001 ÷ 50 − 1))) × 10 = 10", ""),
    ),
    "塔山镇": (
        ("7.50", "MIN(10, 5 × 1.5) = 7.5", ""),
        ("10.00", "4 × 2.5 = 10", ""),
        ("12.00", "4 × 3 = 12", ""),
        ("0.00", "", "无任务"),
        ("10.00", "MIN(1 ÷ 50%, 1) × 10 = 10", ""),
        ("10.00", "IF(50<=0, 0, MAX(0, MIN(1, 125 ÷ 50 − 1))) × 10 = 10", ""),
    ),
}


def test_scores_come_from_rows_by_condition_share_cohort_and_progress(scheme, office, client_for):
    client = client_for(office)
    rows = ranked_rows(page(client, RANKING))
    assert {name: (cells[0], cells[2]) for name, cells in rows.items()} == {
        "芦溪镇": ("1", "32.17"),
        "塔山镇": ("1", "49.50"),
    }
    for participant in scheme.participants.current().select_related("unit"):
        opened = opened_items(page(client, f"{RANKING}{participant.unit.code}/"))
        assert tuple(opened.values()) == EXPECTED[participant.unit.name]


def test_a_project_shared_between_groups_counts_once_in_the_county(scheme, metrics):
    draft = draft_ranking(scheme, QUARTER)
    figures = {unit.name: unit.actual for unit in draft.inputs.units}
    for name in ("新签约项目数", "到位资金", "亿元以上新签约项目数"):
        assert sum(actual[name] for actual in figures.values()) == value(metrics[name], QUARTER)
    assert figures["芦溪镇"]["到位资金"] - figures["塔山镇"]["到位资金"] == Decimal("0.0001")


@pytest.mark.office
def test_libreoffice_recalculates_what_the_rows_gave(scheme, office, client_for, tmp_path):
    content = client_for(office).get(f"{RANKING}table.xlsx").getvalue()
    written = load_workbook(BytesIO(content), data_only=True)
    assert cells_that_differ(written, recalculated(spoilt(content), tmp_path)) == []

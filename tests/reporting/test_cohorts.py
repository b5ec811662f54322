"""Signing years by numbers worked by hand, in the pure arithmetic and through the records."""

import json
from datetime import date
from decimal import Decimal as D

import pytest
from django.conf import settings

from core.dates import DateSpan
from projects.lifecycle import Step
from reporting.cohorts import CohortTarget, Signed, cohort_of, missing, read_rules, short_of, target_for
from reporting.dashboards.cohorts import signed_projects
from tests import factories as make

ALL = frozenset({"all"})
HALF = CohortTarget("all", "started", 1, D("0.5"), "上年签约的开工一半")
EVERY = CohortTarget("all", "started", 2, D(1), "两年前签约的全部开工")


def signed(code, year=2023, *, ended=False, started=False, fulfilled=None, produced=False, contract="100", arrived="0"):
    done = started if fulfilled is None else fulfilled
    return Signed(code, year, done, started, produced, ended, D(contract), D(arrived), ALL)


FIVE = [
    signed("a", started=True, produced=True, arrived="90"),
    signed("b", started=True, arrived="30"),
    signed("c", fulfilled=True),
    signed("d"),
    signed("e", started=True, ended=True, arrived="50"),
]
"""Five signed in 2023: two started, one of them producing; one only registered; one nothing; one started and ended."""


def test_an_ended_project_stays_in_the_denominator_alone():
    cohort = cohort_of([*FIVE, signed("f", year=2024, started=True)], 2023, "all")
    assert (cohort.signed, cohort.fulfilled, cohort.started, cohort.produced) == (5, 3, 2, 1)
    assert [cohort.rate(name) for name in ("fulfilled", "started", "produced")] == [D("0.6"), D("0.4"), D("0.2")]
    assert cohort.rate("arrived") == D("0.24")


def test_a_year_in_which_nothing_was_signed_has_no_rate():
    cohort = cohort_of(FIVE, 2020, "all")
    assert (cohort.signed, cohort.rate("started"), cohort.rate("arrived")) == (0, None, None)
    assert short_of(cohort, EVERY) == 0


def test_the_target_of_the_age():
    """This year's signings owe nothing yet; half of last year's, all of the years before."""
    found = [target_for([HALF, EVERY], "all", "started", age) for age in (0, 1, 2, 5)]
    assert found == [None, HALF, EVERY, EVERY]
    assert target_for([HALF, EVERY], "large", "started", 2) is None


@pytest.mark.parametrize(("target", "short"), [(HALF, 1), (EVERY, 3)])
def test_how_many_are_short(target, short):
    """Half of five are three: two have started."""
    assert short_of(cohort_of(FIVE, 2023, "all"), target) == short


def test_who_misses_it():
    assert [project.code for project in missing(FIVE, cohort_of(FIVE, 2023, "all"), "started")] == ["c", "d", "e"]


def test_the_shipped_rules_are_read():
    groups, targets = read_rules(json.loads((settings.BASE_DIR / "fixtures" / "cohorts.json").read_text("utf-8")))
    assert [group.name for group in groups][:2] == ["全部", "亿元以上"]
    assert {target.group for target in targets} <= {group.key for group in groups}
    assert target_for(targets, "all", "started", 1).at_least == D("0.5")
    assert target_for(targets, "all", "started", 2).at_least == 1
    assert target_for(targets, "top500", "started", 1).at_least == 1


# -- through the records -------------------------------------------------------------------------------


@pytest.fixture
def rules():
    return read_rules(json.loads((settings.BASE_DIR / "fixtures" / "cohorts.json").read_text("utf-8")))


def project(township, signed_on="2023-03-05", **values):
    row = make.new_project(township, signed=DateSpan.day(date.fromisoformat(signed_on)), **values)
    make.judge(make.signing_of(row))
    return row


def found(county, rules, day=date(2024, 6, 30)):
    return {p.code: p for p in signed_projects(county, rules[0], [2022, 2023, 2024], day).values()}


def test_what_records_say_of_a_project(county, township, rules):
    large = project(township, total_investment="10000")
    make.judge(make.new_milestone(large, Step.START, DateSpan.day(date(2024, 5, 6))))
    make.judge(make.new_arrival(large, "2500", date(2024, 5, 1)))
    idle = project(township, total_investment="9999.9999")
    rows = found(county, rules)
    assert rows[large.code].groups == {"all", "large"}
    assert (rows[large.code].fulfilled, rows[large.code].started, rows[large.code].produced) == (True, True, False)
    assert (rows[large.code].contract, rows[large.code].arrived) == (D(10000), D(2500))
    assert rows[idle.code].groups == {"all"}
    assert (rows[idle.code].fulfilled, rows[idle.code].started) == (False, False)


@pytest.mark.parametrize(
    ("standing", "counts"), [("world_500", True), ("private_500", True), ("listed", False), ("", False)]
)
def test_three_lists_of_500_make_one_group(county, township, rules, standing, counts):
    row = project(township, investor_standing=standing)
    assert ("top500" in found(county, rules)[row.code].groups) is counts


def test_what_happened_later_or_is_not_verified_does_not_count_yet(county, township, rules):
    row = project(township)
    make.judge(make.new_milestone(row, Step.START, DateSpan.day(date(2024, 5, 6))))
    make.new_milestone(row, Step.PRODUCTION, DateSpan.day(date(2024, 6, 6)))
    assert found(county, rules, date(2024, 4, 30))[row.code].started is False
    assert found(county, rules)[row.code].started is True
    assert found(county, rules)[row.code].produced is False


def test_a_start_dated_only_to_the_year_counts_when_the_year_is_over(county, township, rules):
    row = project(township)
    make.judge(make.new_milestone(row, Step.START, DateSpan.year(2024)))
    assert found(county, rules)[row.code].started is False
    assert found(county, rules, date(2024, 12, 31))[row.code].started is True


def test_an_ended_project_is_ended_from_its_day_on(county, township, rules):
    row = project(township)
    make.judge(make.new_milestone(row, Step.ENDED, DateSpan.day(date(2024, 5, 6)), reason="投资方退出"))
    assert found(county, rules, date(2024, 4, 30))[row.code].ended is False
    assert found(county, rules)[row.code].ended is True


def test_only_formal_verified_signings_within_the_year_belong_to_it(county, township, elsewhere, rules):
    framework = make.new_project(township, agreement={"kind": "framework"})
    make.judge(make.signing_of(framework))
    make.new_project(township)
    project(make.new_township(elsewhere))
    kept = project(township, "2023-12-31")
    assert set(found(county, rules)) == {kept.code}

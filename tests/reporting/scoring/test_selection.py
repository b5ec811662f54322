"""遴选: the golden selection of docs/scoring.md, and who is chosen at each border."""

import pytest

from reporting.scheme_editing.examples import example_body
from reporting.scoring.engine import score
from reporting.scoring.errors import SchemeError
from reporting.scoring.inputs import load_inputs
from reporting.scoring.results import Outcome
from reporting.scoring.scheme import load_scheme
from reporting.scoring.selection import overfull
from tests.reporting.scoring_files import by_unit, scheme_data, scored, unit_data

SCORED = ("区位交通", "资源禀赋", "规划衔接", "产业项目", "实施进度", "要素保障", "工作机制")
CHOSEN, NOT, UNDECIDED = Outcome.CHOSEN, Outcome.NOT_CHOSEN, Outcome.UNDECIDED


def applicant(name, group, scores, money, listed):
    return {
        "name": name,
        "group": group,
        "actual": {f"{item}评分": scores for item in SCORED} | {"本年累计到位资金": 0, "新入库四上企业数": 0},
        "last_year": {"本年累计到位资金": money, "新入库四上企业数": listed},
    }


APPLICANTS = [
    applicant("甲镇", "中心镇", [90, 85, 80, 95, 70], 3000, 4),
    applicant("乙镇", "中心镇", [80, 80, 80], 1500, 2),
    applicant("丙镇", "中心镇", [82], 1720, 0),
    applicant("丁乡", "特色镇", [90], 1000, 1),
    applicant("戊乡", "特色镇", [70, 80], 500, 1),
    applicant("己乡", "特色镇", [75], 500, 1),
]


def selected(**decided):
    told = {"period": "2024", "units": APPLICANTS, **({"decided": decided} if decided else {})}
    return score(load_scheme(example_body("g-selection")), load_inputs(told))


def test_the_golden_selection():
    results = selected()
    assert not results.errors
    assert {name: (row["total"], row["rank"], row["tied"]) for name, row in by_unit(results).items()} == {
        "甲镇": ("88.60", 1, False),
        "丙镇": ("76.40", 2, False),
        "乙镇": ("76.40", 3, False),
        "丁乡": ("92.40", 1, False),
        "戊乡": ("75.00", 2, True),
        "己乡": ("75.00", 2, True),
    }
    assert {result.unit: result.outcome for result in results.units} == {
        "甲镇": CHOSEN,
        "丙镇": CHOSEN,
        "乙镇": NOT,
        "丁乡": CHOSEN,
        "戊乡": UNDECIDED,
        "己乡": UNDECIDED,
    }


def test_the_meeting_parts_equals_and_nobody_else():
    results = selected(戊乡=True, 己乡=False, 乙镇=True)
    told = {result.unit: (result.outcome, result.notes[0]) for result in results.units}
    assert told["戊乡"] == (CHOSEN, "入选（会议决定）")
    assert told["己乡"] == (NOT, "未入选（会议决定）")
    assert told["乙镇"] == (NOT, "未入选")


def test_a_meeting_that_chose_too_many_is_found_out():
    both = selected(戊乡=True, 己乡=True)
    assert overfull(both.units, {"中心镇": 2, "特色镇": 2}) == {"特色镇": 3}
    assert overfull(selected(戊乡=True).units, {"中心镇": 2, "特色镇": 2}) == {}


def test_what_the_meeting_decided_is_kept_with_the_inputs_and_the_outcome_with_the_results():
    scheme = load_scheme(example_body("g-selection"))
    inputs = load_inputs({"period": "2024", "units": APPLICANTS, "decided": {"戊乡": True}})
    again = load_inputs(inputs.as_json())
    assert again == inputs
    assert score(scheme, again).as_json() == score(scheme, inputs).as_json()
    assert by_unit(score(scheme, inputs))["戊乡"]["outcome"] == "chosen"


def test_an_assessment_has_no_outcomes_and_takes_no_places():
    assert "outcome" not in by_unit(scored(scheme_data(), unit_data("甲镇", {"签约额": 1})))["甲镇"]
    with pytest.raises(SchemeError, match="“places”是遴选的名额"):
        load_scheme(scheme_data(places={"镇": 1}))


def outcomes(totals, places, **rules):
    units = [unit_data(f"第{number}", {"签约额": total}, group="镇") for number, total in enumerate(totals)]
    offered = {"镇": places} if places else {}
    rules = {"ranking": {"within": "group"}, "purpose": "selection", "places": offered, **rules}
    results = scored(scheme_data(**rules), *units).units
    return [result.outcome for result in sorted(results, key=lambda result: result.unit)]


@pytest.mark.parametrize(
    ("totals", "places", "expected"),
    [
        ([9], 1, [CHOSEN]),
        ([9], 2, [CHOSEN]),
        ([9, 8], 0, [NOT, NOT]),
        ([9, 8, 7], 2, [CHOSEN, CHOSEN, NOT]),
        ([9, 8, 8], 2, [CHOSEN, UNDECIDED, UNDECIDED]),
        ([9, 8, 8], 3, [CHOSEN, CHOSEN, CHOSEN]),
        ([9, 9, 8], 2, [CHOSEN, CHOSEN, NOT]),
        ([9, 9, 9], 2, [UNDECIDED, UNDECIDED, UNDECIDED]),
        ([9, 9, 9], 3, [CHOSEN, CHOSEN, CHOSEN]),
    ],
)
def test_the_first_are_chosen_and_equals_across_the_last_place_are_not_parted(totals, places, expected):
    assert outcomes(totals, places) == expected


def test_who_fails_the_pass_mark_leaves_the_place_empty():
    assert outcomes([60, 59], 2, pass_mark=60) == [CHOSEN, NOT]


@pytest.mark.parametrize("effect", ["zero", "unranked", "no_award"])
def test_who_is_vetoed_leaves_the_place_to_the_next(effect):
    veto = {"name": "弄虚作假", "when": "签约额=9", "effect": effect}
    assert outcomes([9, 8, 7], 1, vetoes=[veto]) == [NOT, CHOSEN, NOT]


def test_a_group_without_places_has_nobody_chosen():
    scheme = scheme_data(purpose="selection", places={"中心镇": 2})
    results = scored(scheme, unit_data("甲镇", {"签约额": 1}, group="街道"))
    assert [result.outcome for result in results.units] == [NOT]

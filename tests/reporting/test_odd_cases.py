"""Odd figures and schemes that do not fit: nothing crashes, and nothing turns into a silent zero."""

import html
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from core.periods import Period
from reporting.models import Scheme
from reporting.ranking import draft_ranking
from reporting.scoring.errors import SchemeError
from reporting.scoring.scheme import load_scheme
from reporting.services import add_metrics, add_scheme
from tests import factories as make
from tests.reporting.published import opened_items, page, published, ranked_rows
from tests.reporting.scoring_files import input_data, scheme_data, unit_data

RANKING = "/reports/ranking/2024Q2/"
LONG = "+".join(["1"] * 50_001)[:100_000]
CIRCLE = [{"name": "甲率", "formula": "乙率+1"}, {"name": "乙率", "formula": "组内平均(甲率)"}]


def with_scheme(county, units, formula, **rules):
    with make.writing_as(county) as writing:
        return add_scheme(writing, body=scheme_data(formula, **rules), participants=[(unit, "") for unit in units])


def shown_to(client, address):
    return html.unescape(page(client, address))


def shown_unit(client, publication, name):
    code = publication.scores.get(unit__name=name).unit.code
    return page(client, reverse("published-score", args=[publication.code, code]))


# -- figures and targets ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "total", "score"), [("redistribute", "—", "—"), ("full", "100.00", "100.00"), ("zero", "0.00", "0.00")]
)
def test_no_targets_at_all_is_marked_whatever_the_scheme_makes_of_it(county, office, client_for, policy, total, score):
    body = scheme_data("MIN(签约额/目标(签约额), 1)*满分", missing_target=policy)
    units = [unit_data(name, {"签约额": 5}) for name in ("甲镇", "乙镇")]
    client, row = client_for(office), published(county, body, input_data(*units))
    ranking = page(client, reverse("published-ranking", args=[row.code]))
    for name, cells in ranked_rows(ranking).items():
        assert cells[2] == total
        assert "无任务" in " ".join(cells)
        ((shown, _, note),) = opened_items(shown_unit(client, row, name)).values()
        assert (shown, note[:3]) == (score, "无任务")
    assert ("没有可以计分的指标，不计总分" in ranking) == (policy == "redistribute")


def test_a_group_of_one_is_its_own_best_mean_and_first(county, office, client_for):
    body = scheme_data("10*组内名次(x)+组内最大(x)+组内最小(x)+组内平均(x)+组内合计(x)", ranking={"within": "group"})
    units = [unit_data("甲镇", {"x": 3}, group="一"), *(unit_data(n, {"x": 9}, group="二") for n in ("乙镇", "丙镇"))]
    row = published(county, body, input_data(*units))
    rows = ranked_rows(page(client_for(office), reverse("published-ranking", args=[row.code])))
    assert {name: (cells[0], cells[2]) for name, cells in rows.items()} == {
        "甲镇": ("1", "22.00"),
        "乙镇": ("1 并列", "55.00"),
        "丙镇": ("1 并列", "55.00"),
    }


def test_where_all_are_equal_min_max_says_that_it_cannot_be_divided(county, office, client_for):
    body = scheme_data("60+40*(x-组内最小(x))/(组内最大(x)-组内最小(x))")
    row = published(county, body, input_data(*(unit_data(name, {"x": 7}) for name in ("甲镇", "乙镇"))))
    shown = shown_to(client_for(office), reverse("published-ranking", args=[row.code]))
    assert "除数为零：40*(x-组内最小(x))/(组内最大(x)-组内最小(x))" in shown
    assert {cells[2] for cells in ranked_rows(shown).values()} == {"—"}


def test_growth_from_zero_or_nothing_is_told_and_from_a_negative_base_is_shown_with_its_numbers(
    county, office, client_for
):
    body = scheme_data("增速*100", derived=[{"name": "增速", "formula": "税收/上年同期(税收)-1"}])
    bases = {"甲镇": 0, "乙镇": None, "丙镇": -10, "丁镇": 4}
    units = [unit_data(name, {"税收": 5}, last_year={"税收": base}) for name, base in bases.items()]
    client, row = client_for(office), published(county, body, input_data(*units))
    shown = shown_to(client, reverse("published-ranking", args=[row.code]))
    assert {name: cells[2] for name, cells in ranked_rows(shown).items()} == {
        "丁镇": "25.00",
        "丙镇": "-150.00",
        "甲镇": "—",
        "乙镇": "—",
    }
    assert "除数为零：税收/上年同期(税收)" in shown
    assert "缺少数据：上年同期(税收)" in shown
    assert "增速：5 ÷ -10 − 1 = -1.5" in shown_unit(client, row, "丙镇")


def test_the_period_before_without_rows_is_told_when_it_is_divided_by(county, township, metrics, office, client_for):
    with_scheme(county, [township], "(到位资金/上期(到位资金)-1)*满分")
    assert "除数为零：到位资金/上期(到位资金)" in page(client_for(office), RANKING)


# -- who takes part -----------------------------------------------------------------------------------


def test_a_township_that_left_in_the_middle_of_the_year_leaves_the_rest_ranked_and_the_past_as_it_was(
    contest, county, township, neighbour, office, client_for
):
    client = client_for(office)
    assert set(ranked_rows(page(client, RANKING))) == {"芦溪镇", "塔山镇"}
    with make.writing_as(county) as writing:
        writing.void(contest.participants.get(unit=township), reason="2024年5月退出试点")
        writing.change(township, valid_until=make.TODAY)
    rows = ranked_rows(page(client, RANKING))
    assert {name: cells[0] for name, cells in rows.items()} == {"塔山镇": "1"}
    assert client.get(f"{RANKING}{township.code}/").status_code == 404
    assert client.get(f"{RANKING}table.xlsx").status_code == 200


def test_a_scheme_without_participants_has_an_empty_ranking(county, metrics, office, client_for):
    with_scheme(county, [], "到位资金")
    client = client_for(office)
    assert "0个单位参评，尚无名次。" in page(client, RANKING)
    book = load_workbook(BytesIO(client.get(f"{RANKING}table.xlsx").getvalue()))
    assert book["排名"].max_row == 6  # title, unit line, two header rows, two footnotes


# -- schemes that don't fit ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"derived": CIRCLE}, "派生指标循环引用："),
        ({"formula": LONG}, "公式有100000个字符，最多2000个"),
        ({"bonuses": [{"name": "好", "formula": "(" * 50_000 + ")" * 50_000}]}, "公式有100000个字符，最多2000个"),
    ],
)
def test_circles_and_endless_formulas_are_refused_wherever_a_scheme_comes_in(county, township, rules, sentence):
    with pytest.raises(SchemeError, match=sentence):
        load_scheme(scheme_data(**rules))
    with pytest.raises(ValidationError, match=sentence):
        with_scheme(county, [township], **{"formula": "1", **rules})
    assert not Scheme.objects.exists()


@pytest.mark.parametrize(
    ("formula", "rules", "name"),
    [
        ("不存在/2", {}, "不存在"),
        ("到位资金/目标(不存在)", {}, "不存在"),
        ("组内最大(不存在)", {}, "不存在"),
        ("到位资金", {"bonuses": [{"name": "好", "formula": "满分"}]}, "满分"),
        ("到位资金", {"ranking": {"tie_break": ["不存在"]}}, "不存在"),
    ],
)
def test_a_scheme_that_reads_what_no_metric_gives_says_so_on_every_page(
    county, township, metrics, office, client_for, formula, rules, name
):
    with_scheme(county, [township], formula, **rules)
    client = client_for(office)
    for address in (RANKING, f"{RANKING}{township.code}/", f"{RANKING}table.xlsx"):
        assert client.get(address).status_code == 200
    assert f"方案读取的“{name}”没有这个指标，请先建立指标，或修改方案。" in page(client, RANKING)


def test_a_metric_that_takes_the_name_of_a_derived_one_is_told(county, township, metrics, office, client_for):
    with_scheme(county, [township], "到位率", derived=[{"name": "到位率", "formula": "到位资金/2"}])
    with make.writing_as(county) as writing:
        add_metrics(writing, [{"name": "到位率", "ledger": "projects"}])
    shown = page(client_for(office), RANKING)
    assert "方案的派生指标“到位率”与同名的指标重复，按派生指标计算，请给其中一个改名。" in shown
    assert "0.00" in shown


def test_nothing_is_published_from_a_scheme_that_reads_what_is_not_there(county, township, metrics):
    scheme = with_scheme(county, [township], "不存在/2")
    assert list(draft_ranking(scheme, Period.parse("2024Q2")).broken) == ["不存在"]


def test_a_voided_metric_never_counts_as_zero(contest, county, metrics, office, client_for):
    with make.writing_as(county) as writing:
        writing.void(metrics["新签约项目数"], reason="口径改了")
    shown = page(client_for(office), RANKING)
    assert "方案读取的“新签约项目数”没有这个指标" in shown
    assert {cells[2] for cells in ranked_rows(shown).values()} == {"—"}
    assert "缺少数据：新签约项目数" in shown

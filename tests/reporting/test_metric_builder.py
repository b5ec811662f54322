"""指标编制: a clerk says what counts, sees the records, and saves only what was seen."""

import re
from datetime import date

import pytest

from core.dates import DateSpan
from core.write import Refused
from reporting.models import Metric, Scheme
from reporting.services import add_metrics, add_scheme, change_metric, uses_of, void_metric
from tests import factories as make

NEW = "/reports/metrics/new/"
PROJECTS = f"{NEW}?ledger=projects"
SCHEME = {
    "name": "季度擂台",
    "year": 2024,
    "period": "quarter",
    "derived": [{"name": "折半", "formula": "签约数/2"}],
    "indicators": [{"name": "签约", "family": "招商引资", "points": 10, "formula": "MIN(折半, 1)*满分"}],
}


@pytest.fixture
def signed(township, neighbour):
    """芦溪镇: one that counts, one framework, one not verified; 塔山镇: one of its own."""
    counts = make.new_project(township, total_investment="20000", signed=DateSpan.day(date(2024, 5, 8)))
    framework = make.new_project(township, agreement={"kind": "framework"}, signed=DateSpan.day(date(2024, 5, 9)))
    make.new_project(township, signed=DateSpan.day(date(2024, 5, 10)))
    others = make.new_project(neighbour, signed=DateSpan.day(date(2024, 6, 1)))
    for project in (counts, framework, others):
        make.judge(make.signing_of(project))
    return counts, framework


def answers(township, **changed):
    """What the form sends for 新签约项目数 of that township in 2024Q2."""
    return {
        "c-contract": "formal",
        "c-signing_verdict": "accepted",
        "reckoning": "count:",
        "formula": "",
        "span": "period",
        "cohort_age": "1",
        "basis": "counted",
        "credit": "share",
        "name": "签约数",
        "unit_of_measure": "个",
        "spread": "ceil",
        "description": "正式合同。",
        "unit": township.code,
        "period": "2024Q2",
        **changed,
    }


@pytest.fixture
def browser(office, client_for):
    return client_for(office)


def tried(browser, address, given):
    """The part of the page with the figure and the two lists, as it comes while one is choosing."""
    return browser.post(address, {**given, "act": "try"}, headers={"HX-Request": "true"})


def saved(browser, address, given):
    """Sent in after looking: with the mark that the trial carried."""
    mark = re.search(r'name="seen"\s+value="(\w+)"', tried(browser, address, given).content.decode())
    seen = mark.group(1) if mark else ""
    return browser.post(address, {**given, "act": "save", "seen": seen})


@pytest.fixture
def metric(county):
    definition = {"name": "签约数", "ledger": "projects", "conditions": {"contract": ["formal"]}}
    with make.writing_as(county) as writing:
        return add_metrics(writing, [definition])[0]


@pytest.fixture
def scheme(county, township, metric):
    with make.writing_as(county) as writing:
        return add_scheme(writing, body=SCHEME, participants=[(township, "")])


def test_one_begins_with_a_ledger(browser):
    page = browser.get(NEW).content.decode()
    for key in ("projects", "agreements", "milestones", "arrivals", "enterprises", "declarations", "scores"):
        assert f"?ledger={key}" in page
    assert "ledger=units" not in page
    assert "ledger=pilots" not in page


def test_the_form_offers_the_filters_of_the_list_page_but_not_its_days(browser, township):
    page = browser.get(PROJECTS).content.decode()
    assert 'name="c-contract"' in page
    assert 'name="c-min_total"' in page
    for name in ("credit", "as_of", "happened_from", "counted_to"):
        assert f'name="c-{name}"' not in page


def test_both_lists_are_seen_before_anything_is_saved(browser, township, signed):
    page = tried(browser, PROJECTS, answers(township)).content.decode()
    counts, framework = signed
    inside, outside = page.split("未计入及原因")
    assert counts.name in inside
    assert framework.name not in inside
    assert framework.name in outside
    assert "是框架协议，不是正式合同" in outside
    assert "未认定" in outside
    assert not Metric.objects.exists()


def test_what_was_seen_is_saved(browser, township, signed):
    response = saved(browser, PROJECTS, answers(township))
    assert response.status_code == 302
    row = Metric.objects.get()
    assert (row.name, row.measure, row.conditions) == (
        "签约数",
        "count",
        {"contract": ["formal"], "signing_verdict": ["accepted"]},
    )
    assert row.description == "正式合同。"
    assert not row.has_target
    assert row.entered_as.endswith("填报）")


def test_what_was_not_seen_is_shown_first(browser, township, signed):
    seen = answers(township)
    mark = re.search(r'name="seen"\s+value="(\w+)"', tried(browser, PROJECTS, seen).content.decode()).group(1)
    other = {**seen, "c-contract": "framework", "seen": mark, "act": "save"}
    response = browser.post(PROJECTS, other)
    assert response.status_code == 422
    assert "请先看下面计入和未计入的记录" in response.content.decode()
    assert not Metric.objects.exists()


def test_a_name_may_change_after_looking(browser, township, signed):
    mark = re.search(r'name="seen"\s+value="(\w+)"', tried(browser, PROJECTS, answers(township)).content.decode())
    given = answers(township, name="正式签约数", seen=mark.group(1), act="save")
    assert browser.post(PROJECTS, given).status_code == 302
    assert Metric.objects.get().name == "正式签约数"


def test_a_trial_needs_no_name_yet(browser, township, signed):
    page = tried(browser, PROJECTS, answers(township, name="", unit_of_measure="")).content.decode()
    assert "由1条记录构成" in page


def test_the_whole_page_comes_back_where_there_is_no_script(browser, township, signed):
    page = browser.post(PROJECTS, {**answers(township), "act": "try"}).content.decode()
    assert "<html" in page
    assert "由1条记录构成" in page
    assert 'value="签约数"' in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"c-colour": "red"}, "没有“colour”这个筛选条件"),
        ({"c-contract": "verbal"}, "签约类型"),
        ({"c-min_total": "许多"}, "总投资不少于"),
        ({"c-credit": "DW1"}, "由指标的期间和单位决定"),
        ({"reckoning": "formula:", "formula": ""}, "公式是空的"),
        ({"reckoning": "formula:", "formula": "总投资*资金来源"}, "资金来源是文字，只能用=或&lt;&gt;比较"),
        ({"reckoning": "formula:", "formula": "总投资>“大”"}, "文字只能用=或&lt;&gt;比较"),
        ({"reckoning": "formula:", "formula": "总投资=“大”"}, "文字不能与数比较"),
        ({"reckoning": "formula:", "formula": "项目阶段"}, "公式的结果应当是数"),
        ({"reckoning": "formula:", "formula": "总投入"}, "没有“总投入”这一列，相近的有：总投资"),
        ({"reckoning": "formula:", "formula": "1+" * 50_000}, "公式有100000个字符，最多2000个"),
        ({"reckoning": "sum:phone"}, "怎么算"),
        ({"name": "满分"}, "另有所指"),
        ({"name": "目标"}, "另有所指"),
        ({"name": "五百强[含]"}, "不能有方括号"),
        ({"name": "Ａ类项目"}, "请用半角：A类项目"),
        ({"name": ""}, "请填写"),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_a_sentence(browser, township, signed, changed, sentence):
    given = answers(township, **changed)
    response = saved(browser, PROJECTS, given)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Metric.objects.exists()


def test_a_name_that_begins_with_a_digit_is_written_in_brackets(browser, township, signed):
    assert saved(browser, PROJECTS, answers(township, name="5亿元项目数")).status_code == 302
    assert Metric.objects.get().written == "[5亿元项目数]"
    assert "公式里写 [5亿元项目数] 就能用" in browser.get("/reports/metrics/").content.decode()


def test_a_formula_is_shown_record_by_record(browser, township, signed):
    given = answers(township, reckoning="formula:", formula="IFS(总投资>=20000, 4, TRUE, 1)*(签约类型=“正式合同”)")
    page = tried(browser, PROJECTS, given).content.decode()
    assert "签约数4个，由1条记录构成" in page


def test_a_record_without_the_number_stops_the_formula_and_is_named(browser, township, signed):
    given = answers(township, reckoning="formula:", formula="固定资产投资/1000")
    own = {name: value for name, value in given.items() if not name.startswith("c-")}
    page = tried(browser, f"{NEW}?ledger=agreements", {**own, "c-kind": "formal"}).content.decode()
    assert f"“{signed[0].name}”" in page
    assert "缺少数据：固定资产投资" in page
    assert "缺少数据：固定资产投资" in tried(browser, PROJECTS, given).content.decode()
    unknown = answers(township, reckoning="formula:", formula="固定投资额/1000")
    assert "没有“固定投资额”这一列" in tried(browser, PROJECTS, unknown).content.decode()


def test_an_existing_metric_opens_with_its_answers_and_is_changed(browser, township, signed, metric):
    address = f"/reports/metrics/{metric.code}/edit/"
    page = browser.get(address).content.decode()
    assert re.search(r'name="c-contract"\s+value="formal"\s+checked', page)
    given = answers(township, **{"c-contract": ["formal", "framework"], "version": metric.row_version})
    assert saved(browser, address, given).status_code == 302
    assert make.fresh(metric).conditions["contract"] == ["formal", "framework"]


def test_a_new_metric_can_begin_like_another(browser, township, metric):
    page = browser.get(f"{NEW}?like={metric.code}").content.decode()
    assert re.search(r'name="c-contract"\s+value="formal"\s+checked', page)
    assert 'value="签约数"' not in page


def test_two_people_at_one_metric_are_told(browser, township, signed, metric, office):
    address, given = f"/reports/metrics/{metric.code}/edit/", answers(township, version=metric.row_version)
    assert saved(browser, address, given).status_code == 302
    response = saved(browser, address, {**given, "description": "另一种说法。"})
    assert response.status_code == 422
    assert make.fresh(metric).description == "正式合同。"


def test_a_metric_that_a_scheme_reads_stays_as_it_is(browser, township, signed, metric, scheme):
    assert uses_of(metric) == [scheme]
    address = f"/reports/metrics/{metric.code}/edit/"
    assert "正在使用这个指标" in browser.get(address).content.decode()
    response = saved(browser, address, answers(township, version=metric.row_version))
    assert response.status_code == 422
    assert "考核方案“季度擂台（2024年，第1版）”正在使用指标“签约数”，不能改动口径" in response.content.decode()
    response = browser.post(f"/reports/metrics/{metric.code}/void/", {"reason": "不用了"})
    assert response.status_code == 422
    assert make.fresh(metric).voided_at is None


def test_what_no_figure_depends_on_may_change_meanwhile(county, metric, scheme):
    with make.writing_as(county) as writing:
        changed = change_metric(writing, metric=metric, description="写得更清楚。")
    assert changed.description == "写得更清楚。"


def test_a_version_that_reads_it_no_more_sets_it_free(county, township, metric, scheme):
    body = {**SCHEME, "derived": [], "indicators": [{**SCHEME["indicators"][0], "formula": "满分"}]}
    with make.writing_as(county) as writing:
        writing.add(Scheme(name=scheme.name, year=2024, period="quarter", version=2, body=body))
        assert uses_of(metric) == []
        void_metric(writing, metric=metric, reason="改用新指标")
    assert make.fresh(metric).voided_at


def test_a_metric_is_not_called_like_a_schemes_derived_metric(browser, township, signed, metric, scheme):
    response = saved(browser, PROJECTS, answers(township, name="折半"))
    assert response.status_code == 422
    assert "有同名的派生指标" in response.content.decode()


def test_derived_metrics_in_a_circle_are_refused(county, township, metric):
    circle = [{"name": "甲", "formula": "乙+签约数"}, {"name": "乙", "formula": "甲*2"}]
    with (
        pytest.raises(Exception, match="派生指标循环引用"),
        make.writing_as(county) as writing,
    ):
        add_scheme(writing, body={**SCHEME, "derived": circle}, participants=[(township, "")])


def test_an_unused_metric_is_voided_with_a_reason(browser, metric):
    response = browser.post(f"/reports/metrics/{metric.code}/void/", {"reason": "口径不用了"})
    assert response.status_code == 302
    assert make.fresh(metric).void_reason == "口径不用了"


def test_a_metric_of_a_ledger_that_is_no_more_says_so(browser, metric):
    Metric.objects.filter(pk=metric.pk).update(ledger="gone")
    response = browser.get(f"/reports/metrics/{metric.code}/edit/")
    assert response.status_code == 409
    assert "台账已不存在" in response.content.decode()
    assert browser.post(f"/reports/metrics/{metric.code}/void/", {"reason": "台账没了"}).status_code == 302


def test_a_condition_that_is_no_more_is_kept_and_named_until_it_is_mended(browser, township, signed, metric):
    Metric.objects.filter(pk=metric.pk).update(conditions={"colour": ["red"]})
    page = browser.get(f"/reports/metrics/{metric.code}/edit/").content.decode()
    assert 'name="c-colour" value="red"' in page
    said = tried(browser, f"/reports/metrics/{metric.code}/edit/", answers(township, **{"c-colour": "red"}))
    assert "没有“colour”这个筛选条件" in said.content.decode()


def test_only_the_countys_own_clerks_write_metrics(county, reviewer, clerk, metric):
    for seat in (reviewer, clerk):
        with pytest.raises(Refused), make.writing_as(seat) as writing:
            change_metric(writing, metric=metric, description="我来改")
        with pytest.raises(Refused), make.writing_as(seat) as writing:
            writing.change(metric, description="我来改")


def test_the_pages_ask_no_more_the_more_there_is(browser, township, signed, django_assert_max_num_queries):
    for _ in range(5):
        make.judge(make.signing_of(make.new_project(township, signed=DateSpan.day(date(2024, 5, 20)))))
    browser.get(PROJECTS)
    with django_assert_max_num_queries(16):
        browser.get(PROJECTS)
    with django_assert_max_num_queries(30):
        tried(browser, PROJECTS, answers(township))

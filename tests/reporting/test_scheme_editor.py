"""The scheme editor as the office uses it, without a line of JavaScript."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reporting.models import Scheme
from reporting.scheme_editing import services
from reporting.scheme_editing.examples import EXAMPLES
from tests import factories as make

MOST = 26
"""Questions that any page of the editor may ask, whatever the number of rows and units; metrics have one each."""


@pytest.fixture
def client(office, client_for):
    return client_for(office)


@pytest.fixture
def draft(contest, office):
    with make.writing_as(office) as writing:
        return services.copy_scheme(writing, scheme=contest, name=contest.name, year=contest.year)


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def post(client, address, status=302, **given):
    response = client.post(address, given)
    assert response.status_code == status, response.content.decode()
    return response["Location"] if status == 302 else response.content.decode()


def of(scheme, *rest):
    return "/".join(["/reports/schemes", scheme.code, *rest, ""])


def boxes(client, scheme):
    """What the tables' boxes hold, as a browser would send them."""
    form = client.get(of(scheme, "edit")).context["form"]
    given = {"version": form["version"].value()}
    for row in form.row_forms:
        given |= {field.html_name: field.value() for field in row if field.value() not in (None, False)}
    return given


def rules(scheme):
    return make.fresh(scheme).rules


def names(scheme):
    return [indicator.name for indicator in rules(scheme).indicators]


# -- beginning ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.key)
def test_an_example_is_loaded_by_one_click(example, metrics, client):
    address = post(client, "/reports/schemes/new/", example=example.key)
    shown = page(client, address)
    assert "（非官方）" in shown
    assert example.title in shown
    row = Scheme.objects.get()
    assert row.stage == "draft"
    assert ("，用于遴选" in page(client, of(row))) == row.selects == (example.key == "g-selection")
    assert ("，用于遴选" in page(client, "/reports/schemes/all/")) == row.selects


def test_a_scheme_begins_with_nothing_and_says_what_is_lacking(metrics, client):
    address = post(client, "/reports/schemes/new/", name="我县擂台", year=2025, period="quarter", purpose="assessment")
    shown = page(client, address)
    assert "启用前还差3处" in shown
    assert "0项指标" in shown
    row = Scheme.objects.get()
    assert "我县擂台" in page(client, of(row))
    assert "还没有能算的指标" in page(client, of(row, "trial"))
    assert "还没有指标" in post(client, of(row, "start"), status=422)


def test_a_copy_for_the_next_year(contest, client):
    address = post(client, of(contest, "copy"), name="季度擂台", year=2025)
    assert "2025年" in page(client, address)
    assert Scheme.objects.filter(year=2025, stage="draft").count() == 1


def test_what_was_published_from_is_read_only(contest, client):
    assert "编辑</a>" in page(client, of(contest))
    with make.writing_as(contest.county) as writing:
        writing.add(publication_of(contest))
    for part in ("edit", "settings", "units", "start", "withdraw"):
        assert client.get(of(contest, part)).status_code == 302
        assert post(client, of(contest, part)) == of(contest)
    shown = page(client, of(contest))
    assert "另存为新版" in shown
    assert "编辑</a>" not in shown


def publication_of(scheme):
    publications = scheme._meta.get_field("publications").related_model
    return publications(scheme=scheme, period="2024Q2", answer_by=make.TODAY)


# -- the tables ---------------------------------------------------------------------------------------


def test_points_are_changed_in_the_table_and_the_sum_follows(draft, client):
    given = {**boxes(client, draft), "indicators-0-points": "70.5", "do": "save"}
    assert post(client, of(draft, "edit"), **given) == of(draft, "edit")
    shown = page(client, of(draft, "edit"))
    assert "“到位资金”满分由60分改为70.5分。" in shown
    assert "满分合计110.5分" in shown


def test_rows_move_and_go_and_what_was_typed_is_kept(draft, client):
    given = {**boxes(client, draft), "indicators-1-family": "企业培育"}
    post(client, of(draft, "edit"), **given, do="up-indicators-1")
    assert names(draft) == ["户均", "到位资金"]
    assert rules(draft).indicators[0].family == "企业培育"
    post(client, of(draft, "edit"), **boxes(client, draft), do="down-indicators-0")
    post(client, of(draft, "edit"), **boxes(client, draft), do="remove-indicators-0")
    assert names(draft) == ["户均"]
    opened = post(client, of(draft, "edit"), **boxes(client, draft), do="open-bonuses-0")
    assert opened == of(draft, "edit", "bonuses", "1")
    assert post(client, of(draft, "edit"), **boxes(client, draft), do="new-awards") == of(
        draft, "edit", "awards", "new"
    )


@pytest.mark.parametrize(
    "button", ["up-indicators-0", "down-indicators-9", "remove-indicators-77", "up-nothing-1", "xx"]
)
def test_a_button_that_leads_nowhere_changes_nothing(button, draft, client):
    post(client, of(draft, "edit"), **boxes(client, draft), do=button)
    assert rules(draft) == draft.rules


@pytest.mark.parametrize(
    ("box", "typed", "said"),
    [
        ("indicators-0-points", "很多", "请填写数字"),
        ("indicators-0-points", "-5", "不能是负数"),
        ("indicators-0-points", "1.0123456789", "小数多于9位"),
        ("indicators-0-points", "", "请填写"),
        ("indicators-1-name", "到位资金", "指标“到位资金”重名"),
        ("bonuses-0-cap", "x", "请填写数字"),
    ],
)
def test_what_is_typed_wrong_is_said_and_not_lost(box, typed, said, draft, client):
    shown = post(client, of(draft, "edit"), status=422, **{**boxes(client, draft), box: typed, "do": "save"})
    assert said in shown
    assert "没有保存" in shown
    assert rules(draft) == draft.rules


def test_groups_make_an_indicator_individual(draft, client):
    given = {**boxes(client, draft), "indicators-1-groups": "中心镇，特色镇、中心镇"}
    post(client, of(draft, "edit"), **given)
    assert rules(draft).indicators[1].groups == ("中心镇", "特色镇")
    post(client, of(draft, "edit"), **{**boxes(client, draft), "indicators-1-groups": "特色镇"})
    shown = page(client, of(draft, "edit"))
    assert "满分合计中心镇60分，特色镇100分" in shown


def test_two_people_at_the_same_scheme(draft, client):
    first, second = boxes(client, draft), boxes(client, draft)
    post(client, of(draft, "edit"), **{**first, "indicators-0-points": "61"})
    shown = post(client, of(draft, "edit"), status=422, **{**second, "indicators-0-points": "62"})
    assert "别人已修改" in shown
    assert rules(draft).indicators[0].points == 61


# -- one rule -------------------------------------------------------------------------------------------


def test_an_indicator_is_written_by_a_preset(draft, client):
    new = of(draft, "edit", "indicators", "new")
    assert "时序进度" in page(client, new)
    given = {"name": "合同", "points": "20", "rule": "steps", "slot_x": "新签约金额", "slot_t": "时序目标"}
    given |= {"slot_s": "10", "slot_k": "1", "slot_m": "0.5", "slot_cap": "5"}
    assert post(client, new, **given) == of(draft, "edit") + "#indicators"
    assert rules(draft).indicators[2].formula.text == (
        "IF(新签约金额>=时序目标(新签约金额), 满分+MIN(5, 1*INT((新签约金额/时序目标(新签约金额)-1)/10%)), "
        "MAX(0, 满分-0.5*INT((1-新签约金额/时序目标(新签约金额))/10%)))"
    )
    opened = client.get(of(draft, "edit", "indicators", "3")).context["form"]
    assert (opened.rule_key, opened["slot_m"].value(), opened["slot_x"].value()) == ("steps", "0.5", "新签约金额")


def test_another_preset_keeps_what_was_typed(draft, client):
    new = of(draft, "edit", "indicators", "new")
    given = {"name": "合同", "points": "20", "rule": "tiers", "slot_x": "新签约金额", "do": "rule"}
    form = client.post(new, given).context["form"]
    assert (form["name"].value(), form["points"].value(), form["slot_x"].value()) == ("合同", "20", "新签约金额")
    assert form["slot_a1"].value() == "100"


def test_a_preset_becomes_a_typed_formula(draft, client):
    form = client.post(of(draft, "edit", "indicators", "1"), {"rule": "typed", "do": "rule"}).context["form"]
    assert form["formula"].value().startswith("MIN(本年累计到位资金/时序目标")


def typed(client, draft, formula, section="indicators", status=422, **more):
    given = {"name": "新的", "points": "5", "effect": "zero", "tiers": "1", **more}
    return post(client, of(draft, "edit", section, "new"), status, rule="typed", formula=formula, **given)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("MIN(新签约金额", "公式缺少右括号。"),
        ("新签约金额+*2", "第7个字符处不应出现“*”。"),
        ("新签约金/3", "没有名为“新签约金”的指标数据，相近的有：新签约金额"),
        ("总分/3", "“总分”只能写在晋档、降档和榜单的条件里。"),
        ("MINI(1, 2)", "没有函数“MINI”，相近的有：MIN"),
        ("1+" * 1500 + "1", "最多2000个。"),
        ("1" * 100_000, "最多2000个。"),
        ("目标(满分)", "“满分”只能写在指标的算式里。"),
        ('"甲"=1', "不能比较文字"),
    ],
)
def test_a_typed_formula_is_checked_in_words(formula, said, draft, client):
    assert said in typed(client, draft, formula)
    assert len(names(draft)) == 2


def test_full_points_and_ranks_are_read_only_where_they_are_known(draft, client):
    assert "“满分”只能写在指标的算式里" in typed(client, draft, "满分", "bonuses")
    assert "“名次”只能写在" in typed(client, draft, "名次<3", "vetoes")
    typed(client, draft, "名次<3", "lists", 302)
    typed(client, draft, "AND(总分>80, 名次<3)", "promotions", 302)
    assert [listing.when.text for listing in rules(draft).lists] == ["名次<3"]


def test_tiers_fall_and_leave_no_gap(draft, client):
    given = {"name": "分档", "points": "20", "rule": "tiers", "slot_x": "新签约金额", "slot_t": "目标", "slot_p0": "0"}
    new = of(draft, "edit", "indicators", "new")
    given |= {"slot_a1": "80", "slot_p1": "10"}
    assert "要从高到低填写" in post(client, new, 422, **given, slot_a2="90", slot_p2="5")
    assert "这一格没有用上" in post(client, new, 422, **given, slot_a3="50", slot_p3="5")


def test_awards_have_ranks_in_order(draft, client):
    new = of(draft, "edit", "awards", "new")
    assert "请核对" in post(client, new, 422, tier="一等奖", first="3", last="1")
    post(client, new, tier="一等奖", first="1", minimum="80", amount="50.5", pass_down="on")
    award = rules(draft).awards[0]
    assert (award.ranks, award.minimum, str(award.amount), award.pass_down) == ((1, 1), 80, "50.5", True)


@pytest.mark.parametrize("place", ["0", "99", "x"])
def test_a_row_that_is_not_there(place, draft, client):
    page(client, of(draft, "edit", "indicators", place), 404)
    page(client, of(draft, "edit", "nothing", "1"), 404)


# -- the trial ------------------------------------------------------------------------------------------


def trial(client, draft, section, place, **given):
    return client.post(of(draft, "edit", section, place), {**given, "do": "check"}).context["trial"]


def test_a_rule_is_tried_with_the_present_numbers_before_it_is_saved(draft, client):
    given = {"name": "资金", "points": "50", "rule": "completion", "slot_x": "本年累计到位资金", "slot_cap": "100"}
    found = trial(client, draft, "indicators", "new", **given)
    assert [(row.unit, row.value, row.calculation) for row in found.rows] == [
        ("芦溪镇", "37.5", "MIN(4500/6000, 100%)*50 = 37.5"),
        ("塔山镇", "10.13", "MIN(810.5/4000, 100%)*50 = 10.13125"),
    ]
    assert len(names(draft)) == 2


def test_every_kind_of_rule_is_tried(draft, client):
    cases = [
        ("bonuses", "2*新签约项目数", ["2", "2"]),
        ("deductions", "户均资金/1000", ["4.5", "0.8105"]),
        ("derived", "本年累计到位资金*2", ["9000", "1621"]),
        ("vetoes", "新签约项目数>0", ["成立", "成立"]),
        ("lists", "AND(名次=1, 总分>80)", ["成立", "不成立"]),
        ("promotions", "本年累计到位资金>1000", ["成立", "不成立"]),
    ]
    for section, formula, values in cases:
        more = {"name": "试", "effect": "zero", "tiers": "1"}
        found = trial(client, draft, section, "new", rule="typed", formula=formula, **more)
        assert [row.value for row in found.rows] == values, section


def test_a_trial_says_why_there_is_no_number(draft, client):
    found = trial(client, draft, "derived", "new", name="试", rule="typed", formula="1/(新签约项目数-1)")
    assert all("除数" in row.note for row in found.rows)
    asked = trial(client, draft, "indicators", "new", name="试", points="5", rule="typed", formula="1/0+(")
    assert asked is None


def test_the_whole_draft_is_tried_and_what_cannot_be_read_is_left_out(draft, client, office):
    body = dict(draft.body)
    body["indicators"] = [*body["indicators"], {"name": "评分", "points": 10, "formula": "AVERAGE(评委打分)"}]
    with make.writing_as(office) as writing:
        services.change_rules(writing, scheme=draft, body=body)
    shown = page(client, of(draft, "trial"))
    assert "指标“评分”没有算：没有名为“评委打分”的指标数据" in shown
    assert "芦溪镇" in shown
    assert "100.00" in shown


# -- settings, participants, in force ---------------------------------------------------------------------


def test_settings_are_saved_and_told(draft, client):
    form = client.get(of(draft, "settings")).context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    given |= {"pass_mark": "65", "within": "all", "tie_1": "新签约金额", "tie_2": "户均资金", "indicator": ""}
    post(client, of(draft, "settings"), **given)
    found = rules(draft)
    assert (found.pass_mark, found.ranking.within, found.rounding.indicator) == (65, "all", None)
    assert found.ranking.tie_break == ("新签约金额", "户均资金")
    assert "合格线由60分改为65分。" in page(client, of(draft, "changes", Scheme.objects.get(version=1).code))


def test_participants_are_ticked_with_groups(draft, client, township, county):
    third = make.new_township(county)
    assert "参评单位" in page(client, of(draft, "units"))
    given = {f"in-{third.code}": "on", f"group-{third.code}": "甲组", f"group-{township.code}": "乙组"}
    post(client, of(draft, "units"), **given, document="县委办〔2025〕3号")
    assert [str(row) for row in draft.participants.current()] == [f"{third}（甲组）"]
    assert "组名里不要有" in post(client, of(draft, "units"), 422, **{**given, f"group-{third.code}": "甲、乙"})


def test_a_new_scheme_offers_the_participants_of_the_one_in_force(contest, client, office):
    with make.writing_as(office) as writing:
        empty = services.add_draft(writing, body={"name": "新", "year": 2025, "period": "quarter"})
    form = client.get(of(empty, "units")).context["form"]
    assert form.example == contest
    assert sum(ticked.value() for _, ticked, _ in form.rows) == 2
    assert not empty.participants.exists()


def test_in_force_it_ranks(draft, client):
    assert post(client, of(draft, "start")) == of(draft)
    assert "第2版" in page(client, "/reports/ranking/2024Q2/")
    assert client.get("/reports/schemes/").headers["Location"] == of(draft)


def test_a_draft_is_withdrawn(draft, client):
    assert "原因" in post(client, of(draft, "withdraw"), 422, reason="")
    post(client, of(draft, "withdraw"), reason="写错了")
    page(client, of(draft), 404)


# -- files ------------------------------------------------------------------------------------------------


def test_a_scheme_goes_out_and_comes_in_the_same(contest, client):
    response = client.get(of(contest, "scheme.json")[:-1])
    assert "attachment" in response["Content-Disposition"]
    upload = SimpleUploadedFile("方案.json", response.content)
    post(client, "/reports/schemes/import/", file=upload)
    added = Scheme.objects.get(version=2)
    assert (added.rules, added.stage) == (contest.rules, "draft")


@pytest.mark.parametrize(
    ("content", "said"), [(b"{", "不是合法的JSON"), (json.dumps({"name": "x"}).encode(), "缺少“year”"), (b"", "空")]
)
def test_a_file_that_is_no_scheme_is_refused(content, said, metrics, client):
    upload = SimpleUploadedFile("方案.json", content)
    assert said in post(client, "/reports/schemes/import/", 422, file=upload)
    assert not Scheme.objects.exists()


# -- who, and at what cost ----------------------------------------------------------------------------------


def test_others_only_read(draft, client_for, seats):
    for name in ("county2", "township", "leader"):
        reader = client_for(seats[name])
        assert "草稿" in page(reader, of(draft))
        assert "编辑</a>" not in page(reader, of(draft))
        page(reader, of(draft, "edit"), 403)
        assert "新建方案" not in page(reader, "/reports/schemes/all/")


def questions(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_more_rows_and_units_ask_no_more_questions(draft, client, office, county):
    addresses = [
        of(draft, *rest)
        for rest in (
            ["edit"],
            ["edit", "indicators", "1"],
            ["settings"],
            ["units"],
            ["trial"],
            [],
            ["edit", "lists", "new"],
        )
    ] + ["/reports/schemes/all/", "/reports/schemes/new/"]
    few = [questions(client, address) for address in addresses]
    more = [{**draft.body["indicators"][0], "name": f"第{n}项"} for n in range(5)]
    with make.writing_as(office) as writing:
        services.change_rules(writing, scheme=draft, body={**draft.body, "indicators": draft.body["indicators"] + more})
        services.copy_scheme(writing, scheme=draft, name="又一个", year=2024)
        rows = {row.unit: row.group for row in draft.participants.current().select_related("unit")}
        units = {make.new_township(county): "甲组" for _ in range(3)}
        services.set_participants(writing, scheme=draft, groups={**rows, **units}, document="文")
    assert [questions(client, address) for address in addresses] == few
    assert max(few) <= MOST


def test_a_trial_that_cannot_be_says_what_to_mend(draft, client, office):
    given = {"name": "资金", "points": "很多", "rule": "completion", "do": "check"}
    response = client.post(of(draft, "edit", "indicators", "new"), given)
    assert response.status_code == 200
    assert "还不能试算" in response.content.decode()
    assert "满分：写的是“很多”，请填写数字" in response.content.decode()
    rows = [*draft.body["indicators"], {"name": "评分", "points": 10, "formula": "AVERAGE(评委打分)"}]
    with make.writing_as(office) as writing:
        services.change_rules(writing, scheme=draft, body={**draft.body, "indicators": rows})
    assert "没有名为“评委打分”的指标数据" in page(client, of(draft, "edit", "indicators", "3"))

"""评分 in the pages: the county asks, the reviewers answer, everybody sees what is theirs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting.models import Rating, RatingSheet
from reporting.models.ratings import OWN_GROUP
from reporting.rating import services
from reporting.rating.roster import roster_of
from tests import factories as make
from tests.ratings import closed, expert, opinion
from townships.models import Unit

pytestmark = pytest.mark.django_db
LIST = "/reports/ratings/"


@pytest.fixture
def judge(county):
    return expert(county, user=make.new_user(full_name="评委甲"))


@pytest.fixture
def head(neighbour):
    return make.township_seat(neighbour, user=make.new_user(full_name="评委乙"))


@pytest.fixture
def sheet(county, township, neighbour, judge, head, clerk):
    return ask(county, [township, neighbour], [(judge, "部门"), (head, "乡镇"), (clerk, OWN_GROUP)])


def ask(county, units, reviewers, **values):
    """A sheet that is open on the day on which the test runs."""
    given = {"topic": "服务和报送", "period": "2024Q2", "kind": "score", "full_points": Decimal(100), **values}
    with make.writing_as(county, at=timezone.now()) as writing:
        return services.open_sheet(writing, units=units, reviewers=reviewers, **{"answer_by": in_days(5), **given})


def in_days(count):
    return timezone.localdate() + timedelta(days=count)


def say(sheet, seat, said):
    asked = {unit.pk: reviewer for reviewer, unit in roster_of(sheet, of=seat).asked}
    with make.writing_as(seat, at=timezone.now()) as writing:
        services.rate(writing, sheet=sheet, given={(asked[u.pk], u): opinion(words) for u, words in said.items()})


def post(client, address, status=302, **given):
    response = client.post(address, given)
    assert response.status_code == status, response.content.decode()
    return response.content.decode() if status != 302 else response["Location"]


def page(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


# -- the reviewer's page ----------------------------------------------------------------------------


def fill(sheet):
    return f"{LIST}{sheet.code}/fill/"


def test_a_reviewer_finds_what_is_asked_scores_it_and_has_done(sheet, judge, township, neighbour, client_for):
    client = client_for(judge)
    assert "2024年二季度服务和报送</a>，还有 <strong>2</strong> 个单位" in page(client, "/")
    assert "待评分 2 个单位" in page(client, LIST)
    typed = {
        f"value-{township.code}": "９５．５分",
        f"reason-{township.code}": "报送及时",
        f"value-{neighbour.code}": "60",
    }
    assert post(client, fill(sheet), **typed) == fill(sheet)
    assert {row.unit: (row.value, row.reason) for row in Rating.objects.all()} == {
        township: (Decimal("95.5"), "报送及时"),
        neighbour: (Decimal(60), ""),
    }
    assert "待评分" not in page(client, "/")
    assert "已评 2/2" in page(client, LIST)


def test_one_wrong_row_keeps_all_that_was_typed_and_says_it_there(sheet, judge, township, neighbour, client_for):
    typed = {f"value-{township.code}": "101", f"reason-{township.code}": "写得很好", f"value-{neighbour.code}": "八十"}
    shown = post(client_for(judge), fill(sheet), 422, **typed)
    assert "分值应在0分至100分之间。" in shown
    assert "“八十”不是分值，请填写数字，例如13.5。" in shown
    assert 'value="101"' in shown
    assert 'value="八十"' in shown
    assert "写得很好" in shown
    assert f'id="id_value-{township.code}_error"' in shown
    assert not Rating.objects.exists()


def test_a_few_units_today_the_others_another_day(sheet, judge, township, neighbour, client_for):
    client = client_for(judge)
    post(client, fill(sheet), **{f"value-{township.code}": "80"})
    assert "已评1个" in page(client, fill(sheet))
    post(client, fill(sheet), **{f"value-{township.code}": "85", f"value-{neighbour.code}": "70"})
    assert sorted(Rating.objects.values_list("value", flat=True)) == [70, 85]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "还没有评任何一个单位"),
        ({"reason": "没有写分"}, "请填写分值。"),
        ({"value": "80.125"}, "分值最多写两位小数。"),
        ({"value": "1e1"}, "不是分值"),
        ({"value": "NaN"}, "不是分值"),
        ({"value": "-1"}, "分值应在0分至100分之间。"),
    ],
)
def test_what_says_nothing_is_not_saved(sheet, judge, township, client_for, typed, sentence):
    given = {f"{name}-{township.code}": value for name, value in typed.items()}
    assert sentence in post(client_for(judge), fill(sheet), 422, **given)
    assert not Rating.objects.exists()


def test_an_answer_is_corrected_and_never_emptied(sheet, judge, township, client_for):
    say(sheet, judge, {township: 80})
    assert "请填写分值。" in post(client_for(judge), fill(sheet), 422, **{f"value-{township.code}": ""})
    assert Rating.objects.get().value == 80


def test_evidence_goes_with_the_answer_and_opens_for_whoever_sees_it(
    sheet, judge, head, clerk, office, township, neighbour, client_for, pdf, files_root
):
    client = client_for(judge)
    given = {f"value-{township.code}": "80", f"evidence-{township.code}": pdf}
    post(client, fill(sheet), **given)
    row = Rating.objects.get()
    assert row.evidence_name == "扫描件.pdf"
    assert "已上传" in page(client, fill(sheet))
    paper = f"{LIST}papers/{row.code}/"
    assert content(client, paper) == content(client_for(office), paper) == b"%PDF-1.7 scan"
    assert client_for(clerk).get(paper).status_code == 404  # its own unit, but not yet closed
    assert client_for(head).get(paper).status_code == 404
    closed(sheet)
    assert content(client_for(clerk), paper) == b"%PDF-1.7 scan"
    assert client_for(head).get(paper).status_code == 404


def content(client, address):
    return b"".join(client.get(address).streaming_content)


def test_a_file_of_another_kind_is_refused_beside_its_unit(sheet, judge, township, client_for, files_root):
    tool = SimpleUploadedFile("工具.exe", b"MZ")
    given = {f"value-{township.code}": "80", f"evidence-{township.code}": tool}
    shown = post(client_for(judge), fill(sheet), 422, **given)
    assert f'id="id_evidence-{township.code}_error"' in shown
    assert "“工具.exe”不能上传" in shown
    assert not Rating.objects.exists()


def test_a_veto_sheet_asks_for_yes_or_no(county, judge, township, neighbour, client_for):
    sheet = ask(county, [township, neighbour], [(judge, "纪委")], kind="veto", full_points=None, topic="一票否决事项")
    client = client_for(judge)
    assert "逐个单位答有或无" in page(client, fill(sheet))
    typed = {f"value-{township.code}": "1", f"value-{neighbour.code}": "0"}
    assert "答“有”的要写明事由。" in post(client, fill(sheet), 422, **typed)
    post(client, fill(sheet), **typed, **{f"reason-{township.code}": "虚报到位资金"})
    assert sorted(Rating.objects.values_list("value", flat=True)) == [0, 1]
    post(client, fill(sheet), 422, **{f"value-{township.code}": "2"})


def test_after_the_sheet_is_closed_one_reads_ones_own(sheet, judge, township, client_for):
    say(sheet, judge, {township: (81, "月报迟报一次")})
    closed(sheet)
    client = client_for(judge)
    shown = page(client, fill(sheet))
    assert "已截止，不能再评，也不能再改" in shown
    assert "月报迟报一次" in shown
    assert f'name="value-{township.code}"' not in shown
    assert "已经截止" in post(client, fill(sheet), 422, **{f"value-{township.code}": "90"})
    assert Rating.objects.get().value == 81


def test_the_own_score_has_its_own_row(sheet, clerk, township, neighbour, client_for):
    shown = page(client_for(clerk), fill(sheet))
    assert f'name="value-{township.code}"' in shown
    assert f'name="value-{neighbour.code}"' not in shown
    assert "<small>自评</small>" in shown


def test_nobody_else_gets_in(sheet, county, township, neighbour, elsewhere, client_for):
    assert client_for(make.township_seat(township)).get(fill(sheet)).status_code == 403  # a colleague of a reviewer
    assert client_for(make.township_seat(make.new_township(county))).get(fill(sheet)).status_code == 404
    assert client_for(make.new_seat(elsewhere)).get(fill(sheet)).status_code == 404
    assert client_for(make.new_seat(county, "leader", [])).get(fill(sheet)).status_code == 403


# -- the county's pages -----------------------------------------------------------------------------


def asked(judge, township, **values):
    return {
        "topic": "服务和报送",
        "period": "2024Q2" if timezone.localdate().year <= 2025 else f"{timezone.localdate().year}Q1",
        "kind": "score",
        "full_points": "100",
        "answer_by": in_days(3).isoformat(),
        "units": [township.code],
        f"group-{judge.code}": "部门",
        **values,
    }


def test_the_county_asks_on_one_page(office, judge, clerk, township, neighbour, client_for):
    given = asked(judge, township, criteria="每迟报一次扣5分", **{f"own-{clerk.code}": "on"})
    location = post(client_for(office), f"{LIST}new/", **given)
    sheet = RatingSheet.objects.get()
    assert location == f"{LIST}{sheet.code}/"
    roster = roster_of(sheet)
    assert {(reviewer.seat, reviewer.group) for reviewer in roster.reviewers} == {(judge, "部门"), (clerk, "自评")}
    assert roster.units == (township,)
    assert "还有2人没有评完" in page(client_for(office), location)


def test_the_form_begins_with_the_units_of_the_ranking(contest, office, township, client_for):
    other = make.new_township(contest.county)
    shown = client_for(office).get(f"{LIST}new/").context["form"]
    assert set(shown["units"].initial) == {p.unit.code for p in contest.participants.all()}
    assert other.code in dict(shown.fields["units"].choices)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"topic": ""}, "评分事项：请填写。"),
        ({"full_points": ""}, "打分的要填写满分，要大于0。"),
        ({"full_points": "0"}, "打分的要填写满分，要大于0。"),
        ({"answer_by": "2001-01-01"}, "截止日期不能早于今天。"),
        ({"units": []}, "被评单位：请选择。"),
        ({"weights": "部门60%"}, "各组权重合计为60%，应为100%。"),
        ({"weights": "专家100%"}, "评委里没有“专家”这一组"),
        ({"group": ""}, "请至少指定一位评委。"),
        ({"group": "自评"}, "自评请在“自评”一栏勾选。"),
        ({"period": "2024-13"}, "期间："),
    ],
)
def test_what_is_missing_is_said_beside_its_box(office, judge, township, client_for, wrong, sentence):
    group = {f"group-{judge.code}": wrong["group"]} if "group" in wrong else {}
    rest = {name: value for name, value in wrong.items() if name != "group"}
    shown = post(client_for(office), f"{LIST}new/", 422, **{**asked(judge, township), **rest, **group})
    assert sentence in shown
    assert 'value="服务和报送"' in shown or "topic" in wrong
    assert not RatingSheet.objects.exists()


def test_the_next_period_begins_like_the_last(sheet, office, judge, township, client_for):
    say(sheet, judge, {township: 80})
    form = client_for(office).get(f"{LIST}new/?like={sheet.code}").context["form"]
    assert form["topic"].initial == "服务和报送"
    assert form[f"group-{judge.code}"].initial == "部门"
    assert form["period"].initial is None


def test_an_edit_shows_and_keeps_what_there_is(sheet, office, judge, head, clerk, township, neighbour, client_for):
    client = client_for(office)
    form = client.get(f"{LIST}{sheet.code}/edit/").context["form"]
    assert (form["full_points"].initial, form[f"own-{clerk.code}"].initial) == ("100", True)
    given = {
        **asked(
            judge, township, period="2024Q2", units=[township.code, neighbour.code], version=form["version"].initial
        ),
        f"group-{head.code}": "乡镇",
        "criteria": "新标准",
    }
    post(client, f"{LIST}{sheet.code}/edit/", **given)
    assert make.fresh(sheet).criteria == "新标准"
    assert {r.group for r in roster_of(sheet).reviewers} == {"部门", "乡镇"}
    assert "别人已修改" in post(client, f"{LIST}{sheet.code}/edit/", 422, **given)


def test_the_sheet_shows_everybodys_answers_and_what_they_come_to(
    county, township, neighbour, clerk, office, client_for
):
    """园区 90, 80, 70 → 80; 乡镇 60: 80 × 70 % + 60 × 30 % = 74; mean 75; without 90 and 60: 75."""
    parks = [expert(county) for _ in range(3)]
    towns = expert(county)
    reviewers = [*((seat, "园区") for seat in parks), (towns, "乡镇"), (clerk, OWN_GROUP)]
    sheet = ask(county, [township, neighbour], reviewers, weights="园区70%，乡镇30%")
    for seat, value in zip([*parks, towns, clerk], (90, 80, 70, 60, 99), strict=True):
        say(sheet, seat, {township: (value, "理由")})
    found = client_for(office).get(f"{LIST}{sheet.code}/").context["page"]
    row, silent = found.rows
    assert (row.own, row.result, row.mean, row.trimmed) == ("99", "74.00", "75.00", "75.00")
    assert dict(zip([group for group, _, _ in found.groups], row.groups, strict=True)) == {
        "园区": "80.00",
        "乡镇": "60.00",
    }
    assert (silent.result, silent.mean, silent.own) == ("—", "—", "—")
    assert [names for _, _, names in found.silent] == ["塔山镇"] * 4
    assert {told.why for told in found.reasons} == {"理由"}


def test_a_weighted_mean_waits_for_every_group(county, township, judge, head, office, client_for):
    sheet = ask(county, [township], [(judge, "园区"), (head, "乡镇")], weights="园区70%，乡镇30%")
    say(sheet, judge, {township: 90})
    (row,) = client_for(office).get(f"{LIST}{sheet.code}/").context["page"].rows
    assert (row.result, row.mean) == ("—", "90.00")


def test_a_veto_sheet_tells_no_from_not_answered(county, township, neighbour, judge, office, client_for):
    third = make.new_township(county)
    other = expert(county)
    veto = {"kind": "veto", "full_points": None, "topic": "一票否决事项"}
    sheet = ask(county, [township, neighbour, third], [(judge, "纪委"), (other, "应急")], **veto)
    say(sheet, judge, {township: (1, "虚报"), neighbour: 0, third: 0})
    say(sheet, other, {neighbour: 0})
    client = client_for(office)
    rows = client.get(f"{LIST}{sheet.code}/").context["page"].rows
    assert {row.unit: row.result for row in rows} == {
        township.name: "有1项",
        neighbour.name: "无",
        third.name: "未答完",
    }
    assert "没有答复不等于“无”" in post(client, f"{LIST}{sheet.code}/close/", 422)


def test_closing_names_who_is_missing_and_reopening_asks_why(sheet, judge, office, township, client_for):
    say(sheet, judge, {township: 80})
    client, address = client_for(office), f"{LIST}{sheet.code}/"
    assert "评委甲（部门，1个）" in page(client, f"{address}close/")
    assert post(client, f"{address}close/") == address
    assert "已截止" in page(client, address)
    assert "原因：请填写。" in post(client, f"{address}reopen/", 422, answer_by=in_days(2).isoformat())
    post(client, f"{address}reopen/", answer_by=in_days(2).isoformat(), reason="一位评委出差")
    assert "重新收集原因：一位评委出差" in page(client, address)


def test_a_sheet_nobody_answered_is_withdrawn(sheet, office, judge, client_for):
    assert post(client_for(office), f"{LIST}{sheet.code}/withdraw/", reason="重复") == LIST
    assert "待评分" not in page(client_for(judge), "/")
    assert client_for(judge).get(fill(sheet)).status_code == 404


def test_leaders_read_and_do_not_arrange_reviewers_read_their_own(sheet, judge, clerk, county, township, client_for):
    leader = client_for(make.new_seat(county, "leader", []))
    say(sheet, judge, {township: (80, "秘密理由")})
    assert "秘密理由" in page(leader, f"{LIST}{sheet.code}/")
    assert leader.get(f"{LIST}{sheet.code}/close/").status_code == 403
    assert client_for(judge).get(f"{LIST}{sheet.code}/").status_code == 403
    assert client_for(clerk).get(f"{LIST}{sheet.code}/").status_code == 403
    assert "秘密理由" not in page(client_for(clerk), fill(sheet))


def test_the_ledger_holds_closed_sheets_and_each_units_own(
    sheet, judge, head, clerk, office, township, neighbour, client_for
):
    say(sheet, judge, {township: 80, neighbour: 70})
    say(sheet, head, {township: 90})
    assert listed(client_for(office)) == []
    closed(sheet)
    assert listed(client_for(office)) == ["70", "80", "90"]
    assert listed(client_for(clerk)) == ["80", "90"]
    assert listed(client_for(head)) == ["70", "90"]
    assert listed(client_for(judge)) == ["70", "80"]
    other = Rating.objects.get(unit=neighbour)
    record = f"/ledgers/ratings/records/{other.code}/"
    assert client_for(clerk).get(record).status_code == 404
    assert client_for(office).get(record).status_code == 200
    assert client_for(office).get(f"{record}edit/").status_code == 403
    assert client_for(office).get(f"{record}void/").status_code == 403
    assert client_for(office).get("/ledgers/ratings/new/").status_code == 403


def listed(client):
    """What the list's column 评定 shows."""
    records = client.get("/ledgers/ratings/").context["query"].ordered
    return sorted(record.said for record in records)


def test_more_units_reviewers_and_sheets_ask_no_more_questions(county, office, judge, client_for):
    clients = {seat.pk: client_for(seat) for seat in (office, judge)}

    def asked_of(address, seat):
        with CaptureQueriesContext(connection) as found:
            assert clients[seat.pk].get(address).status_code == 200
        return len(found)

    def grown(topic, size):
        units = [make.new_township(county) for _ in range(size)]
        experts = [expert(county) for _ in range(size)]
        sheet = ask(county, units, [(judge, "部门"), *((seat, "专家") for seat in experts)], topic=topic)
        for seat in (judge, *experts):
            say(sheet, seat, dict.fromkeys(units, (80, "好")))
        return sheet

    small = grown("一", 1)
    few = {place: asked_of(place.format(small.code), seat) for place, seat in places(judge, office)}
    large = grown("二", 4)
    many = {place: asked_of(place.format(large.code), seat) for place, seat in places(judge, office)}
    assert many == few
    assert {place: count for place, count in many.items() if count > MOST[place]} == {}


MOST = {LIST: 18, LIST + "{}/": 16, LIST + "{}/fill/": 14, "/": 60}
"""The first page asks about once for each ledger there is, every page a few times for the number beside 首页."""


def places(judge, office):
    return [
        (LIST, office),
        (LIST + "{}/", office),
        (LIST + "{}/fill/", judge),
        ("/", judge),
    ]


def test_units_of_every_kind_of_place_may_be_rated(office, county, client_for):
    park, department = make.new_unit(county, "park"), make.new_unit(county, "department")
    gone = make.new_township(
        county, valid_until=make.TODAY.replace(year=2020), valid_from=make.TODAY.replace(year=2010)
    )
    offered = dict(client_for(office).get(f"{LIST}new/").context["form"].fields["units"].choices)
    assert park.code in offered
    assert not {department.code, gone.code} & set(offered)
    assert len(offered) == Unit.objects.filter(kind="park").count()

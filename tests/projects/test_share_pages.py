"""The editor of shares: what was typed stays, with and without script, and only the county office gets in."""

from datetime import date

import pytest

from core.models import Evidence
from core.write import CHANGED_MEANWHILE
from projects.models import ProjectShare
from projects.models.projects import CreditScope, ShareRole
from projects.services import set_shares
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(township):
    return make.new_project(township)


@pytest.fixture
def address(project):
    return f"/ledgers/projects/records/{project.code}/shares/"


@pytest.fixture
def page(office, client_for, address):
    return client_for(office).get(address)


def answers(page, *rows, **more):
    """The form as the page began it, with these rows (unit, part, percent as typed)."""
    form = page.context["form"]
    given = {"seen": form.initial["seen"], "count": len(rows), "since": "", "document": "分成协议", "do": "save"}
    for number, (unit, role, percent) in enumerate(rows):
        given |= {f"unit_{number}": unit and unit.pk, f"role_{number}": role, f"percent_{number}": percent}
    return {**given, **more}


def present():
    rows = ProjectShare.objects.current().lasting().in_order()
    return [(share.scope, share.unit.name, share.role, share.percent) for share in rows]


def test_the_county_sets_shares_and_the_page_tells_them(
    page, address, project, township, neighbour, office, client_for
):
    rows = (township, "landing", "66.67"), (neighbour, "referral", "33.33%"), ("", "support", "")
    answer = client_for(office).post(address, answers(page, *rows))
    assert answer.status_code == 302
    assert present() == [("general", "芦溪镇", "landing", 6667), ("general", "塔山镇", "referral", 3333)]
    shown = client_for(office).get(answer["Location"]).content.decode()
    for text in ("66.67%（落地）", "33.33%（引荐）", "从一开始，依据分成协议", "新增第1个项目：塔山镇 33.33%"):
        assert text in shown, text


def test_the_form_begins_with_what_holds_now(address, project, neighbour, county, office, client_for):
    with make.writing_as(county) as writing:
        shares = [(neighbour, ShareRole.FIRST_TALK, 10_000)]
        set_shares(writing, project=project, shares=shares, since=date(2024, 6, 1), document="纪要")
    form = client_for(office).get(address).context["form"]
    assert [(u.value(), r.value(), p.value()) for _, u, r, p in form.rows] == [(neighbour.pk, "first_talk", "100")]
    assert (form["since"].value(), form["document"].value(), form.total) == ("2024-06", "纪要", "100%")


@pytest.mark.parametrize(
    ("percents", "sentence"),
    [
        (("50", "49.99"), "各单位份额之和要等于100%，现在是99.99%。"),
        (("50", "一半"), "写的是“一半”，请写成数字，例如 50 或 33.33。"),
        (("50", "0"), "份额要大于0，不超过100%。"),
        (("50", "100.01"), "份额要大于0，不超过100%。"),
        (("50", "49.999"), "份额最多写两位小数。"),
        (("50", "NaN"), "份额要大于0，不超过100%。"),
        (("100", ""), "请填写份额；不再分给这个单位的，请去掉这一行。"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    percents, sentence, page, address, township, neighbour, office, client_for
):
    rows = (township, "landing", percents[0]), (neighbour, "first_talk", percents[1])
    answer = client_for(office).post(address, answers(page, *rows))
    text = answer.content.decode()
    assert (answer.status_code, sentence in text) == (422, True)
    assert f'value="{percents[1]}"' in text or not percents[1]
    assert "分成协议" in text
    assert present() == [("general", "芦溪镇", "landing", 10_000)]


def test_a_row_without_unit_or_an_agreement_without_paper_is_refused(page, address, township, office, client_for):
    text = client_for(office).post(address, answers(page, ("", "landing", "100"), document="")).content.decode()
    assert "第1行单位：请选择单位。" in text
    assert "依据：请填写。" in text


def test_rows_are_added_and_dropped_without_script(page, address, township, neighbour, office, client_for):
    client = client_for(office)
    first = answers(page, (township, "landing", "40"), (neighbour, "referral", "乱写"), since="2024-09")
    more = client.post(address, {**first, "do": "more"})
    form = more.context["form"]
    assert (more.status_code, form.row_count, form.total, form["since"].value()) == (200, 3, "40%", "2024-09")
    assert [p.value() for _, _, _, p in form.rows] == ["40", "乱写", ""]
    fewer = client.post(address, {**first, "do": "drop-0"})
    assert [(u.value(), p.value()) for _, u, _, p in fewer.context["form"].rows] == [(str(neighbour.pk), "乱写")]
    none = client.post(address, {**first, "count": "1", "do": "drop-0"})
    assert [p.value() for _, _, _, p in none.context["form"].rows] == [""]
    assert present() == [("general", "芦溪镇", "landing", 10_000)]


@pytest.mark.parametrize("count", ["", "x", "-1", "0", "99999999999"])
def test_a_count_of_rows_that_is_none_breaks_nothing(count, page, address, township, office, client_for):
    answer = client_for(office).post(address, answers(page, (township, "landing", "100"), count=count))
    assert answer.status_code in (302, 422)
    assert client_for(office).post(address, {"count": count, "do": "more"}).status_code == 200


def test_a_scope_of_its_own_is_agreed_and_withdrawn(address, township, neighbour, office, client_for):
    client, funds = client_for(office), f"{address}?scope=funds"
    page = client.get(funds)
    assert "还没有另外约定，“到位资金”口径的指标现在按通用分成计。" in page.content.decode()
    client.post(funds, answers(page, (neighbour, "referral", "100")))
    assert present() == [("general", "芦溪镇", "landing", 10_000), ("funds", "塔山镇", "referral", 10_000)]
    page = client.get(funds)
    assert "撤销这一约定" in page.content.decode()
    client.post(funds, answers(page, (neighbour, "referral", "100"), do="withdraw", document=""))
    assert present() == [("general", "芦溪镇", "landing", 10_000)]


def test_general_shares_are_not_withdrawn(page, address, township, office, client_for):
    client_for(office).post(address, answers(page, (township, "landing", "100"), do="withdraw"))
    assert present() == [("general", "芦溪镇", "landing", 10_000)]


def test_the_scan_is_kept_with_the_project(page, address, project, township, office, client_for, pdf):
    client_for(office).post(address, answers(page, (township, "landing", "100"), file=pdf))
    assert [(e.slot, e.record_id) for e in Evidence.objects.current()] == [("分成协议", project.pk)]


def test_what_somebody_else_agreed_meanwhile_is_not_lost(
    page, address, project, township, neighbour, county, office, client_for
):
    with make.writing_as(county) as writing:
        set_shares(writing, project=project, shares=[(neighbour, ShareRole.REFERRAL, 10_000)])
    answer = client_for(office).post(address, answers(page, (township, "landing", "100")))
    assert CHANGED_MEANWHILE in answer.content.decode()
    assert present() == [("general", "塔山镇", "referral", 10_000)]


def test_a_second_click_saves_once(page, address, township, office, client_for):
    client, given = client_for(office), answers(page, (township, "landing", "100"), token="once")
    assert client.post(address, given).status_code == 302
    again = answers(client.get(address), (township, "landing", "100"), token="once")
    assert "已经提交过一次" in client.post(address, again).content.decode()


def test_townships_see_the_shares_and_have_no_way_to_change_them(address, project, clerk, client_for):
    client = client_for(clerk)
    text = client.get(f"/ledgers/projects/records/{project.code}/").content.decode()
    assert "100%（落地）" in text
    assert address not in text
    assert client.get(address).status_code == 403
    assert client.post(address, {}).status_code == 403


def test_an_unknown_scope_and_another_countys_project_are_hidden(address, elsewhere, office, client_for):
    assert client_for(office).get(f"{address}?scope=colour").status_code == 404
    assert client_for(make.new_seat(elsewhere)).get(address).status_code == 404


def test_a_voided_project_has_no_shares_to_change(address, project, county, office, client_for):
    with make.writing_as(county) as writing:
        from_ledger = project
        for row in (*project.agreements.current(), *project.projectshares.current(), from_ledger):
            writing.void(row, reason="误")
    assert client_for(office).get(address).status_code == 403


def test_the_page_asks_few_questions(
    address, project, township, neighbour, county, office, client_for, django_assert_num_queries
):
    with make.writing_as(county) as writing:
        for month in (4, 5, 6):
            for scope in CreditScope:
                shares = [(township, ShareRole.LANDING, 5000), (neighbour, ShareRole.REFERRAL, 5000)]
                set_shares(writing, project=project, shares=shares, scope=scope, since=date(2024, month, 1))
    client = client_for(office)
    with django_assert_num_queries(13):
        client.get(address)

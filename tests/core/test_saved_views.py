"""视图: a list's query under a name; kept, shared, begun with, and still of use when a column is gone."""

import pytest
from django.http import QueryDict

from core.ledgers.ledger import ledger_for
from core.ledgers.saved_views import fitted, kept_query, save_view
from core.models import SavedView
from core.write import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db
LIST = "/ledgers/projects/"
VIEWS = f"{LIST}views/"


def kept(seat, name="本季签约", query="contract=formal&columns=stage,name", shared=False):
    with make.writing_as(seat) as writing:
        return save_view(writing, ledger=ledger_for("projects"), user=seat.user, name=name, query=query, shared=shared)


def headers(page):
    return [column.header for column in page.context["table"].columns]


def test_a_view_is_saved_from_the_list_and_chosen_again(office, client_for):
    client = client_for(office)
    answer = client.post(f"{VIEWS}?contract=formal&columns=stage,name&page=2&q=", {"name": "本季签约"}, follow=True)
    view = SavedView.objects.get()
    assert view.query == "contract=formal&columns=stage,name"
    assert answer.redirect_chain[-1][0] == f"{LIST}?contract=formal&columns=stage,name&view={view.code}"
    assert headers(answer) == ["项目阶段", "项目名称"]
    assert "视图：本季签约" in answer.content.decode()
    assert "已改动" not in answer.content.decode()


def test_a_link_with_a_query_of_its_own_goes_before_every_view(office, client_for):
    client, view = client_for(office), kept(office)
    page = client.get(f"{LIST}?view={view.code}&contract=framework")
    assert page.status_code == 200
    assert [word["name"] for word in page.context["query"].shown_words] == ["contract"]
    assert page.context["query"].data.getlist("contract") == ["framework"]
    assert "已改动" in page.content.decode()


def begin_with(client, view):
    return client.post(f"{VIEWS}{view.code}/", {"name": view.name, "opens": "on"})


def test_my_default_opens_the_plain_list_and_no_link(office, client_for):
    client, view = client_for(office), kept(office)
    assert begin_with(client, view).status_code == 302
    assert client.get(LIST).url == f"{LIST}?contract=formal&columns=stage,name&view={view.code}"
    for own in ("view=all", "q=", "contract=framework", "page=1"):
        assert client.get(f"{LIST}?{own}").status_code == 200
    assert client.get(LIST, headers={"HX-Request": "true"}).status_code == 200


def test_the_default_is_one_persons_and_ends_with_its_view(office, reviewer, client_for):
    client, view = client_for(office), kept(office, shared=True)
    begin_with(client, view)
    assert client_for(reviewer).get(LIST).status_code == 200
    client.post(f"{VIEWS}{view.code}/", {"do": "delete"})
    assert client.get(LIST).status_code == 200
    assert SavedView.objects.current().count() == 0


def test_another_default_takes_the_place_of_the_first(office, client_for):
    client, first, second = client_for(office), kept(office), kept(office, "全部栏目", "sort=name")
    begin_with(client, first)
    begin_with(client, second)
    assert client.get(LIST).url == f"{LIST}?sort=name&view={second.code}"


def test_a_view_of_the_whole_list_does_not_send_round_in_circles(office, client_for):
    client, view = client_for(office), kept(office, query="")
    begin_with(client, view)
    assert client.get(LIST, follow=True).status_code == 200
    assert client.get(f"{LIST}?view={view.code}").status_code == 200


def test_own_views_are_nobody_elses_and_shared_ones_the_countys(office, clerk, elsewhere, client_for):
    kept(office, "自己的"), kept(office, "大家的", shared=True)
    abroad = client_for(make.new_seat(elsewhere))
    shown = {
        who: client.get(LIST).content.decode() for who, client in [("clerk", client_for(clerk)), ("abroad", abroad)]
    }
    assert "大家的" in shown["clerk"]
    assert "自己的" not in shown["clerk"]
    assert "大家的" not in shown["abroad"]


def test_only_the_county_office_shares(clerk, client_for):
    with pytest.raises(Refused, match="只有县招商办可以共享"):
        kept(clerk, shared=True)
    view = kept(clerk)
    assert 'name="shared"' not in client_for(clerk).get(f"{VIEWS}{view.code}/").content.decode()
    client_for(clerk).post(f"{VIEWS}{view.code}/", {"name": "改名", "shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.shared) == ("改名", False)


def test_a_view_is_replaced_by_the_present_list_and_keeps_its_name(office, client_for):
    view = kept(office)
    answer = client_for(office).post(f"{VIEWS}?contract=framework", {"over": view.code})
    assert answer.url == f"{LIST}?view={view.code}"
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("本季签约", "contract=framework")


def test_nobody_replaces_a_view_that_is_only_shared_with_them(office, clerk, client_for):
    view = kept(office, shared=True)
    answer = client_for(clerk).post(f"{VIEWS}?contract=framework", {"over": view.code, "name": "我的"})
    assert answer.status_code == 302
    view.refresh_from_db()
    assert view.query == "contract=formal&columns=stage,name"
    kept(clerk, name="自己的")
    assert client_for(clerk).post(VIEWS, {"over": view.code, "name": "再存"}).status_code == 422


def test_a_new_view_needs_a_name(office, client_for):
    answer = client_for(office).post(VIEWS, {"name": ""})
    assert answer.status_code == 422
    assert "请填写。" in answer.content.decode()


def test_whoever_only_uses_a_shared_view_can_not_change_it(office, clerk, client_for):
    view = kept(office, shared=True)
    client = client_for(clerk)
    client.post(f"{VIEWS}{view.code}/", {"name": "我的", "opens": "on"})
    client.post(f"{VIEWS}{view.code}/", {"do": "delete"})
    view.refresh_from_db()
    assert (view.name, view.voided_at) == ("本季签约", None)


def test_a_name_stands_once_per_person_and_ledger(office, client_for):
    kept(office)
    answer = client_for(office).post(f"{VIEWS}?contract=formal", {"name": "本季签约"})
    assert answer.status_code == 422
    assert "已有同名视图" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "left", "said"),
    [
        ("colour=red&contract=formal", "contract=formal", "筛选条件“colour”已经没有"),
        ("columns=name,colour", "columns=name", "栏目“colour”已经没有"),
        ("contract=formal&contract=dream", "contract=formal", "“签约类型”的选项有的已经没有"),
        ("contract=dream&columns=name", "columns=name", "“签约类型”的选项有的已经没有"),
        ("sort=colour&columns=name", "columns=name", "排序已经不能用"),
    ],
)
def test_what_is_gone_is_said_and_the_rest_is_shown(query, left, said, office, client_for):
    view = kept(office, query=query)
    fits = fitted(ledger_for("projects"), query, office)
    assert fits.query == left
    page = client_for(office).get(f"{LIST}?view={view.code}", follow=True)
    assert page.status_code == 200
    assert said in page.content.decode()


def test_a_view_that_is_gone_is_said(office, client_for):
    assert "这个视图已删除" in client_for(office).get(f"{LIST}?view=ST2024-00009").content.decode()


def test_the_page_and_empty_boxes_are_not_kept():
    assert kept_query(QueryDict("page=3&q=&view=x&sort=-name&stage=&stage=start")) == "sort=-name&stage=start"

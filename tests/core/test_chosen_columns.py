"""选择栏目: a list shows, exports and prints the columns that its address names, in their order."""

from io import BytesIO

import openpyxl
import pytest
from django.http import QueryDict

from core.ledgers.column_choice import column_choice
from core.ledgers.ledger import ledger_for
from core.ledgers.query import BadQuery, ListQuery
from projects.models.projects import ShareRole
from projects.services import set_shares
from tests import factories as make

pytestmark = pytest.mark.django_db
LIST = "/ledgers/projects/"


def query(text, seat, ledger="projects"):
    return ListQuery(ledger_for(ledger), QueryDict(text), seat)


def headers(page):
    return [column.header for column in page.context["table"].columns]


def exported(client, text):
    content = b"".join(client.get(f"{LIST}export.xlsx?{text}"))
    return list(openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True))


@pytest.fixture
def project(township, neighbour, county):
    row = make.new_project(township, total_investment="1000")
    with make.writing_as(county) as writing:
        shares = [(township, ShareRole.LANDING, 6000), (neighbour, ShareRole.REFERRAL, 4000)]
        set_shares(writing, project=row, shares=shares)
    return row


def test_the_list_shows_the_columns_in_the_order_of_the_address(project, office, client_for):
    page = client_for(office).get(f"{LIST}?columns=stage,name,shares")
    assert headers(page) == ["项目阶段", "项目名称", "分成"]
    assert "芦溪镇60%、塔山镇40%" in page.content.decode()
    assert "总投资 1,000.00 万元" in page.content.decode()


def test_boxes_of_a_form_say_the_same_and_each_column_stands_once(project, office):
    assert [c.name for c in query("columns=name&columns=stage&columns=name", office).columns] == ["name", "stage"]


def test_no_choice_leaves_the_ledgers_own_columns(project, office):
    plain = [column.name for column in query("", office).columns]
    assert [column.name for column in query("columns=", office).columns] == plain
    assert "shares" not in plain


@pytest.mark.parametrize("name", ["colour", "phone", "late_reason", "__class__"])
def test_a_column_that_no_list_shows_is_a_bad_query(name, project, office, client_for):
    with pytest.raises(BadQuery) as refusal:
        query(f"columns=name,{name}", office)
    assert refusal.value.messages == [f"没有“{name}”这一栏，请重新选择栏目。"]
    for page in ("", "export.xlsx", "print/"):
        answer = client_for(office).get(f"{LIST}{page}?columns={name}")
        assert (answer.status_code, "请重新选择栏目" in answer.content.decode()) == (400, True)


def test_export_and_print_hold_what_was_chosen(project, office, client_for):
    client = client_for(office)
    rows = exported(client, "columns=shares,total_investment")
    place = next(i for i, row in enumerate(rows) if "分成" in row)
    assert [v for v in rows[place] if v] == ["分成", "总投资（万元）", "编号"]
    assert "芦溪镇60%、塔山镇40%" in rows[place + 1]
    assert "分成" not in [value for row in exported(client, "") for value in row]
    printed = client.get(f"{LIST}print/?columns=shares,total_investment")
    assert [column.header for column in printed.context["columns"]] == ["分成", "总投资"]


def test_credited_lists_keep_share_and_credited_amounts(project, office, township):
    columns = query(f"columns=name&credit={township.code}", office).columns
    assert [column.header for column in columns] == ["项目名称", "份额", "计入总投资", "计入认定总投资"]


def test_paging_sorting_and_filters_keep_the_choice(project, office, client_for):
    page = client_for(office).get(f"{LIST}?columns=stage,name&sort=name&contract=formal")
    text = page.content.decode()
    assert '<input type="hidden" name="columns" value="stage,name">' in text
    assert "columns=stage%2Cname&amp;sort=-name" in text.replace("contract=formal&amp;", "")
    assert f'{LIST}export.xlsx?columns=stage%2Cname&amp;sort=name&amp;contract=formal"' in text
    assert f'<a href="{LIST}?columns=stage%2Cname&amp;sort=name">全部清除</a>' in text


def test_the_choice_offers_every_column_and_moves_one_to_the_front(project, office):
    asked = query("columns=name,stage,shares&contract=formal&page=2", office)
    choice = column_choice(asked)
    assert [c.name for c in choice.choices if c.chosen] == ["name", "stage", "shares"]
    assert {c.name for c in choice.choices} == {c.name for c in asked.ledger.choosable_columns}
    assert [c.earlier for c in choice.choices[:3]] == [
        "", "columns=stage,name,shares&contract=formal", "columns=name,shares,stage&contract=formal",
    ]  # fmt: skip
    assert choice.kept == (("contract", "formal"),)
    assert choice.plain == "contract=formal"

"""Who gets the credit for a closed month stays as it was when the month closed."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from core.closing import close_month
from core.dates import DateSpan
from core.ledgers.importing import plan_import
from core.ledgers.ledger import ledger_for
from core.models import AuditEntry
from core.write import Refused
from projects.models import Investor, ProjectShare
from projects.models.projects import ShareRole
from projects.services import change_project, set_shares
from tests import factories as make

pytestmark = pytest.mark.django_db
MARCH = date(2024, 3, 1)
SENTENCE = "2024年3月的{}已经关账，项目的份额、落户乡镇、投资方和所属产业决定那个月怎么计，不能再改。"


@pytest.fixture
def project(township):
    """Signed in March."""
    return make.new_project(township)


@pytest.fixture
def close(reviewer):
    def closed(ledger, month=MARCH):
        with make.writing_as(reviewer) as writing:
            close_month(writing, ledger=ledger, month=month)

    return closed


def halve(writing, project, neighbour):
    shares = [(project.landing_unit, ShareRole.LANDING, 5000), (neighbour, ShareRole.REFERRAL, 5000)]
    set_shares(writing, project=project, shares=shares)


def add(writing, project, neighbour):
    writing.add(ProjectShare(project=project, unit=neighbour, landing=False, percent=1))


def add_many(writing, project, neighbour):
    writing.add_many([ProjectShare(project=project, unit=neighbour, landing=False, percent=1)])


def shrink(writing, project, neighbour):
    writing.change(project.projectshares.get(), percent=5000)


def shrink_many(writing, project, neighbour):
    writing.change_many([project.projectshares.get()], action="修改", percent=5000)


def withdraw(writing, project, neighbour):
    writing.void(project.projectshares.get(), reason="误")


def move(writing, project, neighbour):
    change_project(writing, project=project, landing_unit=neighbour)


def give_to_another_investor(writing, project, neighbour):
    writing.change(project, investor=Investor.objects.get())


def call_it_another_trade(writing, project, neighbour):
    writing.change_many([project], action="修改", local_industry="食品")


EVERY_WAY = [
    halve, add, add_many, shrink, shrink_many, withdraw, move, give_to_another_investor, call_it_another_trade,
]  # fmt: skip


@pytest.mark.parametrize("act", EVERY_WAY)
def test_no_way_leads_into_the_closed_signing_month(act, project, neighbour, office, county, close):
    make.new_investor(county)
    close("agreements")
    with pytest.raises(Refused) as refusal, make.writing_as(office) as writing:
        act(writing, project, neighbour)
    assert refusal.value.messages == [SENTENCE.format("签约记录")]
    (share,) = ProjectShare.objects.current()
    assert (share.unit, share.percent) == (project.landing_unit, 10_000)
    assert make.fresh(project).landing_unit == project.landing_unit


@pytest.mark.parametrize("act", EVERY_WAY)
def test_all_of_it_is_free_while_the_month_is_open(act, project, neighbour, office, county, close):
    make.new_investor(county)
    close("agreements", date(2024, 2, 1))
    close("arrivals")
    told = AuditEntry.objects.count()
    with make.writing_as(office) as writing:
        act(writing, project, neighbour)
    assert AuditEntry.objects.count() > told


@pytest.mark.parametrize(
    ("ledger", "new", "name"),
    [
        ("arrivals", lambda project: make.new_arrival(project, "5", MARCH), "到位资金"),
        ("milestones", lambda project: make.new_milestone(project, "landing", DateSpan.month(2024, 3)), "节点"),
    ],
)
def test_what_else_counts_in_a_closed_month_keeps_its_credit_too(ledger, new, name, project, neighbour, office, close):
    new(project)
    close(ledger)
    with pytest.raises(Refused) as refusal, make.writing_as(office) as writing:
        halve(writing, project, neighbour)
    assert refusal.value.messages == [SENTENCE.format(name)]


def test_a_late_row_locks_with_the_month_it_counts_in(township, neighbour, office, close):
    close("agreements")
    project = make.new_project(township, agreement={"late_reason": "晚到"})
    make.judge(make.signing_of(project))
    with make.writing_as(office) as writing:
        move(writing, project, neighbour)
    close("agreements", date(2024, 4, 1))
    with pytest.raises(Refused, match="2024年4月的签约记录"), make.writing_as(office) as writing:
        move(writing, project, township)


def test_another_projects_closed_month_and_other_facts_are_no_hindrance(project, township, neighbour, office, close):
    other = make.new_project(township, signed=DateSpan.month(2024, 5))
    close("agreements")
    with make.writing_as(office) as writing:
        move(writing, other, neighbour)
        writing.change(project, name="新名", content="一期", responsible_unit=neighbour)
    assert make.fresh(project).name == "新名"


def test_a_new_project_gets_its_share_whatever_is_closed(township, office, close):
    close("agreements")
    assert make.new_project(township, by=office, agreement={}).projectshares.get().percent == 10_000


def test_many_shares_are_asked_about_at_once(township, neighbour, office, close, django_assert_max_num_queries):
    projects = [make.new_project(township, signed=DateSpan.month(2024, 5)) for _ in range(12)]
    close("agreements")
    with make.writing_as(office) as writing, django_assert_max_num_queries(20):
        writing.add_many([ProjectShare(project=p, unit=neighbour, landing=False, percent=1) for p in projects])


def test_the_form_is_told_and_keeps_what_was_typed(project, township, neighbour, office, client_for, close):
    close("agreements")
    given = {"name": "新名", "landing_unit": neighbour.pk, "responsible_unit": township.pk, "version": 1}
    page = client_for(office).post(f"/ledgers/projects/records/{project.code}/edit/", given)
    assert page.status_code == 422
    assert SENTENCE.format("签约记录") in page.content.decode()
    assert "新名" in page.content.decode()


def test_an_import_names_the_cell(project, township, office, close):
    close("agreements")
    book = openpyxl.Workbook()
    book.active.append(("项目名称", "落户乡镇", "签约时间", "签约类型", "总投资（万元）", "投资方"))
    book.active.append((project.name, township.name, "2024-03-05", "正式合同", 1000, "甲公司"))
    stream = BytesIO()
    book.save(stream)
    (error,) = plan_import(ledger_for("projects"), BytesIO(stream.getvalue()), office).errors
    assert (error.row, error.column, SENTENCE.format("签约记录") in error.message) == (2, "投资方", True)

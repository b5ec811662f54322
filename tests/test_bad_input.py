"""What no page, link or person should send: each answered with a sentence and a 4xx, never with a broken page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.ledgers.ledger import all_ledgers
from core.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(township):
    return make.new_project(township)


@pytest.fixture
def client(office, client_for):
    return client_for(office)


HUGE = "9" * 30
BAD_QUERIES = [
    "nothing=1",
    "sort=nothing",
    "page=0",
    "page=x",
    "page=-1",
    f"page={HUGE}",
    "landing_unit=DW9999-00001",
    "landing_unit=%00",
    "q=%00",
    "credit=0",
    "credit=%00",
    "stage=nothing",
    "contract=",
    "happened_from=2024-13-01",
    "happened_from=%F0%9F%98%80",
    "as_of=32",
    "min_total=x",
    "min_total=NaN",
    "min_total=Infinity",
    "min_total=0.00001",
    "min_total=1e400",
    f"min_total={HUGE}",
    "reached=nothing",
]


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_list_says_what_it_can_not_do(query, client, project):
    assert client.get(f"/ledgers/projects/?{query}").status_code == 400


@pytest.mark.parametrize("query", [query for query in BAD_QUERIES if not query.startswith("page=")])
def test_a_file_of_the_list_says_so_too(query, client, project):
    assert client.get(f"/ledgers/projects/export.xlsx?{query}").status_code == 400


BAD_ADDRESSES = [
    "/ledgers/nothing/",
    "/ledgers/nothing/new/",
    "/ledgers/projects/records/nothing/",
    "/ledgers/projects/records/%00/",
    "/ledgers/projects/records/%F0%9F%98%80/",
    f"/ledgers/projects/records/{HUGE * 20}/",
    "/files/nothing/",
    "/files/%00/",
    "/imports/nothing/",
    "/imports/%00/",
    "/reports/ranking/2024Q5/",
    "/reports/ranking/2024-13/",
    "/reports/ranking/0000Q1/",
    "/reports/ranking/99999Q1/",
    "/reports/ranking/%00/",
    "/reports/ranking/2024Q1/",
    "/reports/ranking/2024Q1/nothing/",
    "/reports/ranking/2024Q5/table.xlsx",
    "/reports/metrics/nothing/2024Q1/nothing/",
    "/reports/metrics/%00/2024Q1/%00/",
    "/reports/schemes/nothing/",
    "/reports/schemes/%00/",
    "/reports/targets/1000/",
    f"/reports/targets/{HUGE}/",
    "/nothing/",
]


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_what_is_not_there_is_404(address, client):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address", [f"/accounts/{HUGE}/seats/new/", "/accounts/0/seats/new/", "/accounts/seats/%00/end/"]
)
def test_people_who_are_not_there_are_404(address, seats, client_for):
    assert client_for(seats["admin"]).get(address).status_code == 404


@pytest.mark.parametrize("seat", ["", "x", HUGE, "-1", "\x00"])
def test_no_seat_is_made_up(seat, client):
    assert client.post("/seat/", {"seat": seat}).status_code == 403


GOOD = {
    "name": "甲项目",
    "signed": "2024-03-05",
    "contract": "formal",
    "total_investment": "8000",
}
BAD_VALUES = [
    ("name", ""),
    ("name", "甲" * 101),
    ("name", "甲\x00"),
    ("landing_unit", ""),
    ("landing_unit", HUGE),
    ("landing_unit", "x"),
    ("signed", ""),
    ("signed", "2024-02-30"),
    ("signed", "不久"),
    ("signed", "9999999-01-01"),
    ("contract", "nothing"),
    ("total_investment", ""),
    ("total_investment", "1234567890123"),
    ("total_investment", "-1"),
    ("total_investment", HUGE * 3),
    ("fixed_assets", "8000.0001"),
    ("investor", "甲" * 101),
    ("industry", "没有这一行"),
    ("content", "甲" * 2001),
]


@pytest.mark.parametrize(("field", "value"), BAD_VALUES)
def test_a_form_says_it_beside_the_field_and_keeps_the_rest(field, value, client, township):
    before = AuditEntry.objects.count()
    page = client.post("/ledgers/projects/new/", {"landing_unit": township.pk, **GOOD, field: value})
    errors = page.context["form"].errors
    assert page.status_code == 422
    assert field in errors or "__all__" in errors
    assert "%(" not in str(errors)
    if field != "name":
        assert GOOD["name"] in page.content.decode()
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("voucher_amount", "1234567890123"), ("voucher_number", "1" * 61), ("voucher_issuer", "甲" * 101)],
)
def test_a_voucher_entered_by_the_way_is_refused_beside_its_own_field(field, value, client, project):
    voucher = {"voucher_kind": "bank", "voucher_issuer": "甲", "voucher_number": "1", "voucher_amount": "100"}
    given = {"project": project.code, "month": "2024-05", "amount": "10", "nature": "fixed", **voucher, field: value}
    page = client.post("/ledgers/arrivals/new/", given)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]


def test_the_good_form_itself_is_taken(client, township):
    assert client.post("/ledgers/projects/new/", {"landing_unit": township.pk, **GOOD}).status_code == 302


def test_an_edit_of_what_another_changed_keeps_what_was_typed(client, project):
    with make.writing_as(project.county) as writing:
        writing.change(project, remark="别人")
    address = f"/ledgers/projects/records/{project.code}/edit/"
    given = {"name": "改过的名称", "landing_unit": project.landing_unit_id, "version": 1}
    page = client.post(address, given)
    assert page.status_code == 422
    assert "别人已修改" in page.content.decode()
    assert "改过的名称" in page.content.decode()
    assert make.fresh(project).name == project.name


@pytest.mark.parametrize("version", ["x", HUGE, "-1", "0"])
def test_a_version_nobody_saw_is_refused(version, client, project):
    given = {"name": "新名", "landing_unit": project.landing_unit_id, "version": version}
    page = client.post(f"/ledgers/projects/records/{project.code}/edit/", given)
    assert page.status_code == 422
    assert make.fresh(project).name == project.name


@pytest.mark.parametrize("address", ["/ledgers/projects/records/{}/void/", "/ledgers/projects/records/{}/evidence/"])
def test_an_empty_form_is_sent_back(address, client, project):
    assert client.post(address.format(project.code), {"token": "x"}).status_code == 422


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_workbook_is_said_beside_the_field(content, client):
    file = SimpleUploadedFile("台账.xlsx", content)
    page = client.post("/ledgers/projects/import/", {"file": file})
    assert page.status_code == 422
    assert "file" in page.context["form"].errors


@pytest.mark.parametrize("month", ["", "2024", "2024-13", "x"])
def test_a_month_that_is_none_is_not_closed(month, reviewer, client_for):
    page = client_for(reviewer).post("/closing/", {"month": month, "ledgers": ["arrivals"]})
    assert page.status_code == 422
    assert "month" in page.context["form"].errors


@pytest.mark.parametrize("key", [ledger.key for ledger in all_ledgers() if not ledger.model.made_by])
def test_a_form_sent_with_nothing_at_all_is_a_form_refused(key, client):
    page = client.post(f"/ledgers/{key}/new/", {})
    assert page.status_code == 422
    assert page.context["form"].errors


@pytest.mark.parametrize("key", ["agreements", "milestones", "arrivals", "projects"])
def test_a_department_hears_it_as_everybody_does(key, seats, client_for):
    assert client_for(seats["department"]).post(f"/ledgers/{key}/new/", {}).status_code == 422


@pytest.mark.parametrize("page", ["edit", "void", "evidence"])
def test_nor_is_a_rows_own_form_shown_again_as_if_nothing_was_sent(page, client, project):
    assert client.post(f"/ledgers/projects/records/{project.code}/{page}/", {}).status_code == 422


@pytest.mark.parametrize("address", ["/ledgers/projects/import/", "/ledgers/arrivals/verify/", "/closing/"])
def test_nor_are_the_other_forms_of_a_ledger(address, seats, client_for, office, reviewer):
    client = client_for(office if "import" in address else reviewer)
    assert client.post(address, {}).status_code == 422


def test_too_long_a_name_is_told_in_plain_words(client, township):
    given = {"landing_unit": township.pk, "signed": "2024-03-05", "contract": "formal", "total_investment": "5000"}
    page = client.post("/ledgers/projects/new/", {**given, "name": "长" * 101, "token": "x"})
    assert page.context["form"].errors["name"] == ["最多100个字，现在是101个字，请写短一些。"]

"""项目公司: from a landed project into the ledger of enterprises, and back from the enterprise's page."""

from datetime import date

import pytest
from django.urls import reverse
from stdnum.cn import uscc as codes

from core.ledgers.ledger import ledger_for
from core.write import Refused, Stale
from enterprises.models import Enterprise
from projects.founding import awaits_company, found_company, source_projects
from tests import factories as make


@pytest.fixture
def project(township):
    return make.new_project(township, name="纺织项目", industry="1711")


@pytest.fixture
def landed(project):
    make.new_milestone(project, "landing")
    return project


def read(project, seat):
    return ledger_for("projects").find(seat, project.code)


def founded(project, by, **values):
    with make.writing_as(by) as writing:
        return found_company(writing, project=project, **{"name": "纺织有限公司", **values})


@pytest.mark.parametrize(
    ("step", "awaits"), [(None, False), ("landing", True), ("approval", True), ("start", True), ("halted", False)]
)
def test_a_company_is_asked_for_once_the_project_has_landed(step, awaits, project, office):
    if step:
        make.new_milestone(project, step, reason="说明")
    assert awaits_company(read(project, office)) is awaits


def test_the_company_becomes_an_enterprise_of_the_township(landed, office, township):
    enterprise = founded(landed, office, industry="1711", registered_on=date(2024, 4, 1))
    told = (enterprise.name, enterprise.township, enterprise.industry, enterprise.registered_on)
    assert told == ("纺织有限公司", township, "1711", date(2024, 4, 1))
    assert make.fresh(landed).company == enterprise
    assert not awaits_company(read(landed, office))


def test_a_known_enterprise_is_taken_and_not_entered_twice(landed, office, township, neighbour):
    known = make.new_enterprise(township, name="纺织有限公司")
    make.new_enterprise(neighbour, name="纺织有限公司")
    assert founded(landed, office) == known
    assert Enterprise.objects.count() == 2


def test_a_known_code_decides_wherever_the_enterprise_stands(landed, office, neighbour, uscc):
    known = make.new_enterprise(neighbour, name="纺织 有限公司", uscc=uscc)
    assert founded(landed, office, uscc=uscc) == known


def test_a_code_of_another_name_is_questioned(landed, office, township, uscc):
    make.new_enterprise(township, name="别的公司", uscc=uscc)
    with pytest.raises(Refused, match="登记在“别的公司”名下"):
        founded(landed, office, uscc=uscc)
    assert make.fresh(landed).company is None


def test_a_project_has_one_company(landed, office):
    founded(landed, office)
    with pytest.raises(Refused, match="已经登记了项目公司"):
        founded(make.fresh(landed), office, name="另一家")
    assert Enterprise.objects.count() == 1


def test_what_was_changed_meanwhile_is_not_written_over(landed, office):
    version = make.fresh(landed).row_version
    with make.writing_as(office) as writing:
        writing.change(make.fresh(landed), remark="改过")
    with pytest.raises(Stale):
        founded(landed, office, version=version)
    assert not Enterprise.objects.exists()


@pytest.fixture
def uscc():
    body = "91510722MA0D00001"
    return body + codes.calc_check_digit(body)


def test_the_project_page_leads_to_the_step_and_then_to_the_company(landed, clerk, client_for):
    client, page = client_for(clerk), f"/ledgers/projects/records/{landed.code}/"
    step = reverse("project-company", args=[landed.code])
    assert step in client.get(page).content.decode()
    form = client.get(step)
    assert form.context["form"]["industry"].value() == "1711"
    assert client.post(step, {"name": "", "uscc": "123"}).status_code == 422
    answer = client.post(step, {"name": "纺织有限公司", "industry": "1711", "registered_on": "2024-04-01"})
    enterprise = Enterprise.objects.get()
    assert answer.url == f"/ledgers/enterprises/records/{enterprise.code}/"
    assert step not in client.get(page).content.decode()
    assert answer.url in client.get(page).content.decode()
    assert client.get(step).status_code == 404


def test_the_enterprise_shows_its_source_project_to_who_may_see_it(landed, clerk, office, neighbour, client_for):
    enterprise = founded(landed, office)
    page = client_for(clerk).get(f"/ledgers/enterprises/records/{enterprise.code}/").content.decode()
    assert "来源项目" in page
    assert landed.name in page
    with make.writing_as(office) as writing:
        moved = writing.change(enterprise, township=neighbour)
    other = make.township_seat(neighbour)
    assert list(source_projects(moved, other)["rows"]) == []
    assert landed.name not in client_for(other).get(f"/ledgers/enterprises/records/{enterprise.code}/").content.decode()


def test_a_reader_is_not_offered_the_step(landed, seats, client_for):
    client = client_for(seats["leader"])
    step = reverse("project-company", args=[landed.code])
    assert step not in client.get(f"/ledgers/projects/records/{landed.code}/").content.decode()
    assert client.get(step).status_code == 403

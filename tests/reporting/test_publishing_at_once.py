"""Two people at the same publication at once, and a record on its way while it is frozen."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Event

import pytest
from django.db import connections
from django.utils import timezone

from core.verification import Verdict, give_verdict
from projects.models import Arrival
from projects.services import record_arrival
from reporting.models import FrozenPart, Publication, PublishedScore
from reporting.publishing.proof import broken_publications
from reporting.publishing.thawing import published_draft
from tests import factories as make
from tests.test_concurrency import together

pytestmark = pytest.mark.django_db(transaction=True)
OPEN = "/reports/publications/check/2024Q2/"
AT_ONCE = 6
SECONDS_ON_THE_WAY = 2


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


@pytest.fixture
def publishers(county, client_for):
    return [client_for(make.new_seat(county, "county", ["publish"])) for _ in range(AT_ONCE)]


def in_days(count):
    return (timezone.localdate() + timedelta(days=count)).isoformat()


@pytest.fixture
def approved(contest, publishers, township, neighbour, client_for):
    """The address of what waits to be published."""
    address = publishers[0].post(OPEN, {"answer_by": in_days(3)})["Location"]
    for unit in (township, neighbour):
        client_for(make.township_seat(unit, ["review"])).post(f"{address}confirm/")
    given = {"meeting": "领导小组第2次会议", "approved_on": in_days(0)}
    assert publishers[0].post(f"{address}approve/", given).status_code == 302
    return address


def all_press(publishers, address, **given):
    """(status, page) that each of them got."""

    def press(number):
        response = publishers[number].post(address, {**given, "token": f"form {number}"})
        return response.status_code, response.content.decode()

    return together(press, range(len(publishers)))


def test_of_those_who_publish_the_same_quarter_one_wins_and_the_others_are_told(approved, publishers, contest):
    answers = all_press(publishers, f"{approved}publish/")
    assert sorted(status for status, _ in answers) == [302] + [422] * (AT_ONCE - 1)
    row = Publication.objects.get()
    told = f"{row}已由{row.published_as}发布，不用再发布。"
    assert all(told in page for status, page in answers if status == 422)
    assert (row.position, PublishedScore.objects.count()) == (1, 2)
    assert FrozenPart.objects.count() == len({*FrozenPart.objects.values_list("name", flat=True)})
    assert list(broken_publications(contest.county_id)) == []


def test_of_those_who_open_the_same_quarter_one_wins(contest, publishers):
    answers = all_press(publishers, OPEN, answer_by=in_days(3))
    assert sorted(status for status, _ in answers) == [302] + [422] * (AT_ONCE - 1)
    assert all("正在核对中，不用再发起" in page for status, page in answers if status == 422)
    assert Publication.objects.count() == 1


def test_a_record_that_comes_in_meanwhile_is_in_the_figure_and_in_its_rows_or_in_neither(
    approved, publishers, contest, township
):
    """It moves no result, so that nothing else stands in the way of publishing."""
    project = Arrival.objects.credited_to(township.pk).get().project
    written = Event()

    def write():
        with make.writing_as(contest.county) as writing:
            row = record_arrival(writing, project=project, month=date(2024, 6, 1), amount=Decimal(10))
            give_verdict(writing, [row], verdict=Verdict.ACCEPTED, on=make.TODAY, note="核对无误")
            written.set()
            time.sleep(SECONDS_ON_THE_WAY)
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        assert written.wait(SECONDS_ON_THE_WAY)
        response = publishers[0].post(f"{approved}publish/", {"token": "meanwhile"})
        writing.result()
    assert response.status_code == 302
    row = Publication.objects.get()
    figures = {unit.name: unit.actual for unit in published_draft(row).inputs.units}
    assert figures["芦溪镇"]["本年累计到位资金"] == Decimal(4510)
    assert list(broken_publications(contest.county_id)) == []

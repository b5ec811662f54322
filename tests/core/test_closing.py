"""关账: a closed month is not written into, by whichever way; what comes late counts in an open month."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from openpyxl import Workbook

from core.closing import close_month
from core.dates import DateSpan
from core.ledgers.ledger import ledger_for
from core.locks import MonthLocks
from core.records import Verdict
from core.write import Refused
from projects.models import Arrival
from tests import factories as make

pytestmark = pytest.mark.django_db
MARCH = date(2024, 3, 1)


def close(actor, *months, ledger="arrivals"):
    with make.writing_as(actor) as writing:
        for month in months:
            close_month(writing, ledger=ledger, month=month)


@pytest.fixture
def project(township):
    return make.new_project(township)


@pytest.fixture
def arrival(project):
    """Of March, waiting for verification."""
    return make.new_arrival(project, "100", MARCH)


def test_a_closed_month_takes_no_new_row(project, reviewer, clerk):
    close(reviewer, MARCH)
    with pytest.raises(Refused) as refusal:
        make.new_arrival(project, "50", MARCH, by=clerk)
    assert refusal.value.message_dict == {
        "late_reason": ["2024年3月的到位资金已经关账。确需补录的，请写明原因，它将计入尚未关账的月份。"]
    }
    assert Arrival.objects.count() == 0


def test_a_closed_month_takes_no_row_among_many(project, reviewer, clerk):
    close(reviewer, MARCH)
    rows = [Arrival(project=project, happened=DateSpan.month(2024, m), amount=Decimal(1)) for m in (4, 3)]
    with pytest.raises(Refused), make.writing_as(clerk) as writing:
        writing.add_many(rows)
    assert Arrival.objects.count() == 0


@pytest.mark.parametrize("values", [{"amount": Decimal(1)}, {"remark": "改"}, {"happened": DateSpan.month(2024, 4)}])
def test_a_row_of_a_closed_month_is_not_changed(values, arrival, reviewer, clerk):
    close(reviewer, MARCH)
    with pytest.raises(Refused), make.writing_as(clerk) as writing:
        writing.change(arrival, **values)
    with pytest.raises(Refused), make.writing_as(clerk) as writing:
        writing.change_many([arrival], action="修改", **values)
    assert (make.fresh(arrival).amount, make.fresh(arrival).happened_on) == (Decimal(100), MARCH)


def test_a_row_does_not_move_into_a_closed_month(project, reviewer, clerk):
    row = make.new_arrival(project, "100", date(2024, 4, 1))
    close(reviewer, MARCH)
    with pytest.raises(Refused), make.writing_as(clerk) as writing:
        writing.change(row, happened=DateSpan.month(2024, 3))
    assert make.fresh(row).happened_on == date(2024, 4, 1)


def test_a_row_of_a_closed_month_is_not_voided(arrival, reviewer, clerk):
    close(reviewer, MARCH)
    with pytest.raises(Refused):
        make.void(arrival, by=clerk)
    assert make.fresh(arrival).voided_at is None


def test_a_verdict_that_counts_in_a_closed_month_stands(arrival, reviewer):
    make.judge(arrival, by=reviewer)
    close(reviewer, MARCH)
    with pytest.raises(Refused):
        make.judge(arrival, by=reviewer, verdict=Verdict.REFUSED, note="凭证不符")
    assert make.fresh(arrival).verdict == Verdict.ACCEPTED


def test_another_ledgers_month_and_another_month_stay_open(project, reviewer):
    close(reviewer, MARCH)
    make.new_milestone(project, happened=DateSpan.day(date(2024, 3, 9)))
    make.new_arrival(project, "50", date(2024, 2, 1))
    make.new_arrival(project, "50", date(2024, 4, 1))
    assert Arrival.objects.count() == 2


def test_another_countys_closing_is_its_own(project, elsewhere, clerk):
    close(make.system(elsewhere), MARCH)
    assert make.new_arrival(project, "50", MARCH, by=clerk).pk


def test_a_month_closes_once_and_by_whoever_may(reviewer, clerk, office, county):
    close(reviewer, MARCH)
    with pytest.raises(Refused, match="2024年3月已经关账，不用再关"):
        close(reviewer, MARCH)
    for actor in (clerk, office):
        with pytest.raises(Refused, match="不能关账"):
            close(actor, date(2024, 4, 1))
    assert MonthLocks(county.pk, make.TODAY).closed("arrivals") == {MARCH}


def test_a_month_is_written_as_its_first_day(reviewer):
    with pytest.raises(ValidationError):
        close(reviewer, date(2024, 3, 2))


# -- by every way in --------------------------------------------------------------------------------


def form_of(project, **values):
    return {
        "project": project.code,
        "month": "2024-03",
        "amount": "50",
        "nature": "fixed",
        "basis": "arrival",
        **values,
    }


def test_a_form_is_told_and_keeps_what_was_typed(project, reviewer, clerk, client_for):
    close(reviewer, MARCH)
    page = client_for(clerk).post("/ledgers/arrivals/new/", form_of(project))
    assert (page.status_code, Arrival.objects.count()) == (422, 0)
    assert "2024年3月的到位资金已经关账" in page.content.decode()
    assert client_for(clerk).post("/ledgers/arrivals/new/", form_of(project, late_reason="晚到")).status_code == 302


def test_edit_and_void_pages_are_told(arrival, project, reviewer, clerk, client_for):
    close(reviewer, MARCH)
    base = f"/ledgers/arrivals/records/{arrival.code}/"
    edited = client_for(clerk).post(f"{base}edit/", form_of(project, version=1))
    voided = client_for(clerk).post(f"{base}void/", {"reason": "误"})
    assert (edited.status_code, voided.status_code) == (422, 422)
    assert (make.fresh(arrival).amount, make.fresh(arrival).voided_at) == (Decimal(100), None)


def workbook(*rows, head=("项目名称", "到位月份", "到位金额（万元）")):
    book = Workbook()
    for row in (head, *rows):
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def test_an_import_is_told_and_saves_no_row(project, reviewer, clerk, client_for):
    close(reviewer, MARCH)
    client = client_for(clerk)
    file = SimpleUploadedFile("到位.xlsx", workbook((project.name, "2024-04", 5), (project.name, "2024-03", 6)).read())
    assert client.post("/ledgers/arrivals/import/", {"file": file}).status_code == 302
    page = client.post("/ledgers/arrivals/import/preview/", {"token": "x"})
    assert (page.status_code, Arrival.objects.count()) == (422, 0)
    assert "已经关账" in page.content.decode()


def test_the_import_command_is_told_and_saves_no_row(project, reviewer, clerk, tmp_path, capsys):
    close(reviewer, MARCH)
    path = tmp_path / "到位.xlsx"
    path.write_bytes(workbook((project.name, "2024-04", 5), (project.name, "2024-03", 6)).read())
    with pytest.raises(SystemExit) as end:
        call_command("import_ledger", "arrivals", str(path), "--as", clerk.user.username)
    assert (end.value.code, Arrival.objects.count()) == (1, 0)
    assert "已经关账" in capsys.readouterr().out


# -- 补录 and 补计 -----------------------------------------------------------------------------------


def test_what_comes_late_says_why_and_counts_in_the_earliest_open_month(project, reviewer, clerk):
    close(reviewer, MARCH, date(2024, 4, 1))
    late = make.new_arrival(project, "50", MARCH, by=clerk, late_reason="银行回单晚到")
    late = make.judge(late, by=reviewer)
    assert (late.happened_on, late.counted_from, late.counted_until) == (MARCH, date(2024, 5, 1), date(2024, 5, 31))


def test_what_was_entered_in_time_but_judged_after_closing_counts_in_an_open_month(arrival, reviewer):
    close(reviewer, MARCH)
    judged = make.judge(arrival, by=reviewer)
    assert (judged.counted_from, judged.counted_until) == (date(2024, 4, 1), date(2024, 4, 30))


def test_an_open_month_counts_its_own(arrival, reviewer):
    judged = make.judge(arrival, by=reviewer)
    assert (judged.counted_from, judged.counted_until) == (MARCH, date(2024, 3, 31))


def test_a_late_row_that_came_back_can_be_put_right(project, reviewer, clerk):
    """It counts in no closed month, so no closed month keeps it from being corrected or voided."""
    close(reviewer, MARCH)
    late = make.new_arrival(project, "50", MARCH, by=clerk, late_reason="银行回单晚到")
    late = make.judge(late, by=reviewer, verdict=Verdict.RETURNED, note="金额不清")
    with make.writing_as(clerk) as writing:
        late = writing.change(late, amount=Decimal(55))
    assert (late.amount, late.verdict) == (Decimal(55), Verdict.PENDING)
    assert make.void(late, by=clerk).voided_at


def test_a_late_row_does_not_lose_its_explanation(project, reviewer, clerk):
    close(reviewer, MARCH)
    late = make.new_arrival(project, "50", MARCH, by=clerk, late_reason="银行回单晚到")
    with pytest.raises(Refused), make.writing_as(clerk) as writing:
        writing.change(late, late_reason="")


def test_an_explanation_does_not_open_a_row_that_was_there_in_time(arrival, reviewer, clerk):
    close(reviewer, MARCH)
    with pytest.raises(Refused), make.writing_as(clerk) as writing:
        writing.change(arrival, amount=Decimal(1), late_reason="想改")


def test_a_late_row_is_locked_once_the_month_it_counts_in_closes(project, reviewer, clerk):
    close(reviewer, MARCH)
    late = make.judge(make.new_arrival(project, "50", MARCH, by=clerk, late_reason="晚到"), by=reviewer)
    close(reviewer, date(2024, 4, 1))
    for values in ({"amount": Decimal(1)}, {"remark": "改"}):
        with pytest.raises(Refused), make.writing_as(clerk) as writing:
            writing.change(late, **values)
    with pytest.raises(Refused):
        make.void(late, by=clerk)


# -- what belongs to a project -----------------------------------------------------------------------


def test_a_project_whose_money_counts_in_a_closed_month_is_not_voided(arrival, project, reviewer, ledger_void):
    make.judge(arrival, by=reviewer)
    close(reviewer, MARCH)
    with pytest.raises(Refused):
        ledger_void(project)
    assert make.fresh(project).voided_at is None


def test_with_a_project_goes_what_belongs_to_it(arrival, project, ledger_void):
    ledger_void(project)
    assert Arrival.objects.current().count() == 0
    assert {row.void_reason for row in (make.fresh(project), make.fresh(arrival))} == {"重复登记"}


@pytest.fixture
def ledger_void(clerk):
    from_ledger = ledger_for("projects")

    def void(project):
        with make.writing_as(clerk) as writing:
            from_ledger.void(writing, project, "重复登记")

    return void

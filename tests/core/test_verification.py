"""认定 by a second person, one by one, in bulk, and once for a batch of history."""

from datetime import date
from decimal import Decimal

import pytest

from core.dates import DateSpan
from core.files import store
from core.ledgers.ledger import ledger_for
from core.models import AuditEntry, Evidence, ImportBatch
from core.records import Verdict
from core.verification import accept_opening
from core.write import Refused
from projects.models import Arrival
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(township):
    return make.new_project(township)


@pytest.fixture
def arrival(project, clerk):
    return make.new_arrival(project, "100", date(2024, 5, 1), by=clerk)


def test_a_second_person_accepts(arrival, reviewer):
    judged = make.judge(arrival, by=reviewer, on=date(2024, 6, 3), note="凭证齐全")
    assert (judged.verdict, judged.verified_by, judged.verified_as) == ("accepted", reviewer.user, reviewer.label)
    assert (judged.verified_on, judged.verified_amount, judged.verdict_note) == (date(2024, 6, 3), 100, "凭证齐全")
    assert (judged.happened_on, judged.entered_at) == (date(2024, 5, 1), arrival.entered_at)


def test_nobody_verifies_what_they_entered(project):
    both = make.new_seat(project.county)
    row = make.new_arrival(project, by=both)
    with pytest.raises(Refused, match="是您本人填报的"):
        make.judge(row, by=both)


def test_nobody_verifies_what_they_changed(arrival):
    both = make.new_seat(arrival.county)
    with make.writing_as(both) as writing:
        writing.change(arrival, amount=Decimal(90))
    with pytest.raises(Refused, match="是您本人填报的"):
        make.judge(make.fresh(arrival), by=both)


def test_another_seat_does_not_make_another_person(arrival, clerk):
    other_seat = make.new_seat(arrival.county, user=clerk.user)
    with pytest.raises(Refused, match="是您本人填报的"):
        make.judge(arrival, by=other_seat)


@pytest.mark.parametrize("post", ["county", "township", "township2", "leader", "department", "admin", "auditor"])
def test_only_the_countys_reviewers_verify(post, arrival, seats):
    with pytest.raises(Refused):
        make.judge(arrival, by=seats[post])
    assert make.fresh(arrival).verdict == Verdict.PENDING


@pytest.mark.parametrize("values", [{"amount": Decimal(99)}, {"remark": "改"}, {"nature": "land"}])
def test_changed_content_waits_for_verification_again(values, arrival, reviewer, clerk):
    make.judge(arrival, by=reviewer)
    with make.writing_as(clerk) as writing:
        changed = writing.change(arrival, **values)
    assert (changed.verdict, changed.verified_by, changed.verified_on) == (Verdict.PENDING, None, None)
    assert (changed.verified_amount, changed.counted_from, changed.counted_until) == (None, None, None)
    assert changed.claimed_by == clerk.user


@pytest.mark.parametrize("verdict", [Verdict.RETURNED, Verdict.REFUSED])
def test_a_verdict_that_is_no_acceptance_says_why(verdict, arrival, reviewer):
    with pytest.raises(Refused, match="要写明原因"):
        make.judge(arrival, by=reviewer, verdict=verdict, note=" ")
    judged = make.judge(arrival, by=reviewer, verdict=verdict, note="凭证不清")
    assert (judged.verdict, judged.counted_from, judged.verified_amount) == (verdict, None, None)


def test_less_than_claimed_is_accepted_with_a_reason(arrival, reviewer):
    with pytest.raises(Refused, match="认定金额与填报金额不同"):
        make.judge(arrival, by=reviewer, amount=Decimal(80), note="")
    judged = make.judge(arrival, by=reviewer, amount=Decimal(80), note="20万元为代付")
    assert (judged.amount, judged.verified_amount) == (100, 80)


def test_many_rows_are_judged_as_one_act(project, clerk, reviewer):
    rows = [make.new_arrival(project, amount, by=clerk) for amount in ("10", "20", "30")]
    make.judge(*rows, by=reviewer)
    told = AuditEntry.objects.filter(action="认定")
    assert (told.count(), told.values("act").distinct().count()) == (3, 1)
    assert [make.fresh(row).verified_amount for row in rows] == [10, 20, 30]


def test_one_own_row_among_many_stops_all(project, clerk):
    both = make.new_seat(project.county)
    rows = [make.new_arrival(project, by=clerk), make.new_arrival(project, by=both)]
    with pytest.raises(Refused):
        make.judge(*rows, by=both)
    assert {make.fresh(row).verdict for row in rows} == {Verdict.PENDING}


def test_a_row_voided_meanwhile_is_not_judged(arrival, clerk, reviewer):
    seen = make.fresh(arrival)
    make.void(arrival, by=clerk)
    with pytest.raises(Refused, match="已作废"):
        make.judge(seen, by=reviewer)


def test_a_verdict_is_about_what_the_reviewer_saw(arrival, clerk, reviewer):
    """Between page and click the clerk changed the amount: the new one was seen by nobody."""
    seen = make.fresh(arrival)
    with make.writing_as(clerk) as writing:
        writing.change(arrival, amount=Decimal(900))
    with pytest.raises(Refused, match="别人已修改"):
        make.judge(seen, by=reviewer)
    assert make.fresh(arrival).verdict == Verdict.PENDING


def test_the_page_carries_the_version_the_reviewer_saw(arrival, clerk, reviewer, client_for):
    client, address = client_for(reviewer), f"/ledgers/arrivals/records/{arrival.code}/verify/"
    version = client.get(address).context["form"]["version"].value()
    with make.writing_as(clerk) as writing:
        writing.change(arrival, amount=Decimal(900))
    posted = {"verdict": "accepted", "note": "可", "amount": "900", "version": version}
    page = client.post(address, posted)
    assert (page.status_code, make.fresh(arrival).verdict) == (422, Verdict.PENDING)
    assert "别人已修改" in page.content.decode()
    assert client.post(address, posted | {"version": version + 1}).status_code == 302


# -- 期初 --------------------------------------------------------------------------------------------


@pytest.fixture
def batch(project, clerk, files_root):
    """Three arrivals that the clerk imported."""
    with make.writing_as(clerk) as writing:
        stored = store([b"history"], name="历史.xlsx", at=make.NOW)
        imported = ImportBatch(
            ledger="arrivals", unit_id=clerk.unit_id, file=stored, file_name="历史.xlsx", summary={"warnings": []}
        )
        writing.batch = writing.add(imported)
        for amount in (10, 20, 30):
            writing.add(Arrival(project=project, happened=DateSpan.month(2023, 5), amount=Decimal(amount)))
    return imported


def accept(batch, seat, document="会议纪要〔2024〕3号"):
    with make.writing_as(seat) as writing:
        rows = ledger_for(batch.ledger).written_by(batch)
        return accept_opening(writing, make.fresh(batch), rows, document=document, dated=make.TODAY, on=make.TODAY)


def test_history_is_accepted_once_on_a_document_by_another_person(batch, reviewer):
    assert accept(batch, reviewer) == 3
    row = Arrival.objects.first()
    assert (row.verdict, row.opening, row.verdict_note) == ("accepted", True, "期初：会议纪要〔2024〕3号")
    assert (row.counted_from, row.verified_amount) == (date(2023, 5, 1), 10)
    assert make.fresh(batch).accepted_as == reviewer.label
    with pytest.raises(Refused, match="不用再认定"):
        accept(batch, reviewer)


def test_history_needs_its_document(batch, reviewer):
    with pytest.raises(Refused, match="请填写期初认定所依据的文件"):
        accept(batch, reviewer, document=" ")


def test_who_imported_history_does_not_accept_it(batch, clerk):
    imported_by = make.new_seat(batch_county(batch), user=clerk.user)
    with pytest.raises(Refused, match="是您本人填报的"):
        accept(batch, imported_by)
    assert make.fresh(batch).accepted_on is None


def batch_county(batch):
    return Arrival.objects.filter(batch=batch).first().county


def test_what_was_judged_by_itself_keeps_its_verdict(batch, reviewer):
    first, second, third = Arrival.objects.order_by("pk")
    make.judge(first, by=reviewer, verdict=Verdict.REFUSED, note="重复统计")
    make.void(third)
    assert accept(batch, reviewer) == 1
    assert [make.fresh(row).verdict for row in (first, second, third)] == ["refused", "accepted", "pending"]


def test_whoever_judges_has_the_papers_at_hand(township, reviewer, client_for, pdf):
    arrival = make.new_arrival(make.new_project(township))
    where = f"/ledgers/arrivals/records/{arrival.code}"
    client_for(make.township_seat(township)).post(f"{where}/evidence/", {"slot": "银行凭证", "file": pdf})
    assert f"/files/{Evidence.objects.get().code}/" in client_for(reviewer).get(f"{where}/verify/").content.decode()


def test_the_scan_of_the_document_belongs_to_the_batch(batch, reviewer, project, client_for, pdf):
    """The reviewer has no duty of entry, and the scan is no paper of whatever arrival has the batch's key."""
    client = client_for(reviewer)
    given = {"document": "纪要〔2024〕3号", "dated": "2024-01-05", "file": pdf}
    assert client.post(f"/imports/{batch.code}/", given).status_code == 302
    paper = Evidence.objects.get()
    assert (paper.ledger, paper.record_id) == ("imports", batch.pk)
    assert client.get(f"/files/{paper.code}/").getvalue() == b"%PDF-1.7 scan"
    assert (
        client_for(make.township_seat(make.new_township(project.county))).get(f"/files/{paper.code}/").status_code
        == 404
    )

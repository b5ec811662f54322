"""培育台账: tiers and gaps as they follow from the months, who is in when, 一企一策 and its lights, who does what."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone
from openpyxl import Workbook

from core.closing import close_month
from core.dates import DateSpan
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.periods import months_ended
from core.records import Verdict
from core.write import Refused
from enterprises.cultivating import leave, limits_on, resume
from enterprises.forecast import LIMITS, tier_of
from enterprises.models import Cultivation, CultivationLimit, CultivationMeasure
from enterprises.thresholds import threshold_of
from tests import factories as make
from tests.enterprises.test_thresholds import CURRENT
from tests.waiting import waiting_of

pytestmark = pytest.mark.django_db
END = date(2024, 5, 31)
MAY = date(2024, 5, 1)
YEAR = months_ended(END, 12)
LIST = "/ledgers/cultivation/"


@pytest.fixture
def ledger(db):
    return ledger_for("cultivation")


@pytest.fixture
def measures(db):
    return ledger_for("cultivation_measures")


@pytest.fixture
def mill(township):
    """A spinning mill: 2000 万元 a year are asked of it."""
    return make.new_enterprise(township, name="棉纺公司", industry="1711")


def accepted(enterprise, month, revenue, origin="self", **values):
    return make.judge(make.new_figures(enterprise, month, origin, revenue=Decimal(revenue), **values))


def as_of(row, day=END, seat=None):
    """The row as its ledger has it at the end of that day."""
    seat = seat or make.new_seat(row.county)
    return ledger_for("cultivation").rows(seat, day).get(pk=row.pk)


def listed(ledger, seat, query=""):
    return [row.enterprise.name for row in ListQuery(ledger, QueryDict(query), seat).ordered]


# -- the tier -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("revenue", "tier"),
    [
        ("0", "reserve"),
        ("999.9999", "reserve"),
        ("1000", "key"),
        ("1599.9999", "key"),
        ("1600", "sprint"),
        ("1999.9999", "sprint"),
        ("2000", "due"),
        ("2000.0001", "due"),
    ],
)
def test_the_database_finds_the_tier_that_the_rule_gives(revenue, tier, mill):
    row = make.new_cultivation(mill)
    accepted(mill, MAY, revenue)
    assert as_of(row).tier == tier == tier_of(Decimal(revenue), Decimal(2000))


def test_who_has_told_nothing_is_in_reserve(mill):
    row = as_of(make.new_cultivation(mill))
    assert (row.tier, row.rolling, row.last_month) == ("reserve", None, None)


@pytest.mark.parametrize("industry", [*CURRENT, ""])
def test_the_line_is_the_standards_own_for_every_industry(industry, township):
    row = as_of(make.new_cultivation(make.new_enterprise(township, industry=industry)))
    standard = threshold_of(industry, END)
    assert row.line == (standard and standard.amount)
    assert (row.tier == "no_line") == (row.line is None)


@pytest.mark.parametrize(("day", "line"), [(date(2023, 12, 31), 2000), (date(2024, 1, 1), 300)])
def test_a_countys_own_standard_holds_from_its_day(day, line, county, township):
    make.new_threshold(county, scope="6510", amount=Decimal(300), valid_from=date(2024, 1, 1))
    since = DateSpan.day(date(2023, 3, 5))
    row = make.new_cultivation(make.new_enterprise(township, industry="6510"), happened=since)
    assert as_of(row, day).line == line


def test_before_any_known_standard_there_is_no_line(township):
    since = DateSpan.day(date(2016, 3, 5))
    row = make.new_cultivation(make.new_enterprise(township, industry="1711"), happened=since, year=2016)
    assert (as_of(row, date(2016, 12, 31)).tier, as_of(row, date(2017, 1, 1)).tier) == ("no_line", "reserve")


def test_twelve_months_up_to_the_last_one_told(mill):
    """June of the year before is the thirteenth; a month not told yet moves the twelve back."""
    row = make.new_cultivation(mill)
    for month in (date(2023, 5, 1), *YEAR):
        accepted(mill, month, "100")
    found = as_of(row)
    assert (found.rolling, found.reported, found.last_month, found.so_far) == (1200, 12, MAY, 500)
    make.void(mill.months.get(happened_on=MAY), reason="误报")
    found = as_of(row)
    assert (found.rolling, found.reported, found.last_month, found.so_far) == (1200, 12, date(2024, 4, 1), 400)


@pytest.mark.parametrize(("day", "months"), [(date(2024, 5, 30), 4), (END, 5), (date(2024, 6, 29), 5)])
def test_a_month_counts_once_it_is_over(day, months, mill):
    row = make.new_cultivation(mill)
    for number in range(1, 6):
        accepted(mill, date(2024, number, 1), "100")
    assert as_of(row, day).rolling == 100 * months


def test_only_the_enterprises_own_accepted_word_counts(mill, clerk, office):
    make.new_mandate(mill)
    row = make.new_cultivation(mill)
    accepted(mill, MAY, "100")
    accepted(mill, MAY, "5000", "tax")
    make.new_figures(mill, date(2024, 4, 1), revenue=Decimal(5000))
    sent_back = make.new_figures(mill, date(2024, 3, 1), revenue=Decimal(5000))
    make.judge(sent_back, verdict=Verdict.RETURNED, note="请核对")
    assert [as_of(row, seat=seat).rolling for seat in (clerk, office)] == [100, 100]


def test_what_comes_late_changes_no_closed_month(mill, county):
    row = make.new_cultivation(mill)
    with make.writing_as(county) as writing:
        close_month(writing, ledger="enterprise_months", month=MAY)
    accepted(mill, MAY, "2000", late_reason="报表晚到")
    assert (as_of(row).tier, as_of(row, date(2024, 6, 30)).tier) == ("reserve", "due")


def test_gap_and_need_are_those_of_the_running_year(mill, ledger):
    row = make.new_cultivation(mill)
    for month in (date(2023, 12, 1), date(2024, 1, 1), MAY):
        accepted(mill, month, "300")
    found = as_of(row)
    shown = {name: ledger.column(name).show(found) for name in ("rolling", "rate", "gap", "monthly", "last_month")}
    assert shown == {
        "rolling": "900.00", "rate": "45%", "gap": "1,400.00", "monthly": "200.00", "last_month": "2024年5月"
    }  # fmt: skip


def test_a_share_of_the_line_is_rounded_down(mill, ledger):
    row = make.new_cultivation(mill)
    accepted(mill, MAY, "1999.9999")
    assert ledger.column("rate").show(as_of(row)) == "99.99%"


# -- the county's limits --------------------------------------------------------------------------------


def test_a_countys_limits_hold_from_their_day(county, mill):
    row = make.new_cultivation(mill)
    accepted(mill, date(2024, 4, 1), "1600")
    make.new_limit(county, valid_from=MAY, sprint=90, key=85)
    make.new_limit(make.new_county(), valid_from=date(2020, 1, 1), sprint=10, key=5)
    assert limits_on(county.pk, date(2024, 4, 30)) == LIMITS
    assert [as_of(row, day).tier for day in (date(2024, 4, 30), MAY)] == ["sprint", "reserve"]


@pytest.mark.parametrize(("sprint", "key"), [(100, 50), (80, 80), (50, 80), (80, 0)])
def test_limits_out_of_order_are_refused(sprint, key, county):
    with pytest.raises(ValidationError, match="百分比要依次减小"):
        make.new_limit(county, sprint=sprint, key=key)
    assert not CultivationLimit.objects.exists()


def test_only_the_office_sets_limits(clerk, office, client_for):
    assert client_for(clerk).get("/ledgers/cultivation_limits/new/").status_code == 403
    assert client_for(office).get("/ledgers/cultivation_limits/new/").status_code == 200


# -- in and out -----------------------------------------------------------------------------------------


def out_on(row, day, cause="unfit", by=None):
    with make.writing_as(by or row.county) as writing:
        leave(writing, row=row, on=day, cause=cause)
    return make.fresh(row)


def test_where_it_stands_on_a_day(mill, office):
    row = out_on(make.new_cultivation(mill), END)
    days = (date(2024, 5, 30), END)
    assert [as_of(row, day).standing for day in days] == ["inside", "left"]
    assert not ledger_for("cultivation").rows(office, date(2024, 3, 4)).exists()


def test_who_is_listed_is_brought_up_no_longer(mill):
    row = make.new_cultivation(mill)
    make.judge(make.new_declaration(mill, "listed", DateSpan.day(date(2024, 5, 20))))
    assert [as_of(row, date(2024, 5, day)).standing for day in (19, 20)] == ["inside", "listed"]


def test_who_moves_within_the_year_stays_with_the_township_that_took_it_in(mill, neighbour, clerk, office, ledger):
    row = make.new_cultivation(mill)
    with make.writing_as(office) as writing:
        writing.change(mill, township=neighbour)
    assert ledger.rows(office, END).credited_to(row.township_id).get() == row
    assert not ledger.rows(office, END).credited_to(neighbour.pk).exists()
    assert [list(ledger.rows(seat)) for seat in (clerk, make.township_seat(neighbour))] == [[row], [row]]


def test_an_enterprise_has_one_place_at_a_time(mill):
    first = make.new_cultivation(mill)
    with pytest.raises(ValidationError, match="这家企业已在培育库中"):
        make.new_cultivation(mill, happened=DateSpan.day(END))
    out_on(first, date(2024, 4, 30))
    with pytest.raises(ValidationError, match="与这家企业上一次培育的时间重叠"):
        make.new_cultivation(mill, happened=DateSpan.day(date(2024, 4, 29)))
    again = make.new_cultivation(mill, happened=DateSpan.day(date(2024, 4, 30)))
    with pytest.raises(ValidationError, match="这家企业已在培育库中"), make.writing_as(first.county) as writing:
        resume(writing, row=first)
    assert Cultivation.objects.get(left_on=None) == again


@pytest.mark.parametrize(
    ("day", "cause", "sentence"),
    [(date(2024, 3, 4), "unfit", "不能早于进入培育库的日期"), (END, "", "同时写明日期和原因")],
)
def test_a_leaving_that_says_nothing_sound_is_refused(day, cause, sentence, mill):
    row = make.new_cultivation(mill)
    with pytest.raises(ValidationError, match=sentence):
        out_on(row, day, cause)
    assert make.fresh(row).left_on is None


def test_leaving_takes_the_offices_reviewer_and_keeps_the_verdict(mill, county, clerk, office):
    row = make.judge(make.new_cultivation(mill))
    for seat in (clerk, make.new_seat(county, "county", ["entry"])):
        with pytest.raises(Refused, match="不能办理出库"):
            out_on(row, END, by=seat)
    row = out_on(row, END, by=office)
    assert row.verdict == Verdict.ACCEPTED
    with pytest.raises(Refused, match="已经出培育库"):
        out_on(row, END)


def test_a_closed_month_keeps_who_left_in_it(mill, county):
    row, other = make.new_cultivation(mill), make.new_cultivation(make.new_enterprise(mill.township))
    row = out_on(row, END)
    with make.writing_as(county) as writing:
        close_month(writing, ledger="cultivation", month=MAY)
    with pytest.raises(Refused, match="已经关账"), make.writing_as(county) as writing:
        resume(writing, row=row)
    with pytest.raises(Refused, match="已经关账"):
        out_on(other, END)
    assert out_on(other, date(2024, 6, 1)).left_on == date(2024, 6, 1)


def test_daily_work_asks_for_no_new_verdict_even_in_a_closed_month(mill, county, clerk):
    row = make.judge(make.new_cultivation(mill))
    with make.writing_as(county) as writing:
        close_month(writing, ledger="cultivation", month=date(2024, 3, 1))
    with make.writing_as(clerk) as writing:
        writing.change(row, liaison="赵六", target_month=date(2024, 11, 1), remark="换了对接人")
    assert (make.fresh(row).verdict, make.fresh(row).liaison) == (Verdict.ACCEPTED, "赵六")
    with pytest.raises(Refused, match="已经关账"), make.writing_as(clerk) as writing:
        writing.change(make.fresh(row), happened=DateSpan.day(date(2024, 4, 1)))


def test_another_day_of_entry_waits_for_a_verdict_again(mill, clerk):
    row = make.judge(make.new_cultivation(mill))
    with make.writing_as(clerk) as writing:
        writing.change(row, happened=DateSpan.day(date(2024, 4, 1)))
    assert make.fresh(row).verdict == Verdict.PENDING


def test_leaving_and_coming_back_on_pages(mill, office, client_for):
    row, client = make.new_cultivation(mill), client_for(office)
    page = f"{LIST}records/{row.code}/"
    answer = client.post(f"{page}leave/", {"left_on": "2024-05", "left_cause": "unfit", "token": "a"})
    assert (answer.status_code, "请写到哪一天" in answer.content.decode()) == (422, True)
    client.post(f"{page}leave/", {"left_on": "2024-05-31", "left_cause": "unfit", "token": "b"})
    assert make.fresh(row).left_on == END
    assert "撤销出库" in client.get(page).content.decode()
    assert client.get(f"{page}leave/").status_code == 404
    client.post(f"{page}resume/", {"token": "c"})
    assert make.fresh(row).left_on is None
    assert client.get(f"{page}resume/").status_code == 404


def test_who_has_left_lacks_nothing_any_more(mill, ledger):
    row = out_on(make.new_cultivation(mill), END)
    shown = [[ledger.column(name).show(as_of(row, day)) for name in ("gap", "rate")] for day in (MAY, END)]
    assert shown == [["2,000.00", "—"], ["—", "—"]]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"year": "24"}, "培育年度请填四位年份"),
        ({"year": ""}, "请填写。"),
        ({"enterprise": "没有的公司"}, "没有找到企业“没有的公司”"),
        ({"happened": "2024.13"}, "13"),
        ({"target_month": "2024"}, "请写到月份"),
        ({"liaison": ""}, "请填写。"),
        ({"liaison_unit": ""}, "请选择。"),
    ],
)
def test_a_form_that_cannot_be_taken_says_why_and_saves_nothing(values, sentence, mill, township, office, client_for):
    given = {"enterprise": mill.code, "year": "2024", "happened": "2024-03-05", "liaison": "王五", "token": "x"}
    answer = client_for(office).post(f"{LIST}new/", {**given, "liaison_unit": township.pk, **values})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert not Cultivation.objects.exists()


# -- scope, lists, papers -------------------------------------------------------------------------------


def test_a_township_sees_and_enters_its_own(mill, neighbour, clerk, ledger):
    make.new_cultivation(mill, by=clerk)
    other = make.new_enterprise(neighbour, name="酒厂")
    make.new_cultivation(other)
    assert listed(ledger, clerk) == ["棉纺公司"]
    with pytest.raises(Refused):
        make.new_cultivation(make.new_enterprise(neighbour), by=clerk)


def test_lists_by_tier_and_what_waits_at_home(mill, township, ledger, clerk, office):
    make.new_cultivation(mill)
    accepted(mill, MAY, "2000")
    idle = make.new_enterprise(township, name="空壳公司", industry="1711")
    make.new_cultivation(idle)
    day = "&as_of=2024-05-31"
    assert listed(ledger, office, f"tier=due{day}") == ["棉纺公司"]
    assert listed(ledger, office, f"tier=reserve&tier=key{day}") == ["空壳公司"]
    assert listed(ledger, clerk, f"standing=left{day}") == []


def test_who_is_due_and_not_in_waits_on_the_first_page(mill, ledger, clerk, office, neighbour):
    make.new_cultivation(mill)
    for month in months_ended(timezone.localdate(), 1):
        accepted(mill, month, "2000")
    words = [[(w.word, w.count, w.query) for w in waiting_of(ledger, seat)] for seat in (clerk, office)]
    assert words == [[("达标应入未入", 1, "standing=inside&tier=due")]] * 2
    assert waiting_of(ledger, make.township_seat(neighbour)) == []


def test_a_workbook_is_taken_and_a_second_time_adds_nothing(mill, township, clerk):
    book = Workbook()
    book.active.append(("企业名称", "培育年度", "入库日期", "包联干部", "包联单位", "培育方向"))
    book.active.append(("棉纺公司", 2024, "2024-03-05", "王五", "芦溪镇", "小升规"))
    stream = BytesIO()
    book.save(stream)
    client = make.signed_in(clerk)
    for _ in range(2):
        client.post(f"{LIST}import/", {"file": SimpleUploadedFile("培育库.xlsx", stream.getvalue())})
        client.post(f"{LIST}import/preview/", {"token": "x"})
    row = Cultivation.objects.get()
    assert (row.enterprise, row.year, row.liaison, row.liaison_unit, row.route) == (
        mill,
        2024,
        "王五",
        township,
        "grown",
    )


def test_the_enterprises_page_tells_it(mill, clerk, client_for):
    row = make.new_cultivation(mill)
    make.new_measure(row, measure="辅导建账")
    page = client_for(clerk).get(f"/ledgers/enterprises/records/{mill.code}/").content.decode()
    assert "辅导建账（芦溪镇，2024年7月31日前）" in page
    assert f"/ledgers/cultivation/new/?enterprise={mill.code}" in page


# -- 一企一策 --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "done", "light"),
    [
        (date(2024, 7, 23), None, "green"),
        (date(2024, 7, 24), None, "yellow"),
        (date(2024, 7, 31), None, "yellow"),
        (date(2024, 8, 1), None, "red"),
        (date(2024, 8, 1), date(2024, 7, 31), "done"),
        (date(2024, 8, 1), date(2024, 8, 1), "late"),
        (date(2024, 7, 30), date(2024, 8, 1), "yellow"),
    ],
)
def test_the_light_of_a_measure(day, done, light, mill, measures, office):
    said = {"done_on": done, "result": "已落实"} if done else {}
    make.new_measure(make.new_cultivation(mill), **said)
    assert [row.light for row in measures.rows(office, day)] == [light]


def test_what_is_done_says_with_what_result(mill):
    with pytest.raises(ValidationError, match="办结的措施要写明落实结果"):
        make.new_measure(make.new_cultivation(mill), done_on=END)
    assert not CultivationMeasure.objects.exists()


def test_a_measure_stands_once(mill):
    row = make.new_cultivation(mill)
    make.new_measure(row, measure="辅导建账")
    with pytest.raises(ValidationError, match="这条措施已登记过"):
        make.new_measure(row, measure="辅导建账")


def test_a_department_sees_and_answers_what_it_has_to_do(mill, county, measures, client_for):
    bureau = make.new_unit(county, "department")
    seat = make.new_seat(county, "department", unit=bureau)
    mine = make.new_measure(make.new_cultivation(mill), owner=bureau)
    make.new_measure(mine.cultivation)
    assert list(measures.rows(seat)) == [mine]
    assert [waiting.word for waiting in waiting_of(measures, seat)] == ["逾期"]
    data = {
        "measure": mine.measure,
        "owner": bureau.pk,
        "deadline": "2024-07-31",
        "result": "已办好",
        "done_on": "2024-07-01",
    }
    address = f"/ledgers/cultivation_measures/records/{mine.code}/edit/"
    client_for(seat).post(address, {**data, "version": mine.row_version, "token": "x"})
    assert (make.fresh(mine).result, make.fresh(mine).done_on) == ("已办好", date(2024, 7, 1))


def test_measures_of_a_workbook_find_their_enterprise(mill, clerk):
    row = make.new_cultivation(mill)
    book = Workbook()
    book.active.append(("企业名称", "帮扶措施", "责任单位", "完成时限"))
    book.active.append(("棉纺公司", "协调贷款", "芦溪镇", "2024-07-31"))
    stream = BytesIO()
    book.save(stream)
    client = make.signed_in(clerk)
    client.post(
        "/ledgers/cultivation_measures/import/", {"file": SimpleUploadedFile("一企一策.xlsx", stream.getvalue())}
    )
    client.post("/ledgers/cultivation_measures/import/preview/", {"token": "x"})
    assert [(one.cultivation, one.measure) for one in CultivationMeasure.objects.all()] == [(row, "协调贷款")]

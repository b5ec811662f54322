"""退库预警: every rule at its boundary, what a list says and asks, and the county's own rules and standard."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from core.dates import DateSpan
from core.write import Refused
from enterprises.exit_rules import Facts, Rule, warn
from enterprises.exit_watch import (
    add_shipped_rules,
    judged,
    months_before,
    next_exit_window,
    rules_of,
    shipped_rules,
    watched,
)
from enterprises.models import ExitRule
from enterprises.standards import thresholds_of
from enterprises.thresholds import threshold_of
from tests import factories as make

DAY = date(2024, 7, 5)
MONTHS = months_before(DAY)


def facts(**values):
    told = {"line": Decimal(2000), "revenue": Decimal(2400), "reported": 12, "silent": 0}
    return Facts(**{**told, "status": "active", "status_label": "存续", **values})


# -- the rules, pure ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("revenue", "light"),
    [
        ("1199.9999", "red"),
        ("1200", "amber"),
        ("1599.9999", "amber"),
        ("1600", "yellow"),
        ("1999.9999", "yellow"),
        ("2000", None),
        ("0", "red"),
        ("-5", "red"),
    ],
)
def test_revenue_against_the_line(revenue, light):
    found = warn(shipped_rules(), facts(revenue=Decimal(revenue)))
    assert (found.light if found else None) == light


def test_just_under_the_line_never_reads_as_the_line():
    found = warn(shipped_rules(), facts(revenue=Decimal("1999.9999")))
    assert found.reasons == ("近12个月营业收入2,000.00万元，是入库标准2,000.00万元的99.9%",)


@pytest.mark.parametrize(("reported", "compared"), [(5, False), (6, True)])
def test_too_few_months_are_not_reckoned_up(reported, compared):
    found = warn(shipped_rules(), facts(revenue=Decimal(500), reported=reported))
    assert (found is not None) is compared


def test_reported_months_are_reckoned_up_to_a_year_and_say_so():
    found = warn(shipped_rules(), facts(revenue=Decimal(1200), reported=10))
    assert found.light == "amber"
    assert found.reasons == (
        "近12个月营业收入1,200.00万元（已报10个月），折算全年1,440.00万元，是入库标准2,000.00万元的72.0%",
    )


def test_who_is_asked_for_no_revenue_is_not_compared():
    assert warn(shipped_rules(), facts(line=None, revenue=Decimal(1))) is None


@pytest.mark.parametrize(
    ("silent", "light"), [(None, None), (0, None), (1, None), (2, "amber"), (3, "red"), (12, "red")]
)
def test_months_without_a_report(silent, light):
    found = warn(shipped_rules(), facts(silent=silent))
    assert (found.light if found else None) == light


@pytest.mark.parametrize(
    ("status", "light"),
    [("active", None), ("suspended", "amber"), ("moved", "amber"), ("cancelled", "red"), ("revoked", "red")],
)
def test_the_registration(status, light):
    found = warn(shipped_rules(), facts(status=status))
    assert (found.light if found else None) == light


def test_each_signal_speaks_once_and_the_severest_decides():
    found = warn(shipped_rules(), facts(revenue=Decimal(100), silent=2, status="suspended", status_label="停业"))
    assert found.light == "red"
    assert len(found.reasons) == 3
    assert found.reasons[1:] == ("到上月底已有2个月没有报月度数据", "登记状态是停业")


def test_without_rules_nobody_is_warned():
    assert warn([], facts(revenue=Decimal(0), silent=12, status="revoked")) is None


# -- the list ----------------------------------------------------------------------------------------


def inside(township, revenue=None, months=MONTHS, **values):
    """In the library; `revenue`: 万元 each month."""
    one = make.new_enterprise(township, **{"industry": "1711", "scale_group": "industry", **values})
    make.judge(make.new_declaration(one, "listed", DateSpan.day(date(2023, 3, 1))))
    for month in months if revenue is not None else ():
        make.new_figures(one, month, revenue=Decimal(revenue))
    return one


def test_the_twelve_months_before_a_day():
    assert (MONTHS[0], MONTHS[-1], len(MONTHS)) == (date(2023, 7, 1), date(2024, 6, 1), 12)
    assert months_before(date(2024, 1, 31))[-1] == date(2023, 12, 1)


def test_only_the_library_is_watched(township, office):
    weak = inside(township, 90)
    inside(township, 200)
    make.new_figures(make.new_enterprise(township, industry="1711"), MONTHS[-1], revenue=Decimal(1))
    left = inside(township, 90)
    make.judge(make.new_declaration(left, "delisted", DateSpan.day(date(2024, 3, 1))))
    assert [(row.enterprise, row.light) for row in watched(office, DAY)] == [(weak, "red")]


def test_the_severest_come_first_and_a_township_sees_its_own(township, neighbour, office, clerk):
    amber, red = inside(township, 110), inside(neighbour, 90)
    assert [row.enterprise for row in watched(office, DAY)] == [red, amber]
    assert [row.enterprise for row in watched(clerk, DAY)] == [amber]


def test_only_what_the_enterprise_says_itself_and_still_stands_is_added_up(township, office):
    weak = inside(township, 90)
    make.new_mandate(weak, first_month=MONTHS[0])
    make.new_figures(weak, MONTHS[-1], "tax", revenue=Decimal(99999))
    make.new_figures(weak, date(2024, 7, 1), revenue=Decimal(99999))
    make.new_figures(weak, date(2023, 6, 1), revenue=Decimal(99999))
    (row,) = watched(office, DAY)
    assert (row.facts.revenue, row.facts.reported) == (Decimal(1080), 12)


def test_a_month_sent_back_is_no_report(township, office):
    one = inside(township, 200)
    for month in MONTHS[-2:]:
        figures = one.months.get(happened_on=month)
        make.judge(figures, verdict="returned", note="请核对", by=office)
    (row,) = watched(office, DAY)
    assert (row.light, row.facts.silent, row.facts.reported) == ("amber", 2, 10)


def test_where_nobody_reports_nobody_is_silent(township, office):
    quiet = inside(township)
    assert watched(office, DAY) == []
    make.new_figures(make.new_enterprise(township), MONTHS[-1])
    (row,) = watched(office, DAY)
    assert (row.enterprise, row.reason) == (quiet, "近12个月没有报过月度数据")
    assert [found.reason for found in judged([quiet], quiet.county_id, DAY)] == [row.reason]


def test_more_enterprises_ask_no_more(township, office, django_assert_num_queries):
    inside(township, 90, MONTHS[-6:])
    for count in (1, 4):
        with django_assert_num_queries(4):
            assert len(watched(office, DAY)) == count
        for _ in range(3):
            inside(township, 90, MONTHS[-6:])


def test_the_page_its_workbook_and_the_enterprises_own_page(client_for, office, county, township):
    one = inside(township, name="纺织厂", status="cancelled")
    make.new_window(county, name="年度第一批", first_day=date(2099, 10, 15), last_day=date(2099, 11, 15))
    client = client_for(office)
    page = client.get(reverse("exit-watch")).content.decode()
    assert "登记状态是注销" in page
    assert "年度第一批（2099年10月15日至2099年11月15日）" in page
    book = openpyxl.load_workbook(BytesIO(client.get(reverse("exit-watch-file")).content))
    assert any("登记状态是注销" in (cell.value or "") for row in book.active.iter_rows() for cell in row[9:10])
    assert "红色：登记状态是注销" in client.get(f"/ledgers/enterprises/records/{one.code}/").content.decode()


def test_an_empty_list_says_so(client_for, clerk):
    page = client_for(clerk).get(reverse("exit-watch")).content.decode()
    assert "在库企业没有亮灯的。还没有登记受理退库的申报窗口。" in "".join(page.split())


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(2024, 11, 15), "第一批"), (date(2024, 11, 16), None), (date(2024, 1, 1), "第一批")],
)
def test_the_next_exit_window(day, name, county):
    make.new_window(county, name="第一批")
    make.new_window(county, name="第二批", takes_exits=False, first_day=date(2024, 12, 1), last_day=date(2024, 12, 26))
    found = next_exit_window(county.pk, day)
    assert (found.name if found else None) == name


# -- the county's own rules and standard -------------------------------------------------------------


def test_a_countys_own_rules_replace_the_shipped_ones(county):
    make.new_exit_rule(make.new_county(), signal="revenue", light="red", bound=10)
    assert rules_of(county.pk) == shipped_rules()
    make.new_exit_rule(county, signal="revenue", light="yellow", bound=90)
    make.new_exit_rule(county, signal="unreported", light="red", bound=1, in_use=False)
    assert rules_of(county.pk) == (Rule("revenue", "yellow", 90, 6, ""),)


def test_the_shipped_rules_become_the_countys_once(county, office):
    with make.writing_as(office) as writing:
        add_shipped_rules(writing)
    assert rules_of(county.pk) == shipped_rules()
    with pytest.raises(Refused, match="已经有退库预警规则"), make.writing_as(office) as writing:
        add_shipped_rules(writing)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"signal": "status", "status": ""}, "要选择登记状态"),
        ({"signal": "revenue", "status": "revoked"}, "其他依据不选"),
        ({"signal": "unreported", "bound": 0}, "请填写界限"),
    ],
)
def test_a_rule_that_says_nothing_is_refused(values, sentence, county):
    with pytest.raises(ValidationError, match=sentence):
        make.new_exit_rule(county, **values)
    assert not ExitRule.objects.exists()


@pytest.mark.parametrize(
    ("industry", "day", "group"),
    [
        ("6510", date(2023, 12, 31), "service"),
        ("6510", date(2024, 1, 1), "local"),
        ("6510", date(2024, 12, 31), "local"),
        ("6510", date(2025, 1, 1), "service"),
        ("6520", date(2024, 6, 1), "service"),
    ],
)
def test_a_countys_class_holds_for_its_days_and_codes(industry, day, group, county):
    make.new_threshold(county, valid_until=date(2024, 12, 31))
    assert threshold_of(industry, day, thresholds_of(county.pk)).group == group
    assert threshold_of(industry, day, thresholds_of(make.new_county().pk)).group == "service"


def test_of_rows_that_name_as_much_the_countys_goes_first(county):
    make.new_threshold(county, scope="65")
    assert threshold_of("6510", DAY, thresholds_of(county.pk)).group == "local"


def test_the_countys_standard_decides_the_warning_and_stands_on_the_page(client_for, office, county, township):
    inside(township, 30, industry="6510", scale_group="local")
    assert [row.light for row in watched(office, DAY)] == ["red"]
    make.new_threshold(county, name="新型服务业")
    assert watched(office, DAY) == []
    page = client_for(office).get(reverse("standards")).content.decode()
    assert "新型服务业" in page
    assert "一新企业" in page
    assert "规上工业" in page


@pytest.mark.parametrize("scope", ["软件", "6-5", "651-65"])
def test_a_scope_that_names_no_industry_stays_out(scope, county):
    with pytest.raises(ValidationError, match=r"行业代码|起止"):
        make.new_threshold(county, scope=scope)


def test_only_the_office_sets_rules_and_standards(client_for, clerk, office):
    for key in ("exit_rules", "local_thresholds"):
        assert client_for(clerk).get(f"/ledgers/{key}/").status_code == 200
        assert client_for(clerk).get(f"/ledgers/{key}/new/").status_code == 403
        assert client_for(office).get(f"/ledgers/{key}/new/").status_code == 200

"""申报窗口, 申报材料, 申报时所在乡镇, the monthly notice, the pack: what stands around a declaration."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from core.dates import DateSpan
from core.files import attach, store
from core.periods import Period
from core.write import Refused
from enterprises.declaring import add_shipped_papers, add_usual_windows, checklists, papers_of, shipped_papers
from enterprises.models import Declaration, DeclarationMaterial, DeclarationStep, DeclarationWindow, Enterprise
from enterprises.notice import notice_of
from enterprises.waiting import countdown
from tests import factories as make

DAY = DateSpan.day


@pytest.fixture
def mill(township):
    return make.new_enterprise(township, name="纺织厂", scale_group="industry")


@pytest.fixture
def window(county):
    return make.new_window(county, name="年度第一批")


def submitted(enterprise, day, **values):
    span = day if isinstance(day, DateSpan) else DAY(day)
    return make.new_declaration(enterprise, "submitted", span, **values)


# -- windows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "taken"),
    [
        (date(2024, 10, 14), False),
        (date(2024, 10, 15), True),
        (date(2024, 11, 15), True),
        (date(2024, 11, 16), False),
        (DateSpan.month(2024, 11), True),
        (DateSpan.month(2024, 12), False),
    ],
)
def test_the_first_and_the_last_day_of_a_window_lie_inside(day, taken, mill, window):
    if taken:
        assert submitted(mill, day).pk
    else:
        with pytest.raises(
            ValidationError, match="不在申报窗口内，最近的是年度第一批（2024年10月15日至2024年11月15日）"
        ):
            submitted(mill, day)


def test_a_declaration_outside_its_window_needs_a_reason(mill, window):
    with pytest.raises(ValidationError, match="请在这里写明理由"):
        submitted(mill, date(2024, 8, 1), window_reason="  ")
    assert submitted(mill, date(2024, 8, 1), window_reason="统计局同意补报").pk


def test_a_year_without_windows_asks_nothing(mill, window):
    assert submitted(mill, date(2023, 8, 1)).pk


def test_the_warning_stands_beside_its_box(client_for, office, mill, window):
    given = {"enterprise": mill.code, "step": "submitted", "happened": "2024-08-01"}
    answer = client_for(office).post("/ledgers/declarations/new/", given)
    assert answer.status_code == 422
    assert "2024年8月1日不在申报窗口内" in str(answer.context["form"].errors["window_reason"])


@pytest.mark.parametrize(
    ("takes", "route", "taken"),
    [
        ("takes_new", "new", True),
        ("takes_new", "reformed", True),
        ("takes_new", "grown", False),
        ("takes_grown", "grown", True),
        ("takes_grown", "new", False),
        ("takes_grown", "", True),
        ("takes_exits", "", False),
        ("takes_changes", "new", False),
    ],
)
def test_a_window_takes_what_it_says(takes, route, taken, county, mill):
    nothing = dict.fromkeys(("takes_new", "takes_grown", "takes_exits", "takes_changes"), False)
    window = make.new_window(county, **{**nothing, takes: True})
    assert window.takes(DAY(window.first_day), route, "industry") is taken


def test_a_window_of_one_group_is_closed_to_the_others(county, mill, township):
    make.new_window(county, scale_group="construction")
    builder = make.new_enterprise(township, scale_group="construction")
    assert submitted(builder, date(2024, 10, 20)).pk
    with pytest.raises(ValidationError, match="这一年没有受理这类申报的窗口"):
        submitted(mill, date(2024, 10, 20))


@pytest.mark.parametrize("step", ["intended", "returned", "listed", "changed", "moved_in"])
def test_only_declaring_has_its_days(step, mill, window):
    assert make.new_declaration(mill, step, DAY(date(2024, 3, 1))).pk


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2024, 10, 14), "1天后开始"),
        (date(2024, 10, 15), "还剩31天"),
        (date(2024, 11, 14), "还剩1天"),
        (date(2024, 11, 15), "今天截止"),
        (date(2024, 11, 16), "已结束"),
    ],
)
def test_the_countdown(day, said, window):
    assert window.state_on(day) == said


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2024, 9, 29), []),
        (date(2024, 9, 30), ["年度第一批15天后开始"]),
        (date(2024, 11, 15), ["年度第一批今天截止"]),
        (date(2024, 11, 16), []),
    ],
)
def test_a_window_is_told_of_fifteen_days_ahead_and_until_its_end(day, told, clerk, window, django_assert_num_queries):
    make.new_window(make.new_county(), name="邻县的窗口")
    with django_assert_num_queries(1):
        assert [line.sentence for line in countdown(clerk, day)] == told


def test_the_first_page_counts_down(client_for, clerk, county):
    make.new_window(county, name="长期窗口", first_day=date(2024, 1, 1), last_day=date(2999, 12, 31))
    assert "长期窗口 <strong>还剩" in client_for(clerk).get(reverse("home")).content.decode()


def test_a_year_of_usual_windows_is_taken_over_once(county, office):
    with make.writing_as(office) as writing:
        rows = add_usual_windows(writing, year=2025)
    yearly = DeclarationWindow.objects.filter(door="yearly").order_by("first_day")
    assert len(rows) == 14
    assert [(row.name, row.first_day, row.last_day) for row in yearly] == [
        ("2025年年度第一批", date(2025, 10, 15), date(2025, 11, 15)),
        ("2025年年度第二批", date(2025, 12, 1), date(2025, 12, 26)),
    ]
    assert [row.takes_exits for row in yearly] == [True, False]
    with pytest.raises(Refused, match="2025年已经登记了申报窗口"), make.writing_as(office) as writing:
        add_usual_windows(writing, year=2025)


def test_only_the_office_sets_windows(client_for, clerk, office):
    address = reverse("windows-usual")
    assert client_for(clerk).get(address).status_code == 403
    assert client_for(clerk).post(address, {"year": 2025}).status_code == 403
    assert client_for(office).post(address, {"year": 2025}).status_code == 302
    assert client_for(office).post(address, {"year": 2025}).status_code == 422
    assert client_for(clerk).get("/ledgers/declaration_windows/").status_code == 200
    assert DeclarationWindow.objects.count() == 14


# -- materials ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "route", "asked", "not_asked"),
    [
        ("industry", "new", {"现场照片", "立项备案文件", "利润表"}, {"前12个月分月产值和收入", "资质证书"}),
        ("industry", "grown", {"前12个月分月产值和收入"}, {"立项备案文件"}),
        ("industry", "", {"现场照片"}, {"立项备案文件", "前12个月分月产值和收入"}),
        ("construction", "new", {"资质证书", "纳入申报表"}, {"利润表", "现场照片"}),
        ("real_estate", "new", {"开发资质和开工材料"}, {"资质证书"}),
        ("catering", "grown", {"增值税纳税申报表"}, {"现场照片"}),
        ("", "", {"营业执照", "现场核查确认书"}, {"利润表"}),
    ],
)
def test_each_group_is_asked_for_its_own_papers(group, route, asked, not_asked):
    names = {paper.name for paper in shipped_papers() if paper.asked_of(group, route)}
    assert asked <= names
    assert not names & not_asked


def test_a_countys_own_checklist_replaces_the_shipped_one(county, mill):
    make.new_material(county, name="本县申报表")
    make.new_material(make.new_county(), name="邻县的材料")
    row = make.new_declaration(mill, "intended")
    assert [line.paper.name for line in checklists([row])[row.pk]] == ["本县申报表"]


def test_the_shipped_checklist_becomes_the_countys_and_asks_the_same(county, office):
    with make.writing_as(office) as writing:
        add_shipped_papers(writing)
    own = papers_of(county.pk)
    for group in ("industry", "construction", "trade", "catering", "real_estate", "service", ""):
        for route in ("new", "grown", "reformed", ""):
            shipped = {paper.name for paper in shipped_papers() if paper.asked_of(group, route)}
            assert {paper.name for paper in own if paper.asked_of(group, route)} == shipped
    with pytest.raises(Refused, match="已经有申报材料清单"), make.writing_as(office) as writing:
        add_shipped_papers(writing)
    assert DeclarationMaterial.objects.count() == len(own)


def attached(row, slot):
    with make.writing_as(row.county) as writing:
        stored = store([b"paper"], name="a.pdf", at=make.NOW)
        attach(writing, row, ledger="declarations", slot=slot, name="a.pdf", stored=stored)


def test_a_paper_of_an_earlier_step_is_there_but_not_one_of_an_earlier_attempt(mill):
    first = submitted(mill, date(2022, 3, 1))
    attached(first, "营业执照")
    make.new_declaration(mill, "listed", DAY(date(2022, 4, 1)))
    make.new_declaration(mill, "delisted", DAY(date(2023, 11, 1)))
    intended = make.new_declaration(mill, "intended", DAY(date(2024, 3, 1)))
    attached(intended, "利润表")
    again = submitted(mill, date(2024, 4, 1))
    present = {line.paper.name for line in checklists([again])[again.pk] if line.present}
    assert present == {"利润表"}
    assert {line.paper.name for line in checklists([first])[first.pk] if line.present} == {"营业执照"}


def test_checklists_of_many_ask_as_much_as_of_one(mill, township, django_assert_num_queries):
    rows = [make.new_declaration(make.new_enterprise(township), "intended") for _ in range(4)]
    for chosen in (rows[:1], rows):
        with django_assert_num_queries(3):
            checklists(chosen)


def test_the_page_shows_what_is_missing_until_it_is_in(client_for, office, mill):
    row = make.new_declaration(mill, "intended")
    page = client_for(office).get(f"/ledgers/declarations/records/{row.code}/").content.decode()
    assert "申报材料</h2>" in page
    assert "现场照片" in page
    inside = make.new_declaration(mill, "listed")
    assert (
        "申报材料</h2>" not in client_for(office).get(f"/ledgers/declarations/records/{inside.code}/").content.decode()
    )


def test_a_declaration_may_be_given_every_paper_of_its_checklist(client_for, office, county, mill):
    make.new_material(county, name="本县申报表")
    row = make.new_declaration(mill, "intended")
    page = client_for(office).get(f"/ledgers/declarations/records/{row.code}/evidence/").content.decode()
    assert "本县申报表" in page
    assert "统计局入库名单" in page


def test_the_packs_list_says_what_each_declaration_lacks(client_for, clerk, mill, neighbour):
    row = submitted(mill, date(2024, 3, 1), route="new")
    attached(row, "营业执照")
    submitted(make.new_enterprise(neighbour, name="别镇的厂"), date(2024, 3, 1))
    answer = client_for(clerk).get(reverse("declaration-pack"), {"step": "submitted"})
    book = openpyxl.load_workbook(BytesIO(answer.content))
    lines = [[cell.value for cell in line] for line in book["申报材料清单"].iter_rows()]
    told = [line for line in lines if "纺织厂" in line]
    assert len(told) == 1
    assert told[0][10:12] == [9, 1]
    assert "现场照片" in told[0][12]
    assert "营业执照" not in told[0][12]
    assert not any("别镇的厂" in line for line in lines)
    papers = [[cell.value for cell in line] for line in book["材料明细"].iter_rows()]
    assert ["纺织厂", "营业执照", None, "有"] in papers


def test_the_pack_refuses_a_filter_that_nobody_knows(client_for, clerk):
    assert client_for(clerk).get(reverse("declaration-pack"), {"nothing": "1"}).status_code == 400


# -- what is neither entry nor exit ------------------------------------------------------------------


def test_a_change_of_trade_and_a_move_are_neither_entry_nor_exit(mill, office, township):
    steps = [("listed", 1), ("changed", 2), ("moved_out", 3), ("moved_in", 4)]
    for step, month in steps:
        make.judge(make.new_declaration(mill, step, DAY(date(2024, month, 5))), by=office)
    notice = notice_of(office, Period.parse("2024-04"), [township])
    assert (notice.total.year_entered, notice.total.year_left) == (1, 0)
    rows = Enterprise.objects.current()
    standing = {month: rows.with_listing(date(2024, month, 6)).get().listing for _, month in steps}
    assert standing == {1: "listed", 2: "listed", 3: "delisted", 4: "listed"}


def test_who_has_moved_in_cannot_enter_once_more(mill):
    make.new_declaration(mill, "moved_in", DAY(date(2024, 1, 5)))
    with pytest.raises(ValidationError, match="已于2024年1月5日县外迁入，其间没有退库，不能再次入库"):
        make.new_declaration(mill, "listed", DAY(date(2024, 2, 5)))


def test_an_exit_tells_its_cause_or_the_acceptance_says_why_not(mill, office):
    make.new_declaration(mill, "listed", DAY(date(2023, 3, 1)))
    row = make.new_declaration(mill, "delisted", DAY(date(2024, 3, 1)), cause="")
    assert Declaration.missing_papers([row])[row.pk] == ["统计局退库名单", "退库原因"]
    with pytest.raises(ValidationError, match="退库原因只在退库时填写"):
        make.new_declaration(mill, "intended", cause="shrunk")


# -- an enterprise that moves ------------------------------------------------------------------------


@pytest.fixture
def moved(mill, neighbour, office):
    """Entered while it stood in 芦溪镇, then moved to 塔山镇, where it left."""
    make.judge(make.new_declaration(mill, "listed", DAY(date(2024, 3, 5))), by=office)
    with make.writing_as(office) as writing:
        enterprise = writing.change(mill, township=neighbour)
    make.judge(make.new_declaration(enterprise, "delisted", DAY(date(2024, 5, 5))), by=office)
    return make.fresh(enterprise)


def test_each_step_counts_where_the_enterprise_stood(moved, township, neighbour, county):
    rows = Declaration.objects.current().in_county(county.pk)
    assert [row.step for row in rows.credited_to(township.pk)] == ["listed"]
    assert [row.step for row in rows.credited_to(neighbour.pk)] == ["delisted"]


def test_both_townships_see_what_concerns_them(moved, clerk, neighbour, declarations):
    other = make.township_seat(neighbour)
    assert sorted(row.step for row in declarations.rows(other)) == ["delisted", "listed"]
    assert [row.step for row in declarations.rows(clerk)] == ["listed"]
    assert clerk.may("change", declarations.rows(clerk).get())
    assert not other.may("change", declarations.rows(other).get(step="listed"))


def test_the_notice_keeps_the_township_of_the_entry(moved, office, township, neighbour):
    march = notice_of(office, Period.parse("2024-03"), [township, neighbour])
    may = notice_of(office, Period.parse("2024-05"), [township, neighbour])
    assert [(line.unit, line.entered, line.net) for line in march.lines] == [(township, 1, 1), (neighbour, 0, 0)]
    assert [(line.unit, line.left, line.shown_net) for line in may.lines] == [(township, 0, "0"), (neighbour, 1, "−1")]
    assert (may.total.year_entered, may.total.year_left, may.total.year_net) == (1, 1, 0)
    assert [row.step for row in may.rows] == ["delisted"]


# -- the notice's page -------------------------------------------------------------------------------


def test_the_notice_counts_what_is_confirmed_alone(office, township, mill, django_assert_num_queries):
    make.new_declaration(mill, "listed", DAY(date(2024, 3, 5)))
    for _ in range(3):
        make.judge(make.new_declaration(make.new_enterprise(township), "listed", DAY(date(2024, 3, 6))), by=office)
    with django_assert_num_queries(1):
        notice = notice_of(office, Period.parse("2024-03"), [township])
    assert notice.total.entered == 3


def test_the_year_of_the_library_is_told_apart_from_the_day_of_its_confirmation(client_for, office, township):
    for year in (2024, 2025):
        mill = make.new_enterprise(township, name=f"{year}年的厂")
        make.judge(make.new_declaration(mill, "listed", DAY(date(2024, 12, 20)), library_year=year), by=office)
    client = client_for(office)
    shown = client.get("/ledgers/declarations/?step=listed&library_year=2025").context["query"].ordered
    assert [row.enterprise.name for row in shown] == ["2025年的厂"]
    assert client.get("/ledgers/declarations/?library_year=去年").status_code == 400


def test_the_notice_as_a_page(client_for, clerk, office, mill, neighbour):
    make.judge(make.new_declaration(mill, "listed", DAY(date(2024, 3, 5)), library_year=2024), by=office)
    other = make.new_enterprise(neighbour, name="别镇的厂")
    make.judge(make.new_declaration(other, "listed", DAY(date(2024, 3, 5))), by=office)
    address = reverse("listing-notice", args=["2024-03"])
    county, own = (client_for(seat).get(address).content.decode() for seat in (office, clerk))
    assert "入库 <strong>2</strong> 户" in county
    assert "入库 <strong>1</strong> 户" in own
    assert "别镇的厂" in county
    assert "别镇的厂" not in own
    for wrong in ("2024Q1", "2024-13", "abc"):
        assert client_for(office).get(reverse("listing-notice", args=[wrong])).status_code == 404


def test_every_step_is_known_to_the_workbook_reader(declarations):
    words = {value for _, value in declarations.column("step").kind.read_as}
    assert words == set(DeclarationStep.values)

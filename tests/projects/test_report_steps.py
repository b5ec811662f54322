"""月报: which act is open to whom at which stage, deadlines to the day, and what an act refuses."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.closing import close_month
from core.periods import Period
from core.write import Refused, SentTwice, Stale
from projects.ledgers.reports import ReportLedger
from projects.models import MonthlyReport, ProjectMonth, ReportStep
from projects.monthly import services
from projects.monthly.calendar import reports, set_deadlines
from projects.monthly.lines import SAME, Standing, lines_of
from projects.monthly.steps import RULES, Act, Stage
from projects.services import void_project
from reporting.metrics import value
from reporting.services import add_metrics
from reporting.shipped import shipped
from tests import factories as make
from tests.projects.reports import JUNE, new_report, paper, report_at
from townships.deadlines.calendar import usual_deadline, years_of
from townships.models import Role

pytestmark = pytest.mark.django_db
MAY = date(2024, 5, 1)
OPEN = {
    Stage.FILLING: {"clerk": "submit nothing", "county": "submit nothing drop"},
    Stage.RETURNED: {"clerk": "submit nothing", "county": "submit nothing"},
    Stage.SIGNING: {"clerk": "paper recall", "signer": "sign refuse", "county": "paper recall"},
    Stage.ACCEPTING: {"county2": "accept return"},
    Stage.ACCEPTED: {"county2": "return"},
}
"""stage → who → acts; whoever is not named may do nothing."""


def at(day, hour=9):
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


@pytest.fixture
def people(county, township, neighbour):
    return {
        "county": make.new_seat(county, duties=["entry"]),
        "county2": make.new_seat(county, duties=["review", "publish"]),
        "clerk": make.township_seat(township),
        "signer": make.township_seat(township, ["review"]),
        "neighbour": make.township_seat(neighbour, ["entry", "review"]),
        "department": make.new_seat(
            county, Role.DEPARTMENT, ["entry", "review"], unit=make.new_unit(county, "department")
        ),
        "leader": make.new_seat(county, Role.LEADER, []),
        "inspector": make.new_seat(county, Role.INSPECTOR, [], valid_until=date(2099, 12, 31)),
        "abroad": make.new_seat(make.new_county(), duties=["entry", "review"]),
    }


@pytest.mark.parametrize("stage", Stage)
def test_which_act_is_open_to_whom(stage, people, township):
    report = report_at(stage, township)
    found = {who: " ".join(act for act in report.open_acts(seat)) for who, seat in people.items()}
    assert {who: set(acts.split()) for who, acts in found.items() if acts} == {
        who: set(acts.split()) for who, acts in OPEN[stage].items()
    }


def test_every_act_leads_where_the_table_says():
    assert {act: rule.leads_to for act, rule in RULES.items() if rule.leads_to} == {
        Act.NOTHING: Stage.SIGNING,
        Act.SUBMIT: Stage.SIGNING,
        Act.RECALL: Stage.FILLING,
        Act.SIGN: Stage.ACCEPTING,
        Act.PAPER: Stage.ACCEPTING,
        Act.REFUSE: Stage.RETURNED,
        Act.ACCEPT: Stage.ACCEPTED,
        Act.RETURN: Stage.RETURNED,
    }


def test_the_door_asks_again_whether_an_act_is_open(people, township):
    report = report_at(Stage.ACCEPTING, township)
    with pytest.raises(Refused, match="不能对这份月报受理"), make.writing_as(people["clerk"]) as writing:
        services.accept(writing, report=report)
    with pytest.raises(Refused, match="现在是“待受理”，不能提交审核"), make.writing_as(people["clerk"]) as writing:
        services.submit(writing, report=report)


def test_who_submitted_neither_signs_nor_accepts(county, township):
    both = make.township_seat(township, ["entry", "review"])
    report = report_at(Stage.SIGNING, township, clerk=both)
    assert set(report.open_acts(both)) == {Act.PAPER, Act.RECALL}
    with pytest.raises(Refused, match="您本人提交"), make.writing_as(both) as writing:
        services.sign(writing, report=report)
    office = make.new_seat(county, duties=["entry", "review"])
    with make.writing_as(office) as writing:
        report = services.sign_on_paper(writing, report=report, **paper())
    with pytest.raises(Refused, match="请由另一位同事受理"), make.writing_as(office) as writing:
        services.accept(writing, report=report)


def test_the_same_month_twice_is_the_same_report(people, township):
    with make.writing_as(people["clerk"]) as writing:
        first = services.open_report(writing, unit=township, month=JUNE)
    with make.writing_as(people["county"]) as writing:
        assert services.open_report(writing, unit=township, month=JUNE).pk == first.pk
    with make.writing_as(people["county"]) as writing:
        assert services.open_reports(writing, units=[township], month=JUNE) == []


def test_a_unit_that_need_not_report_is_not_asked_again(people, township, neighbour):
    with make.writing_as(people["county"]) as writing:
        report, _ = services.open_reports(writing, units=[township, neighbour], month=JUNE)
        services.drop(writing, report=report, text="园区由乡镇代报")
    with make.writing_as(people["county"]) as writing:
        assert services.open_reports(writing, units=[township, neighbour], month=JUNE) == []


def test_a_month_to_come_and_a_closed_month_are_refused(people, township):
    with pytest.raises(Refused, match="还没有到2024年8月"):
        new_report(township, date(2024, 8, 1))
    report = new_report(township)
    with make.writing_as(township.county) as writing:
        close_month(writing, ledger="reports", month=JUNE)
        close_month(writing, ledger="reports", month=MAY)
    with pytest.raises(Refused, match="2024年5月的月报已经锁定"):
        new_report(township, MAY)
    with pytest.raises(Refused, match="已经锁定"), make.writing_as(people["clerk"]) as writing:
        services.report_nothing(writing, report=report)


@pytest.mark.parametrize(
    ("day", "late", "timeliness"),
    [(date(2024, 7, 5), 0, "on_time"), (date(2024, 7, 6), 1, "late"), (date(2024, 8, 4), 30, "late")],
)
def test_the_deadline_itself_is_still_in_time(day, late, timeliness, township):
    report = report_at(Stage.ACCEPTING, township, at=at(day))
    assert (report.due_on, report.sent_on, report.late_days) == (date(2024, 7, 5), day, late)
    assert MonthlyReport.objects.with_timeliness(day).get().timeliness == timeliness


@pytest.mark.parametrize(("day", "timeliness"), [(date(2024, 7, 5), "due"), (date(2024, 7, 6), "missing")])
def test_what_has_not_gone_up_is_missing_from_the_day_after(day, timeliness, township):
    report_at(Stage.SIGNING, township)
    assert MonthlyReport.objects.with_timeliness(day).get().timeliness == timeliness


def test_a_return_gives_time_and_takes_no_lateness_back(township, county):
    report = report_at(Stage.ACCEPTING, township, at=at(date(2024, 7, 8)))
    with make.writing_as(county, at=at(date(2024, 7, 9))) as writing:
        report = services.send_back(writing, report=report, text="漏报", deadline=date(2024, 7, 12))
    assert (report.stage, report.sent_on, report.due_on, report.late_days) == (
        Stage.RETURNED,
        None,
        date(2024, 7, 12),
        3,
    )
    step = ReportStep.objects.order_by("pk").last()
    assert (step.text, step.deadline_before, step.deadline_after) == ("漏报", date(2024, 7, 5), date(2024, 7, 12))
    for act in (services.report_nothing, services.sign):
        with make.writing_as(county, at=at(date(2024, 7, 12))) as writing:
            report = act(writing, report=report)
    assert report.late_days == 3
    with pytest.raises(ValidationError, match="不能早于今天"), make.writing_as(county) as writing:
        services.send_back(writing, report=report, text="漏报", deadline=date(2024, 7, 4))
    with pytest.raises(ValidationError, match="请写明原因"), make.writing_as(county) as writing:
        services.send_back(writing, report=report, text=" ")


def test_the_calendar_moves_what_has_not_gone_up(people, township, neighbour):
    waiting, sent = report_at(Stage.SIGNING, township), report_at(Stage.ACCEPTING, neighbour)
    with make.writing_as(people["county"]) as writing:
        assert set_deadlines(writing, year=2024, days={JUNE: date(2024, 7, 8)}) == 1
    assert [make.fresh(row).due_on for row in (waiting, sent)] == [date(2024, 7, 8), date(2024, 7, 5)]
    assert [month.due_on for month in years_of(township.county_id, 2024, [reports()])[0].months][4:7] == [
        date(2024, 6, 5),
        date(2024, 7, 8),
        date(2024, 8, 5),
    ]
    with make.writing_as(people["county"]) as writing:
        assert set_deadlines(writing, year=2024, days={}) == 1
    assert make.fresh(waiting).due_on == date(2024, 7, 5)
    for who in ("county2", "clerk"):
        with pytest.raises(Refused, match="不能设定报送期限"), make.writing_as(people[who]) as writing:
            set_deadlines(writing, year=2024, days={})
    with pytest.raises(ValidationError, match="不能早于所报的月份"), make.writing_as(people["county"]) as writing:
        set_deadlines(writing, year=2024, days={JUNE: JUNE})


def test_december_is_due_in_january():
    assert usual_deadline(reports(), date(2024, 12, 1)) == date(2025, 1, 5)


# -- the lines -----------------------------------------------------------------------------------------


@pytest.fixture
def project(township):
    return make.new_project(township, name="锂电铜箔项目")


def typed(project, **boxes):
    return {project.code: {"investment": "60", "progress": "主体施工到二层", **boxes}}


def save(report, seat, boxes, **options):
    with make.writing_as(seat) as writing:
        return services.save_lines(writing, report=report, typed=boxes, **options)


def test_what_is_wrong_is_kept_as_typed_until_it_is_right(people, project, township):
    other = make.new_project(township)
    report = new_report(township)
    boxes = {**typed(project, investment="六十"), **typed(other)}
    standing = save(report, people["clerk"], boxes)
    assert [(line.project, list(line.errors)) for line in standing.wrong] == [(project, ["investment"])]
    assert ProjectMonth.objects.get().project == other
    line = next(line for line in lines_of(make.fresh(report)) if line.project == project)
    assert (line.typed["investment"], line.typed["progress"]) == ("六十", "主体施工到二层")
    with pytest.raises(Refused, match="还有没改好的内容"), make.writing_as(people["clerk"]) as writing:
        services.submit(writing, report=make.fresh(report))
    assert save(make.fresh(report), people["clerk"], typed(project)).is_whole
    assert make.fresh(report).typed == {}


@pytest.mark.parametrize(
    ("boxes", "box", "sentence"),
    [
        ({"investment": ""}, "investment", "请填写本月完成投资，没有的填0。"),
        ({"unchanged": "on"}, "investment", "勾选了“本月无变化”的，本月完成投资要填0。"),
        ({"progress": ""}, "progress", "请填写形象进度；确实没有变化的，请勾选“本月无变化”。"),
        ({"investment": "-1"}, "remark", "本月完成投资为负数的，要在备注中写明原因。"),
        ({"problem": "字" * 2001}, "problem", "最多2000个字。"),
    ],
)
def test_what_a_line_refuses(boxes, box, sentence, people, project, township):
    standing = save(new_report(township), people["clerk"], typed(project, **boxes))
    assert standing.lines[0].errors == {box: sentence}


def test_the_rest_is_unchanged_by_one_click(people, project, township):
    make.new_project(township)
    report = new_report(township)
    assert save(report, people["clerk"], typed(project), rest_unchanged=True).is_whole
    assert list(ProjectMonth.objects.order_by("pk").values_list("unchanged", "investment")) == [
        (False, Decimal(60)),
        (True, Decimal(0)),
    ]


def test_a_report_of_nothing_fills_in_and_goes_on(people, project, township):
    report = new_report(township)
    with make.writing_as(people["clerk"]) as writing:
        report = services.report_nothing(writing, report=report)
    assert (report.stage, report.zero, ProjectMonth.objects.get().unchanged) == (Stage.SIGNING, True, True)


@pytest.mark.parametrize("what", ["arrival", "line"])
def test_where_something_happened_it_is_no_report_of_nothing(what, people, project, township):
    report = new_report(township)
    if what == "arrival":
        make.new_arrival(project, "100", JUNE)
    else:
        save(report, people["clerk"], typed(project))
    with pytest.raises(Refused, match="不是零报告"), make.writing_as(people["clerk"]) as writing:
        services.report_nothing(writing, report=make.fresh(report))


def test_a_project_without_a_word_keeps_the_report_back(people, project, township):
    with pytest.raises(Refused, match="还有1个项目没有填报"), make.writing_as(people["clerk"]) as writing:
        services.submit(writing, report=new_report(township))


@pytest.mark.parametrize(
    ("last", "now", "asked"),
    [
        ("6", "600", "100倍以上"),
        ("6", "599.9999", ""),
        ("60", "1000.0001", "超过了总投资1000万元"),
        ("60", "1000", ""),
        ("600", "0.6", "不到上月的千分之一"),
        ("600", "0.6001", ""),
    ],
)
def test_an_amount_unlike_the_others_is_asked_about(last, now, asked, people, project, township):
    make.new_month(project, month=MAY, investment=last, progress="主体施工到二层")
    save(new_report(township), people["clerk"], typed(project, investment=now))
    (line,) = lines_of(MonthlyReport.objects.get())
    assert line.marks == [SAME]
    assert (asked in line.question, bool(line.question)) == (True, bool(asked))


def test_a_row_that_somebody_changed_meanwhile_is_not_overwritten(people, project, township):
    report = new_report(township)
    save(report, people["clerk"], typed(project))
    seen = str(ProjectMonth.objects.get().row_version)
    save(make.fresh(report), people["clerk"], typed(project, investment="70", version=seen))
    with pytest.raises(Stale):
        save(make.fresh(report), people["clerk"], typed(project, investment="80", version=seen))


def test_a_form_sent_twice_is_saved_once(people, project, township):
    report = new_report(township)
    with make.writing_as(people["clerk"], token="once") as writing:
        services.save_lines(writing, report=report, typed=typed(project))
    with pytest.raises(SentTwice), make.writing_as(people["clerk"], token="once") as writing:
        services.save_lines(writing, report=report, typed=typed(project))


def test_who_is_asked_for_which_projects(people, township, neighbour):
    """Own and signed ones; not another unit's, not those that ended or produce."""
    own, ended, producing = (make.new_project(township) for _ in range(3))
    make.new_project(neighbour)
    make.new_milestone(ended, "ended", reason="资金断裂")
    make.new_milestone(producing, "production", reason="补录")
    assert [line.project for line in lines_of(new_report(township))] == [own]


def test_what_was_submitted_is_not_changed_from_aside(people, project, township):
    report = new_report(township)
    save(report, people["clerk"], typed(project))
    with make.writing_as(people["clerk"]) as writing:
        services.submit(writing, report=make.fresh(report))
    client, row = make.signed_in(people["clerk"]), ProjectMonth.objects.get()
    data = {"project": project.code, "month": "2024-06", "investment": "90", "progress": "封顶", "token": "y"}
    answer = client.post(f"/ledgers/progress/records/{row.code}/edit/", {**data, "version": row.row_version})
    assert answer.status_code == 422
    assert "月报现在是“待审核”" in answer.content.decode()
    answer = client.post(f"/ledgers/progress/records/{row.code}/void/", {"reason": "错", "token": "z"})
    assert answer.status_code == 422
    office = make.signed_in(people["county"])
    data["version"] = row.row_version
    assert office.post(f"/ledgers/progress/records/{row.code}/edit/", data).status_code == 302


def test_a_project_goes_with_its_months_and_leaves_the_report(people, project, township):
    report = new_report(township)
    save(report, people["clerk"], typed(project))
    with make.writing_as(township.county) as writing:
        void_project(writing, project=project, reason="重复")
    assert Standing(lines_of(report)).is_whole


def test_the_lines_of_thirty_projects_take_no_more_queries(people, township, django_assert_num_queries):
    report = new_report(township)
    for count in (1, 29):
        for _ in range(count):
            make.new_month(make.new_project(township), month=JUNE)
        with django_assert_num_queries(4):
            lines_of(report)


# -- counted -------------------------------------------------------------------------------------------


def test_missing_and_late_are_counted_by_unit(county, township, neighbour):
    report_at(Stage.ACCEPTED, township, at=at(date(2024, 7, 8)))
    new_report(neighbour)
    with make.writing_as(county) as writing:
        metrics = {metric.name: metric for metric in add_metrics(writing, shipped("metrics-reports"))}
    june = Period.parse("2024-06")
    told = {name: [value(m, june, unit) for unit in (township, neighbour)] for name, m in metrics.items()}
    assert told == {"少报月份数": [0, 1], "月报逾期月份数": [1, 0], "月报逾期天数": [3, 0]}


def test_the_ledger_tells_why_a_report_does_not_count(township):
    report_at(Stage.ACCEPTED, township)
    row = MonthlyReport.objects.with_timeliness(make.TODAY).get()
    assert ReportLedger().why_not(row, "timeliness", "逾期未报") == "报送情况是按期报送，不是逾期未报"

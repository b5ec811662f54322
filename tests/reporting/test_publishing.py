"""核对, 审定, 发布: the steps in their order, what is frozen, and that any edited byte is named."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.audit import seal
from core.files import path_of, store
from core.models import AuditEntry, Seal
from core.periods import Period
from core.write import Refused
from projects.models import Arrival
from reporting.models import Answer, FrozenPart, Metric, Publication, PublishedScore
from reporting.publishing import steps
from reporting.publishing.chain import bound, digest
from reporting.publishing.freezing import frozen_parts
from reporting.publishing.proof import broken_publications
from reporting.publishing.thawing import frozen_lines, published_draft
from reporting.ranking import draft_ranking, ranks_before
from reporting.services import add_scheme
from tests import factories as make

QUARTER = Period.parse("2024Q2")
DEADLINE = date(2024, 7, 10)
AFTER = make.NOW + timedelta(days=6)
MEETING = {"meeting": "县委招商引资工作领导小组第二次会议", "approved_on": date(2024, 7, 11)}


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def draft_of(scheme):
    return draft_ranking(scheme, QUARTER)


def opened(scheme, **options):
    with make.writing_as(scheme.county) as writing:
        return steps.open_checking(writing, draft=draft_of(scheme), answer_by=DEADLINE, **options)


def approved(scheme, publication):
    with make.writing_as(scheme.county, at=AFTER) as writing:
        return steps.approve(writing, publication=publication, draft=draft_of(scheme), **MEETING)


def publish(scheme, publication, **options):
    draft = draft_of(scheme)
    with make.writing_as(scheme.county, at=AFTER) as writing:
        return steps.publish(writing, publication=publication, draft=draft, before=ranks_before(draft), **options)


def published(scheme, **options):
    return publish(scheme, approved(scheme, opened(scheme, **options)))


def totals(draft):
    return {unit.unit: (unit.rank, unit.total) for unit in draft.results.units}


def test_freezing_asks_as_often_for_one_unit_as_for_all(contest):
    draft = draft_of(contest)
    alone = replace(draft, participants=draft.participants[:1])
    assert len(draft.participants) > 1
    assert statements(lambda: dict(frozen_parts(alone))) == statements(lambda: dict(frozen_parts(draft)))


def statements(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_a_published_ranking_is_the_draft_of_that_moment_and_stays_so(contest, neighbour):
    live = totals(draft_of(contest))
    row = published(contest)
    first = Arrival.objects.credited_to(neighbour.pk).get()
    make.judge(make.new_arrival(first.project, "900", date(2024, 6, 1)))
    assert totals(draft_of(contest)) != live
    assert totals(published_draft(row)) == live
    assert totals(published_draft(make.fresh(row))) == live


def test_every_figure_keeps_its_rows(contest, township):
    row = published(contest)
    metric = Metric.objects.get(name="本年累计到位资金")
    counted, left_out = frozen_lines(row, township, metric.code)
    assert [line.amount for line in counted] == [Decimal(4500)]
    assert left_out == []
    assert counted[0].code == Arrival.objects.credited_to(township.pk).get().code


def test_rows_that_were_left_out_are_frozen_with_their_reasons(contest, township):
    project = Arrival.objects.credited_to(township.pk).get().project
    waiting = make.new_arrival(project, "50", date(2024, 6, 1))
    row = published(contest)
    _, left_out = frozen_lines(row, township, Metric.objects.get(name="本年累计到位资金").code)
    assert [(line.code, line.reasons) for line in left_out] == [(waiting.code, ("未认定",))]


def test_the_steps_come_in_their_order(contest):
    row = opened(contest)
    with pytest.raises(Refused, match="还没有审定"):
        publish(contest, row)
    early = "核对期到2024年7月10日，芦溪镇、塔山镇还没有确认"
    with pytest.raises(Refused, match=early), make.writing_as(contest.county) as writing:
        steps.approve(writing, publication=row, draft=draft_of(contest), **MEETING)
    row = publish(contest, approved(contest, row))
    with pytest.raises(Refused, match="已由系统发布，不用再发布"):
        publish(contest, row)


def test_the_period_is_opened_once(contest):
    opened(contest)
    with pytest.raises(Refused, match="正在核对中"):
        opened(contest)


def test_units_confirm_or_ask_and_nobody_is_cut_short(contest, township, neighbour):
    row = opened(contest)
    draft = draft_of(contest)
    head = make.township_seat(township, ["review"])
    with make.writing_as(head) as writing:
        answer = steps.confirm(writing, publication=row, unit=township, draft=draft)
    assert (answer.total, answer.rank) == ("100.00", 1)
    assert [unit.name for unit in steps.silent_units(row)] == ["塔山镇"]
    metric = Metric.objects.get(name="本年累计到位资金")
    clerk = make.township_seat(neighbour)
    with make.writing_as(clerk) as writing:
        asked = steps.dispute(
            writing, publication=row, unit=neighbour, about=township, metric=metric, claim="这笔是贷款，不应计入"
        )
    with pytest.raises(Refused, match="还有 1 条复核申请没有答复"):
        approved(contest, row)
    with make.writing_as(contest.county) as writing:
        steps.reply(writing, dispute=asked, outcome="rejected", text="凭证为股东出资，不是贷款")
    assert approved(contest, row).stage == "approved"
    with pytest.raises(Refused, match="核对期已经结束"), make.writing_as(clerk) as writing:
        steps.dispute(writing, publication=make.fresh(row), unit=neighbour, about=township, metric=metric, claim="再问")


def test_who_has_not_answered_by_the_deadline_agrees_and_is_heard_no_more(contest, township, neighbour):
    row = opened(contest)
    metric = Metric.objects.get(name="本年累计到位资金")
    about = {"publication": row, "unit": neighbour, "about": township, "metric": metric}
    clerk, head = make.township_seat(neighbour), make.township_seat(township, ["review"])
    last_day, after = make.NOW + timedelta(days=5), AFTER
    assert (last_day.date(), after.date() > DEADLINE) == (DEADLINE, True)
    with make.writing_as(clerk, at=last_day) as writing:
        steps.dispute(writing, **about, claim="这笔是贷款")
    over = "核对期到2024年7月10日已经结束，没有答复的视为同意"
    with pytest.raises(Refused, match=over), make.writing_as(clerk, at=after) as writing:
        steps.dispute(writing, **about, claim="还有一笔")
    with pytest.raises(Refused, match=over), make.writing_as(head, at=after) as writing:
        steps.confirm(writing, publication=row, unit=township, draft=draft_of(contest))


@pytest.mark.parametrize("what", ["a figure that the scheme does not read", "a unit that takes no part"])
def test_only_what_is_checked_can_be_disputed(contest, county, township, neighbour, what):
    row = opened(contest)
    read, unread = Metric.objects.get(name="本年累计到位资金"), Metric.objects.get(name="新开工项目数")
    outside = make.new_township(county, name="外镇")
    metric, about = (unread, township) if "figure" in what else (read, outside)
    with pytest.raises(Refused, match="核对范围内"), make.writing_as(make.township_seat(neighbour)) as writing:
        steps.dispute(writing, publication=row, unit=neighbour, about=about, metric=metric, claim="请核对")


@pytest.mark.parametrize(
    ("approved_on", "announced_from", "field", "said"),
    [
        (date(2024, 7, 12), None, "approved_on", "审定日期不能晚于今天"),
        (date(2024, 7, 4), None, "approved_on", "2024年7月5日才发起核对，审定日期不能早于这一天"),
        (date(2024, 7, 11), date(2024, 7, 10), "announced_from", "公示起不能早于审定日期"),
    ],
)
def test_checking_comes_first_then_the_meeting_then_the_announcement(contest, approved_on, announced_from, field, said):
    row = opened(contest)
    given = {"announced_from": announced_from, "announced_until": date(2024, 7, 20)} if announced_from else {}
    with pytest.raises(Refused) as refused, make.writing_as(contest.county, at=AFTER) as writing:
        steps.approve(
            writing, publication=row, draft=draft_of(contest), meeting="会议", approved_on=approved_on, **given
        )
    assert said in refused.value.message_dict[field][0]


def test_a_period_is_ranked_once_whatever_its_scheme_is_called(contest, county, township):
    """A second ranking under another name would count the quarter twice in the year."""
    published(contest)
    body = {**contest.body, "name": "新擂台"}
    with make.writing_as(county) as writing:
        renamed = add_scheme(writing, body=body, participants=[(township, "")])
    said = "2024年二季度已经按方案“季度擂台”发布，同一期间只能有一份排名，更正请沿用原来的方案名称"
    with pytest.raises(Refused, match=said):
        opened(renamed)


def test_of_two_schemes_checked_side_by_side_one_is_published(contest, county, township):
    with make.writing_as(county) as writing:
        other = add_scheme(writing, body={**contest.body, "name": "新擂台"}, participants=[(township, "")])
    row = approved(other, opened(other))
    published(contest)
    with pytest.raises(Refused, match="同一期间只能有一份排名"):
        publish(other, row)


def test_other_units_may_be_ranked_by_another_scheme(contest, county):
    published(contest)
    with make.writing_as(county) as writing:
        units = [(make.new_township(county, name="外镇"), "")]
        other = add_scheme(writing, body={**contest.body, "name": "部门擂台"}, participants=units)
    assert published(other).version == 1


# -- what the meeting saw -----------------------------------------------------------------------------


MOVED = "塔山镇：审定时总分56.74，第1，现在总分88.00，第1"


def moved_after_approval(contest, neighbour):
    row = approved(contest, opened(contest))
    project = Arrival.objects.credited_to(neighbour.pk).get().project
    make.judge(make.new_arrival(project, "789.5", date(2024, 6, 1)))
    return row


def test_what_moved_after_the_meeting_is_not_published_unseen(contest, neighbour):
    row = moved_after_approval(contest, neighbour)
    with pytest.raises(Refused) as refused:
        publish(contest, row)
    assert f"审定以后结果有变动（{MOVED}），请写明原因" in refused.value.message_dict["since_approval"][0]
    assert not FrozenPart.objects.exists()


def test_it_is_published_with_its_reason_which_is_bound_like_all_else(contest, neighbour):
    row = publish(contest, moved_after_approval(contest, neighbour), since_approval="采纳公示异议，补计一笔资金")
    assert steps.moved_told(row) == {"why": "采纳公示异议，补计一笔资金", "results": [MOVED]}
    book = load_workbook(BytesIO(path_of(row.workbook.sha256).read_bytes()))
    text = "".join(str(cell.value) for line in book["排名"].iter_rows() for cell in line if cell.value)
    assert "审定后变动的原因：采纳公示异议，补计一笔资金" in text
    assert verify()[0] == 0
    edit("reporting_publication", "since_approval", "", id=row.pk)
    assert "与校验码不符" in verify()[1]


def test_what_stayed_as_it_was_approved_needs_no_reason(contest):
    row = published(contest)
    assert (row.since_approval, steps.moved_told(row)) == ("", {})
    assert row.approved_stands == {"芦溪镇": "总分100.00，第1", "塔山镇": "总分56.74，第1"}


def test_a_unit_that_joined_or_left_after_the_meeting_is_told(contest, county, neighbour):
    row = approved(contest, opened(contest))
    with make.writing_as(county) as writing:
        writing.void(contest.participants.get(unit=neighbour), reason="退出试点")
    told = "塔山镇：审定后不再列入名单"
    with pytest.raises(Refused, match=told):
        publish(contest, row)


def test_what_was_answered_is_frozen_with_the_result(contest, township, neighbour):
    row = opened(contest)
    head, clerk = make.township_seat(township, ["review"]), make.township_seat(neighbour)
    with make.writing_as(head) as writing:
        steps.confirm(writing, publication=row, unit=township, draft=draft_of(contest))
    metric = Metric.objects.get(name="本年累计到位资金")
    with make.writing_as(clerk) as writing:
        asked = steps.dispute(
            writing, publication=row, unit=neighbour, about=township, metric=metric, claim="这笔是贷款"
        )
    with make.writing_as(contest.county) as writing:
        steps.reply(writing, dispute=asked, outcome="rejected", text="凭证为股东出资")
    told = json.loads(publish(contest, approved(contest, row)).parts.get(name="核对").text)
    assert told["answers"] == [{"unit": "芦溪镇", "total": "100.00", "rank": 1, "on": "2024-07-05"}]
    ((about, claim, outcome, reply),) = [
        [d[k] for k in ("about", "claim", "outcome", "reply")] for d in told["disputes"]
    ]
    assert (about, claim, outcome, reply) == ("芦溪镇", "这笔是贷款", "rejected", "凭证为股东出资")
    assert told["silent"] == []


def test_who_let_the_time_go_by_is_frozen_too(contest):
    assert json.loads(published(contest).parts.get(name="核对").text)["silent"] == ["芦溪镇", "塔山镇"]


def test_nobody_confirms_for_another_unit(contest, township, neighbour):
    row = opened(contest)
    head = make.township_seat(township, ["review"])
    with pytest.raises(Refused, match="不能确认"), make.writing_as(head) as writing:
        steps.confirm(writing, publication=row, unit=neighbour, draft=draft_of(contest))


def test_a_township_publishes_nothing(contest, township):
    head = make.township_seat(township, ["entry", "review", "publish"])
    with pytest.raises(Refused, match="不能办理核对、审定和发布"), make.writing_as(head) as writing:
        steps.open_checking(writing, draft=draft_of(contest), answer_by=DEADLINE)


def test_the_deadline_is_ahead(contest):
    with pytest.raises(Refused, match="要晚于今天"), make.writing_as(contest.county) as writing:
        steps.open_checking(writing, draft=draft_of(contest), answer_by=make.TODAY)


def test_nothing_is_published_before_its_announcement_has_run_out(contest):
    row = opened(contest)
    with make.writing_as(contest.county, at=AFTER) as writing:
        row = steps.approve(
            writing,
            publication=row,
            draft=draft_of(contest),
            **MEETING,
            announced_from=AFTER.date(),
            announced_until=AFTER.date(),
            contact="李四 0816-5555555",
        )
    with pytest.raises(Refused, match="公示到2024年7月11日"):
        publish(contest, row)


def test_a_metric_that_cannot_be_trusted_is_not_published(contest):
    row = approved(contest, opened(contest))
    metric = Metric.objects.get(name="本年累计到位资金")
    Metric.objects.filter(pk=metric.pk).update(conditions={"gone": ["1"]})
    with pytest.raises(Refused, match="有指标不能计算"):
        publish(contest, row)
    assert not FrozenPart.objects.exists()


def test_a_correction_says_what_changed_and_supersedes_the_results(contest, neighbour):
    first = published(contest)
    with pytest.raises(Refused, match="要写更正说明"):
        opened(contest)
    project = Arrival.objects.credited_to(neighbour.pk).get().project
    make.judge(make.new_arrival(project, "789.5", date(2024, 6, 1)))
    second = published(contest, correction="塔山镇漏计一笔到位资金789.5万元")
    assert second.version == 2
    told = json.loads(second.parts.get(name="更正").text)
    assert told["figures"] == ["塔山镇本年累计到位资金：810.5 改为 1600"]
    assert told["results"] == ["塔山镇：总分 56.74 改为 88.00"]
    assert second.previous == first.sha256
    assert PublishedScore.objects.current().filter(publication=first).count() == 0
    assert PublishedScore.objects.current().filter(publication=second).count() == 2
    assert list(broken_publications(contest.county_id)) == []


def test_the_results_become_rows_that_later_rankings_read(contest, township):
    published(contest)
    row = PublishedScore.objects.get(unit=township)
    assert (row.group, row.kind, row.rank, row.first_day, row.last_day) == (
        "中心镇",
        "quarter",
        1,
        date(2024, 4, 1),
        date(2024, 6, 30),
    )
    assert row.total == totals(draft_of(contest))["芦溪镇"][1]


def test_the_workbook_is_kept_with_its_own_sum(contest):
    row = published(contest)
    book = load_workbook(BytesIO(path_of(row.workbook.sha256).read_bytes()))
    text = "".join(str(cell.value) for line in book["排名"].iter_rows() for cell in line if cell.value)
    assert "第1版，2024-07-11" in text
    assert MEETING["meeting"] in text


# -- every edited byte is named ---------------------------------------------------------------------


def verify():
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_publications", stdout=out, stderr=err)
    except SystemExit as stopped:
        return stopped.code, err.getvalue()
    return 0, out.getvalue()


def edit(table, column, value, **where):
    conditions = " AND ".join(f"{name} = %s" for name in where)
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE {table} SET "{column}" = %s WHERE {conditions}', [value, *where.values()])
        assert cursor.rowcount == 1


def test_what_is_intact_is_said_to_be(contest):
    row = published(contest)
    assert verify() == (
        0,
        f"{contest.county}第1份：{row}，校验码{row.sha256}\n1 份发布全部与校验码相符，重算结果一致。\n",
    )


@pytest.mark.parametrize("name", ["考核方案", "参评单位", "指标", "输入", "结果", "上期名次", "核对"])
def test_one_byte_of_a_part(contest, name):
    row = published(contest)
    part = row.parts.get(name=name)
    edit("reporting_frozenpart", "text", part.text + " ", id=part.pk)
    code, told = verify()
    assert code == 1
    assert told == f"{row}：冻结的“{name}”已被改动。\n"


def test_one_byte_of_the_rows_behind_a_figure(contest, township):
    row = published(contest)
    part = row.parts.get(name=f"明细 {township.code}")
    edit("reporting_frozenpart", "text", part.text.replace("4500", "4600"), id=part.pk)
    code, told = verify()
    assert (code, told) == (1, f"{row}：冻结的“明细 {township.code}”已被改动。\n")


def test_a_part_edited_together_with_its_sum(contest):
    """Whoever knows how a part is summed still meets the publication's own sum, and the result computed again."""
    row = published(contest)
    part = row.parts.get(name="输入")
    text = part.text.replace('"4500.0000"', '"4600.0000"').replace('"4500"', '"4600"')
    assert text != part.text
    edit("reporting_frozenpart", "text", text, id=part.pk)
    edit("reporting_frozenpart", "sha256", digest(text), id=part.pk)
    code, told = verify()
    assert code == 1
    assert "与校验码不符" in told
    assert "芦溪镇本年累计到位资金与所列记录之和不符" in told


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("meeting", "另一次会议"),
        ("published_as", "别人"),
        ("version", 3),
        ("approved_on", "2024-07-12"),
        ("answer_by", "2024-07-09"),
        ("approved_stands", "{}"),
        ("correction", "没有更正"),
        ("sha256", "0" * 64),
    ],
)
def test_what_the_document_says_of_itself(contest, column, value):
    row = published(contest)
    edit("reporting_publication", column, value, id=row.pk)
    code, told = verify()
    assert code == 1
    assert "与校验码不符" in told


@pytest.mark.parametrize(
    ("column", "value"),
    [("total", "990000"), ("rank", 2), ("tied", True), ("qualified", False), ("award", "一等奖"), ("group", "特色镇")],
)
def test_a_score_that_years_and_awards_read(contest, township, column, value):
    row = published(contest)
    edit("reporting_publishedscore", column, value, unit_id=township.pk)
    assert verify() == (1, f"{row}：芦溪镇的成绩与冻结的结果不符。\n")


def test_a_score_that_was_taken_out_or_in(contest, county, township, neighbour):
    row = published(contest)
    edit("reporting_publishedscore", "unit_id", make.new_township(county, name="外镇").pk, unit_id=township.pk)
    assert verify() == (1, f"{row}：芦溪镇的成绩不在了。\n{row}：多出外镇的成绩。\n")


def test_a_score_that_was_voided_or_counts_twice(contest, neighbour):
    first = published(contest)
    edit("reporting_publishedscore", "voided_at", "2024-08-01 00:00:00+00:00", unit_id=neighbour.pk)
    assert verify() == (1, f"{first}：塔山镇的成绩没有更正却被作废。\n")
    second = published(contest, correction="更正一处")
    edit("reporting_publishedscore", "voided_at", None, unit_id=neighbour.pk, publication_id=first.pk)
    edit("reporting_publishedscore", "voided_at", "2024-08-01 00:00:00+00:00", id=second.scores.get(unit=neighbour).pk)
    assert verify() == (
        1,
        f"{first}：塔山镇的成绩已被更正却没有作废。\n{second}：塔山镇的成绩没有更正却被作废。\n",
    )


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("stage", "approved", "已审定"),
        ("stage", "checking", "核对中"),
        ("voided_at", "2024-08-01 00:00:00+00:00", "撤回"),
    ],
)
def test_a_publication_that_was_made_to_vanish_from_the_pages(contest, column, value, said):
    row = published(contest)
    edit("reporting_publication", column, value, id=row.pk)
    assert f"{row}：已经发布，却被记作{said}。\n" in verify()[1]


def test_the_link_to_the_publication_before(contest):
    published(contest)
    second = published(contest, correction="更正一处")
    edit("reporting_publication", "previous", "1" * 64, id=second.pk)
    code, told = verify()
    assert code == 1
    assert "与上一发布的校验码接不上" in told


def test_a_publication_that_was_taken_out(contest):
    first = published(contest)
    published(contest, correction="更正一处")
    with connection.cursor() as cursor:
        for table in ("reporting_frozenpart", "reporting_publishedscore"):
            cursor.execute(f"DELETE FROM {table} WHERE publication_id = %s", [first.pk])
        cursor.execute("DELETE FROM reporting_publication WHERE id = %s", [first.pk])
    code, told = verify()
    assert code == 1
    assert "第1份发布不在了" in told
    assert "接不上" in told


def delete(model, **where):
    """Past the door and past what the models hold together, as somebody in the database would."""
    rows = list(model.objects.filter(**where).values_list("pk", flat=True))
    assert rows
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [[pk] for pk in rows])


def take_out(publication):
    for model in (FrozenPart, PublishedScore, Answer):
        if model.objects.filter(publication=publication).exists():
            delete(model, publication=publication)
    delete(Publication, pk=publication.pk)


def test_the_last_publication_taken_out_whole(contest):
    """Nothing in the chain comes after it: the log still tells of it, and its number is missing."""
    published(contest)
    last = published(contest, correction="更正一处")
    take_out(last)
    code, told = verify()
    assert code == 1
    assert f"{last}（{last.code}）：日志记有发布，现在查不到了。" in told
    assert f"发布的编号不连续，少了{last.code}。" in told


def test_the_only_publication_taken_out_with_what_the_log_tells_of_it(contest):
    """What is written has its number, so that the numbers tell where the log was emptied before it was sealed."""
    row = published(contest)
    take_out(row)
    AuditEntry.objects.filter(subject_model="reporting.publication", subject_id=row.pk).delete()
    code, told = verify()
    assert code == 1
    assert f"发布的编号不连续，少了{row.code}。" in told
    assert re.search(r"冻结内容的编号不连续，少了DJ\d{4}-\d{5}等\d+条。", told)


def test_the_log_itself_taken_out_after_it_was_sealed(contest):
    row = published(contest)
    seal(contest.county_id, at=AFTER)
    take_out(row)
    AuditEntry.objects.filter(subject_model="reporting.publication", subject_id=row.pk).delete()
    assert re.search(r"操作日志第\d+至\d+条与封条不符，不足以证明发布是否齐全。", verify()[1])


def test_a_seal_that_a_publication_carries_taken_out(contest):
    seal(contest.county_id, at=make.NOW)
    row = published(contest)
    Seal.objects.all().delete()
    assert verify() == (1, f"{row}：发布时的日志封条不在了。\n")


@pytest.mark.parametrize(
    ("model", "where", "said"),
    [
        (FrozenPart, {"name": "输入"}, "的输入"),
        (PublishedScore, {"unit__name": "芦溪镇"}, "芦溪镇"),
        (Answer, {}, "芦溪镇确认"),
    ],
)
def test_a_row_of_the_last_publication_taken_out(contest, township, model, where, said):
    row = opened(contest)
    with make.writing_as(contest.county) as writing:
        steps.confirm(writing, publication=row, unit=township, draft=draft_of(contest))
    row = publish(contest, approved(contest, row))
    lost = model.objects.get(publication=row, **where)
    delete(model, pk=lost.pk)
    code, told = verify()
    assert code == 1
    assert said in str(lost)
    assert f"{row}：日志记有的“{lost}”（{lost.code}）不在了。" in told


def test_a_withdrawn_publication_taken_out(contest):
    row = opened(contest)
    with make.writing_as(contest.county) as writing:
        steps.withdraw(writing, publication=row, reason="发起早了")
    assert verify()[0] == 0
    take_out(row)
    assert verify() == (
        1,
        f"{row}（{row.code}）：日志记有作废，现在查不到了。\n发布的编号不连续，少了{row.code}。\n",
    )


def test_a_publication_written_anew_with_its_sums(contest):
    """Whoever recomputes every sum meets the one that the log kept."""
    row = published(contest)
    edit("reporting_publication", "meeting", "另一次会议", id=row.pk)
    edit("reporting_publication", "sha256", bound(make.fresh(row), sums_of(row)), id=row.pk)
    assert verify() == (1, f"{row}：校验码与日志所记的不同。\n")


def sums_of(publication):
    return dict(publication.parts.values_list("name", "sha256"))


def test_the_files_that_it_names(contest):
    row = published(contest)
    path = path_of(row.workbook.sha256)
    path.write_bytes(path.read_bytes() + b" ")
    assert verify() == (1, f"{row}：排名表文件已被改动。\n")
    path.unlink()
    assert verify() == (1, f"{row}：排名表文件不在了。\n")


def test_a_signed_page_is_part_of_it(contest):
    row = opened(contest)
    page = store([b"%PDF-1.4 signed"], name="签批页.pdf", at=AFTER)
    with make.writing_as(contest.county, at=AFTER) as writing:
        row = steps.approve(writing, publication=row, draft=draft_of(contest), **MEETING, signed_page=page)
    row = publish(contest, row)
    other = store([b"%PDF-1.4 other"], name="另一页.pdf", at=AFTER)
    edit("reporting_publication", "signed_page_id", other.pk, id=row.pk)
    assert "与校验码不符" in verify()[1]


def test_two_people_publish_at_once(contest):
    """One wins; the other is told who did. The second still holds the row as it was."""
    row = approved(contest, opened(contest))
    stale = make.fresh(row)
    publish(contest, row)
    with pytest.raises(Refused, match="已由系统发布"):
        publish(contest, stale)
    assert Publication.objects.exclude(position=None).count() == 1

"""What may become of a scheme: drafts, versions, what is in force, what was published from."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.periods import Period
from core.write import Refused, Stale
from reporting.models import Metric, Scheme
from reporting.publishing.steps import open_checking, withdraw
from reporting.ranking import draft_ranking, latest_period, periods_with_scheme, scheme_for
from reporting.scheme_editing import services
from reporting.scheme_editing.filing import file_text, kept, read_file
from reporting.scoring.errors import FileError
from reporting.scoring.exact_json import read_json
from reporting.services import change_metric, uses_of, void_metric
from tests import factories as make

QUARTER = Period.parse("2024Q2")


@pytest.fixture
def write(office):
    """write(service, …): as 经办 of the county office."""

    def act(service, **given):
        with make.writing_as(office) as writing:
            return service(writing, **given)

    return act


@pytest.fixture
def draft(contest, write):
    return write(services.copy_scheme, scheme=contest, name=contest.name, year=contest.year)


def pass_mark(scheme, mark):
    return {**scheme.body, "pass_mark": mark}


def in_checking(scheme):
    with make.writing_as(scheme.county) as writing:
        draft = draft_ranking(scheme, QUARTER)
        return open_checking(writing, draft=draft, answer_by=make.TODAY + timedelta(days=1))


def test_a_copy_is_the_next_version_with_its_participants(contest, draft):
    assert (draft.version, draft.stage, draft.document) == (2, "draft", contest.document)
    assert draft.rules == contest.rules
    told = [(str(row.unit), row.group) for row in draft.participants.current().order_by("pk")]
    assert told == [(str(row.unit), row.group) for row in contest.participants.current().order_by("pk")]


def test_a_copy_into_another_year_begins_at_one_without_its_document(contest, write):
    row = write(services.copy_scheme, scheme=contest, name=contest.name, year=2025)
    assert (row.version, row.year, row.rules.year, row.document) == (1, 2025, 2025, "")


def test_a_draft_ranks_nobody_until_it_is_in_force(contest, draft, write):
    assert scheme_for(contest.county, QUARTER) == contest
    assert latest_period(contest.county) == QUARTER
    write(services.put_in_force, scheme=draft)
    assert scheme_for(contest.county, QUARTER) == draft


@pytest.mark.parametrize("name", ["季度擂台", "乡镇遴选"])
def test_a_selections_scheme_ranks_no_period(name, contest, write):
    body = {**contest.body, "name": name, "year": 2024, "purpose": "selection", "places": {"中心镇": 1}}
    groups = [(row.unit, row.group) for row in contest.participants.current()]
    selecting = write(services.add_draft, body=body, document="县委办〔2024〕3号", participants=groups)
    write(services.put_in_force, scheme=selecting)
    assert make.fresh(selecting).purpose == "selection"
    assert scheme_for(contest.county, QUARTER) == contest
    assert latest_period(contest.county) == QUARTER
    assert [row.scheme for row in draft_ranking(selecting, QUARTER).participants] == [selecting, selecting]


def test_a_county_with_nothing_but_a_selections_scheme_has_no_ranking(contest, write):
    write(services.change_rules, scheme=contest, body={**contest.body, "purpose": "selection"})
    assert scheme_for(contest.county, QUARTER) is None
    assert latest_period(contest.county) is None
    assert periods_with_scheme(contest.county) == []


def test_the_purpose_stays_in_the_file_and_is_told(draft, write):
    assert "purpose" not in file_text(draft.rules)
    told = write(services.change_rules, scheme=draft, body={**draft.body, "purpose": "selection"})
    assert told == ("用途由考核改为遴选。",)
    assert read_json(file_text(make.fresh(draft).rules).encode())["purpose"] == "selection"


def test_a_change_is_told(draft, write):
    assert write(services.change_rules, scheme=draft, body=pass_mark(draft, 65)) == ("合格线由60分改为65分。",)
    assert make.fresh(draft).rules.pass_mark == 65


def test_what_was_published_from_stays_as_it_was(contest, write):
    publication = in_checking(contest)
    acts = [
        (services.change_rules, {"body": pass_mark(contest, 65)}),
        (services.set_participants, {"groups": {}, "document": ""}),
        (services.put_in_force, {}),
        (services.withdraw_scheme, {"reason": "不用了"}),
    ]
    for service, given in acts:
        with pytest.raises(Refused, match="请另存为新版"):
            write(service, scheme=contest, **given)
    assert write(services.copy_scheme, scheme=contest, name=contest.name, year=contest.year).version == 2
    with make.writing_as(contest.county) as writing:
        withdraw(writing, publication=publication, reason="发起错了")
    assert write(services.change_rules, scheme=contest, body=pass_mark(contest, 65))


def test_a_change_over_somebody_elses_is_refused(draft, write):
    write(services.change_rules, scheme=draft, body=pass_mark(draft, 65), version=draft.row_version)
    with pytest.raises(Stale):
        write(services.change_rules, scheme=draft, body=pass_mark(draft, 70), version=draft.row_version)


@pytest.mark.parametrize("post", ["county2", "township", "township2", "department", "leader", "inspector"])
def test_only_the_office_that_enters_edits(post, draft, seats):
    with pytest.raises(Refused, match="不能编辑"), make.writing_as(seats[post]) as writing:
        services.change_rules(writing, scheme=draft, body=pass_mark(draft, 65))
    with pytest.raises(Refused, match="不能编辑"), make.writing_as(seats[post]) as writing:
        services.add_draft(writing, body=draft.body)


def test_a_scheme_in_force_never_reads_what_nobody_gives(contest, draft, write):
    formula = {"name": "合同", "points": 40, "formula": "新签约金/1000"}
    body = {**draft.body, "indicators": [formula]}
    write(services.change_rules, scheme=draft, body=body)
    said = "指标“合同”：没有名为“新签约金”的指标数据，相近的有：新签约金额"
    with pytest.raises(Refused, match=said):
        write(services.put_in_force, scheme=draft)
    with pytest.raises(Refused, match=said):
        write(services.change_rules, scheme=contest, body=body)


def test_nothing_is_put_in_force_half_done(county, write):
    empty = write(services.add_draft, body={"name": "新方案", "year": 2024, "period": "quarter"})
    with pytest.raises(Refused) as refused:
        write(services.put_in_force, scheme=empty)
    assert refused.value.messages == [
        "还没有指标，至少要有一个。",
        "还没有参评单位，请到“参评单位”里勾选。",
        "还没有填写依据文件，请在“参评单位”里写明准许这项考核的文件。",
    ]


def test_the_last_indicator_of_a_scheme_in_force_stays(contest, write):
    with pytest.raises(Refused, match="至少要有一个指标"):
        write(services.change_rules, scheme=contest, body={**contest.body, "indicators": []})


def test_participants_come_go_and_change_groups(draft, write, township, neighbour, county):
    third = make.new_township(county)
    changed = write(
        services.set_participants, scheme=draft, groups={township: "特色镇", third: ""}, document="县委办〔2024〕9号"
    )
    assert changed == 3
    told = {str(row.unit): row.group for row in draft.participants.current()}
    assert told == {str(township): "特色镇", str(third): ""}
    assert make.fresh(draft).document == "县委办〔2024〕9号"
    write(services.set_participants, scheme=draft, groups={neighbour: "甲组"}, document="")
    assert [str(row) for row in draft.participants.current()] == [f"{neighbour}（甲组）"]


def test_a_name_of_another_year_counts_versions_anew(draft, write):
    write(services.change_rules, scheme=draft, body={**draft.body, "year": 2026})
    row = make.fresh(draft)
    assert (row.year, row.version, row.rules.year) == (2026, 1, 2026)


def test_versions_are_never_counted_twice(contest, draft, write):
    write(services.withdraw_scheme, scheme=draft, reason="写错了")
    assert not Scheme.objects.current().filter(pk=draft.pk).exists()
    assert write(services.copy_scheme, scheme=contest, name=contest.name, year=contest.year).version == 3


# -- metrics in use -------------------------------------------------------------------------------------


def test_a_metric_in_use_keeps_its_name_and_its_life(contest, draft, write):
    money = Metric.objects.get(name="本年累计到位资金")
    assert uses_of(money) == [draft, contest]
    for service, given in ((change_metric, {"name": "到位"}), (void_metric, {"reason": "不用了"})):
        with pytest.raises(Refused, match="考核方案“季度擂台（2024年，第2版）”、“季度擂台（2024年，第1版）”正在使用"):
            write(service, metric=money, **given)
    assert write(change_metric, metric=money, description="累计").description == "累计"


def test_a_metric_that_nobody_reads_is_renamed_and_voided(contest, write):
    metric = Metric.objects.get(name="新投产项目数")
    assert uses_of(metric) == []
    assert write(change_metric, metric=metric, name="投产项目数").name == "投产项目数"
    assert write(void_metric, metric=make.fresh(metric), reason="不用了").voided_at


def test_another_countys_schemes_use_nothing_here(contest, elsewhere):
    with make.writing_as(elsewhere) as writing:
        services.add_draft(writing, body=contest.body)
    assert uses_of(Metric.objects.get(name="本年累计到位资金")) == [contest]


# -- files ------------------------------------------------------------------------------------------------

EXACT = """{"name": "精确", "year": 2024, "period": "year", "pass_mark": 123456789012345678.123456789 ,
"floor": 0.1, "indicators": [{"name": "甲", "points": 33.333333333, "formula": "1"}]}"""


def test_numbers_survive_the_database_and_the_file_exactly(county, write):
    row = make.fresh(
        write(services.add_draft, body=read_file(EXACT.replace("123456789012345678", "12345678901234567").encode()))
    )
    assert row.rules.indicators[0].points == Decimal("33.333333333")
    assert row.rules.pass_mark == Decimal("12345678901234567.123456789")
    again = read_json(file_text(row.rules).encode())
    assert again["pass_mark"] == Decimal("12345678901234567.123456789")
    assert '"points": 33.333333333,' in file_text(row.rules)
    assert kept(again) == row.body


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "不是UTF-8编码"),
        (b"{", "不是合法的JSON"),
        (b"[]", "应当是一组"),
        (b'{"name": "x"}', "缺少“year”"),
        (EXACT.replace('"formula": "1"', f'"formula": "{"1+" * 50000}1"').encode(), "公式有100001个字符，最多2000个"),
        (EXACT.replace('"formula": "1"', '"formula": "MIN(1"').encode(), "指标“甲”：“formula”无法解析"),
        (EXACT.replace("0.1", "1e999999").encode(), "过大"),
    ],
)
def test_a_file_that_does_not_read_is_refused_with_a_sentence(content, said):
    with pytest.raises(FileError, match=said):
        read_file(content)

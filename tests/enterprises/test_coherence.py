"""疑点: asked once, seen by whom, answered and closed by two people, settled by revised figures, never a correction."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.ledgers.ledger import ledger_for
from core.models import Evidence
from core.write import Refused
from enterprises.coherence import services
from enterprises.coherence.models import CoherenceQuestion, CoherenceRule
from enterprises.coherence.series import earlier
from enterprises.models import EnterpriseMonth
from tests import factories as make
from tests.factories import new_enterprise, new_figures, new_mandate, signed_in
from townships.waiting import waits_of

pytestmark = pytest.mark.django_db
MAY = date(2024, 5, 1)
LIST = "/ledgers/coherence_questions/"
DUE = make.TODAY + timedelta(days=10)


@pytest.fixture
def office(county):
    """经办 alone: who asks does not close."""
    return make.new_seat(county, duties=["entry"])


@pytest.fixture
def reviewer(county):
    return make.new_seat(county, duties=["review"])


@pytest.fixture
def bureau(county):
    """税务局, whose people answer for it."""
    unit = make.new_unit(county, "department")
    return make.new_seat(county, role="department", unit=unit, duties=["entry"])


@pytest.fixture
def firm(township):
    """Its revenue of May is three times what its power says."""
    one = new_enterprise(township, name="棉纺公司", industry="1711")
    history(one, power=1000)
    return one


@pytest.fixture
def taxed(township):
    """The same against what the tax office says of it."""
    one = new_enterprise(township, name="税务有数的公司")
    new_mandate(one, first_month=date(2023, 1, 1))
    history(one)
    for back in range(13):
        new_figures(one, earlier(MAY, back), "tax", tax=Decimal("7.7777"))
    return one


def history(firm, **steady):
    for back in range(12, 0, -1):
        new_figures(firm, earlier(MAY, back), revenue=Decimal(100 + back % 2), **steady)
    new_figures(firm, MAY, revenue=Decimal(300), **steady)


def run(county, month=MAY, **options):
    with make.writing_as(county) as writing:
        services.take_over_rules(writing)
        return services.ask_month(writing, month=month, **options)


def asked(firm):
    return CoherenceQuestion.objects.get(enterprise=firm)


def done(act, question, by, **values):
    with make.writing_as(by) as writing:
        return act(writing, question=question, **values)


def answered(question, by, text="新签外贸订单，已核对发票。"):
    return done(services.answer, question, by, text=text)


# -- asking ----------------------------------------------------------------------------------------


def test_a_month_is_asked_about_once(firm, county):
    first, second = run(county), run(county)
    assert ((first.new, second.new), (second.settled, second.again)) == ((1, 0), (0, 0))
    question = asked(firm)
    assert (question.rule.name, question.stage, question.from_departments) == ("营业收入与用电量", "open", False)
    assert question.seen["months"][-1] == "2024-05"
    assert [line["values"][-1] for line in question.seen["lines"]] == ["300.0000", "1000"]


def test_nothing_is_asked_of_another_county(firm, elsewhere):
    assert run(elsewhere).new == 0


@pytest.mark.parametrize("verdict", ["returned", "refused"])
def test_what_was_sent_back_raises_nothing(verdict, firm, county):
    make.judge(EnterpriseMonth.objects.get(enterprise=firm, happened_on=MAY), verdict=verdict)
    assert run(county).new == 0


def test_a_revised_figure_settles_the_question_and_says_so(firm, county):
    run(county)
    row = EnterpriseMonth.objects.get(enterprise=firm, happened_on=MAY)
    with make.writing_as(county) as writing:
        writing.change(row, revenue=Decimal(102))
    assert str(run(county)) == "2024年5月：新提出0个疑点，1个因数据变动不再出现。"
    assert (asked(firm).settled_on, asked(firm).stage) == (make.TODAY, "open")
    assert "再次核对时，按当时的数据这个疑点已不再出现" in page(make.new_seat(county), asked(firm))
    with make.writing_as(county) as writing:
        writing.change(make.fresh(row), revenue=Decimal(300))
    assert str(run(county)) == "2024年5月：新提出0个疑点，1个数据又变动、重新出现。"
    assert asked(firm).settled_on is None


def test_no_figure_is_touched(firm, county, office, reviewer):
    before = list(EnterpriseMonth.objects.order_by("pk").values())
    run(county)
    done(services.close, answered(asked(firm), office), reviewer, outcome="mended")
    assert list(EnterpriseMonth.objects.order_by("pk").values()) == before


def test_a_rule_that_is_off_asks_nothing_and_settles_nothing(firm, county):
    run(county)
    rule = CoherenceRule.objects.get(key="revenue-power")
    with make.writing_as(county) as writing:
        writing.change(rule, active=False)
    assert run(county).settled == 0
    assert asked(firm).settled_on is None


@pytest.mark.parametrize(("rest", "new"), [(0, 1), (1, 0)])
def test_a_rule_rests_for_its_months(rest, new, firm, county):
    run(county)
    with make.writing_as(county) as writing:
        writing.change(CoherenceRule.objects.get(key="revenue-power"), rest=rest)
    new_figures(firm, date(2024, 6, 1), revenue=Decimal(310), power=1000)
    assert run(county, date(2024, 6, 1)).new == new


def test_a_month_to_come_is_refused(county):
    with pytest.raises(Refused, match="这个月还没有到"):
        run(county, earlier(make.TODAY.replace(day=1), -1))


def test_a_deadline_gives_the_townships_their_questions_and_no_departments_figures(firm, taxed, county, township):
    run(county, deadline=DUE)
    assert [(asked(one).stage, asked(one).responsible) for one in (firm, taxed)] == [
        ("asked", township),
        ("open", None),
    ]


def test_a_run_takes_the_same_statements_for_many_enterprises(firm, county, township):
    run(county)
    with CaptureQueriesContext(connection) as few:
        run(county)
    for number in range(6):
        history(new_enterprise(township, name=f"第{number}家针织公司"), power=1000)
    with CaptureQueriesContext(connection) as many:
        assert run(county).new == 6
    assert len(many) - len(few) <= 6
    with CaptureQueriesContext(connection) as again:
        run(county)
    assert len(again) == len(few)


def test_settling_takes_the_same_statements_for_many_questions(firm, county, township):
    others = [new_enterprise(township, name=f"第{number}家针织公司") for number in range(3)]
    for one in others:
        history(one, power=1000)
    run(county)
    rule = CoherenceRule.objects.get(key="revenue-power")

    def statements(limit):
        with make.writing_as(county) as writing:
            writing.change(make.fresh(rule), least=limit)
        with CaptureQueriesContext(connection) as made:
            done = run(county)
        return len(made), done.settled + done.again

    with make.writing_as(county) as writing:
        for one in others:
            writing.change(EnterpriseMonth.objects.get(enterprise=one, happened_on=MAY), revenue=Decimal(450))
    few, many = statements(Decimal(300)), statements(Decimal(900))
    assert (few[1], many[1]) == (1, 3)
    assert many[0] == few[0]


def test_the_command_asks_and_says_how_many(firm, county, capsys):
    call_command("ask_coherence", county.code, "2024-05")
    assert capsys.readouterr().out == "2024年5月：新提出1个疑点。\n"
    for arguments, sentence in ((("999999", "2024-05"), "没有区划代码"), ((county.code, "2024"), "请写到月份")):
        with pytest.raises(CommandError, match=sentence):
            call_command("ask_coherence", *arguments)


# -- rules -----------------------------------------------------------------------------------------


def test_shipped_rules_come_once_and_a_voided_one_stays_away(county):
    run(county)
    rules = CoherenceRule.objects.current().count()
    make.void(CoherenceRule.objects.get(key="units"))
    run(county)
    assert (rules, CoherenceRule.objects.current().count()) == (len(services.shipped_rules()), rules - 1)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kind": "ratio", "figure": "revenue"}, "请选择指标和对照指标"),
        ({"kind": "ratio", "figure": "revenue", "other": "revenue"}, "两者不能相同"),
        ({"kind": "ratio", "figure": "revenue", "other": "power", "limit": 0}, "偏离多少个离散度"),
        ({"kind": "ratio", "figure": "revenue", "other": "power", "least": 0}, "至少偏离百分之几"),
        ({"kind": "repeat", "months": 0}, "不能小于1"),
    ],
)
def test_what_a_rule_may_not_be(values, sentence, office):
    given = {"name": "新规则", "limit": 6, "least": 80, "months": 1, "rest": 0, "active": "on", "token": "t"}
    answer = signed_in(office).post("/ledgers/coherence_rules/new/", {**given, **values})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_limit_is_the_countys_to_change_and_history_tells_it(firm, county, office, clerk):
    run(county)
    rule = CoherenceRule.objects.get(key="revenue-power")
    address = f"/ledgers/coherence_rules/records/{rule.code}/"
    data = {"name": rule.name, "kind": "ratio", "figure": "revenue", "other": "power", "limit": "8", "least": "300"}
    data |= {"months": 1, "rest": 0, "active": "on", "token": "t", "version": rule.row_version}
    assert signed_in(clerk).post(f"{address}edit/", data).status_code == 404
    assert signed_in(office).post(f"{address}edit/", data).status_code == 302
    assert "把界限由 6.00 改为 8" in signed_in(office).get(address).content.decode()
    assert run(county).settled == 1


def test_how_often_a_rule_asked_in_vain_stands_beside_its_limits(firm, county, office, reviewer):
    run(county)
    done(services.close, answered(asked(firm), office), reviewer, outcome="false")
    assert "100.0%（1/1）" in signed_in(office).get("/ledgers/coherence_rules/").content.decode()


def test_a_trial_tells_what_other_limits_would_ask_and_keeps_nothing(firm, county, office, clerk):
    with make.writing_as(county) as writing:
        services.take_over_rules(writing)
    rule = CoherenceRule.objects.get(key="revenue-power")
    address = f"/ledgers/coherence_rules/trial/?rule={rule.code}&month=2024-05"
    client = signed_in(office)
    assert "按试算的界限会提出0个疑点，按现行界限是1个" in client.get(f"{address}&least=300").content.decode()
    assert "棉纺公司" in client.get(address).content.decode()
    assert client.get("/ledgers/coherence_rules/trial/?rule=x&month=20").status_code == 422
    assert signed_in(clerk).get(address).status_code == 403
    assert not CoherenceQuestion.objects.exists()


# -- who sees and answers ------------------------------------------------------------------------------


def page(seat, question):
    return signed_in(seat).get(f"{LIST}records/{question.code}/").content.decode()


def test_a_township_never_sees_a_question_on_departments_figures(firm, taxed, county, clerk, office, bureau):
    run(county, deadline=DUE)
    ledger, client, secret = ledger_for("coherence_questions"), signed_in(clerk), asked(taxed)
    assert list(ledger.rows(clerk)) == [asked(firm)]
    assert list(ledger.rows(bureau)) == []
    assert "7.7777" in page(office, secret)
    assert client.get(f"{LIST}records/{secret.code}/").status_code == 404
    for address in (LIST, f"{LIST}print/", f"/ledgers/enterprises/records/{taxed.code}/"):
        shown = client.get(address).content.decode()
        assert (secret.code in shown, "7.7777" in shown) == (False, False)
    assert "营业收入与入库税收" in signed_in(office).get(f"/ledgers/enterprises/records/{taxed.code}/").content.decode()


def test_a_neighbour_sees_nothing(firm, county, neighbour):
    run(county, deadline=DUE)
    assert not ledger_for("coherence_questions").rows(make.township_seat(neighbour)).exists()


def test_departments_figures_are_given_to_no_township(taxed, county, township, office, bureau):
    run(county)
    with pytest.raises(Refused, match="用到了部门数据，不能交给乡镇"):
        done(services.assign, asked(taxed), office, responsible=township, deadline=DUE)
    done(services.assign, asked(taxed), office, responsible=bureau.unit, deadline=DUE)
    assert "7.7777" in page(bureau, asked(taxed))
    assert answered(asked(taxed), bureau).stage == "answered"


def test_a_question_goes_to_no_other_township(firm, county, neighbour, office):
    run(county)
    with pytest.raises(Refused, match="不能交给别的乡镇"):
        done(services.assign, asked(firm), office, responsible=neighbour, deadline=DUE)


def test_a_deadline_that_has_passed_is_refused(firm, county, township, office):
    run(county)
    with pytest.raises(Refused, match="答复期限不能早于今天"):
        done(services.assign, asked(firm), office, responsible=township, deadline=make.TODAY - timedelta(days=1))
    done(services.assign, asked(firm), office, responsible=township, deadline=make.TODAY)


def test_who_answered_does_not_close(firm, county, office):
    both = make.new_seat(county, duties=["entry", "review"])
    run(county)
    question = answered(asked(firm), both)
    for act, values in ((services.close, {"outcome": "true"}), (services.send_back, {"text": "不清楚"})):
        with pytest.raises(Refused, match="请由另一位同事办理"):
            done(act, question, both, **values)
    with pytest.raises(Refused, match="不能对这个疑点核结"):
        done(services.close, question, office, outcome="true")


def test_the_database_too_wants_a_second_person(firm, county, office, reviewer):
    run(county)
    question = done(services.close, answered(asked(firm), office), reviewer, outcome="true")
    with make.writing_as(county) as writing, pytest.raises(Exception, match="请由另一位同事办理"):
        writing.change(question, permission=services.ASK, closed_by_id=question.answered_by_id)


def test_a_question_passes_through_its_stages_on_the_pages(firm, county, clerk, office, reviewer, township, pdf):
    run(county)
    base = f"{LIST}records/{asked(firm).code}/"

    def taken(seat, act, **values):
        answer = signed_in(seat).post(f"{base}acts/{act}/", {"token": f"{act}{values}"[:40], **values})
        assert answer.status_code == 302, answer.content.decode()
        return asked(firm).stage

    assert taken(office, "assign", responsible=township.pk, deadline=f"{timezone.localdate():%Y-%m-%d}") == "asked"
    assert taken(clerk, "answer", text="新增订单", paper=pdf) == "answered"
    assert taken(reviewer, "return", text="请附合同") == "asked"
    assert "请附合同" in page(clerk, asked(firm))
    assert taken(clerk, "answer", text="合同已附") == "answered"
    assert taken(reviewer, "close", outcome="true", text="属实") == "closed"
    assert Evidence.objects.filter(ledger="coherence_questions", record_id=asked(firm).pk).count() == 1
    assert signed_in(reviewer).get(f"{base}acts/close/").status_code == 403
    assert signed_in(office).get(f"{base}acts/nothing/").status_code == 404


def test_no_form_writes_a_question(firm, county, office):
    run(county)
    base = f"{LIST}records/{asked(firm).code}/"
    pages = [f"{LIST}new/", f"{base}edit/", f"{base}void/"]
    assert [signed_in(office).get(address).status_code for address in pages] == [403, 403, 403]


def test_a_month_is_asked_about_by_a_button(firm, county, office, reviewer, clerk):
    client = signed_in(office)
    assert f"{LIST}ask/" in client.get(LIST).content.decode()
    assert f"{LIST}ask/" not in signed_in(clerk).get(LIST).content.decode()
    assert client.post(f"{LIST}ask/", {"month": "2024", "token": "a"}).status_code == 422
    assert client.post(f"{LIST}ask/", {"month": "2024-05", "token": "b"}).status_code == 302
    assert "新提出1个疑点" in client.get(LIST).content.decode()
    for seat in (reviewer, clerk):
        assert signed_in(seat).post(f"{LIST}ask/", {"month": "2024-05"}).status_code == 403


def test_the_page_draws_both_series_and_tells_them(firm, county, office):
    run(county)
    shown = page(office, asked(firm))
    for words in (
        "营业收入（万元，企业自报）",
        "用电量（千瓦时，企业自报）",
        'data-chart="chart-question"',
        '<td class="number">300</td>',
    ):
        assert words in shown


# -- what waits ------------------------------------------------------------------------------------


def waiting(seat):
    return {one.word: one.count for one in dict(waits_of(seat).lines).get(ledger_for("coherence_questions"), [])}


def test_what_waits_for_whom(firm, county, township, clerk, office, reviewer):
    run(county)
    assert (waiting(office), waiting(clerk)) == ({"待交办": 1}, {})
    question = done(services.assign, asked(firm), office, responsible=township, deadline=DUE)
    late = timezone.localdate() > DUE
    assert waiting(clerk) == ({"逾期未答复": 1} if late else {"在期限内": 1})
    answered(question, clerk)
    assert (waiting(clerk), waiting(reviewer)) == ({}, {"待核结": 1})


@pytest.mark.parametrize(("days", "light"), [(0, "green"), (3, "yellow"), (9, "yellow"), (10, "yellow"), (11, "red")])
def test_the_light_follows_the_deadline(days, light, firm, county, township, office):
    run(county)
    done(services.assign, asked(firm), office, responsible=township, deadline=DUE)
    rows = CoherenceQuestion.objects.with_light(make.TODAY + timedelta(days=days), 7)
    assert rows.get().light == light

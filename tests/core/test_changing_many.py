"""Many rows changed together: the same rows, versions, sums and history as one by one, and the same refusals."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.bulk_writes import update_rows
from core.closing import close_month
from core.dates import DateSpan
from core.ledgers.ledger import all_ledgers, ledger_for
from core.models import AuditEntry, Overwritten
from core.records import Record, Verdict
from core.verification import give_verdict
from core.write import Refused, Stale
from enterprises.models import Enterprise
from projects.models import Payment, Project
from tests import factories as make
from tests.core.stored_batches import new_batch

pytestmark = pytest.mark.django_db

OTHER_ACT = ("id", "act")
"""What differs between two acts that do the same."""


# -- every ledger: one by one and together -------------------------------------------------------------


def projects(township):
    rows = [make.new_project(township, total_investment="1000") for _ in range(3)]
    elsewhere = make.new_township(township.county)
    return [
        (rows[0], {"name": "改名项目", "total_investment": Decimal("1000.0001"), "investor": "甲公司"}),
        (rows[1], {"landing_unit": elsewhere, "county_leader": "张三", "investor": ""}),
        (rows[2], {"remark": "补充说明", "started": DateSpan.day(date(2024, 6, 1))}),
    ]


def arrivals(township):
    project = make.new_project(township)
    voucher = {"voucher_kind": "bank", "voucher_issuer": "工行", "voucher_number": "77", "voucher_amount": Decimal(500)}
    rows = [make.new_arrival(project, 100 + n, date(2024, 1 + n, 1)) for n in range(3)]
    return [
        (rows[0], {"amount": Decimal("88.8888"), **voucher}),
        (rows[1], {"month": date(2024, 6, 1), **voucher}),
        (rows[2], {"remark": "更正"}),
    ]


def progress(township):
    rows = [make.new_month(make.new_project(township), 60, date(2024, 5, 1)) for _ in range(3)]
    return [
        (rows[0], {"investment": Decimal("61.0001")}),
        (rows[1], {"month": date(2024, 4, 1), "problem": "用地未批"}),
        (rows[2], {"investment": Decimal(60)}),
    ]


def enterprises(township):
    rows = [make.new_enterprise(township) for _ in range(2)]
    return [(rows[0], {"name": "改名企业", "registered_capital": Decimal("500.5")}), (rows[1], {"township": township})]


def enterprise_months(township):
    rows = [make.new_figures(make.new_enterprise(township)) for _ in range(2)]
    return [(rows[0], {"revenue": Decimal("101.5")}), (rows[1], {"month": date(2024, 3, 1)})]


def declarations(township):
    rows = [make.new_declaration(make.new_enterprise(township)) for _ in range(2)]
    return [(rows[0], {"happened": DateSpan.day(date(2024, 4, 2))}), (rows[1], {"remark": "补充"})]


def funding_documents(township):
    rows = [make.new_document(township.county) for _ in range(2)]
    return [(rows[0], {"total": Decimal(1200)}), (rows[1], {"number": "示例财〔2024〕99号"})]


def allocations(township):
    document = make.new_document(township.county)
    rows = [make.new_allocation(township, amount, document=document) for amount in (300, 400)]
    return [(rows[0], {"amount": Decimal("350.0001")}), (rows[1], {"allocated_on": date(2024, 3, 1)})]


def payments(township):
    whole = make.new_allocation(township, 100)
    rows = [make.new_payment(whole, amount) for amount in (30, 40)]
    return [(rows[0], {"amount": Decimal("35.0001")}), (rows[1], {"voucher_number": "A-7"})]


def problems(township):
    rows = [make.new_problem(township) for _ in range(2)]
    return [(rows[0], {"title": "改过的题目"}), (rows[1], {"description": "改过的说明"})]


def department_figures(township):
    series = make.new_series(make.new_unit(township.county, "department"))
    rows = [make.new_figure(series, unit) for unit in (township, make.new_township(township.county))]
    return [(rows[0], {"reported": Decimal("101.5")}), (rows[1], {"month": date(2024, 3, 1)})]


def investment_projects(township):
    rows = [make.new_investment(township) for _ in range(2)]
    return [(rows[0], {"planned": Decimal("6000.0001")}), (rows[1], {"name": "改名固投项目"})]


def investment_months(township):
    listed = [make.new_investment(township) for _ in range(2)]
    for project in listed:
        make.new_move(project)
    rows = [make.new_investment_month(project) for project in listed]
    return [(rows[0], {"amount": Decimal("301.5")}), (rows[1], {"remark": "更正"})]


def investment_moves(township):
    rows = [make.new_move(make.new_investment(township), accepted=False) for _ in range(2)]
    return [(rows[0], {"happened": DateSpan.day(date(2024, 2, 21))}), (rows[1], {"remark": "更正"})]


def visits(township):
    rows = [make.new_visit(make.new_enterprise(township)) for _ in range(2)]
    return [(rows[0], {"visitors": "县领导", "demand": "增加用电容量"}), (rows[1], {"remark": "补充"})]


def farm_months(township):
    rows = [make.new_farms(township, kind=kind) for kind in ("family_farm", "cooperative")]
    return [(rows[0], {"added": Decimal(4)}), (rows[1], {"month": date(2024, 4, 1), "removed": Decimal(1)})]


def successions(township):
    rows = [make.new_merger(make.new_township(township.county), township) for _ in range(2)]
    return [(rows[0], {"document": "示例府〔2024〕7号"}), (rows[1], {"document": ""})]


def cultivation(township):
    rows = [make.new_cultivation(make.new_enterprise(township)) for _ in range(2)]
    return [(rows[0], {"liaison": "赵六"}), (rows[1], {"happened": DateSpan.day(date(2024, 4, 2))})]


def cultivation_measures(township):
    rows = [make.new_measure(make.new_cultivation(make.new_enterprise(township))) for _ in range(2)]
    return [(rows[0], {"result": "已落实", "done_on": date(2024, 6, 1)}), (rows[1], {"measure": "改过的措施"})]


def targets(township):
    rows = [make.new_target(unit, county=township.county) for unit in (township, None)]
    return [
        (rows[0], {"basic": Decimal("1200.5")}),
        (rows[1], {"stretch": Decimal(2000), "document": "县委办〔2024〕8号"}),
    ]


def base_figures(township):
    metric = make.new_metric(township.county)
    rows = [make.new_base(township, metric=metric, month=date(2023, month, 1)) for month in (5, 6)]
    return [(rows[0], {"amount": Decimal("12.5")}), (rows[1], {"month": date(2023, 7, 1), "remark": "更正"})]


def holidays(township):
    rows = [make.new_holiday(township.county) for _ in range(2)]
    return [(rows[0], {"last_day": rows[0].first_day + timedelta(days=1)}), (rows[1], {"kind": "work"})]


CHANGES = {make_them.__name__: make_them for make_them in (
    projects, arrivals, progress, enterprises, enterprise_months, declarations, funding_documents, allocations,
    payments, problems, department_figures, investment_projects, investment_months, investment_moves, visits,
    farm_months, successions, cultivation, cultivation_measures, targets, base_figures, holidays,
)}  # fmt: skip


def test_every_imported_ledger_is_tried():
    assert {ledger.key for ledger in all_ledgers() if ledger.import_key} <= CHANGES.keys()


def everything():
    """Every row there is, and what history and the batch tell of the last act, in no order."""
    kinds = [*sorted(Record.__subclasses__(), key=str), AuditEntry, Overwritten]
    models = {model for kind in kinds for model in concrete(kind)}
    return {model._meta.label: [plain(row) for row in model.objects.order_by("pk").values()] for model in models}


def concrete(kind):
    found = [] if kind._meta.abstract else [kind]
    return found + [model for below in kind.__subclasses__() for model in concrete(below)]


def plain(row):
    return {name: value for name, value in row.items() if name not in OTHER_ACT or "act" not in row}


def left_by(write):
    """Everything as `write` leaves it; then nothing of it has happened."""
    with transaction.atomic():
        write()
        left = everything()
        transaction.set_rollback(True)
    _count_keys_anew()
    for name in ("core.AuditEntry", "core.Overwritten"):
        left[name] = sorted((without_number(row) for row in left[name]), key=lambda row: (row["model"], str(row)))
    return left


def _count_keys_anew():
    """PostgreSQL does not take back the keys that a row had before it had never been."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


def without_number(row):
    return {name: value for name, value in row.items() if name != "id"}


@pytest.mark.parametrize("key", sorted(CHANGES))
def test_rows_versions_sums_and_history_are_the_same(key, township, files_root):
    ledger, changes = ledger_for(key), CHANGES[key](township)
    batch = new_batch(township.county, key)

    def one_by_one():
        with make.writing_as(township.county, batch=batch) as writing:
            for row, values in changes:
                ledger.change(writing, make.fresh(row), values)

    def together():
        with make.writing_as(township.county, batch=batch) as writing:
            ledger.change_all(writing, [(make.fresh(row), values) for row, values in changes])

    before = left_by(lambda: None)
    single = left_by(one_by_one)
    assert single != before
    assert left_by(together) == single


# -- the guards ----------------------------------------------------------------------------------------


def one(writing, row, values, **options):
    writing.change(row, version=row.row_version, **values, **options)


def each(writing, row, values, **options):
    writing.change_each([(row, values)], **options)


both = pytest.mark.parametrize("change", [one, each])


def refused(change, actor, row, values):
    before = everything()
    with pytest.raises(Refused) as refusal, make.writing_as(actor) as writing:
        change(writing, row, values)
    assert everything() == before
    return " ".join(refusal.value.messages)


@both
def test_another_units_row_is_not_changed(change, clerk, neighbour):
    assert "不能修改这条项目" in refused(change, clerk, make.new_project(neighbour), {"remark": "改"})


@both
def test_a_row_is_not_given_away(change, clerk, township, neighbour):
    assert "不能修改" in refused(change, clerk, make.new_project(township), {"responsible_unit": neighbour})


@both
def test_a_row_points_to_no_other_county(change, township, elsewhere):
    abroad = make.new_township(elsewhere)
    said = refused(change, township.county, make.new_project(township), {"landing_unit": abroad})
    assert said == "“落户单位”不属于本县。"


@both
def test_a_row_moves_to_no_other_county(change, township, elsewhere):
    said = refused(change, township.county, make.new_project(township), {"county": elsewhere})
    assert said == "记录不能移到别的县。"


@both
def test_a_row_that_was_changed_since_is_refused(change, township):
    row = make.new_project(township)
    with make.writing_as(township.county) as writing:
        writing.change(row, remark="先")
    with pytest.raises(Stale), make.writing_as(township.county) as writing:
        change(writing, row, {"remark": "后"})


@both
def test_a_voided_row_is_not_changed(change, township):
    row = make.new_enterprise(township)
    with make.writing_as(township.county) as writing:
        writing.void(row, reason="误")
    assert "已作废" in refused(change, township.county, make.fresh(row), {"name": "改"})


@both
@pytest.mark.parametrize("month", [4, 5])
def test_a_closed_month_stays_as_it_is(change, month, township, reviewer):
    """Neither is a row taken out of a closed month (5) nor into one (4)."""
    row = make.new_month(make.new_project(township), 60, date(2024, 5, 1))
    with make.writing_as(reviewer) as writing:
        close_month(writing, ledger="progress", month=date(2024, month, 1))
    assert "已经关账" in refused(change, township.county, row, {"happened": DateSpan.month(2024, 4)})


@both
def test_rows_read_through_another_keep_it_as_it_is(change, township, reviewer):
    """A project has no month of its own, but its agreement is counted through it."""
    row = make.new_project(township)
    with make.writing_as(reviewer) as writing:
        close_month(writing, ledger="agreements", month=date(2024, 3, 1))
    neighbour = make.new_township(township.county)
    assert "已经关账" in refused(change, township.county, row, {"landing_unit": neighbour})


@both
def test_a_field_says_what_is_wrong_with_it(change, township):
    row = make.new_enterprise(township)
    with pytest.raises(Exception, match="name"), make.writing_as(township.county) as writing:
        change(writing, row, {"name": ""})
    assert make.fresh(row).name == row.name


@both
def test_a_constraint_answers_in_its_own_words(change, township):
    row = make.new_month(make.new_project(township))
    assert "已作废" not in (said := refused_by_rule(change, township.county, row, {"happened_until": date(2020, 1, 1)}))
    assert said == "发生日期的止早于起，请核对。"


def refused_by_rule(change, actor, row, values):
    with pytest.raises(Exception, match="请核对") as refusal, make.writing_as(actor) as writing:
        change(writing, row, values)
    return " ".join(refusal.value.messages)


@both
def test_what_is_paid_never_passes_what_was_allocated(change, township):
    row = make.new_payment(make.new_allocation(township, 100), 40)
    with pytest.raises(Exception, match="超过未拨付余额"), make.writing_as(township.county) as writing:
        change(writing, row, {"amount": Decimal("100.0001")})
    with make.writing_as(township.county) as writing:
        change(writing, row, {"amount": Decimal(100)})
    assert make.fresh(row).allocation.paid == 100


@both
def test_what_was_accepted_waits_again_once_its_content_changes(change, township, reviewer):
    row = make.new_month(make.new_project(township))
    with make.writing_as(reviewer) as writing:
        give_verdict(writing, [row], verdict=Verdict.ACCEPTED, on=date(2024, 6, 1), note="已核")
    with make.writing_as(township.county) as writing:
        change(writing, make.fresh(row), {"investment": Decimal(61)})
    row = make.fresh(row)
    assert (row.verdict, row.counted_from, row.verified_amount, row.verified_by) == (Verdict.PENDING, None, None, None)


@both
def test_nothing_different_writes_nothing(change, township):
    row, told = make.new_project(township), AuditEntry.objects.count()
    with make.writing_as(township.county) as writing:
        change(writing, row, {"remark": row.remark})
    assert (make.fresh(row).row_version, AuditEntry.objects.count()) == (1, told)


# -- only together -------------------------------------------------------------------------------------


def test_room_that_one_row_frees_another_takes_in_the_same_act(township):
    whole = make.new_allocation(township, 100)
    more, less = make.new_payment(whole, 40), make.new_payment(whole, 60)
    with make.writing_as(township.county) as writing:
        writing.change_each([(more, {"amount": Decimal(90)}), (less, {"amount": Decimal(10)})])
    assert list(Payment.objects.order_by("pk").values_list("amount", flat=True)) == [90, 10]
    assert make.fresh(whole).paid == 100


def test_together_they_pass_the_room_no_more_than_alone(township):
    whole = make.new_allocation(township, 100)
    rows = [make.new_payment(whole, 40), make.new_payment(whole, 40)]
    with pytest.raises(Exception, match="超过未拨付余额"), make.writing_as(township.county) as writing:
        writing.change_each([(row, {"amount": Decimal(51)}) for row in rows])
    assert {row.amount for row in Payment.objects.all()} == {Decimal(40)}


def test_one_refused_row_takes_all_with_it(clerk, township, neighbour):
    rows = [make.new_project(township), make.new_project(neighbour)]
    with pytest.raises(Refused), make.writing_as(clerk) as writing:
        writing.change_each([(row, {"remark": "改"}) for row in rows])
    assert set(Project.objects.values_list("remark", flat=True)) == {""}


def test_a_row_stands_only_once_in_an_act(township):
    row = make.new_project(township)
    with pytest.raises(ValueError, match="once"), make.writing_as(township.county) as writing:
        writing.change_each([(row, {"remark": "一"}), (row, {"remark": "二"})])


def test_no_rows_are_nothing_to_do(county):
    with make.writing_as(county) as writing:
        assert writing.change_each([]) == []
        assert writing.restore_each([]) == []


@pytest.mark.parametrize("key", ["progress", "projects", "enterprises", "enterprise_months", "department_figures"])
def test_statements_do_not_grow_with_the_rows(key, township):
    ledger = ledger_for(key)

    def statements(number):
        rows = list(ledger.existing(make.system(township.county)).values())[:number]
        assert len(rows) == number
        with (
            CaptureQueriesContext(
                connection,
            ) as captured,
            make.writing_as(township.county) as writing,
        ):
            ledger.change_all(writing, [(row, {"remark": f"第{number}次"}) for row in rows])
        return len(captured)

    for _ in range(3):
        CHANGES[key](township)
    assert statements(2) == statements(5)


# -- the statement itself ------------------------------------------------------------------------------


def test_all_kinds_of_values_arrive_and_emptiness_too(township):
    rows = [make.new_enterprise(township, name=f"{n}号", registered_capital=n or None) for n in range(3)]
    for number, row in enumerate(rows):
        row.name, row.registered_on, row.registered_capital = f"O'{number}%号", None, Decimal("0.0001") * number or None
    names = ["name", "registered_on", "registered_capital"]
    update_rows(rows, names)
    assert list(Enterprise.objects.order_by("pk").values(*names)) == [
        {name: getattr(row, name) for name in names} for row in rows
    ]


def test_a_text_too_long_is_refused_and_never_cut(township):
    row = make.new_enterprise(township)
    row.name = "长" * 300
    if connection.vendor == "postgresql":
        with pytest.raises(Exception, match="too long"), transaction.atomic():
            update_rows([row], ["name"])
    with pytest.raises(Exception, match="name"), make.writing_as(township.county) as writing:
        writing.change_each([(make.fresh(row), {"name": "长" * 300})])


def test_a_row_that_is_gone_is_missed(township):
    row = make.new_enterprise(township)
    row.pk += 1000
    with pytest.raises(LookupError):
        update_rows([row], ["name"])


def test_a_broken_rule_comes_from_the_database(township):
    row = make.new_month(make.new_project(township))
    row.happened_until = date(2020, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        update_rows([row], ["happened_until"])

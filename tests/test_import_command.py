"""`manage.py import_ledger`: real workbooks give their published figures; a doubtful one saves nothing."""

import json
import shutil
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.db import transaction
from django.http import QueryDict
from django.test import override_settings

from core.dates import DateSpan
from core.ledgers.exporting import write_list
from core.ledgers.importing import plan_import
from core.ledgers.ledger import ledger_for
from core.ledgers.query import ListQuery
from core.models import ImportBatch
from core.verification import accept_opening
from projects.models import Agreement, Arrival, Project
from tests.core.sample_cells import READ_AS, as_read, cases_of, is_taken, table_of, wanted
from tests.factories import NOW, new_county, new_seat, new_township, new_user, township_seat, writing_as
from townships.models import Role, Unit

pytestmark = pytest.mark.django_db

WORKBOOKS = Path(__file__).parent / "data" / "workbooks"
COUNTY_BOOK = WORKBOOKS / "county-261-projects.xlsx"
BAND_BOOK = WORKBOOKS / "townships-band-rows.xlsx"
SIGNED = {2020: 17, 2021: 61, 2022: 144, 2023: 39}
ARRIVED = {2020: Decimal(901_900), 2021: Decimal(1_160_000), 2022: Decimal(1_800_000), 2023: Decimal(1_084_000)}
"""Published: projects signed, 万元 arrived."""


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def county():
    return new_county()


@pytest.fixture
def clerk(county):
    return new_seat(county, user=new_user(username="clerk"), duties=["entry"])


@pytest.fixture
def reviewer(county):
    return new_seat(county, user=new_user(username="reviewer"), duties=["review"])


def run(ledger, file, *options, who="clerk"):
    """(exit code, what was printed as JSON or None, what was said on stderr)."""
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("import_ledger", ledger, str(file), "--as", who, *options, stdout=out, stderr=err)
    return left.value.code, json.loads(out.getvalue()) if out.getvalue() else None, err.getvalue().strip()


def imported(ledger, file, *options):
    code, report, _ = run(ledger, file, *options)
    assert (code, report["errors"]) == (0, [])
    return report


def accept_all(reviewer):
    """期初认定 of every batch by another person."""
    for batch in ImportBatch.objects.filter(accepted_on=None):
        ledger = ledger_for(batch.ledger)
        with writing_as(reviewer) as writing:
            accept_opening(
                writing, batch, ledger.written_by(batch), document="示例纪要", dated=date(2023, 6, 1), on=NOW.date()
            )


def totals(ledger, query, seat):
    return ListQuery(ledger_for(ledger), QueryDict(query), seat).totals


def counted_in(year):
    return f"counted_from={year}-01-01&counted_to={year}-12-31"


@pytest.fixture(scope="class")
def history(django_db_setup, django_db_blocker, tmp_path_factory):
    """Both sheets of the county's workbook, imported and accepted as opening history: (clerk, reviewer)."""
    files = override_settings(FILES_ROOT=tmp_path_factory.mktemp("files"))
    with django_db_blocker.unblock(), files, transaction.atomic():
        county = new_county()
        clerk = new_seat(county, user=new_user(username="clerk"), duties=["entry"])
        reviewer = new_seat(county, user=new_user(username="reviewer"), duties=["review"])
        imported("projects", COUNTY_BOOK, "--create-townships")
        imported("arrivals", COUNTY_BOOK)
        accept_all(reviewer)
        yield clerk, reviewer
        transaction.set_rollback(True)


# -- the published figures ---------------------------------------------------------------------------


def test_the_report_has_the_promised_keys_and_figures(clerk):
    report = imported("projects", COUNTY_BOOK, "--create-townships")
    assert set(report) == {
        "rows", "created", "updated", "unchanged", "duplicates", "warnings", "errors", "totals",
    }  # fmt: skip
    assert (report["rows"], report["created"], report["duplicates"]) == (261, 261, 0)
    assert {key: set(value) for key, value in report["totals"].items()}["总投资"] == {"computed", "stated"}
    assert report["totals"]["总投资"]["computed"] == report["totals"]["总投资"]["stated"] == "9891800.0000"
    assert [(w["sheet"], set(w)) for w in report["warnings"]] == [
        ("到位资金", {"sheet", "row", "column", "value", "message"})
    ]


class TestAcceptedHistory:
    def test_projects_signed_by_year_are_the_published_ones(self, history):
        found = {y: totals("projects", f"contract=formal&{counted_in(y)}", history[1])["count"] for y in SIGNED}
        assert found == SIGNED

    def test_money_arrived_by_year_is_the_published_sum(self, history):
        found = {
            y: totals("arrivals", f"verdict=accepted&{counted_in(y)}", history[1])["verified_amount"] for y in ARRIVED
        }
        assert found == ARRIVED
        assert totals("arrivals", "verdict=accepted", history[1])["verified_amount"] == Decimal(4_945_900)

    @pytest.mark.parametrize(("ledger", "column", "count", "wan"), [
        ("projects", "总投资（万元）", 261, Decimal(9_891_800)),
        ("arrivals", "认定金额（万元）", 244, Decimal(4_945_900)),
    ])  # fmt: skip
    def test_an_export_read_back_gives_the_same_figures(self, history, ledger, column, count, wan):
        stream = BytesIO()
        write_list(stream, ListQuery(ledger_for(ledger), QueryDict(""), history[1]), at=NOW)
        rows = list(openpyxl.load_workbook(stream).active.iter_rows(values_only=True))
        start = next(number for number, row in enumerate(rows) if column in row)
        amounts = [row[rows[start].index(column)] for row in rows[start + 1 :] if row[0] not in (None, "合计")]
        assert (len(amounts), sum(Decimal(str(amount)) for amount in amounts)) == (count, wan)

    def test_importing_the_export_again_changes_nothing(self, history):
        stream = BytesIO()
        write_list(stream, ListQuery(ledger_for("projects"), QueryDict(""), history[1]), at=NOW)
        plan = plan_import(ledger_for("projects"), BytesIO(stream.getvalue()), history[0])
        assert (plan.errors, plan.counts["unchanged"]) == ([], 261)


def test_the_band_rows_give_projects_and_money_by_township(clerk):
    report = imported("projects", BAND_BOOK, "--create-townships")
    expected = json.loads((WORKBOOKS / "townships-band-rows.expected.json").read_text(encoding="utf-8"))
    assert report["totals"]["总投资"] == {"computed": "280300.0000", "stated": "280300.0000"}
    found = {}
    for unit in Unit.objects.all():
        sums = totals("projects", f"landing_unit={unit.code}", clerk)
        found[unit.name] = (sums["count"], sums["total_investment"])
    with_projects = {n: t for n, t in expected["by_township"].items() if t["count"]}
    assert found == {n: (t["count"], Decimal(t["total_wan"])) for n, t in with_projects.items()}
    assert sum(count for count, _ in found.values()) == 82


def test_months_get_no_invented_days(clerk):
    imported("projects", BAND_BOOK, "--create-townships")
    assert set(Agreement.objects.values_list("happened_precision", flat=True)) == {"month"}
    first = Agreement.objects.get(project__name="七里示例01号项目")
    assert first.happened == DateSpan.month(2014, 2)


# -- the sample's cells -------------------------------------------------------------------------------


@pytest.fixture
def cells(county, tmp_path):
    """cells(ledger): the workbook of all its sample cells, a row each from row 2."""
    new_township(county, name="芦溪镇")

    def save(ledger):
        (tmp_path / f"{ledger}.xlsx").write_bytes(table_of(cases_of(ledger)).getvalue())
        return tmp_path / f"{ledger}.xlsx"

    return save


@pytest.mark.parametrize("ledger", ["projects", "enterprises"])
def test_each_sample_cell_that_is_asked_about_or_refused_is_named(clerk, cells, ledger):
    code, report, _ = run(ledger, cells(ledger))
    refused = [row for row, case in enumerate(cases_of(ledger), 2) if not is_taken(case, ledger_for(ledger))]
    assert (code, [error["row"] for error in report["errors"]]) == (1, refused)
    asked = [row for row, case in enumerate(cases_of(ledger), 2) if case["kind"] == "ask"]
    assert [error["row"] for error in report["errors"] if "请改清楚后再导入" in error["message"]] == asked
    assert not ledger_for(ledger).model.objects.exists()


def test_the_sample_cells_that_are_read_give_the_expected_values(clerk, cells):
    ledger, taken = ledger_for("projects"), [c for c in cases_of("projects") if is_taken(c, ledger_for("projects"))]
    code, report, _ = run("projects", cells("projects"), "--partial")
    assert (code, report["created"], report["rows"]) == (1, len(taken), len(cases_of("projects")))
    rows = list(ledger.with_display(ledger.rows(clerk)).order_by("code"))
    read = [as_read(ledger.column(READ_AS[c["column"]]).value(row)) for c, row in zip(taken, rows, strict=True)]
    assert read == [wanted(case) for case in taken]


def test_the_sample_codes_that_are_read_give_the_expected_codes(clerk, cells):
    run("enterprises", cells("enterprises"), "--partial")
    found = ledger_for("enterprises").rows(clerk).order_by("code").values_list("uscc", flat=True)
    assert list(found) == [case["want"] for case in cases_of("enterprises") if case["kind"] == "value"]


# -- again, and not at all ---------------------------------------------------------------------------


@pytest.mark.parametrize(("ledger", "rows"), [("projects", 261), ("arrivals", 244)])
def test_importing_twice_changes_nothing(clerk, ledger, rows):
    imported("projects", COUNTY_BOOK, "--create-townships")
    first = imported(ledger, COUNTY_BOOK)
    again = imported(ledger, COUNTY_BOOK)
    assert first["created"] == (rows if ledger == "arrivals" else 0)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, rows)


def test_a_dry_run_says_the_same_and_saves_nothing(clerk):
    report = imported("projects", COUNTY_BOOK, "--create-townships", "--dry-run")
    assert report["created"] == 261
    assert not Project.objects.exists()
    assert not Unit.objects.exists()
    assert not ImportBatch.objects.exists()


def test_a_township_the_county_lacks_is_an_error_without_the_option(clerk):
    code, report, _ = run("projects", COUNTY_BOOK)
    assert code == 1
    first = report["errors"][0]
    assert (first["sheet"], first["row"], first["column"], first["value"]) == (
        "2020年签约项目", 5, "落户乡镇", "永乐街道",
    )  # fmt: skip
    assert not Project.objects.exists()


# -- dirty workbooks ---------------------------------------------------------------------------------


def dirty(tmp_path, *changes, sheet="2020年签约项目"):
    """A copy of the county's workbook with some cells changed."""
    book = openpyxl.load_workbook(COUNTY_BOOK)
    for cell, value in changes:
        book[sheet][cell] = value
    path = tmp_path / "dirty.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(("cell", "value", "column"), [
    ("G5", 3432270000000, "总投资"),
    ("G6", "#REF!", "总投资"),
    ("I7", "2023.13", "签约时间"),
    ("B8", None, "项目名称"),
    ("J9", "口头约定", "签约类型"),
])  # fmt: skip
def test_a_bad_cell_is_named_with_sheet_row_and_column_and_nothing_is_saved(clerk, tmp_path, cell, value, column):
    code, report, _ = run("projects", dirty(tmp_path, (cell, value)), "--create-townships")
    (error,) = report["errors"]
    assert code == 1
    assert (error["sheet"], error["row"], error["column"]) == ("2020年签约项目", int(cell[1:]), column)
    assert error["message"].startswith(f"第{cell[1:]}行“{column}”：")
    assert not Project.objects.exists()
    assert not Unit.objects.exists()


def test_all_bad_cells_are_named_at_once(clerk, tmp_path):
    path = dirty(tmp_path, ("G5", "#REF!"), ("I7", "2023.13"), ("G9", "很多"))
    _, report, _ = run("projects", path, "--create-townships")
    assert [error["row"] for error in report["errors"]] == [5, 7, 9]


def test_a_row_that_stands_twice_is_told_and_taken_once(clerk, tmp_path):
    path = dirty(tmp_path, ("B6", "示例001中药材项目"), ("F6", "永乐街道"))
    report = imported("projects", path, "--create-townships")
    assert (report["created"], report["duplicates"]) == (260, 1)
    assert any(w["row"] == 6 and "疑似重复" in w["message"] for w in report["warnings"])


def test_a_total_that_does_not_add_up_is_told(clerk, tmp_path):
    report = imported("projects", dirty(tmp_path, ("G22", 1_803_000)), "--create-townships")
    assert any("逐行相加为 9891800" in warning["message"] for warning in report["warnings"])


def test_what_only_shows_when_written_is_an_error_too(clerk, tmp_path):
    """Money before the project is known, then twice the same voucher beyond its amount."""
    imported("projects", COUNTY_BOOK, "--create-townships")
    book = openpyxl.Workbook()
    book.active.append(["项目名称", "到位月份", "到位金额", "凭证种类", "出具单位", "凭证号", "凭证金额"])
    book.active.append(["示例001中药材项目", "2023年5月", 80, "银行凭证", "甲银行", "1", 50])
    path = tmp_path / "voucher.xlsx"
    book.save(path)
    code, report, _ = run("arrivals", path)
    assert code == 1
    assert "凭证余额" in report["errors"][0]["message"]
    assert not Arrival.objects.exists()


# -- what can't even start ---------------------------------------------------------------------------


@pytest.mark.parametrize(("arguments", "sentence"), [
    (("nothing", COUNTY_BOOK), "没有可以导入的台账“nothing”"),
    (("units", COUNTY_BOOK), "没有可以导入的台账“units”"),
    (("projects", "missing.xlsx"), "打不开文件“missing.xlsx”"),
    (("projects", WORKBOOKS), "打不开文件"),
    (("projects", Path(__file__)), "不是Excel工作簿"),
])  # fmt: skip
def test_what_cannot_start_says_why_in_a_sentence(clerk, arguments, sentence):
    code, report, said = run(*arguments)
    assert (code, report) == (2, None)
    assert sentence in said
    assert said.endswith("。")


def test_an_unknown_person_is_told(clerk):
    code, _, said = run("projects", COUNTY_BOOK, who="nobody")
    assert (code, said) == (2, "没有账号“nobody”，或已停用。")


def test_a_seat_without_the_duty_does_not_import(clerk, reviewer):
    code, _, said = run("projects", COUNTY_BOOK, who="reviewer")
    assert (code, said) == (2, "“reviewer”的岗位不能导入招商项目台账，需要填报职责。")


def test_a_leader_does_not_import(county):
    new_seat(county, Role.LEADER, [], user=new_user(username="leader"))
    assert run("projects", COUNTY_BOOK, who="leader")[0] == 2


def test_only_the_county_office_creates_townships(county):
    township_seat(new_township(county), user=new_user(username="town"))
    code, _, said = run("projects", COUNTY_BOOK, "--create-townships", who="town")
    assert code == 2
    assert "只有县招商办" in said


def test_a_township_imports_its_own_rows_and_no_others(county, clerk, tmp_path):
    own, other = new_township(county, name="甲镇"), new_township(county, name="乙镇")
    township_seat(own, user=new_user(username="town"))
    assert run("projects", few_rows(tmp_path, own), who="town")[0] == 0
    code, report, _ = run("projects", few_rows(tmp_path, other), who="town")
    assert code == 1
    assert report["errors"]
    assert set(Project.objects.values_list("landing_unit", flat=True)) == {own.pk}


def few_rows(tmp_path, unit):
    book = openpyxl.Workbook()
    book.active.append(["项目名称", "落户乡镇", "总投资（万元）", "签约时间"])
    book.active.append([f"{unit}项目", unit.name, 100, "2024-03-05"])
    path = tmp_path / f"{unit}.xlsx"
    book.save(path)
    return path


def test_a_damaged_workbook_is_told_without_a_traceback(clerk, tmp_path):
    path = tmp_path / "cut.xlsx"
    shutil.copy(COUNTY_BOOK, path)
    path.write_bytes(path.read_bytes()[:5000])
    code, report, said = run("projects", path)
    assert (code, report) == (2, None)
    assert said.endswith("。")
    assert "Traceback" not in said


# -- with errors in some rows ------------------------------------------------------------------------


def mixed_rows(tmp_path):
    """Two rows of one township, and between them one of another township whose date can't be."""
    book = openpyxl.Workbook()
    book.active.append(["项目名称", "落户乡镇", "总投资（万元）", "签约时间"])
    book.active.append(["甲项目", "甲镇", 100, "2024-03-05"])
    book.active.append(["乙项目", "乙镇", 200, "2024.13"])
    book.active.append(["丙项目", "甲镇", 300, "2024-03-06"])
    path = tmp_path / "mixed.xlsx"
    book.save(path)
    return path


def test_a_refused_row_stays_a_row_with_what_is_said_of_it(county, clerk, tmp_path):
    new_township(county, name="甲镇")
    new_township(county, name="乙镇")
    with mixed_rows(tmp_path).open("rb") as file:
        plan = plan_import(ledger_for("projects"), file, clerk)
    assert [row.kind for row in plan.rows] == ["created", "error", "created"]
    assert [(remark.row, remark.column, remark.value) for remark in plan.rows[1].remarks] == [
        (3, "签约时间", "2024.13")
    ]
    assert plan.rows[1].values["name"] == "乙项目"


@pytest.mark.parametrize(("options", "saved"), [
    ((), []),
    (("--partial",), ["丙项目", "甲项目"]),
    (("--partial", "--dry-run"), []),
])  # fmt: skip
def test_only_partial_saves_beside_errors(clerk, tmp_path, options, saved):
    code, report, _ = run("projects", mixed_rows(tmp_path), "--create-townships", *options)
    assert (code, report["rows"], report["created"], len(report["errors"])) == (1, 3, 2, 1)
    assert sorted(Project.objects.values_list("name", flat=True)) == saved
    assert list(Unit.objects.values_list("name", flat=True)) == (["甲镇"] if saved else [])


def test_partial_without_a_clean_row_leaves_no_batch(clerk, tmp_path):
    assert run("projects", mixed_rows(tmp_path), "--partial")[0] == 1
    assert not ImportBatch.objects.exists()

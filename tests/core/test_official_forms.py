"""官方表样: a list on the office's printed form, read back and held against the list."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.http import QueryDict
from openpyxl import load_workbook

from core.ledgers import exporting
from core.ledgers.exporting import form_sheet
from core.ledgers.ledger import all_ledgers, ledger_for
from core.ledgers.official_forms import all_forms
from core.ledgers.query import ListQuery
from core.spreadsheet.official_form import Band, Figure, FormColumn, FormSheet, Whole, Wording, write_form
from tests import factories as make
from tests.core.test_list_export import listed
from tests.test_queries import row_for

pytestmark = pytest.mark.django_db
FORMS = [ledger.key for ledger in all_ledgers() if ledger.official_form]
COLUMNS = (FormColumn("名称", width=20), FormColumn("合计数", "amount", "投资", summed=True))


def drawn(lines, columns=COLUMNS, **more):
    given = {"wording": Wording("示例县台账"), "reporter": "县招商办", "made_on": date(2024, 3, 31), **more}
    stream = BytesIO()
    write_form(stream, FormSheet(columns=columns, lines=lines, **given))
    return load_workbook(stream).active


def texts(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def of_ledger(key, seat, text=""):
    query = listed(key, seat, text)
    sheet = form_sheet(query, query.ledger.official_form, at=make.NOW)
    stream = BytesIO()
    write_form(stream, sheet)
    return query, load_workbook(stream, data_only=True).active


def test_title_reporter_unit_two_header_rows_and_signatures():
    sheet = drawn([("甲", Decimal("1.5"))])
    found = texts(sheet)
    assert found[0] == ["示例县台账", None, None]
    assert found[1] == ["填报单位：县招商办", "制表时间：2024年3月31日", "单位：万元"]
    assert found[2:5] == [["序号", "名称", "投资"], [None, None, "合计数"], [1, "甲", 1.5]]
    assert found[5] == ["合计", None, "=SUM(C5:C5)"]
    assert found[6][0].split() == ["制表人：", "审核人：", "负责人："]
    assert {str(merge) for merge in sheet.merged_cells.ranges} >= {"A1:C1", "A3:A4", "B3:B4", "A6:B6", "A7:C7"}


def test_it_is_set_up_for_paper():
    sheet = drawn([("甲", Decimal(1))])
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$3:$4"
    assert sheet.oddFooter.center.text == "第&P页，共&N页"
    wide = drawn([], [FormColumn(str(number), width=20) for number in range(10)])
    assert wide.page_setup.paperSize == 8


def test_what_looks_like_a_formula_stays_text_and_what_excel_can_not_hold_is_said():
    sheet = drawn([(text, None) for text in ("=1+1", "+1", "-1", "@a", "甲\x00乙")])
    cells = [sheet.cell(row, 2) for row in range(5, 10)]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        (text, "s") for text in ("=1+1", "+1", "-1", "@a", "甲乙")
    ]
    assert "原文中有1个Excel不能保存的字符，已去掉。" in [row[0] for row in texts(sheet)]


def test_a_row_is_as_high_as_its_longest_text():
    sheet = drawn([("甲", Decimal(1)), ("很长的名称" * 8, Decimal(1)), ("一\n二\n三", None)])
    assert [round(sheet.row_dimensions[row].height) for row in (5, 6, 7)] == [22, 80, 50]


class Named:
    def __str__(self):
        return "很长的名称" * 8


def test_a_row_that_a_cell_names_takes_its_room_and_a_figure_takes_one_line():
    sheet = drawn([(Named(), Decimal(1)), ("甲", Figure(Decimal("0.5"), "0.0%"))])
    assert [round(sheet.row_dimensions[row].height) for row in (5, 6)] == [80, 22]


def test_bands_and_whole_rows_have_no_number_and_are_not_added_up():
    sheet = drawn([Band("一、中心镇"), ("甲", Decimal(2)), Whole(("全县", Decimal(9))), ("乙", Decimal(3))])
    assert [row[0] for row in texts(sheet)[4:8]] == ["一、中心镇", 1, None, 2]


def test_the_sum_runs_from_the_first_row_to_the_last():
    sheet = drawn([("甲", Decimal(1)), ("乙", Decimal("2.5"))])
    assert sheet["C7"].value == "=SUM(C5:C6)"


def test_a_countys_own_words():
    words = Wording("本县的表", ("注：含园区。",), (("填表", "张三"), ("审核", "")))
    found = [row[0] for row in texts(drawn([], wording=words))]
    assert found[0] == "本县的表"
    assert found[-2:] == ["注：含园区。", "填表：张三　　　　　　审核：　　　　　　"]


@pytest.mark.parametrize("key", FORMS)
def test_the_form_holds_the_lists_rows_and_its_sums(key, office, township):
    row_for(key, township), row_for(key, township)
    query, sheet = of_ledger(key, office)
    fields = query.ledger.official_form.fields
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] in (1, 2)]
    assert [row[1] for row in rows] == [query.ledger.column(fields[0].column).show(row) for row in query.ordered]
    totals = [row for row in sheet.iter_rows(values_only=True) if str(row[0]).endswith("合计")]
    for place, field in enumerate(fields, 1):
        said = {name: amount for name, amount in query.totals.items() if name.partition(":")[0] == field.column}
        if field.summed and said:
            assert [Decimal(str(row[place])) for row in totals] == [amount or 0 for amount in said.values()]


def test_a_form_without_amounts_counts_its_rows(office, township):
    row_for("problems", township), row_for("problems", township)
    query, sheet = of_ledger("problems", office)
    assert query.total_sentence == "共 2 件问题"
    assert "合计：共 2 件问题" in [row[0] for row in texts(sheet)]


def test_money_of_different_kinds_is_never_added_up(office, county, township):
    kinds = {"province": "100", "platform": "2000", "central": "30"}
    for kind, amount in kinds.items():
        for _ in range(2):
            make.new_allocation(township, amount, document=make.new_document(county, "5000", kind=kind))
    _, sheet = of_ledger("allocations", office, "sort=-amount")
    assert [(row[0], row[7]) for row in texts(sheet) if str(row[0]).endswith("合计")] == [
        ("平台公司协调资金合计", 4000), ("省级财政资金合计", 200), ("中央财政资金合计", 60),
    ]  # fmt: skip
    stream = BytesIO()
    write_form(stream, form_sheet(listed("allocations", office), ledger_for("allocations").official_form, at=make.NOW))
    formulas = [row[7] for row in texts(load_workbook(stream).active) if row[0] == "省级财政资金合计"]
    assert formulas == ['=SUMIF(C5:C10,"省级财政资金",H5:H10)']


IN_2024 = "happened_from=2024-01-01&happened_to=2024-06-30"


def compared_rows(office, text):
    """上年同期 and 同比 under 到位资金 of the list, 填报数 and 认定数 each; empty where the form has none."""
    _, sheet = of_ledger("arrivals", office, text)
    rows = {row[0]: row[4:6] for row in texts(sheet)}
    return [rows[name] for name in ("合计", "上年同期", "同比") if name in rows]


def test_last_years_same_days_and_the_growth_stand_under_the_sum(office, township):
    project = make.new_project(township, total_investment="90000")
    for amount, month in (("150", date(2024, 3, 1)), ("100", date(2023, 6, 1)), ("70", date(2023, 7, 1))):
        make.new_arrival(project, amount, month)
    make.judge(make.new_arrival(project, "60", date(2024, 5, 1)))
    assert compared_rows(office, IN_2024) == [[210, 60], [100, 0], [pytest.approx(1.1), "—"]]
    _, sheet = of_ledger("arrivals", office, IN_2024)
    notes = [row[0] for row in texts(sheet)]
    said = "上年同期按本台账现有记录计算，发生日期（起）：2023-01-01；发生日期（止）：2023-06-30"
    assert said in notes


def test_last_years_list_keeps_every_other_filter(office, township, neighbour):
    for unit, amount in ((township, "100"), (neighbour, "4000")):
        make.new_arrival(make.new_project(unit, total_investment="90000"), amount, date(2023, 6, 1))
    _, last_year, growth = compared_rows(office, f"{IN_2024}&landing_unit={township.code}")
    assert (last_year, growth) == ([100, 0], [-1, "—"])


def test_credited_amounts_are_compared_beside_the_whole_ones(office, township):
    for amount, year in (("150", 2024), ("100", 2023)):
        make.new_arrival(make.new_project(township), amount, date(year, 6, 1))
    _, sheet = of_ledger("arrivals", office, f"{IN_2024}&credit={township.code}")
    rows = {row[0]: row for row in texts(sheet)}
    assert [rows[name][4] for name in ("合计", "上年同期", "同比")] == [150, 100, 0.5]
    assert [rows[name][-2] for name in ("合计", "上年同期", "同比")] == [150, 100, 0.5]


@pytest.mark.parametrize("text", [
    "", "happened_from=2024-01-01", "happened_to=2024-06-30", "happened_from=2023-01-01&happened_to=2024-06-30",
    "happened_from=2024-01-01&counted_to=2024-06-30", "as_of=2024-06-30",
])  # fmt: skip
def test_what_is_not_bounded_by_days_of_one_year_is_compared_with_nothing(text, office, township):
    make.new_arrival(make.new_project(township), "100", date(2024, 3, 1))
    assert len(compared_rows(office, text)) == 1


def test_last_years_list_is_as_it_stood_a_year_before(office, township):
    query = listed("arrivals", office, f"{IN_2024}&as_of=2024-02-29&page=3")
    assert query.year_earlier().as_of == date(2023, 2, 28)


def test_no_form_compares_what_it_keeps_apart():
    assert [form.key for form in all_forms() if form.apart and form.compared] == []


def test_what_was_filtered_by_is_said(office, township):
    _, sheet = of_ledger("projects", office, f"landing_unit={township.code}")
    assert f"范围：落户乡镇：{township}" in [row[0] for row in texts(sheet)]


def test_the_credited_amounts_stand_beside_the_whole_ones(office, township):
    make.new_project(township, total_investment="1000")
    query, sheet = of_ledger("projects", office, f"credit={township.code}")
    total = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "合计")
    assert total[-2] == query.totals["credited_total_investment"] == 1000


def test_a_list_too_long_for_paper_is_refused_with_a_sentence(office, township, client_for, monkeypatch):
    make.new_project(township)
    monkeypatch.setattr(exporting, "MOST_ON_PAPER", 0)
    answer = client_for(office).get("/ledgers/projects/form.xlsx")
    assert answer.status_code == 400
    assert "官方表样供打印" in answer.content.decode()


def test_the_list_offers_both(office, client_for):
    shown = client_for(office).get("/ledgers/projects/?sort=name").content.decode()
    assert 'href="/ledgers/projects/export.xlsx?sort=name">本表</a>' in shown
    assert 'href="/ledgers/projects/form.xlsx?sort=name">官方表样：项目台账</a>' in shown
    assert "官方表样" not in client_for(office).get("/ledgers/units/").content.decode()


def test_a_ledger_without_a_form_has_none(office, client_for):
    assert client_for(office).get("/ledgers/units/form.xlsx").status_code == 404


def test_a_form_names_columns_that_its_ledger_has():
    for key in FORMS:
        ledger = ledger_for(key)
        assert all(ledger.column(field.column) for field in ledger.official_form.fields)


def test_an_empty_list_is_a_form_with_nothing_on_it(office):
    query = ListQuery(ledger_for("arrivals"), QueryDict(), office)
    sheet = form_sheet(query, query.ledger.official_form, at=make.NOW)
    stream = BytesIO()
    write_form(stream, sheet)
    assert "合计" in [row[0] for row in texts(load_workbook(stream).active)]

import pytest
from openpyxl.styles import Font

from core.spreadsheet.reading import HeaderIndex, SkippedSheet, find_tables
from tests.core.spreadsheet.headers import PROJECTS
from tests.core.spreadsheet.workbooks import HEADER, only_table, opened, record


def names(table):
    return [row.cells["name"].value for row in table.rows]


def test_three_header_rows_become_one_path():
    table = only_table(
        [
            ["序号", "项目名称", "签约时间", "累计到位资金（万元）", None, None],
            [None, None, None, "合计", "合作方", None],
            [None, None, None, None, "小计", "省外"],
            [1, "示例1号项目", "2023.5", 30, 20, 10],
        ],
        merges=["A1:A3", "B1:B3", "C1:C3", "D1:F1", "D2:D3", "E2:F2"],
    )
    assert table.header_rows == (1, 3)
    outside = table.columns[-1]
    assert (outside.text, outside.unit, outside.name) == ("累计到位资金（万元）/合作方/省外", "万元", "outside")
    assert table.rows[0].cells["outside"].value == 10


def test_a_second_header_row_that_the_ledger_does_not_know_is_no_record():
    rows = [["项目名称", "总投资", "签约时间", "联系人", None], [None, None, None, "姓名", "电话"]]
    table = only_table([*rows, ["示例1号项目", 5, "2023.5", "张三", "1"]], merges=["D1:E1"])
    assert names(table) == ["示例1号项目"]
    assert table.unknown == ("联系人/姓名", "联系人/电话")


def test_headers_are_known_in_spite_of_spaces_line_ends_and_widths():
    table = only_table([["项 目\n名称", "总投资(万元)", "　签约时间", "备　注"], ["甲项目", 1, "2023.5", None]])
    assert [column.name for column in table.columns] == ["name", "total", "signed", "remark"]
    assert table.columns[1].unit == "万元"


def test_a_unit_is_told_from_another_parenthesis():
    table = only_table([["项目名称（全称）", "总投资【单位：亿元】", "签约时间（年月）"], ["甲项目", 1, "2023.5"]])
    assert [(column.name, column.unit) for column in table.columns] == [
        ("name", None), ("total", "亿元"), ("signed", None),
    ]  # fmt: skip


def test_the_most_specific_header_wins():
    table = only_table(
        [
            ["项目名称", "投资方", None, "签约时间"],
            [None, "名称", "来源地", None],
            ["甲项目", "乙公司", "重庆", "2023"],
        ],
        merges=["A1:A2", "B1:C1", "D1:D2"],
    )
    row = table.rows[0]
    assert (row.cells["name"].value, row.cells["investor"].value) == ("甲项目", "乙公司")
    assert table.questions == ()


def test_the_same_header_twice_is_asked_about():
    table = only_table([["项目名称", "总投资", "签约时间", "总投资"], ["甲项目", 1, "2023", 2]])
    assert table.questions == ("表头“总投资”出现两次（第2列、第4列），只读取第2列，请核对。",)
    assert table.rows[0].cells["total"].value == 1


def test_what_a_list_shows_beside_a_column_gives_way_to_the_column():
    """项目阶段 is met as a word for 进展情况; an exported list has both, and then it is not."""
    index = HeaderIndex(
        aliases={"name": ["项目名称"], "signed": ["签约时间"], "progress": ["进展情况", "项目阶段"]},
        keys=("name",),
        shown=["项目阶段"],
    )
    sheet = [["项目名称", "项目阶段", "签约时间", "进展情况"], ["甲项目", "开工", "2023", "正在安装设备"]]
    (table,) = find_tables(opened(sheet), index)
    assert table.rows[0].cells["progress"].value == "正在安装设备"
    assert (table.questions, table.unknown) == ((), ("项目阶段",))


def test_a_word_that_a_list_shows_is_still_read_where_it_stands_alone():
    index = HeaderIndex(
        aliases={"name": ["项目名称"], "signed": ["签约时间"], "progress": ["进展情况", "项目阶段"]},
        keys=("name",),
        shown=["项目阶段"],
    )
    (table,) = find_tables(opened([["项目名称", "项目阶段", "签约时间"], ["甲项目", "在建", "2023"]]), index)
    assert table.rows[0].cells["progress"].value == "在建"


def test_two_headers_for_one_column_are_asked_about():
    table = only_table([["项目名称", "总投资", "签约时间", "协议总投资"], ["甲项目", 1, "2023", 2]])
    assert table.questions == ("表头“协议总投资”与“总投资”是同一项，只读取“协议总投资”（第4列），请核对。",)


def test_one_text_for_two_columns_is_a_mistake_of_the_ledger():
    with pytest.raises(ValueError, match="项目代码"):
        HeaderIndex({"code": ["项目编号", "项目代码"], "national": ["项目代码"]}, ("code",))


def test_the_lines_above_the_header_are_read():
    table = only_table(
        [
            ["2023年示例县签约项目表"],
            ["填报单位（盖章）：示例县招商局　　　　　单位：亿元"],
            ["填报人：张三", None, "联系电话：1", None, "填报时间：2023.6"],
            [],
            ["序号", "项目名称", "总投资", "签约时间", "备注"],
            record(1),
        ],
        merges=["A1:E1", "A2:E2"],
    )
    assert (table.title, table.reporting_unit, table.unit) == ("2023年示例县签约项目表", "示例县招商局", "亿元")
    assert table.header_rows == (5, 5)


def test_a_reporting_unit_may_stand_in_the_next_cell_and_names_no_money():
    table = only_table([["填报单位：", "百亿元产业园管委会"], HEADER[:4], record(1)[:4]])
    assert (table.reporting_unit, table.unit) == ("百亿元产业园管委会", None)


def test_totals_are_kept_apart_with_their_numbers():
    table = only_table(
        [
            HEADER,
            ["合 计", None, 600, None, None],
            record(1),
            [None, "其中：工业", 100],
            record(2),
            record(3),
            ["总计（3个）", None, "600.00"],
        ]
    )
    assert [row.number for row in table.rows] == [3, 5, 6]
    assert [(stated.number, stated.label, stated.kind) for stated in table.stated] == [
        (2, "合计", "total"), (4, "其中:工业", "of_which"), (7, "总计(3个)", "total"),
    ]  # fmt: skip
    assert [stated.values["total"].value for stated in table.stated] == [600, 100, "600.00"]


def test_band_rows_give_their_rows_a_township_and_their_own_subtotals():
    table = only_table(
        [
            HEADER,
            ["一、芦溪镇（1个）", None, None, None, None],
            record(1),
            ["小计", None, 100],
            ["（二）永明镇", None, None, None, None],
            record(2),
            ["永明镇合计", None, 200],
            ["三", "八里湾镇（共0个项目）", 0],
            ["合计", None, 300],
        ],
        merges=["A2:E2", "A5:E5"],
    )
    assert [(row.number, row.band) for row in table.rows] == [(3, "芦溪镇"), (6, "永明镇")]
    assert [(band.text, band.stated_count) for band in table.bands] == [
        ("芦溪镇", 1), ("永明镇", None), ("八里湾镇", 0),
    ]  # fmt: skip
    assert [(stated.kind, stated.band) for stated in table.stated] == [
        ("subtotal", "芦溪镇"), ("subtotal", "永明镇"), ("subtotal", "八里湾镇"), ("total", None),
    ]  # fmt: skip


def test_a_township_name_is_not_cut_where_it_begins_with_a_number():
    table = only_table([HEADER, ["六、二程镇（1个）"], record(1)], merges=["A2:E2"])
    assert table.bands[0].text == "二程镇"


def test_rows_numbered_in_chinese_are_records_where_nothing_else_is():
    table = only_table([HEADER, ["一", "甲项目", 1, "2023.5"], ["二", "乙项目", 2, "2023.6"]])
    assert names(table) == ["甲项目", "乙项目"]
    assert table.bands == ()


def test_blank_rows_between_groups_and_prepared_numbers_are_stepped_over():
    table = only_table([HEADER, record(1), [], [], record(2), [3], [None, "　"], record(4)])
    assert [row.number for row in table.rows] == [2, 5, 8]


def test_notes_and_signatures_end_the_table():
    table = only_table(
        [
            HEADER,
            record(1),
            ["备注：1.本表按月报送。"],
            ["2.项目须为签订正式合同的项目，意向协议不列入本表统计范围。"],
            ["制表人：张三", None, "审核人：李四", None, "联系电话：1"],
        ],
        merges=["A3:E3", "A4:E4"],
    )
    assert names(table) == ["示例1号项目"]
    assert table.notes == (
        "备注：1.本表按月报送。",
        "2.项目须为签订正式合同的项目，意向协议不列入本表统计范围。",
        "制表人：张三 审核人：李四 联系电话：1",
    )
    assert table.questions == ()


def test_hidden_rows_and_columns_are_read_and_said():
    def hide(sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True

    table = only_table([HEADER, record(1), record(2)], change=hide)
    assert [(row.number, row.hidden) for row in table.rows] == [(2, False), (3, True)]
    assert table.questions == (
        "第3行是隐藏行，已照样读取，请核对。",
        "“总投资（万元）”是隐藏列，已照样读取，请核对。",
    )


def test_a_merged_township_is_filled_down_and_blanks_are_not():
    rows = [["项目名称", "落户乡镇", "总投资", "签约时间"], ["甲", "芦溪镇", 1, "2023"], ["乙", None, 2, "2023"]]
    merged = only_table([*rows, ["丙", None, 3, "2023"]], merges=["B2:B3"])
    assert [row.cells["township"].value for row in merged.rows] == ["芦溪镇", "芦溪镇", None]
    assert [row.filled for row in merged.rows] == [{"township"}, {"township"}, set()]


def test_rows_merged_into_one_project_are_read_once_and_said():
    table = only_table([HEADER, record(1), [None, None, 50], record(2)], merges=["B2:B3"])
    assert [row.number for row in table.rows] == [2, 4]
    assert table.questions == ("第3行与上一行合并为一条，只读取了合并区域的第一行，请核对。",)


def test_a_record_without_its_name_is_not_lost():
    table = only_table([HEADER, record(1, name=None), record(2)])
    assert [row.number for row in table.rows] == [2, 3]


def test_the_header_repeated_on_each_page_is_no_record():
    table = only_table([HEADER, record(1), HEADER, record(2)])
    assert [row.number for row in table.rows] == [2, 4]


def test_the_line_that_numbers_the_columns_is_no_record():
    table = only_table([HEADER, ["甲", "乙", 1, 2, 3], record(1)])
    assert [row.number for row in table.rows] == [3]


def test_a_second_table_of_the_ledger_on_the_sheet_is_read():
    second = ["项目名称", "签约时间", "总投资（亿元）"]
    above = [["制表人：张三"], [], ["意向协议项目表"], ["金额单位：亿元"]]
    workbook = opened(
        [["正式合同项目表"], HEADER, record(1), ["合计", None, 100], *above, second, ["乙项目", "2023", 2]]
    )
    first, following = find_tables(workbook, PROJECTS)
    assert (names(first), first.title, first.unit) == (["示例1号项目"], "正式合同项目表", None)
    assert first.notes == ("制表人：张三",)
    assert (names(following), following.title, following.unit) == (["乙项目"], "意向协议项目表", "亿元")
    assert following.header_rows == (9, 9)
    assert following.columns[2].unit == "亿元"


def test_a_header_without_rows_is_followed_by_the_next_table():
    above = ["项目名称", "总投资", "签约时间"]
    tables = find_tables(opened([above, ["二、意向协议"], above[::-1], ["2023", 2, "乙项目"]]), PROJECTS)
    assert [names(table) for table in tables] == [[], ["乙项目"]]


def test_a_table_of_another_ledger_below_is_said():
    table = only_table([HEADER, record(1), [], ["序号", "企业名称", "产值"], [1, "甲公司", 5]])
    assert names(table) == ["示例1号项目"]
    assert table.questions == ("第4行起还有没有读取的内容（序号 企业名称 产值），请核对，或另放一张工作表。",)


def test_rows_after_the_notes_are_said():
    table = only_table([HEADER, record(1), ["说明：本表为示例。"], record(2)])
    assert len(table.rows) == 1
    assert table.questions == ("第4行起还有没有读取的内容（2 示例2号项目 200 2023年5月），请核对，或另放一张工作表。",)


def test_a_column_without_a_header_is_said():
    table = only_table([HEADER, [*record(1), "丢失的内容"]])
    assert table.questions == ("第6列没有表头，没有读取，请核对。",)


def test_empty_and_hidden_sheets_are_answered_for():
    def add_sheets(sheet):
        sheet.parent.create_sheet("Sheet2")
        sheet.parent.create_sheet("Sheet3").cell(5, 5).font = Font(bold=True)
        sheet.sheet_state = "hidden"
        sheet.parent.active = 1

    table, *empty = find_tables(opened([HEADER, record(1)], change=add_sheets), PROJECTS)
    assert table.questions == ("工作表是隐藏的，已照样读取，请核对。",)
    assert empty == [SkippedSheet("Sheet2", "工作表是空的。"), SkippedSheet("Sheet3", "工作表是空的。")]


def test_a_sheet_with_too_few_known_columns_names_them():
    (skipped,) = find_tables(opened([["项目名称", "签约时间", "产值"], ["甲", "2023", 1]]), PROJECTS)
    assert skipped.reason == "只认出2栏（项目名称、签约时间），不是这本台账。"
    (skipped,) = find_tables(opened([["姓名", "年龄"], ["张三", 1]]), PROJECTS)
    assert skipped.reason == "没有找到表头。"


def test_a_table_may_start_away_from_the_corner():
    table = only_table([[], [], [None, None, *HEADER], [None, None, *record(1)]])
    assert table.rows[0].number == 4
    assert table.rows[0].cells["name"].value == "示例1号项目"

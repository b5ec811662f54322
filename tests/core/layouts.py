"""Some fifty layouts of project tables as county offices send them, each built cell by cell, with what is to be read.

A layout gives a workbook and the rows it holds: (name, township, 万元, signed as the reader says it).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

Row = tuple[str, str, str, str]
A: Row = ("甲食品加工项目", "芦溪镇", "1200", "2024年3月5日")
B: Row = ("乙装备制造项目", "芦溪镇", "30000", "2024年4月")
C: Row = ("丙冷链物流项目", "塔山镇", "850.5", "2023年")
PLAIN = ("序号", "项目名称", "乡镇", "总投资（万元）", "签约时间")


@dataclass
class Layout:
    """`rows`: what is to be created. `refused`: how many rows are not taken. `says`: parts of warnings; `stated`: the
    sheet's own total in 万元."""

    build: Callable[[Workbook], None]
    rows: list[Row] = field(default_factory=lambda: [A, B, C])
    refused: int = 0
    says: tuple[str, ...] = ()
    stated: str | None = None

    def stream(self) -> BytesIO:
        book, stream = Workbook(), BytesIO()
        book.remove(book.active)
        self.build(book)
        book.save(stream)
        stream.seek(0)
        return stream


def sheet(book: Workbook, title: str, *rows: tuple[Any, ...], merges: tuple[str, ...] = ()) -> Worksheet:
    page = book.create_sheet(title)
    for row in rows:
        page.append(row)
    for merge in merges:
        page.merge_cells(merge)
    return page


def numbered(*rows: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    return [(number, *row) for number, row in enumerate(rows, start=1)]


A_ROW, B_ROW, C_ROW = (A[0], A[1], 1200, "2024-03-05"), (B[0], B[1], "3亿元", "2024年4月"), (C[0], C[1], 850.5, 2023)
ROWS = numbered(A_ROW, B_ROW, C_ROW)
LAYOUTS: dict[str, Layout] = {}


def layout(name: str, **options: Any) -> Callable[[Callable[[Workbook], None]], Callable[[Workbook], None]]:
    def keep(build: Callable[[Workbook], None]) -> Callable[[Workbook], None]:
        LAYOUTS[name] = Layout(build, **options)
        return build

    return keep


@layout("plain")
def _(book):
    sheet(book, "Sheet1", PLAIN, *ROWS)


@layout("title, unit line and reporting unit")
def _(book):
    head = (("2024年芦溪县招商引资项目表",), ("填报单位：县招商办（盖章）", None, None, "单位：万元"))
    bare = ("序号", "项目名称", "乡镇", "总投资", "签约时间")
    sheet(book, "台账", *head, bare, *ROWS, merges=("A1:E1",))


@layout("unit line in 亿元")
def _(book):
    bare = ("序号", "项目名称", "乡镇", "总投资", "签约时间")
    rows = numbered((A[0], A[1], 0.12, "2024-03-05"), (B[0], B[1], 3, "2024年4月"), (C[0], C[1], 0.08505, "2023年"))
    sheet(book, "台账", ("项目表",), ("单位：亿元",), bare, *rows)


@layout("unit in the header, 亿元")
def _(book):
    rows = numbered((A[0], A[1], 0.12, "2024-03-05"), (B[0], B[1], 3, "2024年4月"), (C[0], C[1], 0.08505, "2023年"))
    sheet(book, "台账", ("序号", "项目名称", "乡镇", "投资金额(亿元)", "签约时间"), *rows)


@layout("two header rows with merges")
def _(book):
    first = ("序号", "项目名称", "乡镇", "投资（万元）", None, "签约时间")
    second = (None, None, None, "总投资", "固定资产投资", None)
    rows = numbered((A[0], A[1], 1200, 800, "2024-03-05"), (B[0], B[1], 30000, None, "2024年4月"))
    rows.append((3, C[0], C[1], 850.5, 100, "2023年"))
    merges = ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2")
    sheet(book, "台账", first, second, *rows, merges=merges)


@layout("three header rows")
def _(book):
    first = ("序号", "项目基本情况", None, None, "签约时间")
    second = (None, "项目名称", "乡镇", "投资（万元）", None)
    third = (None, None, None, "总投资", None)
    merges = ("A1:A3", "B1:D1", "B2:B3", "C2:C3", "E1:E3")
    sheet(book, "台账", ("三行表头",), first, second, third, *ROWS, merges=tuple(_down(m) for m in merges))


def _down(merge: str) -> str:
    first, last = merge.split(":")
    return ":".join(f"{cell[0]}{int(cell[1:]) + 1}" for cell in (first, last))


@layout("band rows, with counts")
def _(book):
    head = ("序号", "项目名称", "总投资（万元）", "签约时间")
    bands = (("一、芦溪镇（2个）",), (1, A[0], 1200, "2024-03-05"), (2, B[0], "3亿元", "2024年4月"))
    sheet(book, "台账", head, *bands, ("二、塔山镇（1个）",), (1, C[0], 850.5, "2023年"))


@layout("band rows in brackets, merged")
def _(book):
    head = ("序号", "项目名称", "总投资（万元）", "签约时间")
    rows = (("（一）芦溪镇",), (1, A[0], 1200, "2024-03-05"), (2, B[0], "3亿元", "2024年4月"))
    sheet(book, "台账", head, *rows, ("（二）塔山镇",), (1, C[0], 850.5, "2023年"), merges=("A2:D2", "A5:D5"))


@layout("a sheet for each township")
def _(book):
    head = ("序号", "项目名称", "总投资（万元）", "签约时间")
    sheet(book, "芦溪镇", head, (1, A[0], 1200, "2024-03-05"), (2, B[0], "3亿元", "2024年4月"))
    sheet(book, "塔山镇", head, (1, C[0], 850.5, "2023年"))


@layout("a sheet for each year and a summary", rows=[C, A, B], says=("没有导入",))
def _(book):
    sheet(book, "汇总", ("年份", "个数"), (2023, 1), (2024, 2))
    sheet(book, "2023年", PLAIN, ROWS[2])
    sheet(book, "2024年", PLAIN, *ROWS[:2])


@layout("totals below", stated="32050.5")
def _(book):
    sheet(book, "台账", PLAIN, *ROWS, ("合计", None, None, 32050.5, None))


@layout("total above and 其中", stated="32050.5")
def _(book):
    sheet(book, "台账", PLAIN, (None, "合计", None, 32050.5), (None, "其中：芦溪镇", None, 31200), *ROWS)


@layout("subtotals between", stated="32050.5")
def _(book):
    first, last = (None, "小计", None, 31200), (None, "小计", None, 850.5)
    sheet(book, "台账", PLAIN, *ROWS[:2], first, ROWS[2], last, (None, "总计", None, 32050.5))


@layout("a total that does not add up", stated="32000", says=("合计为 32000 万元，逐行相加为 32050.5 万元",))
def _(book):
    sheet(book, "台账", PLAIN, *ROWS, ("合计", None, None, 32000, None))


@layout("notes and signatures at the end")
def _(book):
    notes = (
        ("备注：1.总投资含设备。",),
        ("2.框架协议不计入。",),
        ("填表人：张三", None, "审核人：李四"),
        ("填报时间：2024年6月",),
    )
    sheet(book, "台账", PLAIN, *ROWS, *notes, merges=("A5:E5",))


@layout("blank lines between groups")
def _(book):
    sheet(book, "台账", PLAIN, ROWS[0], (), (), ROWS[1], (), ROWS[2])


@layout("township merged downwards")
def _(book):
    head = ("乡镇", "项目名称", "总投资（万元）", "签约时间")
    rows = ((A[1], A[0], 1200, "2024-03-05"), (None, B[0], "3亿元", "2024年4月"), (C[1], C[0], 850.5, "2023年"))
    sheet(book, "台账", head, *rows, merges=("A2:A3",))


@layout("township blank and not merged", rows=[A, C], refused=1)
def _(book):
    head = ("乡镇", "项目名称", "总投资（万元）", "签约时间")
    rows = ((A[1], A[0], 1200, "2024-03-05"), (None, B[0], 30000, "2024年4月"), (C[1], C[0], 850.5, "2023年"))
    sheet(book, "台账", head, *rows)


@layout("amounts merged downwards", rows=[C], refused=2)
def _(book):
    sheet(book, "台账", PLAIN, *ROWS, merges=("D2:D3",))


@layout("hidden rows and columns", says=("隐藏的",))
def _(book):
    page = sheet(book, "台账", PLAIN, *ROWS)
    page.row_dimensions[3].hidden = True
    page.column_dimensions["A"].hidden = True


@layout("empty sheets", says=("工作表是空的",))
def _(book):
    sheet(book, "台账", PLAIN, *ROWS)
    sheet(book, "Sheet2")
    sheet(book, "Sheet3")


@layout("other words for the columns")
def _(book):
    head = ("编号", "招商项目名称", "项目所在地", "协议总投资(万元)", "签约日期", "投资商")
    sheet(book, "台账", head, *((*row, "示例公司") for row in ROWS))


@layout("line breaks and blanks in headers")
def _(book):
    sheet(book, "台账", ("序 号", "项目\n名称", "乡  镇", "总投资\n（万元）", "签约\n时间"), *ROWS)


@layout("brackets of both widths")
def _(book):
    sheet(book, "台账", ("序号", "项目名称", "乡镇", "总投资(万元）", "签约时间"), *ROWS)


@layout("columns that the ledger does not know", says=("“包抓干部电话”一列没有导入",))
def _(book):
    sheet(book, "台账", (*PLAIN, "包抓干部电话"), *((*row, "139") for row in ROWS))


@layout("header repeated on every printed page")
def _(book):
    sheet(book, "台账", PLAIN, *ROWS[:2], PLAIN, ROWS[2])


@layout("two tables on one sheet")
def _(book):
    sheet(book, "台账", ("一、芦溪镇项目",), PLAIN, *ROWS[:2], (), (), ("二、塔山镇项目",), PLAIN, ROWS[2])


@layout("dates as Excel keeps them")
def _(book):
    rows = numbered((A[0], A[1], 1200, datetime(2024, 3, 5)), (B[0], B[1], 30000, datetime(2024, 4, 1)))
    page = sheet(book, "台账", PLAIN, *rows, (3, C[0], C[1], 850.5, "2023年"))
    page["E2"].number_format, page["E3"].number_format = "yyyy-mm-dd", 'yyyy"年"m"月"'


@layout("townships by their other names")
def _(book):
    rows = numbered((A[0], "芦溪", 1200, "2024-03-05"), (B[0], "示例县芦溪镇人民政府", 30000, "2024年4月"))
    sheet(book, "台账", PLAIN, *rows, (3, C[0], " 塔山镇 ", 850.5, "2023年"))


@layout("full-width digits and thousands marks")
def _(book):
    rows = numbered((A[0], A[1], "１，２００", "2024-03-05"), (B[0], B[1], "30,000.00", "2024年4月"))
    sheet(book, "台账", PLAIN, *rows, (3, C[0], C[1], "850.5万元", "2023年"))


@layout("a doubtful and a wrong cell", rows=[C], refused=2)
def _(book):
    rows = numbered((A[0], A[1], "5-10亿元", "2024-03-05"), (B[0], B[1], 30000, "2024.13"))
    sheet(book, "台账", PLAIN, *rows, ROWS[2])


@layout("the same project twice", says=("疑似重复",))
def _(book):
    sheet(book, "台账", PLAIN, *ROWS, (4, *ROWS[0][1:]))


@layout("a numbering row under the header")
def _(book):
    sheet(book, "台账", PLAIN, ("甲", "乙", "丙", "1", "2"), *ROWS)


@layout("far from the corner")
def _(book):
    shifted = [(None, None, *row) for row in (PLAIN, *ROWS)]
    sheet(book, "台账", *([(None,)] * 4), (None, None, "项目表"), *shifted)


@layout("no table of this ledger", rows=[], says=("没有导入",))
def _(book):
    sheet(book, "台账", ("姓名", "电话"), ("张三", "139"))


@layout("a sentence and the clerk's lines under the title")
def _(book):
    head = (
        ("2024年招商引资签约项目情况表",),
        ("截至6月底，全县共签约项目3个，总投资32050.5万元。",),
        ("填报单位（盖章）：芦溪镇人民政府", None, "填报人：张三", "联系电话：0816-1234567", "填报时间：2024年7月2日"),
        ("单位：万元",),
    )
    bare = ("序号", "项目名称", "乡镇", "总投资", "签约时间")
    sheet(book, "台账", *head, bare, *ROWS, merges=("A1:E1", "A2:E2", "A4:E4"))


@layout("hidden sheets", says=("隐藏的",))
def _(book):
    sheet(book, "台账", PLAIN, *ROWS[:2])
    sheet(book, "上年", PLAIN, ROWS[2]).sheet_state = "hidden"


@layout("rows that a filter hides", says=("隐藏的",))
def _(book):
    page = sheet(book, "台账", PLAIN, *ROWS)
    page.auto_filter.ref = "A1:E4"
    page.auto_filter.add_filter_column(2, ["塔山镇"])
    for row in (2, 3):
        page.row_dimensions[row].hidden = True


@layout("more below twenty blank lines", rows=[A, B], says=("第25行起还有没有读取的内容",))
def _(book):
    sheet(book, "台账", PLAIN, *ROWS[:2], *([()] * 21), ROWS[2])


@layout("a band whose number and name stand in two cells")
def _(book):
    head = ("序号", "项目名称", "总投资（万元）", "签约时间")
    first, second = ("一", "芦溪镇", 31200, None), ("二", "塔山镇", 850.5, None)
    rows = ((1, A[0], 1200, "2024-03-05"), (2, B[0], "3亿元", "2024年4月"))
    sheet(book, "台账", head, first, *rows, second, (1, C[0], 850.5, "2023年"))


@layout("totals, subtotals and their parts at the end", stated="32050.5")
def _(book):
    parts = (("小计", None, None, 31200), ("其中：亿元以上", None, None, 30000), ("其中：其他", None, None, 1200))
    sheet(book, "台账", PLAIN, *ROWS, ("总计", None, None, 32050.5), *parts)


@layout("two tables side by side", rows=[A, B], refused=0, says=("没有导入",))
def _(book):
    side = (None, "项目名称", "乡镇", "总投资（万元）", "签约时间")
    sheet(book, "台账", (*PLAIN, *side), (*ROWS[0], None, *C_ROW), (*ROWS[1], None, *C_ROW))


@layout("signs for nothing in columns that may be empty")
def _(book):
    head = (*PLAIN, "固定资产投资（万元）", "投资方", "协议引资额（万元）", "备注")
    signs = (("/", "无", "—", "－"), ("待定", "/", "无", "-"), ("－", "—", "暂无", "/"))
    sheet(book, "台账", head, *((*row, *nothing) for row, nothing in zip(ROWS, signs, strict=True)))


@layout("blanks of every kind around what is written")
def _(book):
    a = ("\u3000甲食品加工项目\u00a0", "芦溪镇\u200b", "\u00a01,200\n", "2024-03-05 ")
    b = ("乙装备\n制造项目", " 芦溪 镇", "3 亿元", "2024年\n4月")
    c = (C[0], "塔山镇\t", "\u3000850.5\u3000", "２０２３年")
    sheet(book, "台账", PLAIN, *numbered(a, b, c))


@layout("days counted from 1904")
def _(book):
    book.epoch = CALENDAR_MAC_1904
    rows = numbered((A[0], A[1], 1200, datetime(2024, 3, 5)), (B[0], B[1], 30000, datetime(2024, 4, 1)))
    page = sheet(book, "台账", PLAIN, *rows, (3, C[0], C[1], 850.5, "2023年"))
    page["E2"].number_format, page["E3"].number_format = "yyyy-mm-dd", 'yyyy"年"m"月"'


@layout("days as bare numbers")
def _(book):
    sheet(book, "台账", PLAIN, (1, A[0], A[1], 1200, 45356), *ROWS[1:])


@layout("dates that say no year, or nothing yet", rows=[], refused=6)
def _(book):
    doubtful = ("5月", "待定", "已签约", "2023.2.30", 2023.1, "去年底")
    sheet(book, "台账", PLAIN, *((n, f"第{n}项", "芦溪镇", 100, day) for n, day in enumerate(doubtful, 1)))


@layout("amounts that say no number, or no yuan", rows=[], refused=6)
def _(book):
    doubtful = ("三千万", "120万美元", "约3000", "2000余万元", "5-10亿元", "5000（一期）")
    sheet(book, "台账", PLAIN, *((n, f"第{n}项", "芦溪镇", text, "2024-03-05") for n, text in enumerate(doubtful, 1)))


@layout("errors and formulas that were never calculated", rows=[C], refused=3)
def _(book):
    rows = numbered((A[0], A[1], "#REF!", "2024-03-05"), (B[0], B[1], "=15000*2", "2024年4月"))
    page = sheet(book, "台账", PLAIN, *rows, ROWS[2], (4, "丁项目", "芦溪镇", "#N/A", "2024-03-05"))
    for cell in ("D2", "D5"):
        page[cell].data_type = "e"


@layout("a code of digits that Excel has rounded", rows=[A], refused=1)
def _(book):
    rows = ((*ROWS[0], "2403-510799-04-01-123456"), (*ROWS[1], 510799202401123456))
    sheet(book, "台账", (*PLAIN, "投资项目代码"), *rows)

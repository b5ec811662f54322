"""The pages of targets: grids that are pasted into, read from workbooks, adjusted and planned; and the printed form."""

from datetime import date
from decimal import Decimal as D
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.ledgers.importing import commit_import, plan_import
from core.ledgers.ledger import ledger_for
from reporting.models import Target, TargetPart
from reporting.targeting.services import adjust_targets, set_plan, set_targets
from tests import factories as make

FUND = "本年累计到位资金"
ADDRESS = "/reports/targets/2024/"


@pytest.fixture
def fund(contest, metrics):
    return metrics[FUND]


@pytest.fixture
def client(office, client_for):
    return client_for(office)


def box(metric, unit):
    return f"t-{metric.code}-{unit.code if unit else 0}"


def boxes(client, address=ADDRESS, **changed):
    """What the page would send as it stands, with other texts in some boxes."""
    form = client.get(address).context["form"]
    sent = {field.html_name: field.value() or "" for field in form if field.html_name != "file"}
    return {**sent, **changed}


def workbook(*rows, title=None, unit=None):
    book = openpyxl.Workbook()
    for row in ([title], [f"单位：{unit}"]) if title else ():
        book.active.append(row)
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("分解表.xlsx", stream.getvalue())


def text_of(response):
    return response.content.decode()


def held(unit):
    return [row.basic for row in Target.objects.current().filter(unit=unit).in_turn()]


# -- filling the boxes ---------------------------------------------------------------------------------


def test_a_pasted_block_is_looked_at_before_it_is_saved(client, fund, township, neighbour):
    block = f"单位\t{FUND}\n{township}\t7,000\n合计\t11000\n全县\t12000"
    response = client.post(ADDRESS, {**boxes(client), "act": "paste", "paste": block})
    assert "还没有保存" in text_of(response)
    form = response.context["form"]
    assert [form[box(fund, unit)].value() for unit in (township, neighbour, None)] == ["7,000", "4000", "12000"]
    assert held(township) == [6000]
    sent = {field.html_name: field.value() or "" for field in form if field.html_name != "file"}
    assert client.post(ADDRESS, {**sent, "act": "keep"}).status_code == 302
    assert (held(township), held(neighbour), held(None)) == ([7000], [4000], [12000])


def test_a_block_of_an_unknown_unit_is_refused_in_words(client, fund):
    response = client.post(ADDRESS, {**boxes(client), "act": "paste", "paste": f"单位\t{FUND}\n别处镇\t1"})
    assert response.status_code == 422
    assert "表里没有“别处镇”这个单位" in text_of(response)


def test_a_workbook_fills_the_boxes_in_the_units_of_its_header(client, fund, metrics, township, neighbour):
    file = workbook(
        ["序号", "单位", f"{FUND}（亿元）", "新签约项目数"],
        [1, "芦溪镇人民政府", 0.75, 12],
        [2, neighbour.name, None, "9个左右"],
        ["", "合计", 0.75, 21],
        ["", "全县", 2, 30],
        title="2024年任务分解表",
        unit="万元",
    )
    response = client.post(ADDRESS, {**boxes(client), "act": "file", "file": file})
    form, signed = response.context["form"], metrics["新签约项目数"]
    shown = {(m, u): form[box(m, u)].value() for m in (fund, signed) for u in (township, neighbour, None)}
    assert shown == {
        (fund, township): "7500", (fund, neighbour): "4000", (fund, None): "20000",
        (signed, township): "12", (signed, neighbour): "9个左右", (signed, None): "30",
    }  # fmt: skip
    assert "第5行：“新签约项目数”：写的是“9个左右”" in text_of(response)
    assert held(township) == [6000]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["名称", "数"], ["芦溪镇", 1]], "没有找到分解表：表头里要有“单位”和指标的名称"),
        ([["单位", FUND], ["别处镇", 1]], "第2行：没有“别处镇”这个单位"),
        ([["单位", FUND], ["芦溪镇", 1], ["芦溪镇", 2]], "第3行：“芦溪镇”的“本年累计到位资金”写了两次"),
        ([["单位", FUND], ["芦溪镇", -1]], "这里不能填负数"),
        ([["单位", FUND], ["芦溪镇", "约6000"]], "约6000"),
        ([["单位", FUND, "奋斗目标"], ["芦溪镇", 1, 2]], "“奋斗目标”没有读取"),
    ],
)
def test_a_workbook_says_what_it_could_not_give(rows, sentence, client, fund):
    response = client.post(ADDRESS, {**boxes(client), "act": "file", "file": workbook(*rows)})
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert Target.objects.count() == 2


@pytest.mark.parametrize("content", [b"", b"not a workbook", None])
def test_what_is_no_workbook_is_refused_in_words(content, client, fund):
    file = {} if content is None else {"file": SimpleUploadedFile("表.xlsx", content)}
    response = client.post(ADDRESS, {**boxes(client), "act": "file", **file})
    assert response.status_code == 422
    assert response.context["form"].errors["file"]


# -- adjusting -----------------------------------------------------------------------------------------


SAID = {"act": "keep", "document": "县委办〔2024〕9号", "since": "2024-06-01", "reason": "项目调整"}


def test_only_what_was_changed_is_adjusted_and_both_versions_are_shown(client, fund, township, neighbour):
    sent = boxes(client, f"{ADDRESS}adjust/", **{box(fund, township): "5000"}, **SAID)
    page = text_of(client.post(f"{ADDRESS}adjust/", sent, follow=True))
    assert "已调整2024年目标 1 项。" in page
    assert (held(township), held(neighbour)) == ([6000, 5000], [4000])
    for said in ("原 6,000", "县委办〔2024〕9号", "2024年6月1日", "项目调整"):
        assert said in page


def test_an_adjustment_that_loses_a_plan_says_so(client, fund, county, township):
    with make.writing_as(county) as writing:
        set_plan(writing, target=Target.objects.get(unit=township), months=3, amounts={1: D(1500)})
    sent = boxes(client, f"{ADDRESS}adjust/", **{box(fund, township): "5000"}, **SAID)
    assert "其中 1 项原来有下达计划" in text_of(client.post(f"{ADDRESS}adjust/", sent, follow=True))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"document": ""}, "请填写。"),
        ({"since": "2024年6月"}, "请写到哪一天"),
        ({"since": "2025-01-01"}, "调整要从2024年内的某一天起"),
        ({"reason": ""}, "请填写。"),
    ],
)
def test_an_adjustment_asks_for_its_document_day_and_reason(changed, sentence, client, fund, township):
    sent = boxes(client, f"{ADDRESS}adjust/", **{box(fund, township): "5000"}, **{**SAID, **changed})
    response = client.post(f"{ADDRESS}adjust/", sent)
    assert (response.status_code, sentence in text_of(response)) == (422, True)
    assert held(township) == [6000]


def test_an_adjustment_neither_empties_nor_begins_a_target(client, fund, metrics, township):
    sent = boxes(
        client, f"{ADDRESS}adjust/", **{box(fund, township): "", box(metrics["新签约项目数"], None): "9"}, **SAID
    )
    page = text_of(client.post(f"{ADDRESS}adjust/", sent))
    assert "调整后的目标不能空着" in page
    assert "还没有原目标" in page


def test_an_adjusted_target_is_not_withdrawn_by_an_emptied_box(client, fund, county, township):
    with make.writing_as(county) as writing:
        adjust_targets(
            writing, year=2024, given={(fund, township): D(1)}, since=date(2024, 6, 1), document="甲", reason="乙"
        )
    response = client.post(ADDRESS, boxes(client, **{box(fund, township): "", "act": "keep"}))
    assert "这项目标调整过，不能清空" in text_of(response)
    assert held(township) == [6000, 1]


# -- planning ------------------------------------------------------------------------------------------


def plan_address(metric, by="quarter"):
    return f"{ADDRESS}plans/{metric.code}/?by={by}"


def test_a_plan_that_does_not_come_to_the_target_is_asked_about(client, fund, township):
    first = {f"p-{township.code}-{month}": "1000" for month in (1, 4, 7)}
    sent = boxes(client, plan_address(fund), **first, act="keep")
    response = client.post(plan_address(fund), sent)
    assert response.status_code == 422
    assert "各期合计 3000，比年度目标少 3000，四季度没有填。" in text_of(response)
    assert not TargetPart.objects.exists()
    assert client.post(plan_address(fund), {**sent, f"ok-{township.code}": "2999"}).status_code == 422
    assert client.post(plan_address(fund), {**sent, f"ok-{township.code}": "3000"}).status_code == 302
    assert TargetPart.objects.current().count() == 3


def test_a_plan_is_pasted_with_its_months(client, fund, township, neighbour):
    months = "\t".join(f"{month}月" for month in range(1, 13))
    block = f"单位\t{months}\n{neighbour}\t" + "\t".join(["300"] * 11 + ["700"])
    address = plan_address(fund, "month")
    response = client.post(address, {**boxes(client, address), "act": "paste", "paste": block})
    form = response.context["form"]
    sent = {field.html_name: field.value() or "" for field in form}
    assert client.post(address, {**sent, "act": "keep"}).status_code == 302
    assert TargetPart.objects.current().filter(target__unit=neighbour).count() == 12
    page = client.get(f"{ADDRESS}plans/{fund.code}/")
    assert page.context["form"].months == 1
    assert "相符" in text_of(page)


def test_a_plan_that_arrives_cut_short_changes_nothing(client, fund, county, township):
    with make.writing_as(county) as writing:
        set_plan(writing, target=Target.objects.get(unit=township), months=3, amounts={1: D(1500)})
    response = client.post(plan_address(fund), {"act": "keep"})
    assert response.status_code == 422
    assert TargetPart.objects.current().count() == 1


# -- printed and listed --------------------------------------------------------------------------------


def printed(client):
    return openpyxl.load_workbook(BytesIO(client.get(f"{ADDRESS}form.xlsx").content)).active


def test_the_printed_form_holds_the_units_against_the_county(client, fund, county, township, neighbour):
    with make.writing_as(county) as writing:
        set_targets(writing, year=2024, given={(fund, None): D(12000)})
        adjust_targets(
            writing, year=2024, given={(fund, township): D(5000)}, since=date(2024, 6, 1), document="甲", reason="乙"
        )
    rows = [[cell.value for cell in row] for row in printed(client).iter_rows()]
    assert rows[0][0] == f"{county}2024年主要目标任务分解表"
    assert rows[2][:4] == ["序号", "单位", f"{FUND}\n（万元）", None]
    assert rows[3][2:4] == ["原目标", "调整后"]
    by_name = {row[1]: row[2:4] for row in rows[4:] if row[1]}
    assert by_name[township.name] == [6000, 5000]
    assert by_name["各单位合计"] == [10000, 9000]
    assert by_name["全县"] == [12000, 12000]
    assert by_name["合计与全县相差"] == [-2000, -3000]


def test_what_was_printed_can_be_read_back(client, fund, county, township, neighbour):
    with make.writing_as(county) as writing:
        set_targets(writing, year=2024, given={(fund, None): D(12000)})
    content = client.get(f"{ADDRESS}form.xlsx").content
    with make.writing_as(county) as writing:
        set_targets(writing, year=2024, given={(fund, unit): D(1) for unit in (township, neighbour, None)})
    response = client.post(ADDRESS, {**boxes(client), "act": "file", "file": SimpleUploadedFile("表.xlsx", content)})
    form = response.context["form"]
    assert not form.errors
    assert [form[box(fund, unit)].value() for unit in (township, neighbour, None)] == ["6000", "4000", "12000"]


def imported(seat, *rows):
    headers = ["单位", "指标", "年度", "基本目标", "奋斗目标", "文号", "自何时起", "调整理由"]
    return plan_import(ledger_for("targets"), workbook(headers, *rows), seat)


def test_a_long_list_brings_originals_and_adjustments(office, fund, metrics, county, township):
    plan = imported(
        office,
        [township.name, "新签约项目数", 2024, 12, 15, "县委办〔2024〕2号", None, None],
        [township.name, "新签约项目数", 2024, 10, None, "县委办〔2024〕9号", date(2024, 6, 1), "项目调整"],
        ["全县", "新签约项目数", 2024, 30, None, None, None, None],
        [township.name, FUND, 2024, 6000, None, "县委办〔2024〕2号", None, None],
    )
    assert plan.errors == []
    assert [row.kind for row in plan.rows] == ["created", "created", "created", "unchanged"]
    with make.writing_as(county) as writing:
        commit_import(writing, plan)
    signed = Target.objects.filter(metric=metrics["新签约项目数"]).in_turn()
    assert [(row.unit, row.basic, row.stretch, row.spread) for row in signed] == [
        (township, 12, 15, "ceil"), (None, 30, None, "ceil"), (township, 10, None, "ceil"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ([None, FUND, 2024, 1], "全县的目标写“全县”"),
        (["别处镇", FUND, 2024, 1], "别处镇"),
        (["全县", "没有的指标", 2024, 1], "没有的指标"),
        (["全县", FUND, 2024, -1], "目标不能为负"),
        (["全县", FUND, 2024, 5, 4], "奋斗目标不能低于基本目标"),
        (["全县", FUND, 2024, 5, None, "甲", date(2025, 1, 1), "乙"], "调整要从2024年内的某一天起"),
        (["全县", FUND, 2024, 5, None, "甲", date(2024, 5, 1), None], "调整目标要写文号、自何时起和理由"),
        (["全县", FUND, None, 5], "年度"),
    ],
)
def test_a_row_that_cannot_be_is_refused_where_it_stands(row, sentence, office, fund):
    (error,) = imported(office, row).errors
    assert (error.row, sentence in error.message) == (2, True), error.message


def test_more_units_and_metrics_ask_no_more(client, fund, metrics, county, township, neighbour):
    addresses = (ADDRESS, f"{ADDRESS}adjust/", plan_address(fund), f"{ADDRESS}form.xlsx")

    def questions(address):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    few = [questions(address) for address in addresses]
    with make.writing_as(county) as writing:
        given = {(metrics[name], unit): D(9) for name in ("新签约项目数", "新投产项目数") for unit in (township, None)}
        set_targets(writing, year=2024, given={**given, (fund, None): D(12000)})
        set_plan(writing, target=Target.objects.get(unit=township, metric=fund), months=3, amounts={1: D(1500)})
    make.new_township(county)
    assert [questions(address) for address in addresses] == few
    assert max(few) <= 14

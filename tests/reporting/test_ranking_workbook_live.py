"""The exported workbook, recalculated by LibreOffice, gives what the engine gives."""

import copy
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reporting.ranking_workbook import write_ranking_workbook
from reporting.scoring.engine import score
from reporting.scoring.inputs import Inputs, load_inputs
from reporting.scoring.results import ItemResult, Results, UnitResult
from reporting.scoring.scheme import Scheme, load_scheme
from tests import factories as make
from tests.reporting.office import recalculated, spoilt
from tests.reporting.scoring_files import RICH, SAMPLE_NAMES, input_data, sample_data, scheme_data, unit_data

pytestmark = pytest.mark.office


def exported(scheme: Scheme, inputs: Inputs) -> bytes:
    stream = BytesIO()
    write_ranking_workbook(
        stream, scheme, inputs, score(scheme, inputs), title="排名", footnote_lines=[], made_at=make.NOW
    )
    return stream.getvalue()


def shown(sheet: Worksheet) -> dict[str, dict[str, object]]:
    """Township → heading → what the cell on 排名 holds."""
    headings = {}
    for column in range(1, sheet.max_column + 1):
        text = sheet.cell(4, column).value or sheet.cell(3, column).value
        headings[column] = str(text).rsplit("\n（", 1)[0]
    rows = (row for row in range(5, sheet.max_row + 1) if sheet.cell(row, 3).value is not None)
    return {
        sheet.cell(row, 2).value: {heading: sheet.cell(row, column).value for column, heading in headings.items()}
        for row in rows
    }


def expected(results: Results) -> dict[str, dict[str, object]]:
    return {result.unit: _expected_row(result) for result in results.units}


def _expected_row(result: UnitResult) -> dict[str, object]:
    closing = {"名次": result.rank, "加分": result.bonus, "扣分": result.deduction, "总分": result.total}
    scores = {item.name: _expected_score(item) for item in result.indicators}
    return scores | {name: "—" if value is None else value for name, value in closing.items()}


def _expected_score(item: ItemResult) -> object:
    if item.score is not None:
        return item.score
    return "无任务" if item.no_task else "—"


def differences(sheet: Worksheet, results: Results) -> list[str]:
    found = shown(sheet)
    return [
        f"{unit} {heading}: {found[unit][heading]!r} ≠ {value!r}"
        for unit, row in expected(results).items()
        for heading, value in row.items()
        if not same(found[unit][heading], value)
    ]


def same(found: object, value: object) -> bool:
    if isinstance(value, str) or not isinstance(found, int | float):
        return found == value
    return abs(Decimal(repr(found)) - Decimal(value)) < Decimal("1e-9")


@pytest.mark.parametrize("name", [*SAMPLE_NAMES, RICH])
def test_recalculated_scores_totals_and_ranks_are_the_engines(name: str, tmp_path: Path) -> None:
    scheme, inputs = load_scheme(sample_data(name, "scheme")), load_inputs(sample_data(name, "input"))
    content = spoilt(exported(scheme, inputs))
    results = score(scheme, inputs)
    unread = load_workbook(BytesIO(content), data_only=True)["排名"]
    assert len(differences(unread, results)) == sum(len(row) for row in expected(results).values())
    assert differences(recalculated(content, tmp_path)["排名"], results) == []


def test_metrics_of_another_span_have_their_own_months(tmp_path: Path) -> None:
    scheme = load_scheme(scheme_data("时序目标(x)+100*时序目标(y)"))
    data = input_data(
        unit_data("甲镇", {"x": 1, "y": 1}, target={"x": 12, "y": 12}), months_elapsed=9, months_covered=3
    )
    inputs = replace(load_inputs(data), covered={"y": 9})
    assert score(scheme, inputs).units[0].total == 903
    assert differences(recalculated(spoilt(exported(scheme, inputs)), tmp_path)["排名"], score(scheme, inputs)) == []


CHANGES = [
    ("quarterly-taskforce", "甲专班", "actual", "到位资金", 6),
    ("groups-targets-ties", "丙乡", "actual", "到位资金", 9000),
    ("groups-targets-ties", "戊乡", "actual", "弄虚作假项目数", 0),
    ("groups-targets-ties", "乙镇", "target", "到位资金", 20000),
    ("step-boundaries", "丁镇", "actual", "到位资金", 130),
    ("second-quarter-prorate", "甲镇", "plan", "到位资金", 1000),
    (RICH, "壬镇", "last_year", "签约额", 2),
    (RICH, "癸镇", "target", "签约额", 17),
    (RICH, "丁镇", "target", "到位资金", 7000),
    (RICH, "己镇", "actual", "弄虚作假项目数", 0),
    (RICH, "子镇", "actual", "不可抗力", 1),
    (RICH, "甲镇", "actual", "推介会场次", -1),
]


@pytest.mark.parametrize(("name", "unit", "part", "metric", "value"), CHANGES)
def test_one_changed_input_cell_gives_the_engines_result_for_that_input(
    name: str, unit: str, part: str, metric: str, value: int, tmp_path: Path
) -> None:
    scheme, data = load_scheme(sample_data(name, "scheme")), sample_data(name, "input")
    book = load_workbook(BytesIO(exported(scheme, load_inputs(data))))
    _input_cell(book["指标数据"], unit, part, metric).value = value
    stream = BytesIO()
    book.save(stream)
    changed = copy.deepcopy(data)
    next(row for row in changed["units"] if row["name"] == unit).setdefault(part, {})[metric] = Decimal(value)
    results = score(scheme, load_inputs(changed))
    assert differences(recalculated(stream.getvalue(), tmp_path)["排名"], results) == []


def _input_cell(sheet: Worksheet, unit: str, part: str, metric: str):
    title = {"actual": "实绩", "target": "年度目标", "plan": "计划", "last_year": "上年同期"}[part]
    row = next(row for row in count(6) if sheet.cell(row, 1).value == unit)
    heading = None
    for column in range(3, sheet.max_column + 1):
        heading = sheet.cell(3, column).value or heading
        if heading == metric and sheet.cell(4, column).value == title:
            return sheet.cell(row, column)
    raise LookupError(f"{metric} {title}")

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.reporting.scoring_files import SAMPLE_NAMES, SAMPLES, input_data, scheme_data, unit_data


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """The command as (exit status, standard output, standard error)."""

    def command(scheme: Path, inputs: Path) -> tuple[int, str, str]:
        status = 0
        try:
            call_command("score", str(scheme), str(inputs))
        except SystemExit as ended:
            status = int(ended.code or 0)
        return status, *capsys.readouterr()

    return command


@pytest.fixture
def written(tmp_path: Path):
    def write(name: str, content: object) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode())
        return path

    return write


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_sample_schemes_give_their_published_totals_and_ranks(name: str, run) -> None:
    status, output, _ = run(SAMPLES / f"{name}.scheme.json", SAMPLES / f"{name}.input.json")
    expected = json.loads((SAMPLES / f"{name}.expected.json").read_text(encoding="utf-8"))
    found = {row["unit"]: {"total": row["total"], "rank": row["rank"]} for row in json.loads(output)["results"]}
    assert status == 0
    assert {unit: found[unit] for unit in expected} == expected


SCHEME = {
    "engine": 1,
    "name": "示例",
    "year": 2024,
    "period": "quarter",
    "derived": [{"name": "到位率", "formula": "到位资金/时序目标(到位资金)"}],
    "indicators": [
        {"name": "签约额", "family": "招商引资", "points": 30, "formula": "MIN(签约额/时序目标(签约额), 1)*满分"},
        {"name": "到位资金", "family": "项目建设", "points": 70, "formula": "MIN(到位率, 1)*满分"},
    ],
    "bonuses": [{"name": "推介会", "formula": "3*推介会场次", "cap": 6}],
    "deductions": [{"name": "少报月报", "formula": "1*少报月份数", "cap": 12}],
    "ranking": {"within": "group"},
    "pass_mark": 60,
    "awards": [{"tier": "一等奖", "ranks": [1, 1], "minimum": 80, "amount": 50}],
}
FIRST_UNIT = {
    "unit": "甲镇",
    "group": "中心镇",
    "rank": 1,
    "tied": False,
    "total": "87.50",
    "qualified": True,
    "award": "一等奖",
    "amount": "50",
    "vetoed": None,
    "bonus": "3.00",
    "deduction": "1.00",
    "lists": [],
    "notes": [],
    "indicators": [
        {"name": "签约额", "points": "22.5", "substituted": "MIN(4.2/5.6, 1)*30 = 22.5", "note": None},
        {"name": "到位资金", "points": "63", "substituted": "MIN(0.9, 1)*70 = 63", "note": None},
    ],
    "bonuses": [{"name": "推介会", "points": "3", "substituted": "3*1 = 3", "note": None}],
    "deductions": [{"name": "少报月报", "points": "1", "substituted": "1*1 = 1", "note": None}],
    "derived": [{"name": "到位率", "value": "0.9", "substituted": "18/20 = 0.9"}],
}


def test_the_whole_answer_is_printed_in_readable_chinese(run, written) -> None:
    actual = {"签约额": "4.2", "到位资金": 18, "推介会场次": 1, "少报月份数": 1}
    rest = {"group": "中心镇", "target": {"签约额": 20, "到位资金": 80}, "plan": {"签约额": "5.6"}}
    inputs = input_data(unit_data("甲镇", actual, **rest), unit_data("乙镇", actual | {"签约额": None}, **rest))
    status, output, errors = run(written("scheme.json", SCHEME), written("input.json", inputs))
    answer = json.loads(output)
    assert (status, errors) == (0, "")
    assert '"甲镇"' in output
    assert answer["results"][0] == FIRST_UNIT
    assert answer["errors"] == [{"unit": "乙镇", "where": "签约额", "message": "缺少数据：签约额"}]
    assert (answer["scheme"], answer["period"]) == ("示例", "2024Q1")


GOOD_INPUT = input_data(unit_data("甲镇", {"签约额": 1}))
BROKEN_FILES = {
    "not JSON": (b"{", "不是合法的JSON"),
    "empty": (b"", "不是合法的JSON"),
    "not UTF-8": ("{“".encode("gb18030"), "不是UTF-8编码"),
    "NaN": (b'{"name": NaN}', "不能使用NaN"),
    "a key twice": ('{"name": "甲", "name": "乙"}'.encode(), "“name”重复出现"),
    "nested": (b"[" * 200_000, "嵌套层数过多"),
    "an endless exponent": (b'{"year": 1e99999999999999999999}', "有的数过大或过小"),
    "a lone surrogate": (b'{"name": "\\ud800"}', "含有无法显示的字符"),
    "a list": (b"[]", "应当是一组“名称：值”"),
    "null": (b"null", "应当是一组“名称：值”"),
}


@pytest.mark.parametrize(("content", "sentence"), BROKEN_FILES.values(), ids=BROKEN_FILES.keys())
def test_a_file_that_cannot_be_read_ends_with_2_and_a_sentence(content: bytes, sentence: str, run, written) -> None:
    good_scheme, good_input = written("good.json", scheme_data()), written("input.json", GOOD_INPUT)
    broken = written("broken.json", content)
    for files in ((broken, good_input), (good_scheme, broken)):
        status, output, errors = run(*files)
        assert (status, output) == (2, "")
        assert sentence in errors
        assert "Traceback" not in errors


def test_a_byte_order_mark_does_no_harm(run, written) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(scheme_data()).encode()
    assert run(written("scheme.json", content), written("input.json", GOOD_INPUT))[0] == 0


def test_a_formula_that_does_not_parse_ends_with_2(run, written) -> None:
    status, _, errors = run(written("scheme.json", scheme_data("签约金额")), written("input.json", GOOD_INPUT))
    assert status == 2
    assert "指标“得分”：没有名为“签约金额”的指标数据，相近的有：签约额" in errors

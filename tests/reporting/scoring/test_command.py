"""`manage.py score` as people meet it: a process of its own, every answer's shape, every broken file in Chinese."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.reporting.scoring_files import RICH, SAMPLE_NAMES, SAMPLES, input_data, scheme_data, unit_data

CHINESE = re.compile(r"[一-鿿]")
ROW_KEYS = [
    "unit",
    "group",
    "rank",
    "tied",
    "total",
    "qualified",
    "award",
    "amount",
    "vetoed",
    "bonus",
    "deduction",
    "lists",
    "notes",
    "indicators",
    "bonuses",
    "deductions",
    "derived",
]
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
SHORT_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]{0,5}[1-9])?")

Run = Callable[[Path, Path], tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
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
def written(tmp_path: Path) -> Callable[[str, Any], Path]:
    def write(name: str, content: Any) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode())
        return path

    return write


@pytest.fixture
def good(written) -> tuple[Path, Path]:
    return written("方案.json", scheme_data("x")), written("数据.json", input_data(unit_data("甲镇", {"x": 1})))


def in_a_process(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    """The command in a process that speaks no Chinese by itself and has no database to reach."""
    return subprocess.run(
        [sys.executable, "manage.py", "score", *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )


def test_a_process_needs_no_database_and_prints_utf_8_whatever_the_locale() -> None:
    ended = in_a_process(SAMPLES / "golden-quarter.scheme.json", SAMPLES / "golden-quarter.input.json")
    assert (ended.returncode, ended.stderr) == (0, b"")
    answer = json.loads(ended.stdout.decode("utf-8"))
    assert [(row["unit"], row["total"]) for row in answer["results"]] == [
        ("乙镇", "86.43"),
        ("丁乡", "86.00"),
        ("甲镇", "85.50"),
        ("丙乡", "80.00"),
    ]


def test_a_process_ends_with_2_and_a_sentence(good: tuple[Path, Path], tmp_path: Path) -> None:
    ended = in_a_process(tmp_path / "没有.json", good[1])
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert ended.stderr.decode("utf-8") == "考核方案文件“没有.json”：文件不存在\n"


# The answer's shape


@pytest.mark.parametrize("name", [*SAMPLE_NAMES, RICH])
def test_every_answer_has_the_published_shape(name: str, run: Run) -> None:
    scheme = json.loads((SAMPLES / f"{name}.scheme.json").read_text(encoding="utf-8"))
    inputs = json.loads((SAMPLES / f"{name}.input.json").read_text(encoding="utf-8"))
    status, output, errors = run(SAMPLES / f"{name}.scheme.json", SAMPLES / f"{name}.input.json")
    answer = json.loads(output, parse_float=_refused)
    assert (status, errors) == (0, "")
    assert list(answer) == ["scheme", "period", "results", "errors"]
    assert (answer["scheme"], answer["period"]) == (scheme["name"], inputs["period"])
    assert sorted(row["unit"] for row in answer["results"]) == sorted(unit["name"] for unit in inputs["units"])
    for row in answer["results"]:
        _check_row(row, scheme)
    for error in answer["errors"]:
        assert list(error) == ["unit", "where", "message"]
        assert CHINESE.search(error["message"])


def _refused(text: str) -> None:
    raise AssertionError(f"{text} is no string")


def _check_row(row: dict[str, Any], scheme: dict[str, Any]) -> None:
    rounding = scheme.get("rounding", {})
    places, item_places = rounding.get("total", 2), rounding.get("indicator")
    assert list(row) == ROW_KEYS
    assert row["rank"] is None or row["total"] is not None
    assert isinstance(row["tied"], bool)
    assert (row["qualified"] is None) == (scheme.get("pass_mark") is None or row["total"] is None)
    for key in ("total", "bonus", "deduction"):
        assert row[key] is None or _has_places(row[key], places)
    for key in ("indicators", "bonuses", "deductions"):
        for item in row[key]:
            assert list(item) == ["name", "points", "substituted", "note"]
            assert item["points"] is None or _has_places(item["points"], item_places)
            assert item["substituted"] is None or SHORT_DECIMAL.fullmatch(item["substituted"].rpartition(" = ")[2])
    for derived in row["derived"]:
        assert list(derived) == ["name", "value", "substituted"]
        assert derived["value"] is None or SHORT_DECIMAL.fullmatch(derived["value"])


def _has_places(text: str, places: int | None) -> bool:
    if places is None:
        return SHORT_DECIMAL.fullmatch(text) is not None
    return DECIMAL.fullmatch(text) is not None and len(text.partition(".")[2]) == places


# Files that cannot be read

WRONG_FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "不是合法的JSON：第1行第1列附近有误"),
    "blank": (b" \n ", "不是合法的JSON：第2行第2列附近有误"),
    "cut short": ('{"name": "示'.encode(), "不是合法的JSON：第1行第10列附近有误"),
    "a workbook": (b"PK\x03\x04\x14\x00\x00\x00\xff\xfe", "不是UTF-8编码"),
    "GB 18030": ('{"name": "示例"}'.encode("gb18030"), "不是UTF-8编码"),
    "UTF-16": ('{"name": "示例"}'.encode("utf-16"), "不是UTF-8编码"),
    "a zero byte": (b"\x00", "不是合法的JSON：第1行第1列附近有误"),
    "comments": (b'// x\n{"name": 1}', "不是合法的JSON：第1行第1列附近有误"),
    "a comma too much": (b'{"name": 1,}', "不是合法的JSON：第1行第12列附近有误"),
    "two values": (b"{}{}", "不是合法的JSON：第1行第3列附近有误"),
    "not a number": (b'{"year": NaN}', "不能使用NaN，应当是数"),
    "infinity": (b'{"year": Infinity}', "不能使用Infinity，应当是数"),
    "minus infinity": (b'{"year": [-Infinity]}', "不能使用-Infinity，应当是数"),
    "a key twice": ('{"单位": 1, "单位": 1}'.encode(), "“单位”重复出现"),
    "a key twice inside": (b'{"a": [{"b": {"c": 1, "c": 2}}]}', "“c”重复出现"),
    "deep lists": (b"[" * 100_000 + b"]" * 100_000, "嵌套层数过多"),
    "deep objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "嵌套层数过多"),
    "a number": (b"5", "应当是一组“名称：值”"),
    "a text": ('"甲"'.encode(), "应当是一组“名称：值”"),
    "true": (b"true", "应当是一组“名称：值”"),
}


@pytest.mark.parametrize(("content", "sentence"), WRONG_FILES.values(), ids=WRONG_FILES.keys())
def test_a_file_that_cannot_be_read_is_told_by_its_name(
    content: bytes, sentence: str, run: Run, written, good: tuple[Path, Path]
) -> None:
    broken = written("坏.json", content)
    assert run(broken, good[1]) == (2, "", f"考核方案文件“坏.json”：{sentence}\n")
    assert run(good[0], broken) == (2, "", f"数据文件“坏.json”：{sentence}\n")


def test_a_folder_and_an_absent_file_are_told_by_their_names(run: Run, good: tuple[Path, Path], tmp_path: Path) -> None:
    folder = tmp_path / "文件夹"
    folder.mkdir()
    assert run(folder, good[1]) == (2, "", "考核方案文件“文件夹”：这是文件夹，不是文件\n")
    assert run(good[0], folder / "无.json") == (2, "", "数据文件“无.json”：文件不存在\n")
    assert run(good[0], good[1] / "内.json") == (2, "", "数据文件“内.json”：文件无法读取\n")
    assert run(Path(".."), good[1]) == (2, "", "考核方案文件“..”：这是文件夹，不是文件\n")


def test_a_byte_order_mark_is_accepted_in_both_files(run: Run, written) -> None:
    mark = b"\xef\xbb\xbf"
    scheme = written("scheme.json", mark + json.dumps(scheme_data("x")).encode())
    inputs = written("input.json", mark + json.dumps(input_data(unit_data("甲镇", {"x": 1}))).encode())
    assert run(scheme, inputs)[0] == 0


@pytest.mark.parametrize(
    ("figure", "sentence"),
    [
        (b"1e18", "“x”的数过大"),
        (b"-1e18", "“x”的数过大"),
        (b"1e400", "“x”的数过大"),
        (b"9" * 5000, "“x”的数过大"),
        (b"1e999999999999999999", "“x”的数过大"),
        (b"1e9999999999999999999", None),
        (b"1e-999999999999", "“x”最多9位小数"),
        (b"0.1234567891", "“x”最多9位小数"),
        (b"1." + b"0" * 50_000 + b"1", "“x”最多9位小数"),
        (b'"' + b"9" * 5000 + b'"', "“x”应当是数"),
        (b"true", "“x”应当是数"),
        (b"{}", "“x”应当是数"),
        (b'"-"', "“x”应当是数"),
        (b"[1, [2]]", "“x”的第2个数应当是数"),
        (b"[" * 400 + b"]" * 400, "“x”的第1个数应当是数"),
    ],
)
def test_no_figure_is_too_odd_for_a_sentence(
    figure: bytes, sentence: str | None, run: Run, written, good: tuple[Path, Path]
) -> None:
    content = '{"period": "2024Q1", "units": [{"name": "甲镇", "actual": {"x": '.encode() + figure + b"}}]}"
    ended = run(good[0], written("数据.json", content))
    where = "有的数过大或过小" if sentence is None else f"单位“甲镇”，“actual”：{sentence}"
    assert ended == (2, "", f"数据文件“数据.json”：{where}\n")


@pytest.mark.parametrize("units", [[], None, {}, "甲镇", [None], [[]], [1], [{}], [{"name": "甲镇", "actual": 1}]])
def test_units_that_are_none_end_with_2(units: Any, run: Run, written, good: tuple[Path, Path]) -> None:
    status, output, errors = run(good[0], written("数据.json", {"period": "2024Q1", "units": units}))
    assert (status, output) == (2, "")
    assert errors.startswith("数据文件“数据.json”：")
    assert CHINESE.search(errors)


def test_what_does_not_fit_together_is_told_with_the_file_at_fault(run: Run, written, good: tuple[Path, Path]) -> None:
    scheme = written("错.json", scheme_data("签约额"))
    year = written("年.json", input_data(unit_data("甲镇", {"x": 1})) | {"period": "2024"})
    assert run(scheme, good[1]) == (2, "", "考核方案文件“错.json”：指标“得分”：没有名为“签约额”的指标数据\n")
    assert run(good[0], year) == (2, "", "数据文件“年.json”：方案按季度考核，数据的期间却是“2024”\n")


def test_figures_as_large_as_allowed_end_in_a_result_or_an_error(run: Run, written) -> None:
    most = 10**18 - 1
    rules = {"bonuses": [{"name": "好", "formula": "x"}], "deductions": [{"name": "坏", "formula": "x/10"}]}
    scheme = written("方案.json", scheme_data("x*x/x", points=most, rounding={"total": 9, "indicator": 9}, **rules))
    inputs = written("数据.json", input_data(unit_data("甲镇", {"x": most}), unit_data("乙镇", {"x": 0})))
    status, output, _ = run(scheme, inputs)
    answer = json.loads(output)
    assert status == 0
    assert answer["results"][0]["total"] == "1899999999999999998.100000000"
    assert answer["errors"] == [{"unit": "乙镇", "where": "得分", "message": "除数为零：x*x/x"}]

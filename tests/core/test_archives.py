"""A zip that is made while it is sent, and names that every system takes."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.archives import LONGEST_NAME, Packed, file_name, folder_name, plain, zipped
from tests import factories as make

FORBIDDEN = set('<>:"/\\|?*') | {chr(code) for code in range(32)}


@pytest.mark.parametrize(
    ("original", "name"),
    [
        ("回单.pdf", "03_到位资金_银行凭证_回单.pdf"),
        ("三月/回单?.PDF", "03_到位资金_银行凭证_三月 回单.PDF"),
        ("C:\\扫描\\a.jpg", "03_到位资金_银行凭证_C 扫描 a.jpg"),
        ("没有后缀", "03_到位资金_银行凭证_没有后缀"),
        (".pdf", "03_到位资金_银行凭证_pdf"),
        ("con.xlsx", "03_到位资金_银行凭证_con.xlsx"),
        ("...", "03_到位资金_银行凭证_未命名"),
        ("a\u202egpj.exe.pdf", "03_到位资金_银行凭证_a gpj.exe.pdf"),
    ],
)
def test_a_file_is_named_by_number_kind_and_its_own_name(original, name):
    assert file_name(3, 2, "到位资金", "银行凭证", original=original) == name


@given(st.text(max_size=300), st.text(max_size=120))
def test_no_name_is_too_long_or_forbidden(original, word):
    name = file_name(7, 2, word, original=original)
    assert name.startswith("07_")
    assert len(name) <= LONGEST_NAME
    assert not FORBIDDEN & set(name)
    assert not name.endswith((".", " "))


def test_a_long_name_keeps_its_ending():
    name = file_name(1, 2, "合同", original="很" * 200 + ".pdf")
    assert (len(name), name[-4:], name[:3]) == (LONGEST_NAME, ".pdf", "01_")


def test_a_folder_begins_with_the_code():
    assert folder_name("XM2024-0001", "甲/乙：项目 ") == "XM2024-0001_甲 乙：项目"
    assert len(folder_name("XM2024-0001", "长" * 100)) == LONGEST_NAME // 2
    assert plain(" . ") == "未命名"


def unpacked(content):
    with ZipFile(BytesIO(b"".join(content))) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def test_what_was_packed_comes_out_again():
    files = [Packed("目录.xlsx", lambda: [b"one", b"two"]), Packed("甲/空.pdf", list)]
    assert unpacked(zipped(files, at=make.NOW)) == {"目录.xlsx": b"onetwo", "甲/空.pdf": b""}


def test_nothing_is_read_before_its_turn():
    asked = []

    def chunks(name):
        asked.append(name)
        for _ in range(3):
            yield b"0123456789" * 1000

    stream = zipped([Packed(name, lambda name=name: chunks(name)) for name in ("a", "b")], at=make.NOW)
    next(stream)
    assert asked == ["a"]
    assert sum(len(part) for part in stream) > 0
    assert asked == ["a", "b"]

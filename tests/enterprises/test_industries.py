import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.readings import Unclear, Unreadable
from enterprises.industries import CHOICES, division_of, divisions, name_of, read_industry, section_of, sections

# GB/T 4754-2017: first and last division of each section.
RANGES = (
    "A01-05 B06-12 C13-43 D44-46 E47-50 F51-52 G53-60 H61-62 I63-65 J66-69 K70-70 L71-72 M73-75 N76-79 O80-82 "
    "P83-83 Q84-85 R86-90 S91-96 T97-97"
)


def test_twenty_sections_have_the_standards_ranges():
    assert " ".join(f"{row.letter}{row.first}-{row.last}" for row in sections().values()) == RANGES


def test_ninety_seven_divisions_without_a_gap():
    assert list(divisions()) == [f"{number:02}" for number in range(1, 98)]


def test_each_section_holds_exactly_its_range():
    for section in sections().values():
        codes = [division.code for division in section.divisions]
        assert codes == [f"{number:02}" for number in range(int(section.first), int(section.last) + 1)]


def test_names_are_there_and_differ():
    names = [division.name for division in divisions().values()]
    assert all(names)
    assert len(set(names)) == 97


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(
            ("C1810", "1810"),
            ("1810", "1810"),
            ("18", "18"),
            ("3", "03"),
            ("03", "03"),
            ("c18", "18"),
            ("Ｃ１８", "18"),
        ),
        *(("纺织业", "17"), ("17纺织业", "17"), ("C17 纺织业", "17"), ("181", "181"), ("0311", "0311"), ("A01", "01")),
    ],
)
def test_industries_as_people_write_them(text, code):
    assert read_industry(text) == code


def test_a_number_cell_may_have_lost_its_zero():
    assert read_industry("3", from_number=True) == "03"
    assert read_industry("1810", from_number=True) == "1810"
    with pytest.raises(Unclear, match="写成311或0311"):
        read_industry("311", from_number=True)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        *(
            ("98", "没有“98”"),
            ("00", "没有“00”"),
            ("9900", "没有"),
            ("C0310", "03属于门类A"),
            ("17制鞋业", "17是纺织业"),
        ),
        *(
            ("C", "不是行业代码"),
            ("12345", "不是行业代码"),
            ("纺织", "不是行业代码"),
            ("", "不是行业代码"),
            ("U98", "不是"),
        ),
    ],
)
def test_what_is_no_industry_is_refused(text, word):
    with pytest.raises(Unreadable, match=word):
        read_industry(text)


def test_lookups_take_any_depth():
    assert name_of("1810") == "纺织服装、服饰业"
    assert name_of("C") == section_of("C1810").name == "制造业"
    assert section_of("03").letter == section_of("A").letter == "A"
    assert division_of("7010").name == "房地产业"


def test_choices_are_grouped_by_section():
    assert CHOICES[0][0] == "A 农、林、牧、渔业"
    assert CHOICES[0][1][0] == ("01", "01 农业")
    assert sum(len(options) for _, options in CHOICES) == 97


@given(st.integers(1, 97))
def test_a_letter_in_front_changes_nothing(number):
    code = f"{number:02}"
    assert read_industry(section_of(code).letter + code) == read_industry(str(number)) == code

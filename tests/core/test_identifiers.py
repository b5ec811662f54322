import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identifiers import (
    cleaned_project_code,
    project_code_state,
    project_code_warning,
    read_region_code,
    read_uscc,
    region_level,
)
from core.readings import Unreadable

VALID_USCC = [
    *("91350100M000100Y43", "91110000802100433B", "9144030071526726XG", "91330100799655058B", "914403001922038216"),
    *("53640000MJX173680A", "53640000MJX173672F", "911101085923662400"),
]
NEW_PROJECT_CODES = [
    *("2603-141124-89-05-346948", "2411-130202-89-01-637015", "2509-320193-89-01-544060", "2509-140602-89-05-864976"),
    *("2503-130981-04-01-573274", "2608-320572-89-02-416892", "2311-330109-04-01-789813"),
]
OLD_PROJECT_CODES = ["2020-330327-48-01-167360", "2020-451421-88-03-016343", "2020-440306-48-01-015543"]


@pytest.mark.parametrize("code", VALID_USCC)
def test_true_codes_pass(code):
    assert read_uscc(code) == code


@pytest.mark.parametrize(
    "text",
    [
        "91350100m000100y43",
        " 9135 0100 M000 100Y 43",
        "'91350100M000100Y43",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        "‘91350100M000100Y43’",
    ],
)
def test_how_a_code_is_typed_does_not_matter(text):
    assert read_uscc(text) == "91350100M000100Y43"


def test_village_collectives_have_codes_too():
    assert read_uscc("N2510722MF00000006") == "N2510722MF00000006"


@pytest.mark.parametrize("code", ["91310115MA1H8R7C6D", "91310115MA1G4L1WXK", "91350100M000100Y44"])
def test_a_wrong_check_character_is_named(code):
    with pytest.raises(Unreadable, match="校验码"):
        read_uscc(code)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "9135O100M000100Y43",
            "写的是“9135O100M000100Y43”，统一社会信用代码里没有字母O，是不是“91350100M000100Y43”，请对照营业执照核对。",
        ),
        (
            "9I350I00M000I00Y43",
            "写的是“9I350I00M000I00Y43”，统一社会信用代码里没有字母I，是不是“91350100M000100Y43”，请对照营业执照核对。",
        ),
        (
            "91350100M000100Y4Z",
            "写的是“91350100M000100Y4Z”，统一社会信用代码里没有字母Z，请对照营业执照核对。",
        ),
        (
            "9135010M0000100Y43",
            "写的是“9135010M0000100Y43”，统一社会信用代码只有数字和大写字母，第3位至第8位是数字，请对照营业执照核对。",
        ),
        ("9135", "写的是“9135”，有4位，统一社会信用代码应为18位，请对照营业执照核对。"),
    ],
)
def test_slips_are_refused_with_a_suggestion_and_never_mended(text, sentence):
    with pytest.raises(Unreadable) as refused:
        read_uscc(text)
    assert str(refused.value) == sentence


@given(st.sampled_from(VALID_USCC), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_is_always_caught(code, place, character):
    changed = code[:place] + character + code[place + 1 :]
    if changed == code:
        assert read_uscc(changed) == code
    else:
        with pytest.raises(Unreadable):
            read_uscc(changed)


@pytest.mark.parametrize("code", NEW_PROJECT_CODES)
def test_new_project_codes(code):
    assert project_code_state(code) == "new"
    assert project_code_warning(code) is None


@pytest.mark.parametrize("code", OLD_PROJECT_CODES)
def test_old_project_codes_have_no_check_digit(code):
    assert project_code_state(code) == "old"
    assert project_code_warning(code) is None


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("2311-330109-04-01-789814", "new_badcheck"),
        ("2017-130000-01-01-00001", "bad"),
        ("2313-330109-04-01-789813", "bad"),
        ("2014-330109-04-01-789813", "bad"),
        ("1911-330109-04-01-789813", "bad"),
        ("2022-330109-04-01-789813", "old"),
        ("2023-330109-04-01-789813", "bad"),
        ("", "bad"),
    ],
)
def test_project_codes_that_draw_a_look(code, state):
    assert project_code_state(code) == state
    assert (project_code_warning(code) is None) == (state == "old")


def test_a_project_code_gets_its_hyphens_back():
    assert cleaned_project_code("２３１１—330109—04—01—789813") == "2311-330109-04-01-789813"
    assert cleaned_project_code("23113301090401789813") == "2311-330109-04-01-789813"
    assert cleaned_project_code("尚未备案") == "尚未备案"


@pytest.mark.parametrize(
    ("text", "code", "level"),
    [
        ("510722", "510722", "county"),
        ("510722000000", "510722", "county"),
        ("510722101", "510722101", "township"),
        ("510722101000", "510722101", "township"),
        ("510722101201", "510722101201", "village"),
        ("510000", "510000", "province"),
        ("510700", "510700", "city"),
    ],
)
def test_region_codes(text, code, level):
    assert read_region_code(text) == code
    assert region_level(code) == level


@pytest.mark.parametrize("text", ["5107", "5107221", "990000", "51072210", "51072A", ""])
def test_other_region_codes_are_refused(text):
    with pytest.raises(Unreadable, match="区划代码应为6位、9位或12位"):
        read_region_code(text)

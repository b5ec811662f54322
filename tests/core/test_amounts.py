from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.amounts import MAX_WAN, amount_of_number, half_up, read_amount, read_quantity, show_wan, show_yi
from core.readings import Unclear, Unreadable

amounts = st.decimals(-MAX_WAN, MAX_WAN, places=4)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        *(
            ("2,000.50", "2000.5"),
            ("１２００", "1200"),
            ("１．２亿元", "12000"),
            ("3500万", "3500"),
            ("5000000元", "500"),
        ),
        *(("0", "0"), ("0.0001", "0.0001"), ("1.20000", "1.2"), (" 5 000 万元 ", "5000"), ("1，234，567", "1234567")),
        *(("人民币5000万元", "5000"), ("￥800", "800"), ("5000\u00a0", "5000"), ("12千元", "1.2"), ("1.5亿", "15000")),
        ("99999999.9999", "99999999.9999"),
    ],
)
def test_amounts_read_in_wan(text, amount):
    assert read_amount(text) == Decimal(amount)


@pytest.mark.parametrize(("unit", "amount"), [("元", "0.5"), ("千元", "500"), ("万元", "5000"), ("亿元", "50000000")])
def test_the_unit_of_the_column(unit, amount):
    assert read_amount("5000", unit) == Decimal(amount)


def test_the_unit_in_the_cell_goes_before_the_column():
    assert read_amount("5000元", "亿元") == Decimal("0.5")


@pytest.mark.parametrize("text", ["", " ", "—", "－", "-", "/", "无", "待定", "——"])
def test_placeholders_are_nothing(text):
    assert read_amount(text) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        *(
            (text, "约数")
            for text in ("2000余万元", "约3000", "500多万", "近5000万元", "3000左右", "亿元以上", "≥5000", "5000+")
        ),
        *((text, "区间") for text in ("5-10亿元", "5～10亿元", "5000万元至1亿元", "5—10")),
        *((text, "币种") for text in ("120万美元", "USD 120", "500万港元", "€5000", "$300", "1000万日元")),
        *((text, "阿拉伯数字") for text in ("三千万", "5千万", "贰佰万元", "一个亿")),
        ("5000（一期）", "说明"),
    ],
)
def test_unclear_amounts_are_asked_about_by_name(text, word):
    with pytest.raises(Unclear, match=word) as asked:
        read_amount(text)
    assert str(asked.value).startswith("写的是“")
    assert str(asked.value).endswith("。")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        *((text, "负数") for text in ("-500", "−500", "－500万元", "（500）", "(1,200.00)")),
        *((text, "不是金额") for text in ("已签约", "5000 6000", "20,00", "1.2.3", "5,00万", "abc", ".", "元")),
        *((text, "1万亿元") for text in ("1234567890123", "100000000", "10000亿元", "1" * 400)),
        *((text, "比1元还细") for text in ("0.00001", "1.5元", "0.123456789012亿元")),
    ],
)
def test_what_cannot_be_an_amount_is_refused(text, word):
    with pytest.raises(Unreadable, match=word):
        read_amount(text)


def test_a_negative_amount_where_it_is_allowed():
    assert read_amount("−500", allow_negative=True) == Decimal(-500)
    assert amount_of_number(-500, allow_negative=True) == Decimal(-500)


def test_numbers_lose_the_noise_of_the_spreadsheet():
    assert amount_of_number(0.30000000000000004) == Decimal("0.3")
    assert amount_of_number(1 / 3) == Decimal("0.3333")
    assert amount_of_number(0.00005) == Decimal("0.0001")
    assert amount_of_number(50000000, "元") == Decimal(5000)


@pytest.mark.parametrize("value", [1234567890123, 1e8, 1e300, float("inf")])
def test_numbers_of_a_slipped_finger_are_refused(value):
    with pytest.raises(Unreadable, match="1万亿元"):
        amount_of_number(value)


def test_a_negative_number_is_refused():
    with pytest.raises(Unreadable, match="负数"):
        amount_of_number(-0.5)


@pytest.mark.parametrize(
    ("amount", "wan", "yi"),
    [
        ("5000", "5,000.00", "0.50"),
        ("-12345.678", "−12,345.68", "−1.23"),
        ("0.005", "0.01", "0.00"),
        ("-0.004", "0.00", "0.00"),
        ("10050", "10,050.00", "1.01"),
        ("99999999.9999", "100,000,000.00", "10,000.00"),
    ],
)
def test_amounts_show_rounded_half_up_with_a_true_minus(amount, wan, yi):
    assert (show_wan(Decimal(amount)), show_yi(Decimal(amount))) == (wan, yi)


def test_nothing_shows_as_a_dash():
    assert (show_wan(None), show_yi(None)) == ("—", "—")


def test_half_up_rounds_away_from_zero():
    assert half_up(Decimal("2.5"), 0) == 3
    assert half_up(Decimal("-2.5"), 0) == -3


def test_quantities():
    assert read_quantity("1,200.5亩", "亩") == Decimal("1200.5")
    assert read_quantity("1377㎡", "㎡") == Decimal(1377)
    assert read_quantity("待定", "亩") is None
    with pytest.raises(Unreadable, match="以亩为单位"):
        read_quantity("1377㎡", "亩")
    with pytest.raises(Unclear, match="约数"):
        read_quantity("约30亩", "亩")
    with pytest.raises(Unreadable, match="数字太大"):
        read_quantity("1234567890123")


@given(amounts)
def test_a_shown_amount_reads_back(amount):
    assert read_amount(show_wan(amount, places=4), allow_negative=True) == amount


@given(st.integers(0, 9 * 10**11))
def test_whole_yuan_survive_every_unit(yuan):
    assert read_amount(f"{yuan}元") == read_amount(f"{Decimal(yuan) / 10000:f}") == amount_of_number(yuan, "元")


@given(st.text(max_size=20))
def test_any_text_gives_an_amount_or_a_sentence(text):
    try:
        amount = read_amount(text, allow_negative=True)
        shown = show_wan(amount)
    except (Unreadable, Unclear) as refused:
        shown = str(refused)
    assert shown[-1] in "0123456789—。"

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dates import DateSpan, read_date
from core.readings import Unclear, Unreadable

precisions = st.sampled_from(["day", "month", "quarter", "year"])
spans = st.builds(DateSpan.of, st.dates(date(1900, 1, 1), date(2100, 12, 31)), precisions)


@pytest.mark.parametrize(
    "text",
    [
        *("2023年5月1日", "2023年05月01日", "2023年5月1号", "2023 年 5 月 1 日", "2023/5/1", "2023.05.01", "2023-5-1"),
        *(
            "20230501",
            "２０２３．５．１",
            "２０２３年５月１日",
            "2023-5-1 00:00:00",
            "2023-05-01T08:30:00",
            "2023/5/1 8:30",
        ),
        *(" 2023.5.1\n", "2023\u200b.5.1", "2023\u00a0年5月1日", "2023。5。1", "2023.5.1.", "2023—5—1", "2023 5 1"),
        *("2023-05-01T08:30:00.000", "2023年5月1日8:30"),
    ],
)
def test_days(text):
    assert read_date(text) == DateSpan.day(date(2023, 5, 1))


@pytest.mark.parametrize(
    "text",
    [
        "2023.5",
        "2023年5月",
        "2023-5",
        "2023/05",
        "202305",
        "2023年5月底",
        "2023年5月中旬",
        "2023年5月份",
        "２０２３．５",
    ],
)
def test_months(text):
    assert read_date(text) == DateSpan.month(2023, 5)


def test_text_2023_10_is_october_and_2023_1_is_january():
    assert read_date("2023.10") == DateSpan.month(2023, 10)
    assert read_date("2023.1") == DateSpan.month(2023, 1)


@pytest.mark.parametrize(
    "text", ["2023年第三季度", "2023年三季度", "2023年3季度", "2023Q3", "2023-Q3", "2023年第3季度"]
)
def test_quarters(text):
    assert read_date(text) == DateSpan.quarter(2023, 3)


@pytest.mark.parametrize("text", ["2023", "2023年", "2023年底", "2023年末", "２０２３年"])
def test_years(text):
    assert read_date(text) == DateSpan.year(2023)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2023.13", "写的是“2023.13”，没有13月，请改为类似2023.12的写法。"),
        ("2023.2.30", "写的是“2023.2.30”，2023年2月没有30日，请改为类似2023.2.28的写法。"),
        ("2024年2月30日", "写的是“2024年2月30日”，2024年2月没有30日，请改为类似2024.2.29的写法。"),
        ("2023年0月", "写的是“2023年0月”，没有0月，请改为类似2023.12的写法。"),
        ("5月", "写的是“5月”，没有年份，请改为类似2023年5月的写法。"),
        ("5月1日", "写的是“5月1日”，没有年份，请改为类似2023年5月的写法。"),
        ("5.1", "写的是“5.1”，没有年份，请改为类似2023年5月的写法。"),
    ],
)
def test_impossible_dates_and_missing_years_are_refused_with_what_to_write(text, sentence):
    with pytest.raises(Unreadable) as refused:
        read_date(text)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "待定",
        "已签约",
        "",
        "2023.5.0",
        "202300",
        "20231301",
        "1899年",
        "3023.5",
        "2023年五月",
        "45047",
        "5/1/2023",
        "2023年五季度",
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(Unreadable, match=r"^写的是“.*。$"):
        read_date(text)


@pytest.mark.parametrize("text", ["2023-04-30T16:00:00.000Z", "2023-04-30T16:00:00-08:00"])
def test_a_time_with_a_zone_is_asked_since_the_day_may_differ(text):
    with pytest.raises(Unclear, match="时区"):
        read_date(text)


@pytest.mark.parametrize(
    "text",
    ["2023年上半年", "23年5月", "23.5.1", "2023.5-2023.12", "2023年5月至6月", "2023年5-6月", "2023-2024", "2023.5-6"],
)
def test_what_may_mean_several_dates_is_asked(text):
    with pytest.raises(Unclear, match=r"^写的是“.*。$"):
        read_date(text)


def test_numbers_set_apart_by_spaces_do_not_run_together():
    assert read_date("2023 1 2") == DateSpan.day(date(2023, 1, 2))


@pytest.mark.parametrize(
    ("span", "code"),
    [
        (DateSpan.day(date(2023, 5, 1)), "2023-05-01"),
        (DateSpan.month(2023, 5), "2023-05 (month)"),
        (DateSpan.quarter(2023, 3), "2023-Q3 (quarter)"),
        (DateSpan.year(2023), "2023 (year)"),
    ],
)
def test_codes(span, code):
    assert span.code == code


def test_a_span_is_exactly_one_unit_of_its_precision():
    with pytest.raises(ValueError, match="not one month"):
        DateSpan(date(2023, 5, 1), date(2023, 5, 30), "month")


@given(spans)
def test_a_label_reads_back(span):
    assert read_date(span.label) == span


@given(spans)
def test_labels_differ_when_spans_differ(span):
    other = DateSpan.of(span.last, "day")
    assert (other.label == span.label) == (other == span)


@given(st.text(max_size=20))
def test_any_text_gives_a_span_or_a_sentence(text):
    try:
        outcome = read_date(text).label
    except (Unreadable, Unclear) as refused:
        outcome = str(refused)
    assert outcome.endswith(("日", "月", "度", "年", "。"))

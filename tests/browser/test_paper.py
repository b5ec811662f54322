"""Pages that are signed on paper: a slip stands on one sheet, and no signature on a sheet of its own."""

import re
import subprocess

import pytest

from tests import factories as make
from tests.projects.reports import new_report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINE = re.compile(r"^ *\d+ +待报项目", re.MULTILINE)


def printed(page, address, folder):
    """The text of each sheet."""
    page.goto(address)
    paper = folder / "paper.pdf"
    page.pdf(path=paper, prefer_css_page_size=True)
    told = subprocess.run(["pdftotext", "-layout", paper, "-"], check=True, capture_output=True, text=True)
    return told.stdout.split("\f")[:-1]


def test_a_slip_stands_on_one_sheet(small, seated, tmp_path):
    bureau = make.new_unit(small.county, "department", name="县发展和改革局")
    problem = make.new_problem(small.luxi, assigned_to=bureau, description="道路不通，\n" * 5, title="进场道路" * 10)
    page = seated(small.seats["county"])
    (sheet,) = printed(page, f"/ledgers/problems/records/{problem.code}/sheet/", tmp_path)
    assert "制表时间" in sheet


def test_no_months_signatures_stand_on_a_sheet_of_their_own(small, seated, tmp_path):
    report = new_report(small.luxi)
    page, lengths = seated(small.seats["county"]), set()
    for number in range(26):
        make.new_project(small.luxi, name=f"待报项目{number}")
        if number < 10:
            continue
        sheets = printed(page, f"/ledgers/reports/records/{report.code}/sheet/", tmp_path)
        assert "分管领导（签字）" in sheets[-1]
        assert len(LINE.findall(sheets[-1])) >= 2, number
        lengths.add(len(sheets))
    assert len(lengths) > 1

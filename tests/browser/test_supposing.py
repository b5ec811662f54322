"""A leader supposes that two projects start, and takes the published ranking along as a picture and a sheet."""

import re
import struct
from datetime import date

import pytest
from playwright.sync_api import expect

from core.dates import DateSpan
from reporting.models import Scheme
from tests import factories as make
from tests.browser.acts import downloaded, fill, go, table, touch
from tests.browser.county import QUARTER
from tests.publications import published
from tests.reporting.published import published as published_from
from tests.reporting.scoring_files import indicator, input_data, scheme_data, unit_data

pytestmark = pytest.mark.browser

NOTHING_STARTS = ("芦溪光伏框架项目", "芦溪粮油仓储项目")
A4_IN_DOTS = (1654, 2339)
ROW = "table.compared tbody tr:not(.group)"
PAGE_OF_PDF = re.compile(rb"/Type\s*/Page\b(?!s)")


def strengthen(luxi):
    """芦溪镇 comes close behind 塔山镇: its money and contracts are there, only nothing has started."""
    signed = DateSpan.day(date(2024, 4, 20))
    project = make.new_project(luxi, name="芦溪冷链项目", signed=signed, total_investment="9000")
    make.judge(make.signing_of(project))
    make.judge(make.new_arrival(project, "1200", date(2024, 5, 1)))


def supposed(page):
    """Unit → rank now, rank supposed, movement."""
    return {cells[0]: tuple(cells[1:4]) for cells in table(page.locator(ROW), "th, td")}


def test_a_leader_supposes_two_starts_and_saves_the_picture(small, seated, tmp_path):
    strengthen(small.luxi)
    row = published(Scheme.objects.get(), QUARTER)
    page = seated(small.seats["leader"], accept_downloads=True)
    page.goto(f"/reports/ranking/{QUARTER}/")
    go(page.get_by_role("link", name="测算", exact=True))
    first, second = NOTHING_STARTS
    fill(page, **{"project-1": first, "project-2": second, "day": "2024.6.20"})
    go(page.get_by_role("button", name="测算"))
    assert supposed(page) == {"芦溪镇": ("2", "1", "↑1"), "塔山镇": ("1", "2", "↓1")}
    assert "2个项目2024年6月20日开工" in page.get_by_role("main").inner_text()
    touch(page.locator(".moved summary", has_text="芦溪镇"))
    expect(page.locator(".moved[open] tbody tr", has_text="新开工项目")).to_be_visible()
    shared = page.url
    assert "scheme" not in shared
    page.goto(shared)
    assert supposed(page)["芦溪镇"] == ("2", "1", "↑1")

    page.goto(f"/reports/publications/{row.code}/ranking/")
    saved = downloaded(page.get_by_role("link", name="存为图片"))
    picture = tmp_path / "picture.png"
    saved.save_as(picture)
    assert saved.suggested_filename == f"{row}.png"
    assert struct.unpack(">II", picture.read_bytes()[16:24]) == A4_IN_DOTS
    assert drawn_on(page) > 1000


def drawn_on(page):
    """How many dots of the sheet are dark: a picture that could not be drawn is white."""
    return page.evaluate(
        """async () => {
            const image = new Image();
            image.src = document.querySelector("a[data-picture]").href;
            await image.decode();
            const canvas = document.createElement("canvas");
            canvas.width = 420; canvas.height = 594;
            const paper = canvas.getContext("2d");
            paper.drawImage(image, 0, 0, 420, 594);
            const dots = paper.getImageData(0, 0, 420, 594).data;
            let dark = 0;
            for (let i = 0; i < dots.length; i += 4) { if (dots[i + 3] > 0 && dots[i] < 128) { dark += 1; } }
            return dark;
        }"""
    )


def test_without_a_canvas_the_sheet_itself_is_kept(small, seated):
    row = published(Scheme.objects.get(), QUARTER)
    page = seated(small.seats["leader"], accept_downloads=True)
    page.add_init_script("delete HTMLCanvasElement.prototype.toBlob")
    page.goto(f"/reports/publications/{row.code}/ranking/")
    saved = downloaded(page.get_by_role("link", name="存为图片"))
    assert saved.suggested_filename == f"{row}.svg"


def test_twenty_units_print_on_one_sheet(small, seated, tmp_path):
    indicators = [indicator(f"第{n}项指标", f"MIN(x/时序目标(x), 1)*{n}", 10) for n in range(1, 9)]
    units = [
        unit_data(f"第{n:02}乡镇", {"x": n}, target={"x": 40}, group="中心镇" if n % 2 else "特色镇") for n in range(20)
    ]
    rules = {**scheme_data(), "indicators": indicators, "ranking": {"within": "group"}}
    row = published_from(small.county, rules, input_data(*units))
    page = seated(small.seats["leader"])
    page.goto(f"/reports/publications/{row.code}/ranking/")
    paper = tmp_path / "paper.pdf"
    page.pdf(path=paper, prefer_css_page_size=True)
    assert len(PAGE_OF_PDF.findall(paper.read_bytes())) == 1

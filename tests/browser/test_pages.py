"""Every main page, for every role, on a laptop and on a phone: readable, reachable, quiet; and on paper."""

import re
import subprocess
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from django.conf import settings

from projects.models import Project
from reporting.models import Metric, Scheme
from reporting.scheme_editing.services import copy_scheme
from tests import factories as make
from tests.browser.acts import go
from tests.browser.county import QUARTER, SmallCounty
from tests.browser.sizes import LAPTOP, PHONE, PROJECTOR
from tests.publications import in_checking, published

pytestmark = pytest.mark.browser

PUBLISHED = (
    "/reports/publications/{published}/",
    "/reports/publications/{published}/ranking/",
    "/reports/publications/{published}/ranking/{luxi}/",
    "/reports/publications/{published}/figures/{metric}/{luxi}/",
    "/reports/publications/{published}/compared/",
)
EVERYONE = ("/", "/accounts/password/", "/nowhere/")
READING = (
    "/ledgers/projects/",
    "/ledgers/projects/?contract=formal&sort=-total_investment",
    "/ledgers/projects/?q=没有这个项目",
    "/ledgers/projects/?sort=nothing",
    "/ledgers/agreements/",
    "/ledgers/milestones/",
    "/ledgers/arrivals/",
    "/ledgers/enterprises/",
    "/ledgers/declarations/",
    "/ledgers/cultivation/",
    "/ledgers/cultivation/records/{cultivated}/",
    "/ledgers/cultivation_measures/",
    "/ledgers/enterprises/records/{mill}/",
    "/ledgers/enterprises/records/{mill}/year/2024/",
    "/ledgers/enterprise_months/top/?month=2024-05",
    "/ledgers/units/",
    "/ledgers/pilots/",
    "/imports/",
    "/closing/",
    "/ledgers/closing_exceptions/",
    "/deadlines/2024/",
    "/entry-times/2024Q2/",
    f"/reports/overview/{QUARTER}/",
    f"/reports/trends/{QUARTER}/",
    "/reports/months/2024-05/",
    f"/reports/metrics/{{metric}}/{QUARTER}/?span=year",
    "/reports/cohorts/2024/?signed=2023",
    "/reports/projection/2024-06/",
    f"/reports/ranking/{QUARTER}/",
    f"/reports/ranking/{QUARTER}/{{luxi}}/",
    f"/reports/metrics/{{metric}}/{QUARTER}/{{luxi}}/",
    "/reports/metrics/",
    "/reports/schemes/{scheme}/",
    "/reports/targets/2024/",
    "/reports/targets/2024/plans/{metric}/",
    "/reports/publications/",
    "/reports/publications/{checking}/",
    "/reports/ratings/",
    "/reports/selections/",
    *PUBLISHED,
)
FIGURES = tuple(page for page in READING if QUARTER in page)
GLANCE = ("/ledgers/projects/", "/ledgers/arrivals/", "/imports/", *FIGURES, "/reports/targets/2024/")
"""What is left to see for roles that sit before the same pages as others."""
LEADING = ("/reports/cohorts/2024/?signed=2023", "/reports/projection/2024-06/", "/reports/publications/", *PUBLISHED)
UNIT_PAGE = f"/reports/units/{{luxi}}/{QUARTER}/"
RECORDS = ("/ledgers/projects/records/{project}/", "/ledgers/arrivals/records/{arrival}/")
ENTERING = ("/ledgers/projects/new/", "/ledgers/arrivals/new/", "/ledgers/projects/import/")
CHANGING = ("/ledgers/projects/records/{own}/edit/", "/ledgers/projects/records/{own}/void/")
SCHEMING = tuple(
    f"/reports/schemes/{page}/"
    for page in (
        "all",
        "new",
        "import",
        "{draft}",
        "{draft}/edit",
        "{draft}/edit/indicators/1",
        "{draft}/edit/awards/new",
        "{draft}/settings",
        "{draft}/units",
        "{draft}/trial",
        "{draft}/changes/{scheme}",
    )
)
SUPPOSING = (
    f"/reports/ranking/{QUARTER}/suppose/",
    f"/reports/ranking/{QUARTER}/suppose/?day=2024-06-20&project-1={{own}}&points-到位资金=40",
    f"/reports/ranking/{QUARTER}/suppose/?day=下周&project-1=没有的项目&target-1=很多",
)
DIVIDING = (
    "/ledgers/successions/",
    "/ledgers/successions/new/",
    "/ledgers/successions/records/{succession}/",
    "/ledgers/successions/records/{merger}/",
    "/units/{divided}/divide/",
)
VERIFYING = ("/ledgers/agreements/verify/", "/ledgers/agreements/records/{pending}/verify/")
PUBLISHING = (
    f"/reports/publications/check/{QUARTER}/",
    "/reports/publications/check/2024Q1/",
    "/reports/publications/{checking}/approve/",
    "/reports/publications/{checking}/publish/",
    "/reports/publications/{checking}/withdraw/",
)
PAGES = {
    "county": (
        *READING,
        *SCHEMING,
        "/reports/ratings/new/",
        "/reports/targets/2024/adjust/",
        "/reports/targets/2024/plans/{metric}/?by=month",
        *SUPPOSING,
        *RECORDS,
        *ENTERING,
        *CHANGING,
        "/ledgers/projects/records/{own}/evidence/",
        *DIVIDING,
        "/closing/exceptions/new/",
        "/deadlines/2024/visits/",
    ),
    "county2": (*READING, *RECORDS, *VERIFYING, *PUBLISHING, "/disclosure/"),
    "township": (
        *READING,
        UNIT_PAGE,
        *ENTERING,
        *CHANGING,
        "/reports/publications/{checking}/dispute/{metric}/{luxi}/",
    ),
    "township2": GLANCE,
    "department": GLANCE,
    "leader": (
        *GLANCE,
        *SUPPOSING,
        *RECORDS,
        "/reports/metrics/",
        "/reports/schemes/{scheme}/",
        UNIT_PAGE,
        *LEADING,
    ),
    "inspector": (*GLANCE, *RECORDS),
    "admin": ("/accounts/", "/accounts/new/"),
    "auditor": ("/accounts/audit/",),
    "security": (),
}
"""role → the pages that are theirs, beside EVERYONE's."""
SCREENS = {**dict.fromkeys(PAGES, (LAPTOP, PHONE)), "leader": (PROJECTOR, LAPTOP, PHONE)}
"""role → where they look at them: leaders stand before a wall as well."""

PRINTED = ("/", "/ledgers/projects/", "/ledgers/enterprises/records/{mill}/", RECORDS[0], *FIGURES, *PUBLISHED)
SERIOUS = ("serious", "critical")
"""How grave axe-core's finding must be to fail a page."""
EXCESS = "document.documentElement.scrollWidth - window.innerWidth"
FINDINGS = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.map(
    rule => ({id: rule.id, impact: rule.impact, places: rule.nodes.map(node => node.html.slice(0, 160))}))"""
EXPECTED = {"/nowhere/": 404, "/ledgers/projects/?sort=nothing": 400}
"""page → status, where it is not 200."""


@cache
def axe_source():
    return (settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


TEXT = re.compile(r">[^<]+<")
WORDS = re.compile(r'(href|value|placeholder|action|hx-get|aria-label|points|x|width)="[^"]*"')


@pytest.fixture(scope="module")
def shapes():
    """Which shapes of page axe-core has judged, at which width; others of the same shape need no second look."""
    return set()


@pytest.fixture
def look(shapes):
    """look(page, …): sentences about what is wrong with what it shows now, on each of these screens."""

    def look_at(page, sizes=(LAPTOP, PHONE)):
        return [sentence for size in sizes for sentence in looked_at(page, size, shapes)]

    return look_at


@pytest.fixture
def codes(small):
    """What stands for the names in braces above."""
    scheme = Scheme.objects.get()
    with make.writing_as(small.county) as writing:
        draft = copy_scheme(writing, scheme=scheme, name=scheme.name, year=scheme.year)
    divided = make.new_township(small.county, name="龙泉镇")
    make.new_project(divided, name="龙泉待划转项目")
    make.new_enterprise(divided)
    rows = {
        "divided": divided,
        "succession": make.new_split(divided),
        "merger": make.new_merger(make.new_township(small.county), make.new_township(small.county)),
        "luxi": small.luxi,
        "project": small.tashan_project,
        "arrival": small.tashan_project.arrivals.get(),
        "own": Project.objects.get(name="芦溪光伏框架项目"),
        "mill": (mill := grown_mill(small)),
        "cultivated": mill.cultivations.get(),
        "pending": make.signing_of(make.new_project(small.luxi, name="芦溪待认定项目")),
        "metric": Metric.objects.get(name="新签约金额"),
        "scheme": scheme,
        "draft": draft,
        "checking": in_checking(scheme, QUARTER),
        "published": published(scheme, "2024Q1"),
    }
    return {name: row.code for name, row in rows.items()}


def grown_mill(small):
    """In the 培育库 with a measure, and with two years of months to draw."""
    mill = make.new_enterprise(small.luxi, name="芦溪棉纺厂", industry="1711")
    make.new_measure(make.new_cultivation(mill))
    for year in (2023, 2024):
        for month in range(1, 13 if year == 2023 else 6):
            make.judge(make.new_figures(mill, date(year, month, 1), revenue=Decimal(150), tax=Decimal(6), power=5000))
    return mill


@pytest.mark.parametrize("role", PAGES)
def test_pages_fit_read_and_complain_of_nothing(role, small: SmallCounty, codes, seated, look):
    page = seated(small.seats[role])
    problems = []
    for path in (*EVERYONE, *PAGES[role]):
        response = page.goto(path.format(**codes))
        found = [*wrong_head(page, response.status, EXPECTED.get(path, 200)), *look(page, SCREENS[role])]
        problems += [f"{path} {sentence}" for sentence in found]
    assert not problems, "\n".join(problems)


def test_the_login_page_fits_reads_and_says_what_went_wrong(small, opened, look):
    page = opened()
    response = page.goto("/login/")
    problems = [*wrong_head(page, response.status), *look(page)]
    page.get_by_label("账号").fill("nobody")
    page.get_by_label("密码").fill("不对的密码")
    go(page.get_by_role("button", name="登录"))
    page.locator(".error-summary").wait_for()
    assert [*problems, *look(page)] == []


def wrong_head(page, status, expected=200):
    if status != expected:
        yield f"answers {status}"
    if page.title().strip("· ") in ("", "擂台"):
        yield "has no title"
    if page.locator("h1").count() != 1:
        yield "has not one main heading"


def looked_at(page, size, shapes):
    page.set_viewport_size(size)
    if (excess := page.evaluate(EXCESS)) > 0:
        yield f"is {excess} pixels wider than {size['width']}"
    shape = (size["width"], WORDS.sub(r"\1", TEXT.sub("><", page.content())))
    if shape in shapes:
        return
    shapes.add(shape)
    page.evaluate(axe_source())
    for finding in page.evaluate(FINDINGS):
        if finding["impact"] in SERIOUS:
            yield f"at {size['width']}: {finding['id']} {finding['places'][:2]}"


def test_pages_print_with_their_title_and_without_menus(small, codes, seated, tmp_path):
    page = seated(small.seats["leader"])
    for path in PRINTED:
        page.goto(path.format(**codes))
        heading = "".join(page.locator("h1").inner_text().split())
        paper = tmp_path / "paper.pdf"
        page.pdf(path=paper, format="A4")
        text = "".join(
            subprocess.run(["pdftotext", paper, "-"], check=True, capture_output=True, text=True).stdout.split()
        )
        assert heading in text, path
        assert "修改密码" not in text, path
        assert "导入批次" not in text, path

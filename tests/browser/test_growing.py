"""From a landed project to 入库 to the warning: one enterprise's way over the pages that people use."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.dates import DateSpan
from core.periods import month_end, months_ended
from enterprises.models import Enterprise
from tests import factories as make
from tests.browser.acts import fill, go, message, press, save, texts
from tests.browser.county import SmallCounty

pytestmark = pytest.mark.browser
COMPANY = "芦溪纺织有限公司"


@pytest.fixture
def months(db):
    """Two years that are over: good ones first, then those in which it falls."""
    ended = months_ended(timezone.localdate() - timedelta(days=1), 24)
    return ended[:12], ended[12:]


@pytest.fixture
def project(small, months):
    return make.new_project(small.luxi, name="芦溪纺织项目", signed=DateSpan.day(months[0][0]))


def typed_day(day: date) -> str:
    return f"{day:%Y-%m-%d}"


def tell(enterprise: Enterprise, months, revenue: str) -> None:
    """Month after month as the township reports and the county accepts them."""
    for month in months:
        make.judge(make.new_figures(enterprise, month, revenue=Decimal(revenue)))


def test_from_a_landed_project_to_the_library_and_to_its_warning(small: SmallCounty, project, months, seated):
    good, poor = months
    clerk, office = seated(small.seats["township"]), seated(small.seats["county2"])
    lands(clerk, project, good[0])
    company = founds(clerk, project)
    is_taken_in(clerk, company, good[0])
    tell(company, good, "200")
    is_due(clerk, office, month_end(good[-1]))
    is_declared_and_listed(clerk, office, company, month_end(good[-1]))
    tell(company, poor, "60")
    is_warned(clerk, office, company)


def lands(page, project, day: date) -> None:
    page.goto(f"/ledgers/milestones/new/?project={project.code}")
    fill(page, step="落地", happened=typed_day(day))
    save(page)
    assert "已新增节点" in message(page)


def founds(page, project) -> Enterprise:
    page.goto(f"/ledgers/projects/records/{project.code}/")
    go(page.get_by_role("link", name="登记项目公司"))
    fill(page, name=COMPANY, industry="1711")
    press(page, "登记项目公司")
    assert "已登记为这个项目的项目公司" in message(page)
    words = page.locator("main").inner_text()
    assert "规上工业（年主营业务收入2000万元）" in words
    assert project.name in words
    return Enterprise.objects.get(name=COMPANY)


def is_taken_in(page, company: Enterprise, day: date) -> None:
    go(page.get_by_role("link", name="列入培育库"))
    assert company.code in page.locator("[name=enterprise]").input_value()
    fill(page, liaison="王五", liaison_unit="芦溪镇", happened=typed_day(day), year=str(day.year))
    save(page)
    assert "已新增培育记录" in message(page)
    assert "储备" in page.locator("main").inner_text()


def is_due(clerk, office, day: date) -> None:
    """Nobody typed the tier; it follows from the months."""
    for page in (clerk, office):
        page.goto(f"/ledgers/cultivation/?tier=due&as_of={typed_day(day)}")
        row = page.locator(".list-table tbody tr").inner_text()
        assert COMPANY in row
        assert "达标应入" in row
        assert "2,400.00" in row


def is_declared_and_listed(clerk, office, company: Enterprise, day: date) -> None:
    for step in ("已申报", "入库"):
        clerk.goto(f"/ledgers/enterprises/records/{company.code}/")
        go(clerk.get_by_role("link", name="登记申报入库记录"))
        fill(clerk, step=step, route="规下升规上", happened=typed_day(day))
        save(clerk)
        assert "已新增申报入库记录" in message(clerk)
    clerk.goto(f"/ledgers/enterprises/records/{company.code}/")
    assert "在库情况" not in facts_of(clerk)  # 填报 is not 认定
    office.goto(f"/ledgers/declarations/records/{company.declarations.get(step='listed').code}/")
    go(office.get_by_role("link", name="认定", exact=True))
    fill(office, note="统计局入库名单原件已核对")
    press(office, "确定")
    clerk.reload()
    assert facts_of(clerk)["在库情况"] == "在库"
    clerk.goto("/ledgers/cultivation/?standing=listed")
    assert COMPANY in clerk.locator(".list-table tbody tr").inner_text()


def facts_of(page) -> dict[str, str]:
    """在库情况 stands among the facts only once there is one."""
    labels, values = (texts(page.locator("aside dl").locator(part)) for part in ("dt", "dd"))
    return dict(zip(labels, values, strict=True))


def is_warned(clerk, office, company: Enterprise) -> None:
    for page in (clerk, office):
        page.goto("/ledgers/enterprises/exit-watch/")
        row = page.locator("tbody tr").inner_text()
        assert COMPANY in row
        assert "红色" in row
        assert "近12个月营业收入720.00万元，是入库标准2,000.00万元的36.0%" in row
    go(clerk.get_by_role("link", name=COMPANY))
    assert "红色：近12个月营业收入720.00万元" in facts_of(clerk)["退库预警"]
    words = clerk.locator(".year").inner_text()
    assert "入库标准2,000万元" in words

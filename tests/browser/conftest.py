"""A real Chromium before a live server. Whatever it complains about on any page fails the test."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests import factories
from tests.browser.complaints import Complaints
from tests.browser.county import SmallCounty, fill
from tests.browser.sizes import LAPTOP

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
STILL = ("--disable-component-update", "--disable-sync")
PATIENCE = 60_000
"""Milliseconds until an element that should be there is given up."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's own event loop runs in this thread, where Django would refuse to read the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=executable, args=[*QUIET, *STILL])
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    heard = Complaints()
    yield heard
    assert heard.sentences == []


@pytest.fixture
def opened(chromium, live_server, complaints):
    """opened(size, …): a new window onto the live server, in which nobody is signed in."""
    contexts: list[BrowserContext] = []

    def open_page(size=LAPTOP, **options):
        zone = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
        context = chromium.new_context(base_url=live_server.url, viewport=size, **zone, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        complaints.listen(page)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def seated(opened, live_server):
    """seated(seat, size, …): a window in which that person already sits on that seat."""

    def open_page(seat, *arguments, **options):
        page = opened(*arguments, **options)
        session = factories.signed_in(seat).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return open_page


@pytest.fixture
def small(transactional_db) -> SmallCounty:
    return fill()

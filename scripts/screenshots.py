#!/usr/bin/env python3
"""Pictures of the main pages into screenshots/: laptop, phone, projector and paper, on a demo county of their own.

`make screenshots`; with `--data DIR` the pictures show what is there, and with names of pages only those.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "screenshots"
WORKBOOK = ROOT / "tests" / "data" / "workbooks" / "county-261-projects.xlsx"
SIZES = {"": (1366, 768), "-phone": (390, 844), "-projector": (1920, 1080)}
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
STILL = ("--disable-component-update", "--disable-sync")
PASSWORD = "leitai-2024"  # of every account of the demo county
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Shot:
    """A page as an account sees it. `first` is a link to follow from there, `paper` the sheet it is printed on."""

    name: str
    account: str
    path: str
    first: str = ""
    paper: str = ""


SHOTS = (
    Shot("home-clerk", "township", "/"),
    Shot("home-county", "county2", "/", paper="A4"),
    Shot("home-leader", "leader", "/"),
    Shot("overview", "leader", "/reports/overview/", paper="A3"),
    Shot("overview-year", "leader", "/reports/overview/2024/", paper="A3"),
    Shot("county-figure", "leader", "/reports/overview/", first=".blocks .big a", paper="A4"),
    Shot("trends", "leader", "/reports/trends/", paper="A3"),
    Shot("unit-page", "leader", "/reports/overview/", first=".ranking.short tbody th a", paper="A4"),
    Shot("cohorts", "leader", "/reports/cohorts/", paper="A3"),
    Shot("projection", "leader", "/reports/projection/", paper="A3"),
    Shot("ranking", "leader", "/reports/ranking/", paper="A3"),
    Shot("unit-score", "leader", "/reports/ranking/", first="table.ranking tbody a", paper="A4"),
    Shot("projects", "county", "/ledgers/projects/", paper="A3"),
    Shot("projects-filtered", "county", "/ledgers/projects/?contract=formal&stage=start&sort=-total_investment"),
    Shot("project", "county2", "/ledgers/projects/?stage=start", first=".list-table tbody a", paper="A4"),
    Shot("project-form", "county", "/ledgers/projects/new/"),
    Shot("arrivals", "county2", "/ledgers/arrivals/?verdict=pending"),
    Shot("arrival", "county2", "/ledgers/arrivals/", first=".list-table tbody a"),
    Shot("arrivals-verify", "county2", "/ledgers/arrivals/verify/?verdict=pending"),
    Shot("empty-list", "county", "/ledgers/projects/?q=没有这个项目"),
    Shot("imports", "county", "/imports/"),
    Shot("closing", "county2", "/closing/"),
    Shot("accounts", "admin", "/accounts/"),
    Shot("audit-log", "auditor", "/accounts/audit/"),
    Shot("not-found", "county", "/nowhere/"),
)


def main() -> None:
    options = asked()
    with data_directory(options.data) as data, served(data) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*QUIET, *STILL])
        TARGET.mkdir(exist_ok=True)
        for suffix, (width, height) in SIZES.items():
            Camera(browser, address, suffix, width, height, options.pages).take_all()
        browser.close()


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="目录：用这里的数据，不新建演示县")
    parser.add_argument("pages", nargs="*", help="只要这几页")
    return parser.parse_args()


def chromium() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return found or sys.exit("没有找到 Chromium，请安装后再试，或用环境变量 CHROMIUM 指明它在哪里。")


@contextmanager
def data_directory(given: str | None) -> Iterator[Path]:
    """The given directory as it is, else a new one with the demo county, gone afterwards."""
    if given:
        yield Path(given).resolve()
        return
    with tempfile.TemporaryDirectory() as fresh:
        manage(Path(fresh), "migrate", "--verbosity", "0").wait()
        manage(Path(fresh), "demo", "--verbosity", "0").wait()
        yield Path(fresh)


def manage(data: Path, *arguments: str) -> subprocess.Popen:
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"LEITAI_VAR": str(data)}
    return subprocess.Popen([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment)


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The address of a server over that data."""
    manage(data, "collectstatic", "--noinput", "--verbosity", "0").wait()
    port = free_port()
    server = manage(data, "serve", "--port", str(port))
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int) -> None:
    for _ in range(SECONDS_TO_START * 5):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    sys.exit("网页服务没有启动，请看上面的提示。")


class Camera:
    """One size of screen; a person logs in once and then walks through the pages that are theirs."""

    def __init__(self, browser: Browser, address: str, suffix: str, width: int, height: int, only: list[str]):
        self.browser, self.address, self.suffix, self.only = browser, address, suffix, only
        self.size = {"width": width, "height": height}
        self.pages: dict[str, Page] = {}

    def take_all(self) -> None:
        if self.wanted("login"):
            self.keep("login", self.open_page("/login/"))
        for shot in SHOTS:
            if self.wanted(shot.name):
                self.take(shot)
        if self.wanted("form-errors"):
            self.form_with_errors()
        if self.wanted("import-preview"):
            self.import_preview()

    def wanted(self, name: str) -> bool:
        return not self.only or name in self.only

    def take(self, shot: Shot) -> None:
        page = self.signed_in(shot.account)
        page.goto(self.address + shot.path)
        if shot.first:
            page.click(f"{shot.first} >> nth=0")
        self.keep(shot.name, page)
        if shot.paper and not self.suffix:
            page.pdf(path=TARGET / f"{shot.name}.pdf", format=shot.paper, landscape=shot.paper == "A3")

    def form_with_errors(self) -> None:
        page = self.signed_in("county")
        page.goto(f"{self.address}/ledgers/projects/new/")
        page.fill("[name=name]", "年产3000吨魔芋精粉加工项目")
        page.fill("[name=signed]", "2023.13")
        page.fill("[name=total_investment]", "5200")
        page.click("button.main")
        self.keep("form-errors", page)

    def import_preview(self) -> None:
        page = self.signed_in("county")
        page.goto(f"{self.address}/ledgers/projects/import/")
        page.set_input_files("[name=file]", WORKBOOK)
        if page.query_selector("[name=create_units]"):
            page.check("[name=create_units]")
        page.click("button.main")
        self.keep("import-preview", page)

    def signed_in(self, account: str) -> Page:
        if account not in self.pages:
            page = self.open_page("/login/")
            page.fill("[name=username]", account)
            page.fill("[name=password]", PASSWORD)
            page.click("button.main")
            self.pages[account] = page
        return self.pages[account]

    def open_page(self, path: str) -> Page:
        page = self.browser.new_context(viewport=self.size, locale="zh-CN").new_page()
        page.on("console", lambda message: print("页面提示：", message.text) if message.type == "error" else None)
        page.goto(self.address + path)
        return page

    def keep(self, name: str, page: Page) -> None:
        page.screenshot(path=TARGET / f"{name}{self.suffix}.png")
        page.screenshot(path=TARGET / f"{name}{self.suffix}-whole.png", full_page=True)


if __name__ == "__main__":
    main()

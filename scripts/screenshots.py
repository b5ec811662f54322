#!/usr/bin/env python3
"""Pictures of the main pages into screenshots/: laptop, phone, projector and paper, on a demo county of their own.

`make screenshots`; with `--data DIR` the pictures show what is there, and with names of pages only those.
With `--manual` (`make manual-pictures`) they are the pictures of docs/用户手册.md instead, written into docs/pictures/.
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
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "screenshots"
MANUAL_TARGET = ROOT / "docs" / "pictures"
WORKBOOK = ROOT / "tests" / "data" / "workbooks" / "county-261-projects.xlsx"
GIVEN_NAME = "原有招商项目台账.xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SIZES = {"": (1366, 768), "-phone": (390, 844), "-projector": (1920, 1080)}
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
STILL = ("--disable-component-update", "--disable-sync", "--lang=zh-CN")
PASSWORD = "leitai-2024"  # of every account of the demo county
SECONDS_TO_START = 60
SETTLE = 300  # milliseconds until a page that was scrolled is painted


@dataclass(frozen=True)
class Shot:
    """A page as an account sees it, after filling in what is `typed` (field, text) and clicking what is to `follow`.

    `paper` is the sheet it is printed on; `height`, in pixels, is how much of the window the manual shows.
    """

    name: str
    account: str
    path: str
    typed: tuple[tuple[str, str], ...] = ()
    follow: tuple[str, ...] = ()
    paper: str = ""
    height: int = SIZES[""][1]


SHOTS = (
    Shot("home-clerk", "township", "/"),
    Shot("home-county", "county2", "/", paper="A4"),
    Shot("home-leader", "leader", "/"),
    Shot("overview", "leader", "/reports/overview/", paper="A3"),
    Shot("overview-year", "leader", "/reports/overview/2024/", paper="A3"),
    Shot("county-figure", "leader", "/reports/overview/", follow=(".blocks .big a",), paper="A4"),
    Shot("trends", "leader", "/reports/trends/", paper="A3"),
    Shot("unit-page", "leader", "/reports/overview/", follow=(".ranking.short tbody th a",), paper="A4"),
    Shot("cohorts", "leader", "/reports/cohorts/", paper="A3"),
    Shot("projection", "leader", "/reports/projection/", paper="A3"),
    Shot("month", "leader", "/reports/months/", paper="A3"),
    Shot("selections", "leader", "/reports/selections/"),
    Shot("ranking", "leader", "/reports/ranking/", paper="A3"),
    Shot("unit-score", "leader", "/reports/ranking/", follow=("table.ranking tbody a",), paper="A4"),
    Shot("awards", "leader", "/reports/ranking/2024/awards/", paper="A3"),
    Shot("publications", "leader", "/reports/publications/"),
    Shot("publication", "leader", "/reports/publications/", follow=("main table tbody a",), paper="A4"),
    Shot("projects", "county", "/ledgers/projects/", paper="A3"),
    Shot("projects-filtered", "county", "/ledgers/projects/?contract=formal&stage=start&sort=-total_investment"),
    Shot("project", "county2", "/ledgers/projects/?stage=start", follow=(".list-table tbody a",), paper="A4"),
    Shot("project-form", "county", "/ledgers/projects/new/"),
    Shot("arrivals", "county2", "/ledgers/arrivals/?verdict=pending"),
    Shot("arrival", "county2", "/ledgers/arrivals/", follow=(".list-table tbody a",)),
    Shot("arrivals-verify", "county2", "/ledgers/arrivals/verify/?verdict=pending"),
    Shot(
        "form-errors",
        "county",
        "/ledgers/projects/new/",
        typed=(("name", "年产3000吨魔芋精粉加工项目"), ("signed", "2023.13"), ("total_investment", "5200")),
        follow=("button.main",),
    ),
    Shot("problems", "county", "/ledgers/problems/", paper="A3"),
    Shot("problem", "county2", "/ledgers/problems/?stage=applied", follow=(".list-table tbody a",), paper="A4"),
    Shot(
        "problem-sheet",
        "county2",
        "/ledgers/problems/?stage=handling",
        follow=(".list-table tbody a", "main .actions a[href$='/sheet/']"),
        paper="A4",
    ),
    Shot("empty-list", "county", "/ledgers/projects/?q=没有这个项目"),
    Shot("imports", "county", "/imports/"),
    Shot("closing", "county2", "/closing/"),
    Shot("accounts", "admin", "/accounts/"),
    Shot("audit-log", "auditor", "/accounts/audit/"),
    Shot("not-found", "county", "/nowhere/"),
)
SIGNED_PROJECT = (
    ("total_investment", "12000"),
    ("signed", "2025.6.12"),
)
FIRST_ROW = ".list-table tbody a"
FIRST_RANKED = "table.ranking tbody a"
MORE_FILTERS = ".filters summary:text('更多筛选')"
MANUAL_SHOTS = (
    Shot("seat", "township2", "/", follow=(".sitting summary",), height=440),
    Shot("project-form", "township", "/ledgers/projects/new/", typed=SIGNED_PROJECT),
    Shot("project", "township", "/ledgers/projects/?stage=start", follow=(FIRST_ROW,), height=640),
    Shot("arrival-form", "township", "/ledgers/arrivals/new/"),
    Shot("verify", "county2", "/ledgers/arrivals/?verdict=pending", follow=(FIRST_ROW, "main .actions a.main")),
    Shot("verify-list", "county2", "/ledgers/arrivals/verify/?verdict=pending", height=600),
    Shot(
        "list",
        "township",
        "/ledgers/projects/?q=新能源&contract=formal&stage=start",
        follow=(MORE_FILTERS,),
        height=640,
    ),
    Shot("ranking", "leader", "/reports/ranking/"),
    Shot("unit-score", "leader", "/reports/ranking/", follow=(FIRST_RANKED,), height=564),
    Shot("disclosure", "county2", "/disclosure/", height=640),
    Shot("figure", "leader", "/reports/ranking/", follow=(FIRST_RANKED, ".opened table a"), height=600),
    Shot("closing", "county2", "/closing/"),
    Shot("accounts", "admin", "/accounts/", height=520),
)


@dataclass(frozen=True)
class PrintedForm:
    """The first page of a workbook as LibreOffice prints it, so many pixels of it from the top."""

    name: str
    account: str
    path: str
    height: int


LAND_IN_MARCH = "nature=land&verdict=accepted&happened_from=2025-03-01&happened_to=2025-03-31"
PRINTED_FORMS = (
    PrintedForm("form-ranking", "county2", "/reports/ranking/2024Q3/form.xlsx", 420),
    PrintedForm("form-funding", "county2", "/ledgers/funding_documents/form.xlsx", 300),
    PrintedForm("form-arrivals", "county2", f"/ledgers/arrivals/form.xlsx?{LAND_IN_MARCH}", 440),
    PrintedForm("form-problems", "county2", "/ledgers/problems/form.xlsx?stage=closed&stage=applied", 400),
)
DOTS, WIDTH_OF_A3 = 80, 1323
"""To the inch, and the pixels that a lying A3 sheet then is wide."""
OPENING = Shot("opening", "county2", "/imports/", follow=("main tbody a",), height=700)


def main() -> None:
    options = asked()
    with data_directory(options.data) as data, served(data) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*QUIET, *STILL])
        if options.manual:
            ManualCamera(browser, address, "", options.pages).take_all()
        else:
            for suffix in SIZES:
                Camera(browser, address, suffix, options.pages).take_all()
        browser.close()


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="目录：用这里的数据，不新建演示县")
    parser.add_argument("--manual", action="store_true", help="拍用户手册的图，放进 docs/pictures/")
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

    target = TARGET
    shots = SHOTS

    def __init__(self, browser: Browser, address: str, suffix: str, only: list[str]):
        self.browser, self.address, self.suffix, self.only = browser, address, suffix, only
        self.width, self.height = SIZES[suffix]
        self.pages: dict[str, Page] = {}
        self.target.mkdir(exist_ok=True)

    def take_all(self) -> None:
        if self.wanted("login"):
            self.keep("login", self.open_page("/login/"))
        self.take_shots()
        if self.wanted("import-preview"):
            self.import_preview()

    def take_shots(self) -> None:
        for shot in self.shots:
            if self.wanted(shot.name):
                self.take(shot)

    def wanted(self, name: str) -> bool:
        return not self.only or name in self.only

    def take(self, shot: Shot) -> None:
        page = self.signed_in(shot.account)
        page.goto(self.address + shot.path)
        for field, text in shot.typed:
            page.fill(f"[name={field}]", text)
            page.wait_for_timeout(SETTLE)
        for link in shot.follow:
            self.follow(page, f"{link} >> nth=0")
        self.keep(shot.name, page)
        if shot.paper and not self.suffix:
            page.pdf(path=self.target / f"{shot.name}.pdf", format=shot.paper, landscape=shot.paper == "A3")

    def follow(self, page: Page, link: str) -> None:
        """Click, and unless that only unfolds something, wait until the next page stands."""
        with nullcontext() if "summary" in link else page.expect_navigation():
            page.click(link)

    def import_preview(self) -> None:
        page = self.signed_in("county")
        page.goto(f"{self.address}/ledgers/projects/import/")
        page.set_input_files("[name=file]", {"name": GIVEN_NAME, "mimeType": XLSX, "buffer": WORKBOOK.read_bytes()})
        if page.query_selector("[name=create_units]"):
            page.check("[name=create_units]")
        self.follow(page, "button.main")
        self.keep("import-preview", page)

    def signed_in(self, account: str) -> Page:
        if account not in self.pages:
            page = self.open_page("/login/")
            page.fill("[name=username]", account)
            page.fill("[name=password]", PASSWORD)
            self.follow(page, "button.main")
            self.pages[account] = page
        return self.pages[account]

    def open_page(self, path: str) -> Page:
        size = {"width": self.width, "height": self.height}
        page = self.browser.new_context(viewport=size, locale="zh-CN").new_page()
        page.on("console", lambda message: print("页面提示：", message.text) if message.type == "error" else None)
        page.goto(self.address + path)
        return page

    def keep(self, name: str, page: Page) -> None:
        page.screenshot(path=self.target / f"{name}{self.suffix}.png")
        page.screenshot(path=self.target / f"{name}{self.suffix}-whole.png", full_page=True)


class ManualCamera(Camera):
    """The pictures of the user manual: what a laptop shows of each page."""

    target = MANUAL_TARGET
    shots = MANUAL_SHOTS
    heights: ClassVar = {shot.name: shot.height for shot in (*MANUAL_SHOTS, OPENING)}

    def take_all(self) -> None:
        self.take_shots()
        if self.wanted("import-preview") or self.wanted("opening"):
            self.import_preview()
            self.opening()
        for form in PRINTED_FORMS:
            if self.wanted(form.name):
                self.print_form(form)

    def print_form(self, form: PrintedForm) -> None:
        content = self.signed_in(form.account).request.get(self.address + form.path).body()
        with tempfile.TemporaryDirectory() as folder:
            workbook = Path(folder) / f"{form.name}.xlsx"
            workbook.write_bytes(content)
            office = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
            subprocess.run([*office, "--outdir", folder, str(workbook)], check=True, capture_output=True)
            part = ["-W", str(WIDTH_OF_A3), "-H", str(form.height), "-x", "0", "-y", "0"]
            picture = ["pdftoppm", "-png", "-singlefile", "-r", str(DOTS), *part, str(workbook.with_suffix(".pdf"))]
            subprocess.run([*picture, str(self.target / form.name)], check=True)

    def opening(self) -> None:
        """The workbook of the preview is imported, and somebody else opens the batch."""
        self.follow(self.pages["county"], "form.form-end button.main")
        self.take(OPENING)

    def keep(self, name: str, page: Page) -> None:
        height = self.heights.get(name, self.height)
        page.screenshot(path=self.target / f"{name}.png", clip={"x": 0, "y": 0, "width": self.width, "height": height})


if __name__ == "__main__":
    main()

"""Every address under every role, on records of one's own unit, of another unit and of another county."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from core.closing import close_month
from core.files import attach, store
from core.ledgers.ledger import ledger_for
from core.ledgers.saved_views import save_view
from core.locks import MonthLocks
from core.models import Counter, ImportBatch, SavedView
from enterprises.cultivating import leave
from projects.models import Arrival
from reporting.models import Rating
from reporting.publishing import steps
from reporting.publishing.announcing import raise_objection
from reporting.scheme_editing.services import copy_scheme
from reporting.services import add_metrics, add_scheme
from tests import factories as make
from tests.projects.reports import new_report
from tests.publications import in_checking, published, published_month
from tests.ratings import new_sheet
from tests.reporting.year import FIRST, announced, on
from tests.selections import accepted, applied, called, scored, selecting_scheme
from tests.selections import published as selection_published
from townships.models import County, HandOver, Seat, Unit, UnitKind

ANYBODY, SEATLESS = "anybody", "seatless"
COLUMNS = (ANYBODY, SEATLESS, *make.POSTS)
METHODS = ("GET", "POST")
IN_CHECKING = [f"publication{act}" for act in ("", "-confirm", "-approve", "-publish", "-withdraw")]
AS_A_DRAFT = [f"scheme-{page}" for page in ("edit", "settings", "units", "trial", "start", "withdraw")]
OF_A_SCHEME = ("scheme", "scheme-file", "scheme-copy", "scheme-suppose")
OF_A_SHEET = [f"rating-{page}" for page in ("sheet", "edit", "fill", "close", "reopen", "withdraw")]
OF_A_SELECTION = ["selection", *(f"selection-{act}" for act in ("edit", "withdraw", "apply", "experts"))]
OF_AN_APPLICATION = ["application", *(f"application-{act}" for act in ("paper", "withdraw", "examine", "decide"))]
ANNOUNCED = ("publication-awards", "publication-propose", "objection-new")
AS_PUBLISHED = (
    "published-table",
    "signed-page",
    "published-ranking",
    "publication-compared",
    "publication-picture",
    "publication-briefing",
    "publication-form",
)
CLOSED = date(2020, 1, 1)
"""A month in which nothing else happens."""
SCHEME = {
    "name": "示例方案",
    "year": 2024,
    "period": "quarter",
    "indicators": [{"name": "新签约", "family": "招商引资", "points": 30, "formula": "MIN(新签约项目数, 1)*满分"}],
}

AWARDS = {
    "name": "年度评奖",
    "year": 2024,
    "period": "year",
    "indicators": [{"name": "总评", "family": "招商引资", "points": 100, "formula": "满分"}],
    "awards": [{"tier": "一等奖", "amount": 50}],
}


@dataclass(frozen=True)
class Belongings:
    """One record of each kind that addresses name, all of one unit."""

    unit: Unit
    arrival: Arrival
    paper: Any
    batch: ImportBatch
    seat: Seat
    metric: Any
    scheme: Any
    draft: Any
    checking: Any
    dispute: Any
    published: Any
    announced: Any
    objection: Any
    month: Any
    selection: Any
    selected: Any
    application: Any
    sheet: Any
    rating: Any
    view: SavedView
    problem: Any
    question: Any
    handover: HandOver
    report: Any
    visit: Any
    cultivation: Any
    left: Any
    landed: Any
    divided: Unit
    exception: Any

    def place(self, name: str) -> dict[str, Any]:
        """What stands in the address `name` for these records."""
        arguments = {
            "evidence-file": {"code": self.paper.code},
            "batch": {"code": self.batch.code},
            "saved-view": {"key": "arrivals", "code": self.view.code},
            "batch-undo": {"code": self.batch.code},
            "unit-divide": {"code": self.divided.code},
            "seat-new": {"pk": self.seat.user_id},
            "password-reset": {"pk": self.seat.user_id},
            "seat-end": {"code": self.seat.code},
            "handover-new": {"pk": self.handover.receiver_id},
            "handover": {"code": self.handover.code},
            "unit-score": {"period": "2024Q1", "unit": self.unit.code},
            "figure": {"metric": self.metric.code, "period": "2024Q1", "unit": self.unit.code},
            "county-figure": {"metric": self.metric.code, "period": "2024Q1"},
            "unit-page": {"unit": self.unit.code, "period": "2024Q1"},
            "project-shares": {"code": self.arrival.project.code},
            "project-leaders": {"code": self.arrival.project.code},
            "project-dossier": {"code": self.arrival.project.code},
            "target-plan": {"year": 2024, "metric": self.metric.code},
            "metric-edit": {"code": self.metric.code},
            "metric-void": {"code": self.metric.code},
            "scheme-rule": {"code": self.draft.code, "section": "indicators", "place": "1"},
            "scheme-changes": {"code": self.draft.code, "other": self.scheme.code},
            **{key: {"code": self.scheme.code} for key in OF_A_SCHEME},
            **{key: {"code": self.draft.code} for key in AS_A_DRAFT},
            "dispute-reply": {"code": self.checking.code, "dispute": self.dispute.code},
            "dispute": {"code": self.checking.code, "metric": self.metric.code, "unit": self.unit.code},
            "published-score": {"code": self.published.code, "unit": self.unit.code},
            "published-figure": {"code": self.published.code, "metric": self.metric.code, "unit": self.unit.code},
            "objection-reply": {"code": self.announced.code, "objection": self.objection.code},
            **{key: {"code": self.announced.code} for key in ANNOUNCED},
            "published-month": {"code": self.month.code},
            "published-month-figure": {
                "code": self.month.code,
                "metric": self.metric.code,
                "unit": self.unit.code,
                "slot": "month",
            },
            **{key: {"code": self.checking.code} for key in IN_CHECKING},
            **{key: {"code": self.published.code} for key in AS_PUBLISHED},
            **{key: {"code": self.sheet.code} for key in OF_A_SHEET},
            "rating-paper": {"code": self.rating.code},
            **{key: {"code": self.selection.code} for key in OF_A_SELECTION},
            "selection-grant": {"code": self.selected.code},
            **{key: {"scheme": self.selected.scheme.code} for key in ("selection-scores", "selection-checking")},
            "selection-score": {"scheme": self.selected.scheme.code, "unit": self.unit.code},
            **{key: {"code": self.application.code} for key in OF_AN_APPLICATION},
            "problem-sheet": {"code": self.problem.code},
            "problem-act": {"code": self.problem.code, "act": "reply"},
            "coherence-act": {"code": self.question.code, "act": "answer"},
            **{key: {"code": self.report.code} for key in ("report-fill", "report-sheet", "report-workbook")},
            "project-company": {"code": self.landed.code},
            "visit-demand": {"code": self.visit.code},
            "enterprise-year": {"code": self.visit.enterprise.code, "year": 2024},
            "cultivation-leave": {"code": self.cultivation.code},
            "cultivation-resume": {"code": self.left.code},
            "exception-decide": {"code": self.exception.code},
            "report-act": {"code": self.report.code, "act": "submit"},
        }
        return arguments.get(name, {"key": "arrivals", "code": self.arrival.code})


class World:
    """A county with two townships and a person for every role; and another county with the like."""

    def __init__(self) -> None:
        self.county, self.elsewhere = make.new_county(), make.new_county(name="邻县")
        codes_apart(self.elsewhere)
        own, other = (make.new_township(self.county) for _ in range(2))
        self.seats = make.seats_of_every_role(self.county, own)
        self.seatless = make.new_user()
        abroad = make.new_township(self.elsewhere)
        here, there = reporting_of(self.county, [own, other]), reporting_of(self.elsewhere, [abroad])
        asked = [self.seats[post] for post in ("department", "township")]
        self.records = {
            "own": belongings(own, asked, *here),
            "other": belongings(other, asked, *here),
            "abroad": belongings(abroad, [make.new_seat(self.elsewhere, "leader", [])], *there),
        }

    def clients(self) -> dict[str, Client]:
        seatless = Client()
        seatless.force_login(self.seatless)
        people = {post: make.signed_in(seat) for post, seat in self.seats.items()}
        return {ANYBODY: Client(), SEATLESS: seatless, **people}


CODES = (
    "DW",
    "GW",
    "XM",
    "DZ",
    "FJ",
    "DR",
    "ZB",
    "FA",
    "FB",
    "FH",
    "LS",
    "LX",
    "PB",
    "PF",
    "YY",
    "ST",
    "WT",
    "YJ",
    "YB",
    "ZF",
    "PY",
    "QY",
    "YD",
    "LW",
)
"""Of every kind of row that an address names."""


def codes_apart(county: County) -> None:
    """Codes count from one in each county; here they must differ, or an address would name the own row."""
    for kind in CODES:
        Counter.objects.create(county_id=county.pk, kind=kind, year=make.NOW.year, last=500)


def reporting_of(county: County, units: list[Unit]) -> tuple[Any, ...]:
    """Metric, scheme, draft of its next version, a ranking in checking, a dispute about it, a published one; a year
    that is announced and an objection to it; a published month; a selection that is open and one that is published."""
    definition = {"name": "新签约项目数", "ledger": "projects", "conditions": {"contract": ["formal"]}}
    with make.writing_as(county) as writing:
        metric = add_metrics(writing, [definition])[0]
        scheme = add_scheme(writing, body=SCHEME, participants=[(unit, "") for unit in units])
        draft = copy_scheme(writing, scheme=scheme, name=scheme.name, year=scheme.year)
    checking = in_checking(scheme, "2024Q2")
    with make.writing_as(county) as writing:
        told = {"unit": units[0], "about": units[-1], "metric": metric, "claim": "请核对"}
        asked = steps.dispute(writing, publication=checking, **told)
    month = published_month(scheme, "2024-02")
    official = published(scheme, "2024Q1", signed_page=b"signed")
    announcement = announced_year(county, units)
    return metric, scheme, draft, checking, asked, official, *announcement, month, *selections_of(county, units)


def selections_of(county: County, units: list[Unit]) -> tuple[Any, Any]:
    """A call that is open, and one whose result is published."""
    selected = called(county)
    for unit in units:
        accepted(selected, unit)
    scored(selected, dict.fromkeys(units, 80) | {units[0]: 90})
    selection_published(selected)
    return called(county, scheme=selecting_scheme(county, name="下一次遴选"), apply_until=date(2099, 12, 31)), selected


def announced_year(county: County, units: list[Unit]) -> tuple[Any, Any]:
    with make.writing_as(county) as writing:
        year = add_scheme(writing, body=AWARDS, participants=[(unit, "") for unit in units])
    row = announced(year)
    with make.writing_as(county, at=on(FIRST)) as writing:
        raised = raise_objection(writing, publication=row, raised_by="群众来信第1号", raised_on=FIRST, claim="请核对")
    return row, raised


def rated(unit: Unit, asked: list[Seat]) -> tuple[Any, Any]:
    """A sheet about the unit, and what the first of the reviewers said with a paper; the township's own seat is
    asked about another unit too, or it would have nothing to say on its own unit's sheet."""
    units = [unit, *Unit.objects.current().in_county(unit.county_id).filter(kind=unit.kind).exclude(pk=unit.pk)[:1]]
    sheet = new_sheet(unit.county, units, [(seat, "评委") for seat in asked], topic=f"{unit}评价")
    row = Rating(reviewer=sheet.reviewers.get(seat=asked[0]), unit=unit, value=80, rated_on=make.TODAY)
    with make.writing_as(unit.county) as writing:
        row.evidence, row.evidence_name = store([b"paper"], name="a.pdf", at=make.NOW), "a.pdf"
        return sheet, writing.add(row)


def belongings(unit: Unit, asked: list[Seat], *reporting: Any) -> Belongings:
    """Written by the system; the batch as if a clerk of that unit had imported it."""
    arrival = make.new_arrival(make.new_project(unit), "100", date(2024, 3, 1))
    with make.writing_as(unit.county) as writing:
        stored = store([b"paper"], name="a.pdf", at=make.NOW)
        paper = attach(writing, arrival, ledger="arrivals", slot="银行凭证", name="a.pdf", stored=stored)
        summary = {"warnings": []}
        batch = ImportBatch(ledger="arrivals", unit_id=unit.pk, file=stored, file_name="a.xlsx", summary=summary)
        writing.add(batch)
    *_, open_call, _ = reporting
    application = applied(open_call, unit)
    seat = make.township_seat(unit)
    problem = make.new_problem(unit, assigned_to=unit)
    landed = make.new_milestone(make.new_project(unit), "landing").project
    visit = make.new_visit(make.new_enterprise(unit), demand="增加用电容量")
    question = make.new_question(make.new_enterprise(unit), responsible=unit)
    divided = make.new_unit(unit.county, UnitKind.PLATFORM)
    make.new_split(divided)
    with make.writing_as(unit.county) as writing:
        kept = {"ledger": ledger_for("arrivals"), "user": seat.user, "name": "常用", "query": "", "shared": True}
        view = save_view(writing, **kept)
        told = {"witness": "监交人", "on": make.TODAY, "reason": "调离"}
        handover = writing.add(HandOver(giver=seat.user, receiver=asked[0].user, **told))
    cultivation, left = (make.new_cultivation(make.new_enterprise(unit)) for _ in range(2))
    with make.writing_as(unit.county) as writing:
        leave(writing, row=left, on=make.TODAY, cause="unfit")
        if CLOSED not in MonthLocks(unit.county_id, make.TODAY).closed("visits"):
            close_month(writing, ledger="visits", month=CLOSED)
    exception = make.new_exception(unit, ledger="visits", month=CLOSED, granted=False)
    made = (problem, question, handover, new_report(unit), visit, cultivation, left, landed, divided, exception)
    own = (*reporting, application, *rated(unit, asked), view, *made)
    return Belongings(unit, arrival, paper, batch, seat, *own)


def address_book() -> dict[str, str]:
    """{URL name: route}; a URL without a name stands under its route."""
    return dict(_addresses(get_resolver().url_patterns, ""))


def _addresses(patterns: list[Any], prefix: str) -> Any:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            yield from _addresses(pattern.url_patterns, route)
        else:
            yield pattern.name or route, route


RECORD_PARTS = ("<slug:code>", "<slug:scheme>", "<int:pk>", ":unit>", ":metric>")
PLAIN_PARTS = {"key": "arrivals", "period": "2024Q1", "year": 2024}
MONTH = "2024-03"
OF_A_MONTH = ("month", "listing-notice")
"""How the names of addresses begin that take no quarter."""


def names_a_record(route: str) -> bool:
    return any(part in route for part in RECORD_PARTS)


def addresses(world: World, name: str, route: str) -> dict[str, str]:
    """{whose record: address}; "-" where the address names none."""
    if names_a_record(route):
        return {whose: reverse(name, kwargs=records.place(name)) for whose, records in world.records.items()}
    plain = {**PLAIN_PARTS, "period": MONTH} if name.startswith(OF_A_MONTH) else PLAIN_PARTS
    given = {key: value for key, value in plain.items() if f":{key}>" in route}
    try:
        return {"-": reverse(name, kwargs=given)}
    except NoReverseMatch as error:
        raise AssertionError(f"the address {route} has no entry in PLAIN_PARTS") from error


def answers(world: World) -> list[str]:
    """The table as it stands: a line for each address, record and method, a status for each role.

    What is posted is an empty form: 422 says that the role was let in as far as the form's own checks.
    """
    clients = world.clients()
    lines = []
    for name, route in sorted(address_book().items(), key=lambda item: item[0] == "logout"):  # or nobody is left
        for whose, address in addresses(world, name, route).items():
            for method in METHODS:
                statuses = [str(answer(clients, post, method, address)) for post in COLUMNS]
                lines.append(f"{name:<23}{whose:<8}{method:<6}" + " ".join(f"{s:<10}" for s in statuses).rstrip())
    return lines


def answer(clients: dict[str, Client], post: str, method: str, address: str) -> int:
    client = clients[post]
    response = client.get(address) if method == "GET" else client.post(address, {"token": ""})
    if response.streaming:
        list(response.streaming_content)  # read to its end, a file is closed; `close()` would close the database too
    return response.status_code


def heading() -> str:
    return f"{'# address':<23}{'whose':<8}{'':<6}" + " ".join(f"{c:<10}" for c in COLUMNS).rstrip()

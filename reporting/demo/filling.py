"""The stories into the ledgers, month by month as an office works: entered, verified by a second person, closed.

Everything passes the door under the seat of whoever would do it, at the time when they would, so that the
history of every row reads as it will in a real county.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import make_aware

from core.closing import close_month
from core.models import Evidence
from core.records import DatedRecord, Verdict
from core.verification import give_verdict
from core.write import Door, door
from enterprises.declaring import add_shipped_papers, add_usual_windows
from enterprises.models import CONFIRMED_BY, Declaration, DeclarationStep, DeclarationWindow, Enterprise, Route
from enterprises.models.windows import outside
from projects.credits import WHOLE
from projects.lifecycle import STEPS, Step
from projects.models import Agreement, Arrival, Investor, Milestone, Project, ProjectShare, Voucher
from projects.models.arrivals import VoucherKind
from projects.models.projects import CreditScope, ShareRole, Standing
from reporting.demo.cultivation import fill_cultivation
from reporting.demo.declaring import fill_declaring
from reporting.demo.department_figures import fill_department_figures
from reporting.demo.enterprise_months import fill_enterprise_months
from reporting.demo.exit_watch import fill_exit_watch
from reporting.demo.farms import fill_farms
from reporting.demo.figures import fill_reporting
from reporting.demo.funding import fill_funding
from reporting.demo.invention import invent
from reporting.demo.investment import fill_investment
from reporting.demo.lists import share_view
from reporting.demo.month_keeping import fill_deadlines, fill_exceptions
from reporting.demo.papers import store_papers
from reporting.demo.people import add_people
from reporting.demo.places import COUNTY_CODE, COUNTY_NAME, PARK, add_places
from reporting.demo.problems import fill_problems
from reporting.demo.progress import fill_progress
from reporting.demo.publishing import publish_months, publish_quarters
from reporting.demo.questions import fill_questions
from reporting.demo.ratings import ask_for_ratings
from reporting.demo.reports import fill_reports
from reporting.demo.selecting import call_for_pilots, select_pilots
from reporting.demo.stories import (
    FIRST_CLOSED,
    FIRST_MONTH,
    LAST_MONTH,
    Company,
    Entry,
    Ruling,
    Story,
    later,
    months_until,
)
from reporting.demo.succession import fill_succession
from reporting.demo.targets import fill_targets
from reporting.demo.visits import fill_visits
from townships.models import County, Role, Seat, Unit
from townships.services import found_county, system_of

SET_UP_AT = datetime(2022, 12, 20, 9, 0)
BANK = "演示农村商业银行"
LATE_REASON = "移交台账时漏记，按原始材料补记。"
ORIGINALS_SEEN = "原件已现场核对。"
SHARE_DOCUMENT = "合作引资分成协议（演示）"
CLOSED_LEDGERS = ("agreements", "milestones", "arrivals", "declarations")
WINDOWS_OF = (2023, 2024, 2025)
"""Years whose 申报窗口 the demo has, besides this year and the next, so that something always counts down."""
AGREED = "材料补正后经统计局同意补报（演示）。"
LARGE = ((25_000, Standing.CHINA_500), (16_000, Standing.PRIVATE_500))
"""From how many 万元 on a demo project is one of which list."""
MODELS: dict[str, type[DatedRecord]] = {
    "agreement": Agreement,
    "milestone": Milestone,
    "arrival": Arrival,
    "declaration": Declaration,
}


@transaction.atomic
def fill_demo_county() -> County:
    """All or nothing: a county that is half there would never be finished by a second run."""
    county = found_county(code=COUNTY_CODE, name=COUNTY_NAME, demo=True)
    with door(system_of(county), at=make_aware(SET_UP_AT), reason="建立演示县") as writing:
        units = add_places(writing)
        seats = add_people(writing, units)
        for year in sorted({*WINDOWS_OF, timezone.localdate().year, timezone.localdate().year + 1}):
            add_usual_windows(writing, year=year)
        add_shipped_papers(writing)
    Office(units, seats).work_through(invent())
    fill_deadlines(county, seats)
    fill_exceptions(county, seats)
    fill_progress(county, seats)
    fill_reports(county, seats)
    fill_funding(county, seats)
    fill_investment(county, seats)
    fill_enterprise_months(county, seats)
    fill_questions(county, seats)
    fill_cultivation(county, seats)
    fill_reporting(county)
    fill_department_figures(units, seats)
    fill_targets(county, seats)
    share_view(seats)
    select_pilots(county, seats)
    publish_quarters(county, seats)
    publish_months(county, seats, LAST_MONTH)
    ask_for_ratings(county, seats)
    call_for_pilots(county, seats)
    fill_problems(county, seats)
    fill_declaring(county, seats)
    fill_exit_watch(county, seats)
    fill_visits(county, seats)
    fill_farms(county, seats)
    fill_succession(seats)
    return county


class Office:
    """The demo county at work; remembers which row became of which entry."""

    def __init__(self, units: dict[str, Any], seats: dict[tuple[str, str | None], Seat]):
        self.units, self.seats = units, seats
        self.papers = store_papers(make_aware(SET_UP_AT))
        self.windows = list(DeclarationWindow.objects.current().in_county(units[PARK].county_id).order_by("pk"))
        self.investors: dict[str, Investor] = {}
        self.projects: dict[str, Project] = {}
        self.vouchers: dict[str, Voucher] = {}
        self.companies: dict[str, Enterprise] = {}
        self.unjudged: dict[date, list[tuple[DatedRecord, Ruling]]] = defaultdict(list)

    def work_through(self, stories: list[Story]) -> None:
        due: dict[tuple[date, Seat], list[tuple[Story, Entry]]] = defaultdict(list)
        for story in stories:
            for entry in story.entries:
                due[entry.entered, self.desk_of(story)].append((story, entry))
        for month in months_until(LAST_MONTH, FIRST_MONTH):
            for seat in self.desks:
                self.enter(seat, month, due.get((month, seat), []))
            self.verify(month)
            if FIRST_CLOSED <= month < LAST_MONTH:
                self.close(month)

    @property
    def desks(self) -> list[Seat]:
        return [seat for (who, _), seat in self.seats.items() if who in ("county", "township", "township2")]

    def desk_of(self, story: Story) -> Seat:
        """The township's own clerk where it has one, else the county's."""
        own = [seat for (_, place), seat in self.seats.items() if place == story.place and seat.role == Role.TOWNSHIP]
        return own[0] if own else self.seats["county", None]

    # -- entering --------------------------------------------------------------------------------

    def enter(self, seat: Seat, month: date, entries: list[tuple[Story, Entry]]) -> None:
        if not entries:
            return
        with door(seat, at=at(month.replace(day=26), 10)) as writing:
            self.add_projects(writing, [story for story, entry in entries if entry is story.entries[0]])
            self.add_vouchers(writing, [entry for _, entry in entries])
            self.add_companies(writing, [story for story, entry in entries if founds(story, entry)])
            for kind in MODELS:
                self.add_rows(writing, month, kind, [pair for pair in entries if pair[1].kind == kind])

    def add_projects(self, writing: Door, stories: list[Story]) -> None:
        if not stories:
            return
        new = {s.investor.name: s.investor for s in stories if s.investor.name not in self.investors}
        rows = writing.add_many([Investor(name=i.name, place=i.place) for i in new.values()])
        self.investors |= {row.name: row for row in rows}
        projects = writing.add_many([self.project(story) for story in stories])
        self.projects |= {project.name: project for project in projects}
        writing.add_many([share for story in stories for share in self.shares(story)])

    def project(self, story: Story) -> Project:
        unit = self.units[story.place]
        return Project(
            name=story.name,
            investor=self.investors[story.investor.name],
            origin=story.investor.origin,
            investor_standing=standing_of(story),
            local_industry=story.investor.trade.name,
            industry=story.division,
            approval_code=story.approval_code,
            content=story.content,
            landing_unit=unit,
            responsible_unit=unit,
            county_leader=story.leader,
            township_leader=f"{story.place}演示分管领导",
        )

    def shares(self, story: Story) -> list[ProjectShare]:
        project, (partner, percent) = self.projects[story.name], story.partner or ("", 0)
        if not partner:
            return [ProjectShare(project=project, unit=project.landing_unit)]
        agreed = divided(project, self.units[partner], percent)
        # The park brings the land and the works: of the money it has half, whatever it has of the rest.
        funds = divided(project, self.units[partner], WHOLE // 2, CreditScope.FUNDS) if partner == PARK else []
        return agreed + funds

    def add_vouchers(self, writing: Door, entries: Iterable[Entry]) -> None:
        new = {e.slip.number: e.slip.amount for e in entries if e.slip and e.slip.number not in self.vouchers}
        rows = [Voucher(kind=VoucherKind.BANK, issuer=BANK, number=n, amount=amount) for n, amount in new.items()]
        self.vouchers |= {row.number: row for row in writing.add_many(rows)}

    def add_companies(self, writing: Door, stories: list[Story]) -> None:
        """A company is registered when its first project lands; later projects of it are put under it."""
        new = {s.company.code: (s.company, s) for s in stories if s.company and s.company.code not in self.companies}
        rows = writing.add_many([self.enterprise(company, story) for company, story in new.values()])
        self.companies |= {row.uscc: row for row in rows}
        of = {story.name: self.companies[story.company.code] for story in stories if story.company}
        projects = [self.projects[name] for name in of]
        writing.change_many(projects, action="修改", company=lambda project: of[project.name])

    def enterprise(self, company: Company, story: Story) -> Enterprise:
        return Enterprise(
            name=company.name,
            uscc=company.code,
            township=self.units[story.place],
            industry=story.division,
            registered_on=company.registered_on,
            registered_capital=company.capital,
            scale_group=company.group,
        )

    def add_rows(self, writing: Door, month: date, kind: str, pairs: list[tuple[Story, Entry]]) -> None:
        rows = writing.add_many([self.row(story, entry) for story, entry in pairs])
        writing.add_many(
            [paper for (story, _), row in zip(pairs, rows, strict=True) for paper in self.evidence(writing, story, row)]
        )
        for (story, entry), row in zip(pairs, rows, strict=True):
            self.unjudged[later(month, entry.ruling.delay)].append((row, ruling_for(story, entry)))

    def row(self, story: Story, entry: Entry) -> DatedRecord:
        values = {**entry.values, "happened": entry.happened, "late_reason": LATE_REASON if entry.late else ""}
        if entry.slip:
            values["voucher"] = self.vouchers[entry.slip.number]
        if entry.kind == "declaration" and story.company:
            return self.declaration(self.companies[story.company.code], entry, values)
        return MODELS[entry.kind](project=self.projects[story.name], **values)

    def declaration(self, enterprise: Enterprise, entry: Entry, values: dict[str, Any]) -> Declaration:
        """Companies of new projects; what the statistics office took after its days says why."""
        row = Declaration(enterprise=enterprise, route=Route.NEW, **values)
        if row.step == DeclarationStep.SUBMITTED:
            known = [window for window in self.windows if window.first_day.year == row.happened_on.year]
            row.window_reason = AGREED if outside(known, row.happened, row.route, enterprise.scale_group) else ""
        return row

    def evidence(self, writing: Door, story: Story, row: DatedRecord) -> list[Evidence]:
        """Scans hang on the project, or on the declaration itself."""
        ledger, record_id = ("declarations", row.pk) if isinstance(row, Declaration) else ("projects", row.project_id)
        return [
            Evidence(
                unit_id=writing.actor.unit_id,
                ledger=ledger,
                record_id=record_id,
                slot=slot,
                name=f"演示{slot}.pdf",
                file=self.papers[slot],
            )
            for slot in (slots_for(row) if story.papers else ())
        ]

    # -- verifying and closing -------------------------------------------------------------------

    def verify(self, month: date) -> None:
        """In the first days of the next month; what is judged alike is judged as one action."""
        alike: dict[Any, list[DatedRecord]] = defaultdict(list)
        for row, ruling in self.unjudged.pop(month, []):
            alone = row.pk if ruling.amount is not None else None
            alike[type(row), ruling.verdict, ruling.note, ruling.amount, alone].append(row)
        day = later(month, 1).replace(day=5)
        with door(self.seats["county2", None], at=at(day, 15)) as writing:
            for (_, verdict, note, amount, _), rows in alike.items():
                if verdict != Verdict.PENDING:
                    give_verdict(writing, rows, verdict=verdict, on=day, note=note, amount=amount)

    def close(self, month: date) -> None:
        with door(self.seats["county2", None], at=at(later(month, 1).replace(day=8), 9)) as writing:
            for ledger in CLOSED_LEDGERS:
                close_month(writing, ledger=ledger, month=month)


def standing_of(story: Story) -> str:
    """In the demo the largest projects are those of the 500强."""
    agreements = story.of("agreement")
    wan = agreements[0].values["total_investment"] if agreements else 0
    return next((str(standing) for least, standing in LARGE if wan >= least), "")


def divided(
    project: Project, partner: Unit, percent: int, scope: CreditScope = CreditScope.GENERAL
) -> list[ProjectShare]:
    """Between the landing unit and a partner that brought the investor along."""
    common = {"project": project, "scope": scope, "document": SHARE_DOCUMENT}
    landing = ProjectShare(unit=project.landing_unit, percent=WHOLE - percent, **common)
    role = ShareRole.REFERRAL
    return [landing, ProjectShare(unit=partner, role=role, percent=percent, landing=False, **common)]


def founds(story: Story, entry: Entry) -> bool:
    """Whether this is the accepted landing with which the project's company begins."""
    landed = entry.kind == "milestone" and entry.values["step"] == Step.LANDING
    return landed and story.company is not None and entry.ruling.verdict == Verdict.ACCEPTED


def slots_for(row: DatedRecord) -> tuple[str, ...]:
    """The kinds of evidence that such a row wants."""
    if isinstance(row, Milestone):
        return STEPS[Step(row.step)].evidence
    if isinstance(row, Declaration):
        return CONFIRMED_BY.get(DeclarationStep(row.step), ())
    return STEPS[Step.SIGNING].evidence if isinstance(row, Agreement) and row.reason == "new" else ()


def ruling_for(story: Story, entry: Entry) -> Ruling:
    """A step without its scans is accepted on the originals, and says so."""
    ruling = entry.ruling
    if entry.kind in ("milestone", "declaration") and ruling.verdict == Verdict.ACCEPTED and not story.papers:
        return Ruling(ruling.verdict, ORIGINALS_SEEN, ruling.amount, ruling.delay)
    return ruling


def at(day: date, hour: int) -> datetime:
    return make_aware(datetime(day.year, day.month, day.day, hour))

"""Rows for tests, written through the door as people would write them.

Names count up within a test and nothing is random, so that a failure reads the same every time.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client

from core.actors import SystemActor
from core.closing import ask_exception, grant_exception
from core.dates import DateSpan
from core.models import ClosingException, User
from core.periods import Period
from core.records import DatedRecord, Record, Verdict
from core.verification import give_verdict
from core.write import Door, door
from enterprises.coherence.models import CoherenceQuestion, CoherenceRule
from enterprises.coherence.steps import ASK
from enterprises.models import (
    Cultivation,
    CultivationLimit,
    CultivationMeasure,
    Declaration,
    DeclarationMaterial,
    DeclarationStep,
    DeclarationWindow,
    Enterprise,
    EnterpriseMonth,
    ExitRule,
    FarmMonth,
    LocalThreshold,
    Mandate,
    Origin,
    Visit,
)
from projects.lifecycle import Step
from projects.models import (
    Agreement,
    Allocation,
    Arrival,
    FundingDocument,
    InvestmentMonth,
    InvestmentMove,
    InvestmentProject,
    Investor,
    Milestone,
    Payment,
    Project,
    ProjectMonth,
)
from projects.models.investment import InvestmentStep
from projects.services import add_project, record_arrival, record_month
from reporting.department.services import add_series, report
from reporting.models import (
    AwardProposal,
    BaseFigure,
    DepartmentFigure,
    FigureSeries,
    Metric,
    Publication,
    PublishedScore,
    Scheme,
    Target,
)
from reporting.services import add_metrics, add_scheme
from townships.deadlines.models import Holiday
from townships.middleware import SESSION_KEY
from townships.models import County, Duty, Role, Seat, Unit, UnitKind, UnitSuccession
from townships.models.succession import SuccessionKind
from townships.problems.models import Problem
from townships.problems.services import raise_problem
from townships.services import found_county, give_seat
from townships.succession import succeed

NOW = datetime(2024, 7, 5, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""When everything in a test is written, unless the test says otherwise."""
TODAY = NOW.date()
UNUSABLE_PASSWORD = "!"


def new_exception(
    unit: Unit,
    *,
    ledger: str = "arrivals",
    month: date = date(2024, 3, 1),
    days: int = 3,
    granted: bool = True,
    by: Any = None,
    **cell: Any,
) -> ClosingException:
    """Of a month that is closed; granted by the system until so many days after `TODAY`."""
    until = TODAY + timedelta(days=days)
    told = {"ledger": ledger, "month": month, "unit": unit, "reason": "银行回单更正", "until": until, **cell}
    with writing_as(by or unit.county) as writing:
        asked = ask_exception(writing, **told)
    if not granted:
        return asked
    with writing_as(unit.county) as writing:
        return grant_exception(writing, asked, until=until)


@contextmanager
def writing_as(actor: Any, *, at: datetime = NOW, **options: Any) -> Iterator[Door]:
    """The open door, at the tests' own time. A county's number or row stands for the system itself."""
    with door(system(actor) if isinstance(actor, int | County) else actor, at=at, **options) as writing:
        yield writing


def system(county: County | int) -> SystemActor:
    """Who may do everything in that county and nothing beyond it."""
    return SystemActor(county_id=county if isinstance(county, int) else county.pk)


def following(model: type) -> int:
    """The number of the next row of that kind in this test's database."""
    return model.objects.count() + 1


# -- floor 1: counties, units, people ----------------------------------------------------------------


def new_county(**values: Any) -> County:
    number = following(County)
    return found_county(**{"code": f"{510700 + number}", "name": f"示例{number}县", **values})


def new_unit(county: County, kind: str = UnitKind.TOWNSHIP, **values: Any) -> Unit:
    number = following(Unit)
    named = {"name": f"第{number}{UnitKind(kind).label}", "kind": kind, "position": number}
    with writing_as(county) as writing:
        return writing.add(Unit(**{**named, **values}))


def new_township(county: County, **values: Any) -> Unit:
    number = following(Unit)
    return new_unit(county, **{"name": f"第{number}镇", **values})


def new_merger(predecessor: Unit, successor: Unit | None = None, **values: Any) -> UnitSuccession:
    """Into a unit of its own on 2024-07-01, unless said otherwise."""
    heir = successor or new_unit(predecessor.county, predecessor.kind)
    with writing_as(predecessor.county) as writing:
        return succeed(writing, predecessor=predecessor, successor=heir, **{"on": date(2024, 7, 1), **values})


def new_split(predecessor: Unit, successor: Unit | None = None, **values: Any) -> UnitSuccession:
    return new_merger(predecessor, successor, kind=SuccessionKind.SPLIT, **values)


def new_user(**values: Any) -> User:
    """A person who can't sign in by password; use `signed_in`."""
    number = following(User)
    named = {"username": f"user{number}", "full_name": f"第{number}人", "password": UNUSABLE_PASSWORD}
    with writing_as(0) as writing:
        return writing.keep(User(**{**named, **values}), action="开设账号")


def new_seat(
    county: County,
    role: str = Role.COUNTY,
    duties: Sequence[str] = (Duty.ENTRY, Duty.REVIEW),
    *,
    unit: Unit | None = None,
    user: User | None = None,
    **values: Any,
) -> Seat:
    """A seat of a new person (or of `user`) in the county office, or wherever `role` and `unit` say."""
    person = user or new_user()
    with writing_as(county) as writing:
        return give_seat(writing, user=person, role=role, duties=[str(d) for d in duties], unit=unit, **values)


def township_seat(unit: Unit, duties: Sequence[str] = (Duty.ENTRY,), **values: Any) -> Seat:
    return new_seat(unit.county, Role.TOWNSHIP, duties, unit=unit, **values)


POSTS: dict[str, tuple[str, tuple[str, ...], UnitKind | None]] = {
    "county": (Role.COUNTY, (Duty.ENTRY,), None),
    "county2": (Role.COUNTY, (Duty.REVIEW, Duty.PUBLISH), None),
    "township": (Role.TOWNSHIP, (Duty.ENTRY,), UnitKind.TOWNSHIP),
    "township2": (Role.TOWNSHIP, (Duty.REVIEW,), UnitKind.TOWNSHIP),
    "department": (Role.DEPARTMENT, (Duty.ENTRY,), UnitKind.DEPARTMENT),
    "leader": (Role.LEADER, (), None),
    "admin": (Role.ADMIN, (), None),
    "auditor": (Role.AUDITOR, (), None),
    "security": (Role.SECURITY, (), None),
    "inspector": (Role.INSPECTOR, (), None),
}
"""name → role, duties, kind of unit: every kind of person there is."""


def seats_of_every_role(county: County, township: Unit) -> dict[str, Seat]:
    """A seat of another person for each of POSTS; the township's people sit in `township`."""
    units = {None: None, UnitKind.TOWNSHIP: township, UnitKind.DEPARTMENT: new_unit(county, UnitKind.DEPARTMENT)}
    return {
        name: new_seat(county, role, duties, unit=units[kind], valid_until=ENDS.get(role))
        for name, (role, duties, kind) in POSTS.items()
    }


ENDS = {Role.INSPECTOR: date(2099, 12, 31)}


def signed_in(seat: Seat) -> Client:
    """A browser in which that person sits on that seat."""
    client = Client()
    client.force_login(seat.user)
    session = client.session
    session[SESSION_KEY] = seat.pk
    session.save()
    return client


def new_problem(township: Unit, *, by: Any = None, assigned_to: Unit | None = None, **values: Any) -> Problem:
    """Raised by the county on 2024-05-10; given to `assigned_to` (or to nobody) on that day, until 2024-07-31."""
    deadline = values.pop("deadline", date(2024, 7, 31))
    given = {
        "title": f"第{following(Problem)}个问题",
        "source": "meeting",
        "description": "道路不通",
        "raised_on": date(2024, 5, 10),
        **values,
    }
    assignment = {"responsible": assigned_to, "deadline": deadline, "on": given["raised_on"]} if assigned_to else None
    with writing_as(by or township.county_id) as writing:
        return raise_problem(writing, township=township, assignment=assignment, **given)


# -- floor 2: enterprises ------------------------------------------------------------------------------


def new_enterprise(township: Unit, *, by: Any = None, **values: Any) -> Enterprise:
    """An enterprise that stands there, registered on 2024-02-01 with 500 万元, of no known code."""
    given = {
        "name": f"第{following(Enterprise)}家企业",
        "registered_on": date(2024, 2, 1),
        "registered_capital": Decimal("500"),
        **values,
    }
    with writing_as(by or township.county_id) as writing:
        return writing.add(Enterprise(township=township, **given))


def new_declaration(
    enterprise: Enterprise,
    step: str = DeclarationStep.LISTED,
    happened: DateSpan | None = None,
    *,
    by: Any = None,
    **values: Any,
) -> Declaration:
    """入库 on 2024-05-20, waiting for verification, unless said otherwise; whoever leaves has shrunk."""
    said = {"cause": "shrunk"} if step == DeclarationStep.DELISTED else {}
    day = happened or DateSpan.day(date(2024, 5, 20))
    row = Declaration(enterprise=enterprise, step=step, happened=day, **(said | values))
    with writing_as(by or enterprise.county_id) as writing:
        return writing.add(row)


def new_window(county: County, **values: Any) -> DeclarationWindow:
    """A yearly one from 2024-10-15 to 2024-11-15 that takes everything, unless said otherwise."""
    days = {"first_day": date(2024, 10, 15), "last_day": date(2024, 11, 15)}
    takes = dict.fromkeys(("takes_new", "takes_grown", "takes_exits", "takes_changes"), True)
    named = {"name": f"第{following(DeclarationWindow)}批", "door": "yearly"}
    with writing_as(county) as writing:
        return writing.add(DeclarationWindow(**{**named, **days, **takes, **values}))


def new_material(county: County, **values: Any) -> DeclarationMaterial:
    with writing_as(county) as writing:
        return writing.add(DeclarationMaterial(**{"name": f"第{following(DeclarationMaterial)}项材料", **values}))


def new_exit_rule(county: County, **values: Any) -> ExitRule:
    """Red under so many percent of the line, a different bound and light each time, unless said otherwise."""
    number = following(ExitRule)
    lights = ("red", "amber", "yellow")
    named = {"signal": "revenue" if number <= 3 else "unreported", "light": lights[number % 3], "bound": 60 + number}
    with writing_as(county) as writing:
        return writing.add(ExitRule(**{**named, **values}))


def new_threshold(county: County, **values: Any) -> LocalThreshold:
    """The county's own class of 软件 from 300 万元 on, since 2024, unless said otherwise."""
    named = {"name": f"第{following(LocalThreshold)}类新服务业", "scale_group": "local", "scope": "6510"}
    since = {"amount": Decimal(300), "valid_from": date(2024, 1, 1), "source": "示例办发〔2024〕1号"}
    with writing_as(county) as writing:
        return writing.add(LocalThreshold(**{**named, **since, **values}))


def new_holiday(county: County, **values: Any) -> Holiday:
    """One day off of a week of its own in 2024, unless said otherwise."""
    day = values.get("first_day") or date(2024, 1, 2) + timedelta(weeks=following(Holiday))
    told = {"name": "示例节", "first_day": day, "last_day": day, "document": "示例办发〔2023〕9号"}
    with writing_as(county) as writing:
        return writing.add(Holiday(**{**told, **values}))


def new_visit(enterprise: Enterprise, *, by: Any = None, **values: Any) -> Visit:
    """On 2024-05-08 by the township's leader, without a demand, unless said otherwise."""
    told = {"happened": DateSpan.day(date(2024, 5, 8)), "visitors": "分管领导", "heard": "生产正常"}
    row = Visit(enterprise=enterprise, **{**told, **values})
    with writing_as(by or enterprise.county_id) as writing:
        return writing.add(row)


def new_cultivation(enterprise: Enterprise, *, by: Any = None, **values: Any) -> Cultivation:
    """In the 培育库 since 2024-03-05 for 2024, looked after by the township's own, unless said otherwise."""
    since = {"happened": DateSpan.day(date(2024, 3, 5)), "year": 2024}
    liaison = {"liaison": "王五", "liaison_unit": enterprise.township}
    row = Cultivation(enterprise=enterprise, **{**since, **liaison, **values})
    with writing_as(by or enterprise.county_id) as writing:
        return writing.add(row)


def new_measure(row: Cultivation, *, by: Any = None, **values: Any) -> CultivationMeasure:
    """To be done by the township until 2024-07-31, unless said otherwise."""
    named = {
        "measure": f"第{following(CultivationMeasure)}项措施",
        "owner": row.township,
        "deadline": date(2024, 7, 31),
    }
    with writing_as(by or row.county_id) as writing:
        return writing.add(CultivationMeasure(cultivation=row, **{**named, **values}))


def new_limit(county: County, **values: Any) -> CultivationLimit:
    """Since a January of its own: 冲刺 from 90 % on, 重点培育 from 60 % on."""
    given = {"valid_from": date(2023 - following(CultivationLimit), 1, 1), "sprint": 90, "key": 60}
    with writing_as(county) as writing:
        return writing.add(CultivationLimit(**{**given, **values}))


def new_farms(unit: Unit, *, month: date = date(2024, 5, 1), by: Any = None, **values: Any) -> FarmMonth:
    """Three new family farms in May 2024, unless said otherwise."""
    row = FarmMonth(unit=unit, **{"kind": "family_farm", "added": 3, **values})
    row.happened = DateSpan.month(month.year, month.month)
    with writing_as(by or unit.county_id) as writing:
        return writing.add(row)


def new_figures(
    enterprise: Enterprise,
    month: date = date(2024, 5, 1),
    origin: str = Origin.SELF,
    *,
    by: Any = None,
    **values: Any,
) -> EnterpriseMonth:
    """The enterprise's own report of 100 万元 revenue in May 2024, unless said otherwise."""
    given = values or {"revenue": Decimal(100)}
    row = EnterpriseMonth(
        enterprise=enterprise, origin=origin, happened=DateSpan.month(month.year, month.month), **given
    )
    with writing_as(by or enterprise.county_id) as writing:
        return writing.add(row)


def new_mandate(enterprise: Enterprise, origin: str = Origin.TAX, **values: Any) -> Mandate:
    """Of every month from January 2024 on, unless said otherwise."""
    given = {"signed_on": date(2024, 1, 10), "first_month": date(2024, 1, 1), **values}
    with writing_as(enterprise.county_id) as writing:
        return writing.add(Mandate(enterprise=enterprise, origin=origin, **given))


def new_question(
    enterprise: Enterprise, *, responsible: Unit | None = None, figure: str = "", **values: Any
) -> CoherenceQuestion:
    """Asked about May 2024 by a rule of its own, over `figure` or all of them; of `responsible` until 2024-07-31, or of
    nobody yet."""
    number = following(CoherenceRule)
    given = {"stage": "asked", "responsible": responsible, "deadline": date(2024, 7, 31)} if responsible else {}
    seen = {"months": ["2024-04", "2024-05"], "lines": [{"figure": "revenue", "origin": "self", "values": ["9", "-1"]}]}
    with writing_as(enterprise.county_id) as writing:
        rule = writing.add(CoherenceRule(name=f"第{number}条规则", kind="negative", figure=figure))
        row = CoherenceQuestion(
            enterprise=enterprise, rule=rule, month=date(2024, 5, 1), asked_on=TODAY, **{**given, **values}
        )
        row.sentence, row.seen = "2024年5月营业收入为负数。", seen
        return writing.add(row, permission=ASK)


# -- floor 3: projects and what happens to them ------------------------------------------------------


def new_project(
    township: Unit,
    *,
    by: Any = None,
    signed: DateSpan | None = None,
    total_investment: Decimal | str = "1000",
    agreement: dict[str, Any] | None = None,
    started: DateSpan | None = None,
    **values: Any,
) -> Project:
    """A project signed on 2024-03-05 over 1000 万元 with a formal contract, waiting for verification.

    `agreement={}` leaves it unsigned; its other keys are those of `Agreement`.
    """
    project = {"name": f"第{following(Project)}个项目", "landing_unit": township, **values}
    signing = {
        "happened": signed or DateSpan.day(date(2024, 3, 5)),
        "kind": "formal",
        "total_investment": Decimal(total_investment),
    }
    agreed = agreement if agreement == {} else {**signing, **(agreement or {})}
    with writing_as(by or township.county_id) as writing:
        return add_project(writing, project=project, agreement=agreed, started=started)


def new_investor(county: County, **values: Any) -> Investor:
    with writing_as(county) as writing:
        return writing.add(Investor(**{"name": f"示例投资{following(Investor)}公司", **values}))


def signing_of(project: Project) -> Agreement:
    return project.agreements.current().order_by("pk").first()


def new_milestone(
    project: Project, step: str = Step.START, happened: DateSpan | None = None, *, by: Any = None, **values: Any
) -> Milestone:
    row = Milestone(project=project, step=step, happened=happened or DateSpan.day(date(2024, 5, 6)), **values)
    with writing_as(by or project.county_id) as writing:
        return writing.add(row)


def new_arrival(
    project: Project,
    amount: Decimal | str = "100",
    month: date = date(2024, 5, 1),
    *,
    by: Any = None,
    **values: Any,
) -> Arrival:
    with writing_as(by or project.county_id) as writing:
        return record_arrival(writing, project=project, month=month, amount=Decimal(amount), **values)


def new_month(
    project: Project,
    investment: Decimal | str = "60",
    month: date = date(2024, 5, 1),
    *,
    by: Any = None,
    **values: Any,
) -> ProjectMonth:
    """What the project did in May 2024, waiting for verification."""
    given = {"progress": "主体施工到二层", **values}
    with writing_as(by or project.county_id) as writing:
        return record_month(writing, project=project, month=month, investment=Decimal(investment), **given)


def new_investment(unit: Unit, planned: Decimal | str = "6000", *, by: Any = None, **values: Any) -> InvestmentProject:
    """A 固投项目 that started on 2024-01-10, unless said otherwise; nothing of its way into the library yet."""
    named = {"name": f"第{following(InvestmentProject)}号固投项目", "started_on": date(2024, 1, 10), **values}
    with writing_as(by or unit.county_id) as writing:
        return writing.add(InvestmentProject(unit=unit, planned=Decimal(planned), **named))


def new_move(
    project: InvestmentProject,
    step: str = InvestmentStep.LISTED,
    day: date = date(2024, 2, 20),
    *,
    accepted: bool = True,
    **values: Any,
) -> InvestmentMove:
    """A step into the library, accepted unless said otherwise."""
    with writing_as(project.county_id) as writing:
        row = writing.add(InvestmentMove(project=project, step=step, happened=DateSpan.day(day), **values))
    return judge(row) if accepted else row


def new_investment_month(
    project: InvestmentProject, amount: Decimal | str = "300", month: date = date(2024, 6, 1), **values: Any
) -> InvestmentMonth:
    with writing_as(project.county_id) as writing:
        told = {"amount": Decimal(amount), "happened": DateSpan.month(month.year, month.month), **values}
        return writing.add(InvestmentMonth(project=project, **told))


def new_document(county: County, total: Decimal | str = "1000", *, by: Any = None, **values: Any) -> FundingDocument:
    """省级财政资金 that came down on 2024-01-10, kept by a department of its own unless said otherwise."""
    given = {
        "number": f"示例财〔2024〕{following(FundingDocument)}号",
        "kind": "province",
        "issued_on": date(2024, 1, 10),
        "department": values.get("department") or new_unit(county, UnitKind.DEPARTMENT),
        **values,
    }
    with writing_as(by or county) as writing:
        return writing.add(FundingDocument(total=Decimal(total), **given))


def new_allocation(
    unit: Unit, amount: Decimal | str = "100", *, document: FundingDocument | None = None, by: Any = None, **values: Any
) -> Allocation:
    """Of a document of its own, on 2024-02-01, unless said otherwise."""
    given = {"document": document or new_document(unit.county), "allocated_on": date(2024, 2, 1), **values}
    with writing_as(by or unit.county_id) as writing:
        return writing.add(Allocation(unit=unit, amount=Decimal(amount), **given))


def new_payment(
    allocation: Allocation,
    amount: Decimal | str = "40",
    happened: DateSpan | None = None,
    *,
    by: Any = None,
    **values: Any,
) -> Payment:
    """On 2024-05-06, waiting for verification."""
    given = {"voucher_number": f"{following(Payment):06d}", **values}
    happened = happened or DateSpan.day(date(2024, 5, 6))
    with writing_as(by or allocation.county_id) as writing:
        return writing.add(Payment(allocation=allocation, amount=Decimal(amount), happened=happened, **given))


# -- floor 4: what was published ----------------------------------------------------------------------


def new_metric(county: County, **values: Any) -> Metric:
    """Projects counted, under a name of its own."""
    named = {"name": f"第{following(Metric)}项指标", "ledger": "projects"}
    with writing_as(county) as writing:
        return add_metrics(writing, [{**named, **values}])[0]


def new_target(
    unit: Unit | None, *, county: County | None = None, metric: Metric | None = None, **values: Any
) -> Target:
    """1000 for 2024; without unit of the county itself, which has to be said then."""
    whose = county or (unit and unit.county)
    named = {"metric": metric or new_metric(whose), "year": 2024, "basic": Decimal(1000), **values}
    with writing_as(whose) as writing:
        return writing.add(Target(unit=unit, **named))


def new_base(unit: Unit, *, metric: Metric | None = None, month: date = date(2023, 5, 1), **values: Any) -> BaseFigure:
    """10 in May 2023, as the yearbook says it."""
    named = {"metric": metric or new_metric(unit.county), "amount": Decimal(10), "document": "2023年统计年鉴", **values}
    with writing_as(unit.county) as writing:
        return writing.add(BaseFigure(unit=unit, month=month, **named))


def new_series(owner: Unit, **values: Any) -> FigureSeries:
    """A series of figures that this department reports, with its metric."""
    named = {"name": f"第{following(FigureSeries)}项数据", "owner": owner}
    with writing_as(owner.county) as writing:
        return add_series(writing, **{**named, **values})


def new_figure(
    series: FigureSeries, unit: Unit, reported: Decimal | str = "100", month: date | None = None
) -> DepartmentFigure:
    """What the series' department says of one unit and month; this month unless told."""
    with writing_as(series.county) as writing:
        told = {"series": series, "unit": unit, "reported": Decimal(reported)}
        return report(writing, month=month or TODAY.replace(day=1), **told)


def new_publication(unit: Unit, period: str = "2024Q1") -> Publication:
    """One in its checking period, of a scheme of its own that compares this unit alone."""
    when = Period.parse(period)
    points = {"name": "总评", "family": "招商引资", "points": 100, "formula": "满分"}
    body = {"name": f"第{following(Scheme)}个方案", "year": when.year, "period": when.kind, "indicators": [points]}
    with writing_as(unit.county_id) as writing:
        scheme = add_scheme(writing, body=body, participants=[(unit, "")])
        return writing.add(Publication(scheme=scheme, period=period, answer_by=TODAY))


def new_score(unit: Unit, total: Decimal | str | None = "80", period: str = "2024Q1", **values: Any) -> PublishedScore:
    """A result of that unit as publishing leaves it, of a scheme of its own; it passes from 60 on."""
    when, amount = Period.parse(period), None if total is None else Decimal(total)
    publication = new_publication(unit, period)
    with writing_as(unit.county_id) as writing:
        row = PublishedScore(
            publication=publication,
            unit=unit,
            kind=when.kind,
            first_day=when.first_day,
            last_day=when.last_day,
            total=amount,
            qualified=None if amount is None else amount >= 60,
            **values,
        )
        return writing.add(row)


def new_proposal(unit: Unit, amount: Decimal | str = "50", **values: Any) -> AwardProposal:
    """奖补建议 for a first award of the year 2024."""
    given = {"award": "一等奖", "nature": "working", "document": "县委办〔2024〕12号", **values}
    publication = new_publication(unit, "2024")
    with writing_as(unit.county_id) as writing:
        return writing.add(AwardProposal(publication=publication, unit=unit, amount=Decimal(amount), **given))


# -- verification and other acts ---------------------------------------------------------------------


def judge(
    *rows: DatedRecord,
    verdict: Verdict = Verdict.ACCEPTED,
    by: Any = None,
    on: date = TODAY,
    note: str = "核对无误",
    **options: Any,
) -> DatedRecord:
    """Give these rows a verdict (accepted, unless said otherwise); returns the first as it stands then."""
    with writing_as(by or rows[0].county_id) as writing:
        give_verdict(writing, rows, verdict=verdict, on=on, note=note, **options)
    return fresh(rows[0])


def void(record: Record, *, by: Any = None, reason: str = "登记有误") -> Record:
    with writing_as(by or record.county_id) as writing:
        return writing.void(record, reason=reason)


def fresh(record: Any) -> Any:
    """The row as the database holds it now."""
    return type(record).objects.get(pk=record.pk)

"""问题台账 of the demo: a dozen problems in every state, some long settled, most as of the day the demo is filled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from core.ledgers.ledger import ledger_for
from core.write import door
from enterprises.models import Enterprise
from projects.models import Project
from townships.models import County, Seat, Unit
from townships.problems import services
from townships.problems.models import Problem
from townships.problems.steps import Act
from townships.problems.subjects import Subject, kept
from townships.problems.views import SERVICES

Seats = Mapping[tuple[str, str | None], Seat]
SETTLED = date(2025, 6, 30)
STATISTICS = "县统计局"
REVIEWED = (Act.ACCEPT, Act.RETURN, Act.EXTEND, Act.REOPEN)
"""Acts of the county's second person."""
MODELS = {"projects": (Project, "landing_unit"), "enterprises": (Enterprise, "township")}
Step = tuple[Act, int, str]
"""Act, days from the tale's day (negative: before), words."""


@dataclass(frozen=True)
class Tale:
    """One problem; days are counted from `day`, None for the day on which the demo is filled."""

    title: str
    source: str
    place: str
    raised: int
    topic: str = "other"
    about: str = ""
    note: str = ""
    to: str = ""
    due: int = 0
    helping: tuple[str, ...] = ()
    leader: str = ""
    steps: tuple[Step, ...] = ()
    day: date | None = None


NOW = (
    Tale("项目用地指标尚未落实", "project", "澜桥镇", -40, "land", "projects", to="县自然资源局", due=-6,
         helping=("县发展和改革局",), leader="演示分管副局长",
         steps=((Act.REPLY, -20, "已上报用地预审，等待批复。"),)),
    Tale("厂区供电容量不足", "enterprise", "棠湾镇", -25, "power", "enterprises", to="县经济和信息化局", due=4,
         steps=((Act.REPLY, -8, "已与供电公司现场踏勘，正在编制增容方案。"),)),
    Tale("入库申报资料不齐", "project", "澜桥镇", -18, "approval", "projects", to=STATISTICS, due=3,
         steps=((Act.REPLY, -5, "已列出缺项清单，一次性告知企业。"),)),
    Tale("新投产企业未及时申报升规", "inspection", "麦浪镇", -30, "approval", "enterprises", note="季度调度检查",
         to=STATISTICS, due=-2, helping=("县税务局",)),
    Tale("项目投资数据与现场进度不一致", "inspection", "枫渡镇", -22, "other", "projects", note="季度调度检查",
         to=STATISTICS, due=12,
         steps=((Act.APPLY, -6, "已核对支付凭证，数据已更正。"), (Act.RETURN, -4, "缺监理签字的进度单，请补齐。"))),
    Tale("园区污水管网延伸", "meeting", "演示工业园区", -28, "environment", note="县政府常务会议议定事项",
         to="县发展和改革局", due=25, helping=("县财政局", "演示城乡建设公司"), leader="演示分管副局长"),
    Tale("招商奖补资金兑现", "instruction", "澜桥镇", -21, "policy", note="县领导批示（演示）", to="县财政局", due=6,
         steps=((Act.REPLY, -9, "资金已列入支出计划。"), (Act.APPLY, -2, "奖补资金已拨付到企业。"))),
    Tale("企业用工缺口较大", "visit", "棠湾镇", -5, "labour", "enterprises", note="走访企业"),
)  # fmt: skip
PAST = (
    Tale("施工便道穿越农田", "project", "枫渡镇", -70, "clearance", "projects", to="县自然资源局", due=-20, day=SETTLED,
         steps=((Act.REPLY, -40, "已与村组签订临时用地协议。"), (Act.APPLY, -25, "便道已改线。"),
                (Act.ACCEPT, -22, "现场查看属实。"))),
    Tale("设备进口环评手续", "enterprise", "麦浪镇", -80, "environment", "enterprises", to="县发展和改革局", due=-30,
         day=SETTLED, steps=((Act.APPLY, -24, "环评批复已取得。"), (Act.ACCEPT, -21, ""))),
    Tale("历史统计基数缺失", "meeting", "星湖街道", -90, "other", note="县委专题会议议定事项", to=STATISTICS, due=-45,
         day=SETTLED, steps=((Act.EXTEND, -50, "市统计局反馈时间推迟。"), (Act.APPLY, -12, "已补齐近三年数据。"),
                             (Act.ACCEPT, -10, "资料齐全。"))),
    Tale("过桥贷款到期续贷", "visit", "棠湾镇", -60, "finance", "enterprises", note="走访企业", to="县财政局", due=-15,
         day=SETTLED, steps=((Act.APPLY, -16, "续贷已落实。"), (Act.ACCEPT, -14, "企业已确认。"),
                             (Act.REOPEN, -5, "银行要求补充担保。"), (Act.APPLY, 3, "已由平台公司补充担保。"),
                             (Act.ACCEPT, 5, "企业已确认。"))),
)  # fmt: skip
EXTENDED_BY = 30


def fill_problems(county: County, seats: Seats) -> None:
    units = {unit.name: unit for unit in Unit.objects.current().in_county(county.pk)}
    for number, tale in enumerate((*PAST, *NOW)):
        _live(tale, number, county, units, seats)


def _live(tale: Tale, number: int, county: County, units: dict[str, Unit], seats: Seats) -> Problem:
    now = timezone.localdate() if tale.day is None else tale.day
    office, raised = seats["county", None], now + timedelta(days=tale.raised)
    about = _subject(tale, number, county, units[tale.place])
    told = {"source": tale.source, "source_note": tale.note, "topic": tale.topic, "raised_on": raised}
    told |= {"description": f"{tale.place}反映：{tale.title}，请有关部门协调解决。", **kept(about)}
    with door(office, at=_at(raised, 9)) as writing:
        problem = services.raise_problem(writing, title=tale.title, township=units[tale.place], **told)
        if tale.to:
            problem = services.assign(writing, problem=problem, **_assignment(tale, number, now, units))
    for act, days, text in tale.steps:
        problem = _step(problem, act, text, now + timedelta(days=days), tale, seats)
    return problem


def _assignment(tale: Tale, number: int, now: date, units: dict[str, Unit]) -> dict[str, Any]:
    return {
        "responsible": units[tale.to],
        "cooperating": [units[name] for name in tale.helping],
        "deadline": now + timedelta(days=tale.due),
        "leader": tale.leader,
        "document": f"演示交办〔{now.year}〕{number + 1}号",
        "text": "请按期办结并反馈结果。",
    }


def _step(problem: Problem, act: Act, text: str, day: date, tale: Tale, seats: Seats) -> Problem:
    """The statistics office answers for itself; for the other departments, which work on paper, the county enters."""
    own = seats["department", STATISTICS] if tale.to == STATISTICS else seats["county", None]
    seat = seats["county2", None] if act in REVIEWED else own
    moved = {"deadline": day + timedelta(days=EXTENDED_BY)} if act in (Act.EXTEND, Act.REOPEN) else {}
    with door(seat, at=_at(day, 15)) as writing:
        return SERVICES[act](writing, problem=problem, text=text, **moved)


def _subject(tale: Tale, number: int, county: County, place: Unit) -> Subject | None:
    """Some project or enterprise of that place."""
    if not tale.about:
        return None
    model, path = MODELS[tale.about]
    rows = list(model.objects.current().in_county(county.pk).filter(**{path: place}).order_by("pk")[: number + 1])
    return Subject.of(ledger_for(tale.about), rows[-1]) if rows else None


def _at(day: date, hour: int) -> datetime:
    """Never after now: the demo may be filled in the morning."""
    return min(timezone.make_aware(datetime(day.year, day.month, day.day, hour)), timezone.now())

"""What follows a signing: steps, stops and money, month by month, until the demo's last month."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from core.dates import DateSpan
from core.records import Verdict
from projects.lifecycle import Step
from projects.models.arrivals import Nature
from reporting.demo.stories import ACCEPTED, LAST_MONTH, WAITING, Entry, Ruling, Slip, Story, later

AFTER_SIGNING: tuple[tuple[Step, tuple[int, ...], float], ...] = (
    (Step.LANDING, (0, 0, 1, 2), 0.97),
    (Step.APPROVAL, (1, 2), 0.95),
    (Step.START, (1, 2, 3), 0.88),
    (Step.COMPLETION, (6, 8, 9), 0.85),
    (Step.PRODUCTION, (1, 2), 0.9),
    (Step.FULL_OUTPUT, (6, 8), 0.6),
)
"""Step, months it takes after the step before, and how likely a project gets that far."""

SOURCES = {Step.LANDING: "市场监管", Step.APPROVAL: "发改", Step.START: "经信", Step.PRODUCTION: "经信"}
NOT_STARTED = Ruling(Verdict.REFUSED, "现场仅平整场地，主体尚未施工，不算开工。")
WRONG_SLIP = Ruling(Verdict.REFUSED, "凭证付款方不是项目投资方，不予认定。")
UNCLEAR_SLIP = Ruling(Verdict.RETURNED, "凭证影像看不清金额，请重新上传后再报。")
HALTED_BECAUSE = ("用地指标未落实，暂停施工。", "投资方资金未按期到位，暂停施工。", "配套道路未通，设备无法进场。")
ENDED_BECAUSE = ("投资方经营调整，双方签订终止协议。", "环评未通过，项目不再实施。")
NATURES = (Nature.LAND, Nature.BUILDING, Nature.BUILDING, Nature.EQUIPMENT, Nature.EQUIPMENT, Nature.WORKING)


def soon_in(random: Random, month: date) -> DateSpan:
    """Signings lie in the first half of a month, so that what follows in the same month follows."""
    return DateSpan.day(month.replace(day=random.randint(2, 14)))


def late_in(random: Random, month: date) -> DateSpan:
    return DateSpan.day(month.replace(day=random.randint(15, 24)))


def add_course(random: Random, story: Story, amount: Decimal, *, landed_by: date | None = None) -> None:
    """Steps and money of a signed project. `landed_by`: it lands, accepted, no later than in that month."""
    signed = story.entries[-1].happened.first.replace(day=1)
    end = _end(random, signed) if landed_by is None else None
    landed = _add_steps(random, story, signed, end or LAST_MONTH, landed_by)
    if end:
        _add_end(random, story, end)
    if landed:
        add_money(random, story, amount, landed, end or LAST_MONTH)


def _end(random: Random, signed: date) -> date | None:
    """The month in which the project is given up; rarely."""
    month = later(signed, random.randint(5, 11))
    return month if random.random() < 0.1 and month < LAST_MONTH else None


def _add_steps(random: Random, story: Story, signed: date, until: date, landed_by: date | None) -> date | None:
    """All steps up to `until`; the month of landing."""
    month, landed = signed, None
    for step, waits, chance in AFTER_SIGNING:
        sure = step == Step.LANDING and landed_by is not None
        month = later(month, random.choice(waits))
        month = min(month, landed_by) if sure and landed_by else month
        if month > until or (random.random() > chance and not sure):
            return landed
        if step == Step.LANDING:
            landed = month
        month = _add_step(random, story, step, month, sure=sure)
    return landed


def _add_step(random: Random, story: Story, step: Step, month: date, *, sure: bool) -> date:
    """One step; a refused 开工 is reported again two months later. The month from which things go on."""
    values = {"step": step, "source": SOURCES.get(step, "")}
    if step == Step.START and random.random() < 0.1:
        _add_milestone(story, month, late_in(random, month), values, NOT_STARTED)
        month = later(month, 2)
    if month <= LAST_MONTH:
        ruling = ACCEPTED if sure else _step_ruling(random, month)
        _add_milestone(story, month, late_in(random, month), values, ruling)
    if step == Step.START and random.random() < 0.07:
        return _add_halt(random, story, later(month, 2))
    return month


def _step_ruling(random: Random, month: date) -> Ruling:
    if month == LAST_MONTH and random.random() < 0.4:
        return WAITING
    return replace(ACCEPTED, delay=1) if random.random() < 0.06 else ACCEPTED


def _add_halt(random: Random, story: Story, month: date) -> date:
    if month > LAST_MONTH:
        return month
    reason = random.choice(HALTED_BECAUSE)
    _add_milestone(story, month, late_in(random, month), {"step": Step.HALTED, "reason": reason}, ACCEPTED)
    resumed = later(month, random.choice((3, 4, 30)))
    if resumed <= LAST_MONTH:
        _add_milestone(story, resumed, late_in(random, resumed), {"step": Step.RESUMED}, ACCEPTED)
    return resumed


def _add_end(random: Random, story: Story, month: date) -> None:
    values = {"step": Step.ENDED, "reason": random.choice(ENDED_BECAUSE)}
    _add_milestone(story, month, late_in(random, month), values, ACCEPTED)


def _add_milestone(story: Story, month: date, happened: DateSpan, values: dict, ruling: Ruling) -> None:
    story.entries.append(Entry("milestone", max(month, story.entered), happened, values, ruling))


# -- money -----------------------------------------------------------------------------------------


def add_money(random: Random, story: Story, amount: Decimal, first: date, last: date) -> None:
    """Some part of the amount, over some months from `first` on."""
    months = [later(first, index) for index in range(random.randint(4, 14)) if random.random() < 0.7]
    months = [month for month in months if month <= last]
    part = amount * Decimal(random.randint(25, 95)) / 100
    for index, month in enumerate(months):
        share = (part / len(months) * Decimal(random.randint(60, 140)) / 100).quantize(Decimal("0.1"))
        nature = NATURES[min(index, len(NATURES) - 1)]
        _add_arrival(random, story, month, max(share, Decimal("5.5")), nature)
    if len(months) > 3 and months[-1] < last and random.random() < 0.08:
        _add_reversal(story, later(months[-1], 1), part)


def _add_arrival(random: Random, story: Story, month: date, amount: Decimal, nature: Nature) -> None:
    ruling = _money_ruling(random, month, amount)
    slip = Slip(f"YS{month:%y%m}{random.randint(10_000, 99_999)}", amount) if random.random() < 0.6 else None
    entry = _arrival(story, month, month, amount, nature, ruling, slip)
    story.entries.append(entry)
    if ruling.verdict == Verdict.RETURNED and later(month, 2) < LAST_MONTH:
        story.entries.append(_arrival(story, month, later(month, 2), amount, nature, ACCEPTED, None))


def _money_ruling(random: Random, month: date, amount: Decimal) -> Ruling:
    dice = random.random()
    if month == LAST_MONTH and dice < 0.35:
        return WAITING
    if dice > 0.985:
        return WRONG_SLIP
    if dice > 0.97:
        return UNCLEAR_SLIP
    if dice > 0.93:
        return Ruling(amount=(amount * Decimal("0.8")).quantize(Decimal("0.1")), note="扣除流动资金借款部分。")
    return replace(ACCEPTED, delay=1) if dice > 0.9 else ACCEPTED


def _add_reversal(story: Story, month: date, part: Decimal) -> None:
    amount = -(part / 20).quantize(Decimal("0.1"))
    entry = _arrival(story, month, month, amount, Nature.LAND, ACCEPTED, None)
    entry.values = {**entry.values, "remark": "退回多缴的土地保证金，冲减。"}
    story.entries.append(entry)


def _arrival(
    story: Story, month: date, entered: date, amount: Decimal, nature: Nature, ruling: Ruling, slip: Slip | None
) -> Entry:
    values = {"amount": amount, "nature": nature, "origin": story.investor.origin}
    happened = DateSpan.month(month.year, month.month)
    return Entry("arrival", max(entered, story.entered), happened, values, ruling, slip)

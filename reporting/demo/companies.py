"""Companies of landed projects, and their way into the statistics office's library.

The pilots' declarations are set by hand: seven enterprises to be declared in the half year after the pilot's first
year, as the published report says; the others fall as the dice do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import cycle
from random import Random

from stdnum.cn import uscc

from core.records import Verdict
from enterprises.models import AboveScaleGroup, DeclarationStep
from projects.lifecycle import Step
from reporting.demo.course import late_in
from reporting.demo.places import COUNTY_CODE, PILOTS
from reporting.demo.stories import ACCEPTED, LAST_MONTH, WAITING, Company, Entry, Ruling, Story, later
from townships.services import short_name


@dataclass(frozen=True)
class Plan:
    """How many enterprises of one pilot are declared from `first` on, and in which months they get in."""

    intended: int
    first: date
    listed: tuple[date, ...] = ()


PLANS: dict[str, tuple[Plan, Plan]] = {
    "澜桥镇": (
        Plan(3, date(2024, 3, 1), (date(2024, 8, 1), date(2024, 12, 1), date(2025, 5, 1))),
        Plan(2, date(2025, 2, 1)),
    ),
    "枫渡镇": (Plan(2, date(2024, 4, 1), (date(2024, 11, 1), date(2025, 2, 1))), Plan(2, date(2025, 3, 1))),
    "棠湾镇": (Plan(2, date(2024, 2, 1), (date(2024, 6, 1), date(2024, 9, 1))), Plan(2, date(2025, 4, 1))),
    "麦浪镇": (Plan(1, date(2024, 6, 1), (date(2025, 4, 1),)), Plan(1, date(2025, 3, 1))),
}
"""Pilot → its declarations of the first year and of the half year after it."""

GROUPS = {"文旅康养": AboveScaleGroup.CATERING, "再生资源": AboveScaleGroup.INDUSTRY, "特色农业": ""}
"""Farming is not among the 四上; what is not named here is industry."""
NOT_LARGE_ENOUGH = Ruling(Verdict.REFUSED, "营业收入未达到入库标准，暂不列入。")


def add_companies(random: Random, stories: list[Story]) -> None:
    """One company per investor and township, in the month when its first project lands."""
    known: dict[tuple[str, str], Company] = {}
    for number, (landing, story) in enumerate(_landings(stories), 1):
        place = (story.investor.name, story.place)
        story.company = known.setdefault(place, _company(random, story, landing, number))
    _declare_pilots(random, stories)
    _declare_others(random, stories)


def _landings(stories: list[Story]) -> Iterator[tuple[Entry, Story]]:
    found = [
        (entry, story)
        for story in stories
        for entry in story.of("milestone")
        if entry.values["step"] == Step.LANDING and entry.ruling.verdict == Verdict.ACCEPTED
    ]
    return iter(sorted(found, key=lambda pair: (pair[0].entered, pair[0].happened.first, pair[1].name)))


def _company(random: Random, story: Story, landing: Entry, number: int) -> Company:
    name = story.investor.name.removesuffix("有限公司")
    body = f"91{COUNTY_CODE}MA0D{number:05}"
    return Company(
        name=f"{name}（{short_name(story.place)}）有限公司",
        code=body + uscc.calc_check_digit(body),
        registered_on=landing.happened.first,
        entered=landing.entered,
        capital=Decimal(random.choice((200, 500, 800, 1000, 2000))),
        group=GROUPS.get(story.investor.trade.name, AboveScaleGroup.INDUSTRY),
    )


def _declarable(stories: list[Story]) -> dict[str, Story]:
    """{company's code: the story that founded it}, the oldest first; farms are never above scale."""
    founded: dict[str, Story] = {}
    for _, story in _landings(stories):
        if story.company and story.company.group:
            founded.setdefault(story.company.code, story)
    return founded


def _declare_pilots(random: Random, stories: list[Story]) -> None:
    for place in PILOTS:
        waiting = (story for story in _declarable(stories).values() if story.place == place)
        for plan in PLANS[place]:
            listed = iter(plan.listed)
            for number in range(plan.intended):
                _declare(random, next(waiting), later(plan.first, number), next(listed, None))


def _declare(random: Random, story: Story, intended: date, listed: date | None) -> None:
    _add(random, story, DeclarationStep.INTENDED, intended)
    if listed:
        _add(random, story, DeclarationStep.SUBMITTED, later(listed, -1))
        _add(random, story, DeclarationStep.LISTED, listed)


def _declare_others(random: Random, stories: list[Story]) -> None:
    ends = cycle((5, 4, None, 6, 0))
    """Months until it gets in; None where the county refuses to put it on the list, 0 where that is still open."""
    for story in _declarable(stories).values():
        month = later(story.company.entered, random.randint(7, 15)) if story.company else LAST_MONTH
        if story.place in PILOTS or random.random() > 0.3 or month > LAST_MONTH:
            continue
        wait = next(ends)
        if wait and later(month, wait) <= LAST_MONTH:
            _declare(random, story, month, later(month, wait))
        else:
            ruling = NOT_LARGE_ENOUGH if wait is None else WAITING if month == LAST_MONTH else ACCEPTED
            _add(random, story, DeclarationStep.INTENDED, month, ruling)


def _add(random: Random, story: Story, step: DeclarationStep, month: date, ruling: Ruling = ACCEPTED) -> None:
    values = {"step": step, "submission": "" if step == DeclarationStep.INTENDED else f"{month:%Y年%m月}批次"}
    story.entries.append(Entry("declaration", month, late_in(random, month), values, ruling))

"""All stories of the demo county: the pilots to the figure, the others as the dice of a fixed seed fall."""

from datetime import date
from decimal import Decimal
from itertools import cycle
from random import Random

from core.dates import DateSpan
from core.records import Verdict
from projects.lifecycle import Step
from projects.models.projects import AgreementReason, Contract
from reporting.demo import wording
from reporting.demo.companies import add_companies
from reporting.demo.course import add_course, add_money, late_in, soon_in
from reporting.demo.places import MONTHLY, PARK, PILOTS
from reporting.demo.quotas import QUOTAS, Quota, divided
from reporting.demo.stories import ACCEPTED, LAST_MONTH, WAITING, Entry, Ruling, Story, later, months_until
from reporting.demo.wording import InvestorStory, Namer

SEED = 20230101
ONLY_INTENT = Ruling(Verdict.REFUSED, "所附为意向书，没有正式合同，不予认定。")
NOT_SEALED = Ruling(Verdict.RETURNED, "合同缺投资方盖章页，请补齐后再报。")
SIGNED_BEFORE = Ruling(Verdict.REFUSED, "与上年已认定项目为同一投资内容，不重复认定。")
REDUCED = "配套设施由政府投资部分不计入。"


def invent() -> list[Story]:
    """The same stories each time, in the order in which they are entered."""
    author = Author(Random(SEED))
    for quota in QUOTAS:
        author.pilots(quota)
    author.companies_without_contract(QUOTAS[-1])
    author.pilots_left_out()
    author.other_places()
    author.share_slips()
    add_companies(author.random, author.stories)
    return sorted(author.stories, key=lambda story: story.entered)


class Author:
    def __init__(self, random: Random):
        self.random = random
        self.namer = Namer(random)
        self.stories: list[Story] = []

    # -- pilots: exact ---------------------------------------------------------------------------

    def pilots(self, quota: Quota) -> None:
        """Every signing, landing and company of these is accepted within the quota's own months."""
        places, amounts = quota.places(self.random), divided(quota.wan, quota.projects, self.random)
        investors = self._investors(places, quota.investors)
        for number, month in enumerate(quota.months()):
            story = self._story(investors[number], places[number], month)
            self._sign_exactly(story, number, month, amounts[number])
            add_course(self.random, story, amounts[number], landed_by=max(quota.last_month, story.entered))
            self._share_among_pilots(story, number)

    def _sign_exactly(self, story: Story, number: int, month: date, amount: Decimal) -> None:
        """Most signings are plain; some were upgraded, reduced, entered late, or are known to the month only."""
        if number % 9 == 4 and month > date(2023, 6, 1):
            story.entries.append(self._agreement(later(month, -4), amount, kind=Contract.FRAMEWORK))
            story.entries.append(self._agreement(month, amount, reason=AgreementReason.UPGRADE))
        elif number % 9 == 6:
            ruling = Ruling(amount=amount, note=REDUCED)
            story.entries.append(self._agreement(month, amount + 300, ruling=ruling))
        elif number % 9 == 2 and month.month < 10 and month < date(2025, 4, 1):
            story.entries.append(self._agreement(month, amount, entered=later(month, 2)))
        else:
            precise = number % 9 != 7
            happened = None if precise else DateSpan.month(month.year, month.month)
            story.entries.append(self._agreement(month, amount, happened=happened))

    def _share_among_pilots(self, story: Story, number: int) -> None:
        """Another pilot brought the project in: the four together keep the whole of it."""
        if number % 8 == 3:
            others = [name for name in PILOTS if name != story.place]
            story.partner = (self.random.choice(others), self.random.choice((2000, 3000, 4000)))

    def companies_without_contract(self, quota: Quota) -> None:
        """They rent a finished workshop under a framework agreement: a company brought in, nothing signed."""
        months, places = cycle(months_until(quota.last_month, date(quota.year, 1, 1))), cycle(PILOTS)
        for _ in range(quota.unsigned_investors):
            month = next(months)
            story = self._story(self.namer.investor(), next(places), month)
            amount = self._amount((300, 500, 800))
            story.entries.append(self._agreement(month, amount, kind=Contract.FRAMEWORK))
            landing = {"step": Step.LANDING, "source": "市场监管", "reason": "租用现成厂房，未另签正式合同。"}
            story.entries.append(Entry("milestone", month, late_in(self.random, month), landing))
            add_money(self.random, story, amount, month, LAST_MONTH)

    def pilots_left_out(self) -> None:
        """What the ranking has to explain: rows of the pilots that do not count, and why not."""
        kinds = cycle((self._framework, self._refused, self._returned, self._increase, self._repeated))
        for month in months_until(LAST_MONTH, date(2023, 3, 1))[::3]:
            for place in PILOTS:
                next(kinds)(self._story(self.namer.investor(), place, month), month)
        for place in list(PILOTS)[:3]:
            story = self._story(self.namer.investor(), place, LAST_MONTH)
            story.entries.append(self._agreement(LAST_MONTH, self._amount(), ruling=WAITING))
        story = self._story(self.namer.investor(), "枫渡镇", later(LAST_MONTH, -1))
        story.entries.append(self._agreement(later(LAST_MONTH, -1), self._amount(), happened=DateSpan.year(2025)))

    def _framework(self, story: Story, month: date) -> None:
        story.entries.append(self._agreement(month, self._amount((5000, 20000)), kind=Contract.FRAMEWORK))

    def _refused(self, story: Story, month: date) -> None:
        story.entries.append(self._agreement(month, self._amount(), ruling=ONLY_INTENT))

    def _returned(self, story: Story, month: date) -> None:
        story.entries.append(self._agreement(month, self._amount(), ruling=NOT_SEALED))

    def _repeated(self, story: Story, month: date) -> None:
        story.entries.append(self._agreement(month, self._amount(), ruling=SIGNED_BEFORE))

    def _increase(self, story: Story, month: date) -> None:
        """An older project's investor adds to it; the paper is not enough yet."""
        known = [s for s in self.stories if s is not story and s.place == story.place and s.entered < month]
        self.stories.remove(story)
        if not known:
            return
        increase = self._agreement(month, self._amount((600, 1200)), reason=AgreementReason.INCREASE)
        increase.ruling = WAITING if month == LAST_MONTH else ONLY_INTENT
        known[0].entries.append(increase)

    # -- other places: by the dice ---------------------------------------------------------------

    def other_places(self) -> None:
        for month in months_until(LAST_MONTH):
            for place, mean in MONTHLY.items():
                for _ in range(self._how_many(mean)):
                    self._other(place, month)

    def _how_many(self, mean: float) -> int:
        whole, rest = divmod(mean, 1)
        return int(whole) + (self.random.random() < rest)

    def _other(self, place: str, month: date) -> None:
        amount = self._amount((1500, 3000, 6000, 12000, 25000) if place == PARK else (400, 900, 1800, 4000, 11000))
        story = self._story(self._any_investor(), place, month)
        dice = self.random.random()
        if dice < 0.12:
            story.entries.append(self._agreement(month, amount * 2, kind=Contract.FRAMEWORK))
        elif dice < 0.17:
            ruling = self.random.choice((ONLY_INTENT, NOT_SEALED, SIGNED_BEFORE))
            story.entries.append(self._agreement(month, amount, ruling=ruling))
        else:
            self._sign_somehow(story, month, amount)

    def _sign_somehow(self, story: Story, month: date, amount: Decimal) -> None:
        dice, ruling, happened = self.random.random(), ACCEPTED, None
        if month == LAST_MONTH and dice < 0.4:
            ruling = WAITING
        elif dice > 0.97:
            happened = DateSpan.year(month.year)
        elif dice > 0.9:
            happened = DateSpan.month(month.year, month.month)
        elif dice > 0.87 and month.month % 3 == 0:
            happened = DateSpan.quarter(month.year, month.month // 3)
        story.entries.append(self._agreement(month, amount, happened=happened, ruling=ruling))
        if ruling is ACCEPTED and (happened is None or happened.precision == "month"):
            add_course(self.random, story, amount)
            self._perhaps_increase(story, month, amount)
        story.papers = self.random.random() < 0.7
        if story.place != PARK and self.random.random() < 0.08:
            story.partner = (PARK, self.random.choice((2000, 3000, 5000)))

    def _perhaps_increase(self, story: Story, month: date, amount: Decimal) -> None:
        when = later(month, self.random.randint(6, 14))
        if when < LAST_MONTH and self.random.random() < 0.06:
            story.entries.append(self._agreement(when, amount / 2, reason=AgreementReason.INCREASE))

    # -- parts -----------------------------------------------------------------------------------

    def _story(self, investor: InvestorStory, place: str, month: date) -> Story:
        name, division = self.namer.project(investor)
        story = Story(
            name=name,
            investor=investor,
            division=division,
            place=place,
            content=wording.content(self.random, name),
            approval_code=wording.approval_code(month.year, month.month, self.random.randint(10_000, 99_999)),
            leader=self.random.choice(wording.LEADERS),
        )
        self.stories.append(story)
        return story

    def _agreement(
        self,
        month: date,
        amount: Decimal,
        *,
        entered: date | None = None,
        happened: DateSpan | None = None,
        kind: Contract = Contract.FORMAL,
        reason: AgreementReason = AgreementReason.NEW,
        ruling: Ruling = ACCEPTED,
    ) -> Entry:
        part = Decimal(self.random.choice((60, 70, 80))) / 100
        number = f"YSHT-{month:%Y%m}-{self.random.randint(100, 999)}"
        values = {"kind": kind, "reason": reason, "total_investment": amount, "contract_number": number}
        values |= {"fixed_assets": amount * part, "introduced": amount if kind == Contract.FORMAL else None}
        return Entry("agreement", entered or month, happened or soon_in(self.random, month), values, ruling)

    def _amount(self, sizes: tuple[int, ...] = (800, 1600, 3000)) -> Decimal:
        return Decimal(self.random.choice(sizes)) + Decimal(self.random.randint(0, 40) * 10)

    def _any_investor(self) -> InvestorStory:
        """Mostly a new one; now and then one that is here already."""
        if self.stories and self.random.random() < 0.35:
            return self.random.choice(self.stories).investor
        return self.namer.investor()

    def _investors(self, places: list[str], count: int) -> list[InvestorStory]:
        """One for each project, `count` different ones; who comes back stays in the same township."""
        chosen: list[InvestorStory] = []
        known: dict[str, list[InvestorStory]] = {}
        for number, place in enumerate(places):
            still_new = count - sum(len(investors) for investors in known.values())
            here = known.setdefault(place, [])
            if not here or self.random.random() < still_new / (len(places) - number):
                here.append(self.namer.investor())
                chosen.append(here[-1])
            else:
                chosen.append(self.random.choice(here))
        return chosen

    def share_slips(self) -> None:
        """An investor with two projects pays for both with one transfer, where the months agree."""
        slips: dict[tuple[str, date], Entry] = {}
        for story in self.stories:
            for entry in (e for e in story.of("arrival") if e.slip and e.entered == e.happened.first):
                known = slips.setdefault((story.investor.name, entry.entered), entry)
                if known is not entry and known.slip:
                    known.slip.amount += entry.values["amount"]
                    entry.slip = known.slip

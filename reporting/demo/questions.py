"""疑点台账 of the demo: two months asked about, with questions in every state."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone

from core.write import door
from enterprises.coherence import services
from enterprises.coherence.models import CoherenceQuestion
from enterprises.coherence.steps import Outcome
from reporting.demo.stories import LAST_MONTH, later
from townships.models import County, Seat

Seats = Mapping[tuple[str, str | None], Seat]
ANSWERS = (
    ("企业当月按合同均衡结算，发票和报表已核对，数据无误。", Outcome.TRUE),
    ("会计沿用了上月报表，企业已更正后重新填报。", Outcome.MENDED),
    ("企业按年度框架合同每月等额开票，规则不适用。", Outcome.FALSE),
)
DAYS_LEFT = 5


def fill_questions(county: County, seats: Seats) -> None:
    """The month before the last is settled save for one question; of the last one a question is overdue."""
    before, last = later(LAST_MONTH, -1), LAST_MONTH
    earlier = _ask(county, seats, before, None)
    for question, told in zip(earlier[:-1], ANSWERS[1:], strict=False):
        _close(question, *told, before, seats)
    for question in earlier[-1:]:
        _assign_now(question, seats)
    mine = [row for row in _ask(county, seats, last, later(last, 1).replace(day=28)) if row.responsible_id]
    for question in mine[:1]:
        _close(question, *ANSWERS[0], last, seats)
    for question in mine[1:2]:
        _answer(question, ANSWERS[0][0], last, seats)


def _ask(county: County, seats: Seats, month: date, deadline: date | None) -> Sequence[CoherenceQuestion]:
    with door(seats["county", None], at=_at(month, 12)) as writing:
        services.take_over_rules(writing)
        services.ask_month(writing, month=month, deadline=deadline)
    rows = CoherenceQuestion.objects.current().in_county(county.pk).filter(month=month)
    return list(rows.select_related("enterprise__township", "rule").order_by("code"))


def _assign_now(question: CoherenceQuestion, seats: Seats) -> None:
    """Whenever the demo is filled, one question still lies within its days."""
    deadline = timezone.localdate() + timedelta(days=DAYS_LEFT)
    with door(seats["county", None], at=timezone.now()) as writing:
        services.assign(writing, question=question, responsible=question.enterprise.township, deadline=deadline)


def _answer(question: CoherenceQuestion, text: str, month: date, seats: Seats) -> CoherenceQuestion:
    """The county enters for the townships that work on paper."""
    with door(seats["county", None], at=_at(month, 18)) as writing:
        return services.answer(writing, question=question, text=text)


def _close(question: CoherenceQuestion, text: str, outcome: str, month: date, seats: Seats) -> None:
    answered = _answer(question, text, month, seats)
    with door(seats["county2", None], at=_at(month, 20)) as writing:
        services.close(writing, question=answered, outcome=outcome)


def _at(month: date, day: int) -> datetime:
    """On that day of the month after."""
    after = later(month, 1)
    return timezone.make_aware(datetime(after.year, after.month, day, 10))

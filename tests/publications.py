"""Rankings on their way to publication, for tests that begin there."""

from datetime import timedelta
from typing import Any

from core.files import store
from core.periods import Period
from reporting.models import Publication, Scheme
from reporting.monthly.statistics import month_statistics
from reporting.publishing import steps
from reporting.publishing.kinds import Content
from reporting.ranking import draft_ranking, ranks_before
from tests import factories as make

DAYS_TO_ANSWER = 5


def in_checking(scheme: Scheme, period: str, **options: Any) -> Publication:
    """A ranking whose units may still answer."""
    return checked(draft_ranking(scheme, Period.parse(period)), **options)


def checked(draft: Content, **options: Any) -> Publication:
    with make.writing_as(draft.scheme.county) as writing:
        return steps.open_checking(
            writing, draft=draft, answer_by=make.TODAY + timedelta(days=DAYS_TO_ANSWER), **options
        )


def published(scheme: Scheme, period: str, *, signed_page: bytes = b"", **options: Any) -> Publication:
    """A ranking that nobody answered: approved and published once the time for it was over."""
    row = in_checking(scheme, period, **options)
    draft = draft_ranking(scheme, Period.parse(period))
    return approved(row, draft, signed_page=signed_page, before=ranks_before(draft))


def published_month(scheme: Scheme, period: str, **options: Any) -> Publication:
    """A month's statistics that nobody answered."""
    found = month_statistics(scheme.county, Period.parse(period), scheme)
    return approved(checked(found, **options), found)


def approved(row: Publication, draft: Content, *, signed_page: bytes = b"", **options: Any) -> Publication:
    with make.writing_as(row.county, at=make.NOW + timedelta(days=DAYS_TO_ANSWER + 1)) as writing:
        page = store([signed_page], name="签批页.pdf", at=make.NOW) if signed_page else None
        row = steps.approve(
            writing, publication=row, draft=draft, meeting="领导小组第1次会议", approved_on=make.TODAY, signed_page=page
        )
        return steps.publish(writing, publication=row, draft=draft, **options)

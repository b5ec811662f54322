"""The seal: what was written in history is still there, unchanged, or the seal over it no longer fits."""

from datetime import timedelta

import pytest

from core.audit import broken_seals, seal
from core.models import AuditEntry, Seal
from projects.models import Investor
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(county, elsewhere):
    """Three seals over two investors each; another county writes in between."""
    for number in range(3):
        for place in (county, elsewhere, county):
            with make.writing_as(place) as writing:
                writing.add(Investor(name=f"{number}号{Investor.objects.count()}"))
        seal(county.pk, at=make.NOW + timedelta(hours=number))
    return list(Seal.objects.order_by("pk"))


def rows_under(stamp):
    return AuditEntry.objects.filter(county_id=stamp.county_id, pk__range=(stamp.first_id, stamp.last_id))


def test_untouched_history_fits(sealed, county, elsewhere):
    assert broken_seals(county.pk) == []
    assert [stamp.previous for stamp in sealed[1:]] == [stamp.sha256 for stamp in sealed[:-1]]
    assert sum(stamp.count for stamp in sealed) == AuditEntry.objects.filter(county_id=county.pk).count()
    assert broken_seals(elsewhere.pk) == []


def test_without_news_there_is_no_seal(sealed, county):
    assert seal(county.pk, at=make.NOW) is None
    assert Seal.objects.count() == len(sealed)


@pytest.mark.parametrize("values", [{"actor": "别人"}, {"changes": []}, {"at": make.NOW - timedelta(days=1)}])
def test_a_changed_row_is_named_by_its_seal(values, sealed, county):
    rows_under(sealed[1]).filter(pk=sealed[1].last_id).update(**values)
    assert broken_seals(county.pk) == [sealed[1]]


@pytest.mark.parametrize("edge", ["first_id", "last_id"])
def test_a_removed_row_is_named_by_its_seal(edge, sealed, county):
    rows_under(sealed[1]).filter(pk=getattr(sealed[1], edge)).delete()
    assert broken_seals(county.pk) == [sealed[1]]


def test_a_row_moved_to_another_county_is_named(sealed, county, elsewhere):
    rows_under(sealed[0]).filter(pk=sealed[0].last_id).update(county_id=elsewhere.pk)
    assert broken_seals(county.pk) == [sealed[0]]


def test_a_row_slipped_in_is_named(sealed, county, elsewhere):
    between = AuditEntry.objects.get(
        county_id=elsewhere.pk, pk__range=(sealed[1].first_id, sealed[1].last_id), action="新增"
    )
    AuditEntry.objects.filter(pk=between.pk).update(county_id=county.pk)
    assert broken_seals(county.pk) == [sealed[1]]


def test_a_seal_made_anew_over_changed_rows_breaks_the_chain(sealed, county):
    rows_under(sealed[1]).filter(pk=sealed[1].last_id).update(actor="别人")
    Seal.objects.filter(pk=sealed[1].pk).update(sha256="0" * 64)
    assert sealed[2] in broken_seals(county.pk)


def test_a_removed_seal_breaks_the_chain(sealed, county):
    sealed[1].delete()
    assert broken_seals(county.pk) == [sealed[2]]

"""One target a year for each unit and metric, and one for the county itself."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core.write import Refused
from reporting.models import Metric, Target
from reporting.services import add_metrics, change_metric
from reporting.targeting.services import set_targets
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def metric(county):
    with make.writing_as(county) as writing:
        return add_metrics(writing, [{"name": "签约数", "ledger": "projects"}])[0]


@pytest.fixture(params=["the county itself", "a unit"])
def unit(request, township):
    return None if request.param == "the county itself" else township


SENTENCES = {True: "全县本年度的这项目标已经下达。", False: "这个单位本年度的这项目标已经下达。"}


def target(metric, unit, **values):
    return Target(**{"metric": metric, "unit": unit, "year": 2024, "basic": Decimal(10), **values})


def test_a_target_is_given_once(metric, unit, county):
    with make.writing_as(county) as writing:
        writing.add(target(metric, unit))
    with pytest.raises(ValidationError) as refusal, make.writing_as(county) as writing:
        writing.add(target(metric, unit))
    assert refusal.value.messages == [SENTENCES[unit is None]]


def test_the_database_itself_holds_it(metric, unit, county):
    with pytest.raises(Refused) as refusal, make.writing_as(county) as writing:
        writing.add_many([target(metric, unit), target(metric, unit, basic=Decimal(11))])
    assert refusal.value.messages == [SENTENCES[unit is None]]
    assert not Target.objects.exists()


def test_a_withdrawn_target_makes_room_and_other_years_have_their_own(metric, unit, county):
    for basic in (Decimal(10), None, Decimal(12)):
        with make.writing_as(county) as writing:
            set_targets(writing, year=2024, given={(metric, unit): basic})
    with make.writing_as(county) as writing:
        writing.add(target(metric, unit, year=2025))
    assert list(Target.objects.current().order_by("year").values_list("year", "basic")) == [
        (2024, Decimal(12)), (2025, Decimal(10)),
    ]  # fmt: skip


def test_all_targets_of_a_metric_fall_due_alike(metric, township, neighbour, county):
    """One unit's target was given before 分摊 was changed, the other's after."""
    with make.writing_as(county) as writing:
        set_targets(writing, year=2024, given={(metric, township): Decimal(10)})
    with make.writing_as(county) as writing:
        changed = change_metric(writing, metric=metric, spread="none")
    with make.writing_as(county) as writing:
        set_targets(writing, year=2024, given={(changed, neighbour): Decimal(10)})
    assert set(Target.objects.values_list("spread", flat=True)) == {"none"}


def test_how_targets_fall_due_stays_while_a_scheme_reads_them(contest, county):
    fund = Metric.objects.get(name="本年累计到位资金")
    with pytest.raises(Refused, match="正在使用指标“本年累计到位资金”"), make.writing_as(county) as writing:
        change_metric(writing, metric=fund, spread="none")
    assert set(Target.objects.values_list("spread", flat=True)) == {"even"}


def test_the_county_and_its_units_have_targets_beside_each_other(metric, township, neighbour, elsewhere, county):
    with make.writing_as(county) as writing:
        writing.add_many([target(metric, unit) for unit in (None, township, neighbour)])
    with make.writing_as(elsewhere) as writing:
        (theirs,) = add_metrics(writing, [{"name": "签约数", "ledger": "projects"}])
        writing.add(target(theirs, None))
    assert Target.objects.filter(unit=None).count() == 2


def test_a_grid_that_was_cut_short_withdraws_nothing(county, township, metrics, office, client_for):
    """An emptied cell withdraws its target; one that never arrived must not."""
    fund = metrics["本年累计到位资金"]
    with make.writing_as(county) as writing:
        set_targets(writing, year=2024, given={(fund, township): Decimal(6000)})
    response = client_for(office).post("/reports/targets/2024/", {"token": "one"})
    assert response.status_code == 422
    assert "这张表没有完整提交" in response.content.decode()
    assert Target.objects.current().count() == 1

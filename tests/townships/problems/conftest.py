import pytest

from tests import factories as make
from townships.models import Role, UnitKind


@pytest.fixture
def land(county):
    """自然资源局, which solves problems."""
    return make.new_unit(county, UnitKind.DEPARTMENT, name="县自然资源局")


@pytest.fixture
def power(county):
    """经信局, which helps."""
    return make.new_unit(county, UnitKind.DEPARTMENT, name="县经信局")


@pytest.fixture
def solver(land):
    return make.new_seat(land.county, Role.DEPARTMENT, ["entry"], unit=land)

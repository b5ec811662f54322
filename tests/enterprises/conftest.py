import pytest

from core.ledgers.ledger import ledger_for
from tests import factories


@pytest.fixture(autouse=True)
def _collected_files(settings, tmp_path):
    """The test client needs the folder of collected files to be there, not the files."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def county(db):
    return factories.new_county()


@pytest.fixture
def township(county):
    return factories.new_township(county, name="芦溪镇")


@pytest.fixture
def neighbour(county):
    return factories.new_township(county, name="塔山镇")


@pytest.fixture
def office(county):
    return factories.new_seat(county)


@pytest.fixture
def clerk(township):
    return factories.township_seat(township)


@pytest.fixture
def enterprises(db):
    return ledger_for("enterprises")


@pytest.fixture
def declarations(db):
    return ledger_for("declarations")

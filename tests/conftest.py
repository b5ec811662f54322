"""What every test stands on: settings for tests, a county to work in, and another whose rows must never show."""

import copy
import logging

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from hypothesis import settings as hypothesis_settings

from tests import factories

# A busy machine is no failure, and what fails once fails again.
hypothesis_settings.register_profile("leitai", deadline=None, derandomize=True, max_examples=60)
hypothesis_settings.load_profile("leitai")

PLAIN_STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"


class UndefinedVariable(str):
    """Stands where a template names something it was not given, and fails the test that shows it."""

    def __contains__(self, text):
        return text == "%s" or super().__contains__(text)

    def __mod__(self, variable):
        raise AssertionError(f"the template was not given “{variable}”")


DATABASES = frozenset({"db", "transactional_db", "django_db_setup", "live_server"})


def pytest_collection_modifyitems(items):
    """What asks no database answers the same on every one: PostgreSQL's run leaves it out."""
    for item in items:
        if DATABASES & set(item.fixturenames) or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session", autouse=True)
def _settings_for_tests(tmp_path_factory):
    """Set once for the run: a change of TEMPLATES within a test would compile every template anew."""
    django_settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    templates = copy.deepcopy(django_settings.TEMPLATES)
    templates[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("undefined")
    storages = {**django_settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_STATIC_FILES}}
    caches = copy.deepcopy(django_settings.CACHES)
    caches["imports"]["LOCATION"] = str(tmp_path_factory.mktemp("imports"))
    with override_settings(
        CACHES=caches,
        TEMPLATES=templates,
        STORAGES=storages,
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        FILES_ROOT=tmp_path_factory.mktemp("files"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        logging.getLogger("django.request").setLevel(logging.ERROR)  # each refusal would be logged with its traceback
        yield


@pytest.fixture
def files_root(settings, tmp_path):
    """An empty place for stored files, for tests that look at it."""
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


@pytest.fixture
def pdf():
    """A scan as a browser sends it."""
    return SimpleUploadedFile("扫描件.pdf", b"%PDF-1.7 scan", content_type="application/pdf")


@pytest.fixture
def county(db):
    return factories.new_county()


@pytest.fixture
def elsewhere(county):
    """Another county in the same database: nothing of it may ever be seen from the first."""
    return factories.new_county(name="邻县")


@pytest.fixture
def township(county):
    return factories.new_township(county, name="芦溪镇")


@pytest.fixture
def neighbour(county):
    return factories.new_township(county, name="塔山镇")


@pytest.fixture
def seats(county, township):
    """One seat for each role, by the name of the role (`factories.POSTS`)."""
    return factories.seats_of_every_role(county, township)


@pytest.fixture
def office(county):
    """经办 of the county's investment office."""
    return factories.new_seat(county, duties=["entry"])


@pytest.fixture
def reviewer(county):
    """审核与发布 of the county's investment office."""
    return factories.new_seat(county, duties=["review", "publish"])


@pytest.fixture
def clerk(township):
    return factories.township_seat(township)


@pytest.fixture
def client_for():
    """client_for(seat): a browser in which that person sits on that seat."""
    return factories.signed_in

"""The shape of the house, proved: floors, purity, one door for writes, scoped reads, sizes, constraints.

Each guard takes the sources it judges, so that the tests at the end can show it a breach and see it fail:
a guard that nothing ever trips proves nothing.
"""

import ast
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import CheckConstraint, UniqueConstraint
from django.urls import get_resolver

from core.records import Record
from tests.source import FLOORS, Source, dotted, sources

PURE = (
    "reporting/formula/",
    "reporting/scoring/",
    "reporting/scheme_editing/differences.py",
    "reporting/scheme_editing/filing.py",
    "reporting/scheme_editing/presets.py",
    "reporting/scheme_editing/sections.py",
    "reporting/scheme_editing/unknown.py",
    "reporting/plans.py",
    "core/amounts.py",
    "core/archives.py",
    "core/dates.py",
    "core/growth.py",
    "core/identifiers.py",
    "core/periods.py",
    "core/readings.py",
    "core/spreadsheet/",
    "enterprises/industries.py",
    "enterprises/thresholds.py",
    "enterprises/forecast.py",
    "enterprises/exit_rules.py",
    "enterprises/coherence/rules.py",
    "enterprises/coherence/series.py",
    "reporting/briefing/sentences.py",
    "reporting/briefing/tree.py",
    "reporting/cohorts.py",
    "reporting/monthly/arithmetic.py",
    "reporting/presentation/wording.py",
    "reporting/progress.py",
    "reporting/projection.py",
    "reporting/supposing/changes.py",
    "reporting/rating/means.py",
)
CLOCK = re.compile(r"(datetime\.)?(datetime\.(now|utcnow)|date\.today)|timezone\.(now|localdate)|time\.time")
SAVING = ("save", "create", "bulk_create", "update", "delete", "bulk_update", "get_or_create", "update_or_create")
WRITES = frozenset([*SAVING, *(f"a{verb}" for verb in SAVING), "raw", "cursor"])
MAY_WRITE = {
    "core/write.py": "the door itself",
    "core/bulk_writes.py": "the door's own statements for many rows",
    "core/audit.py": "the seal, from outside of any act",
    "core/files.py": "a file's row is written before the row that names it",
}
WRITES_ALLOWED = {
    ("reporting/statements.py", "connection.cursor"): "sends what Django compiled for a QuerySet, and only reads",
    ("townships/services.py", "County.objects.get_or_create"): "the first row of a county, before it has a door",
    ("townships/services.py", "Gate.objects.get_or_create"): "that county's door",
    ("core/running_sums.py", "parents.objects.filter.update"): "the sum that the door keeps beside each row it writes",
    ("core/spreadsheet/writing.py", "workbook.save"): "a workbook, not a row",
    ("reporting/briefing/document.py", "document.save"): "a Word document, not a row",
}
NOT_ROWS = frozenset(["sha", "digest", "names", "known", "seen", "found", "fields", "values", "hidden_columns"])
"""Sets, dicts and hashes that have an `update` of their own."""

MAY_READ_ALL = {
    ("core/ledgers/views.py", "Evidence.objects.select_related"): "by county and code; the row it proves is asked next",
    ("core/ledgers/views.py", "Evidence.objects.current.in_county"): "of a row that was found by scope",
    ("core/ledgers/import_views.py", "StoredFile"): "a file has no county; its number stands in this visitor's session",
    ("core/ledgers/closing_views.py", "Closing.objects.filter"): "by county; every business seat sees what is closed",
    ("core/ledgers/saved_views.py", "OpeningView.objects.filter"): "by county, person and ledger: the visitor's own",
    ("townships/forms.py", "Unit.objects.current.in_county"): "units of the administrator's own county",
    ("townships/views.py", "Seat.objects.current.in_county"): "accounts, which only the administrator opens",
    ("townships/views.py", "User.objects.filter"): "people of the administrator's own county",
    ("townships/views.py", "AuditEntry.objects.filter"): "the county's log, which only the auditor opens",
}
OPEN_TO_ANYBODY = {"login"}
LONGEST_FUNCTION = 50
LONGEST_FILE = 500
LONG_FILES: dict[str, str] = {}
STUB_WORDS = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError|placeholder only|lorem ipsum)\b", re.IGNORECASE)


# -- the guards: each names the breaches it finds ------------------------------------------------------


def wrong_floors(files):
    """Imports that go up, go round, or are relative."""
    found = []
    for file in files:
        reach = FLOORS[: FLOORS.index(file.floor) + 1]
        for line, module in file.imports:
            top = module.split(".")[0]
            if not top or (top in FLOORS and top not in reach):
                found.append(f"{file.name}:{line} imports {module}")
    return found


def late_imports(files):
    """Imports inside functions: a sign that the code stands on the wrong floor."""
    return [
        f"{file.name}:{node.lineno}"
        for file in files
        for function in file.functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def signals(files):
    words = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.contrib.auth.signals")
    return [f"{file.name}:{line}" for file in files for line, module in file.imports if module.startswith(words)]


def impurities(files):
    """Django, the clock or another floor's rows in what has to be arithmetic."""
    found = []
    for file in (f for f in files if f.name.startswith(PURE)):
        found += [f"{file.name}:{line} imports {m}" for line, m in file.imports if not _is_pure(m)]
        found += [f"{file.name}:{c.lineno} reads the clock" for c in file.calls if CLOCK.fullmatch(dotted(c.func))]
    return found


def _is_pure(module):
    if module.split(".")[0] not in FLOORS:
        return module.split(".")[0] != "django"
    path = module.replace(".", "/")
    return f"{path}.py".startswith(PURE) or f"{path}/" in PURE


def back_doors(files):
    """Calls that write rows anywhere but at the door."""
    found = []
    for file in files:
        for call in file.calls if file.name not in MAY_WRITE else ():
            chain = dotted(call.func)
            *owner, verb = chain.split(".")
            if verb in WRITES and owner and owner[-1] not in NOT_ROWS and (file.name, chain) not in WRITES_ALLOWED:
                found.append(f"{file.name}:{call.lineno} {chain}")
    return found


def unscoped_reads(files, models):
    """Reads in views, forms and filters of business rows that no seat has narrowed."""
    found = []
    for file in (f for f in files if f.name.endswith(("views.py", "forms.py"))):
        for node in ast.walk(file.tree):
            chain = _read(node)
            if chain.split(".")[0] in models and not _narrowed(chain) and not _excused(file.name, chain):
                found.append(f"{file.name}:{node.lineno} {chain}")
    return found


def _read(node):
    """The chain of an `objects` read, or the model handed whole to a shortcut; empty for anything else."""
    if not isinstance(node, ast.Call):
        return ""
    if dotted(node.func) in ("get_object_or_404", "get_list_or_404") and isinstance(node.args[0], ast.Name):
        return node.args[0].id
    chain = dotted(node.func)
    return chain if ".objects" in chain else ""


def _narrowed(chain):
    """Whether the chain asks the seat; what only begins one (`Unit.objects.current`) is judged with its end."""
    steps = chain.split(".")[2:]
    return chain.count(".") > 0 and ("visible_to" in steps or steps in (["none"], ["current"]))


def _excused(name, chain):
    return any(name == file and chain.startswith(start) for file, start in MAY_READ_ALL)


def long_functions(files):
    return [
        f"{file.name}:{function.lineno} {function.name} has {length} lines"
        for file in files
        for function in file.functions
        if (length := function.end_lineno - function.lineno + 1) > LONGEST_FUNCTION
    ]


def long_files(files):
    return [file.name for file in files if file.text.count("\n") > LONGEST_FILE and file.name not in LONG_FILES]


def stubs(files):
    return [f"{file.name}: {found[0]}" for file in files if (found := STUB_WORDS.search(file.text))]


def business_models():
    return [model for model in apps.get_models() if issubclass(model, Record)]


def own_models():
    return [model for model in apps.get_models() if model._meta.app_label in FLOORS]


def without_county(models):
    return [m._meta.label for m in models if not any(f.attname == "county_id" for f in m._meta.concrete_fields)]


def keys_beyond_the_county(models):
    """Unique keys of business rows that do not begin with the county."""
    return [
        constraint.name
        for model in models
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint) and constraint.fields[:1] not in (("county",), ("county_id",))
    ] + [f"{m._meta.label}.{f.name}" for m in models for f in m._meta.concrete_fields if f.unique and not f.primary_key]


def wordless_rules(models):
    """Constraints that would answer a person with Django's own sentence, or with none at all."""
    return [
        constraint.name
        for model in models
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint) and not _speaks_chinese(constraint)
    ]


def _speaks_chinese(constraint):
    try:
        sentence = str(constraint.get_violation_error_message())
    except (ValueError, TypeError):  # a lone % sign
        return False
    return sentence.endswith("。") and sentence != constraint.default_violation_error_message % {
        "name": constraint.name
    }


def views_of(patterns, prefix=""):
    """{URL name: view} of the whole address book; a URL without a name is called by its route."""
    found = {}
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            found |= views_of(pattern.url_patterns, route)
        else:
            found[pattern.name or route] = pattern.callback
    return found


def open_views(views):
    return {name for name, view in views.items() if not getattr(view, "login_required", True)}


# -- the house passes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "guard",
    [
        wrong_floors, late_imports, signals, impurities, back_doors, long_functions, long_files, stubs,
    ],
    ids=lambda guard: guard.__name__,
)  # fmt: skip
def test_the_source_passes(guard):
    assert guard(sources()) == []


def test_views_read_what_the_seat_may_see():
    assert unscoped_reads(sources(), {model.__name__ for model in own_models()}) == []


def test_every_exception_is_still_needed():
    """An exception that nothing uses any more would let the next breach through."""
    chains = {(file.name, dotted(call.func)) for file in sources() for call in file.calls}
    assert [key for key in WRITES_ALLOWED if key not in chains] == []
    assert [name for name in {*MAY_WRITE, *LONG_FILES} if name not in {file.name for file in sources()}] == []
    read = {(file.name, _read(node)) for file in sources() for node in ast.walk(file.tree)}
    unused = [(n, start) for n, start in MAY_READ_ALL if not any(n == f and c.startswith(start) for f, c in read)]
    assert unused == []


@pytest.mark.parametrize(
    "guard", [without_county, keys_beyond_the_county, wordless_rules], ids=lambda guard: guard.__name__
)
def test_the_tables_pass(guard):
    assert guard(business_models()) == []


def test_constraints_of_all_own_tables_have_names_of_their_own():
    names = [constraint.name for model in own_models() for constraint in model._meta.constraints]
    assert sorted(names) == sorted(set(names))
    assert [name for name in names if len(name) > 63] == []  # PostgreSQL would cut them off


def test_the_admin_site_is_not_installed():
    assert not apps.is_installed("django.contrib.admin")


def test_every_view_asks_for_a_login():
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE
    assert open_views(views_of(get_resolver().url_patterns)) == OPEN_TO_ANYBODY


# -- each guard, tripped on purpose --------------------------------------------------------------------


def source(name, text):
    return [Source(name, text)]


@pytest.mark.parametrize(
    ("guard", "name", "text"),
    [
        (wrong_floors, "core/closing.py", "from townships.models import Unit"),
        (wrong_floors, "projects/services.py", "import reporting.metrics"),
        (wrong_floors, "projects/services.py", "from . import models"),
        (late_imports, "core/closing.py", "def close():\n    from core.models import Closing"),
        (signals, "projects/apps.py", "from django.db.models.signals import post_save"),
        (impurities, "core/periods.py", "from django.utils import timezone"),
        (impurities, "reporting/scoring/engine.py", "from reporting.models import Metric"),
        (impurities, "core/dates.py", "from datetime import date\nTODAY = date.today()"),
        (back_doors, "projects/services.py", "project.save()"),
        (back_doors, "projects/views.py", "Project.objects.filter(pk=1).update(name='x')"),
        (back_doors, "projects/views.py", "project.agreements.all().delete()"),
        (back_doors, "core/closing.py", "Closing.objects.create(month=month)"),
        (back_doors, "core/closing.py", "connection.cursor()"),
        (long_functions, "core/closing.py", "def close():\n" + "    pass\n" * 50),
        (long_files, "core/closing.py", "pass\n" * 501),
        (stubs, "core/closing.py", "# TO" + "DO: close the month"),
    ],
)  # fmt: skip
def test_a_breach_is_seen(guard, name, text):
    assert len(guard(source(name, text))) == 1


@pytest.mark.parametrize(
    "read", ["Unit.objects.all()", "Unit.objects.filter(code='x')", "get_object_or_404(Unit, pk=1)"]
)
def test_an_unscoped_read_is_seen(read):
    assert len(unscoped_reads(source("townships/views.py", read), {"Unit"})) == 1
    assert (
        unscoped_reads(source("townships/views.py", "Unit.objects.current().visible_to(seat).first()"), {"Unit"}) == []
    )


@pytest.mark.parametrize("harmless", ["names.update(other)", "sha.update(b'x')", "writing.change(project, name='x')"])
def test_what_writes_no_row_is_left_alone(harmless):
    assert back_doors(source("projects/services.py", harmless)) == []


class Meta:
    label = "breach"

    def __init__(self, *constraints):
        self.constraints, self.concrete_fields = constraints, ()


class Breach:
    """A table with whatever constraints it is shown with."""

    def __init__(self, *constraints):
        self._meta = Meta(*constraints)


def test_a_table_outside_the_counties_is_seen():
    assert without_county([Breach()]) == ["breach"]


def test_a_key_across_counties_is_seen():
    assert keys_beyond_the_county([Breach(UniqueConstraint(fields=["name"], name="anywhere"))]) == ["anywhere"]


@pytest.mark.parametrize("sentence", [None, "Constraint “%(name)s” is violated.", "在0%到100%之间。"])
def test_a_rule_without_a_sentence_is_seen(sentence):
    words = {} if sentence is None else {"violation_error_message": sentence}
    rule = UniqueConstraint(fields=["county", "name"], name="wordless", **words)
    assert wordless_rules([Breach(rule)]) == ["wordless"]


def test_an_open_view_is_seen():
    def view(request): ...

    view.login_required = False
    assert open_views({"secret": view, "login": view}) == {"secret", "login"}

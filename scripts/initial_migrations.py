"""Writes the initial migrations anew, each table with its indexes and constraints. Until the first tag.

`makemigrations` adds them one by one after all tables, and Django renders every related model for each: an empty
database then takes ten times as long, and every test run begins with one.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

import django
from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(ROOT))
    django.setup()
    own = [app for app in apps.get_app_configs() if is_ours(app) and migrations_of(app).is_dir()]
    for path in (path for app in own for path in migrations_of(app).glob("0*.py")):
        path.unlink()
    call_command("makemigrations", *(app.label for app in own), interactive=False)
    for app in own:
        for path in migrations_of(app).glob("0*.py"):
            write_folded(app, path)
    return 0


def is_ours(app: AppConfig) -> bool:
    """By name, not by place: installed packages may stand below this folder too."""
    return (ROOT / app.name.split(".")[0] / "__init__.py").is_file()


def migrations_of(app: AppConfig) -> Path:
    return Path(app.path) / "migrations"


def write_folded(app: AppConfig, path: Path) -> None:
    """In place of what stands in the file."""
    migration = import_module(f"{app.name}.migrations.{path.stem}").Migration(path.stem, app.label)
    migration.operations = list(folded(migration.operations))
    path.write_text(MigrationWriter(migration, include_header=False).as_string(), encoding="utf-8")


def folded(operations: Sequence[Operation]) -> Iterator[Operation]:
    """The same, with indexes and constraints in their tables, save those about a column that comes later."""
    tables = {one.name_lower: one for one in operations if isinstance(one, CreateModel)}
    late = {(one.model_name_lower, one.name) for one in operations if isinstance(one, AddField)}
    for operation in operations:
        table = tables.get(getattr(operation, "model_name_lower", ""))
        if not table or not isinstance(operation, AddConstraint | AddIndex) or reads_one_of(late, operation):
            yield operation
        else:
            kind = "constraints" if isinstance(operation, AddConstraint) else "indexes"
            table.options.setdefault(kind, []).append(added(operation))


def reads_one_of(late: set[tuple[str, str]], operation: AddConstraint | AddIndex) -> bool:
    """Whether a column of its table stands in it that is added after the table."""
    said = repr(added(operation))
    return any(repr(name) in said for model, name in late if model == operation.model_name_lower)


def added(operation: AddConstraint | AddIndex) -> object:
    return operation.constraint if isinstance(operation, AddConstraint) else operation.index


if __name__ == "__main__":
    sys.exit(main())

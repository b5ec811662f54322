"""Which rule the database refused by: the two databases say it in different words."""

import re

from django.apps import apps
from django.db import IntegrityError
from django.db.models import BaseConstraint, Model, UniqueConstraint

SQLITE_NAMED = re.compile(r"(?:CHECK constraint failed: |index ')(\w+)")
SQLITE_COLUMNS = re.compile(r"UNIQUE constraint failed: (\w+\.\w+(?:, \w+\.\w+)*)")


def broken_rule(error: IntegrityError) -> BaseConstraint | None:
    """The model constraint that this error is about; None where it is about something else."""
    name = _name(error)
    columns = SQLITE_COLUMNS.search(str(error))
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name or (columns and _columns(model, constraint) == columns[1].split(", ")):
                return constraint
    return None


def _name(error: IntegrityError) -> str | None:
    """PostgreSQL tells the constraint's name apart from the sentence; SQLite says it within."""
    told = getattr(error.__cause__, "diag", None)
    if told is not None:
        return told.constraint_name
    named = SQLITE_NAMED.search(str(error))
    return named[1] if named else None


def _columns(model: type[Model], constraint: BaseConstraint) -> list[str]:
    """table.column of a unique key, as SQLite lists them in place of its name."""
    if not isinstance(constraint, UniqueConstraint):
        return []
    columns = [model._meta.get_field(name).column for name in constraint.fields]
    return [f"{model._meta.db_table}.{column}" for column in columns]

"""A workbook into a ledger from the command line, under a person's seat, with the same rules as in the browser.

Prints one JSON object; exit 0 clean, 1 with errors in the workbook (nothing saved unless `--partial`), 2 where it
could not even start.
"""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from core.files import store
from core.ledgers.importing import ImportPlan, Remark, import_into, plan_import
from core.ledgers.ledger import Ledger, all_ledgers, ledger_for
from core.models import User
from core.spreadsheet.reading import WorkbookError
from core.write import door
from townships.models import Role, Seat, Unit
from townships.services import seats_of

OPTIONS = ("dry_run", "partial", "create_townships", "reason")
CLEAN, WITH_ERRORS, NOT_STARTED = 0, 1, 2
NO_DATABASE = "数据库打不开或还没有建表，请先运行：python manage.py migrate"


class CannotStart(Exception):
    """Why the import can't begin: one Chinese sentence."""


class Command(BaseCommand):
    requires_system_checks = []  # what is printed is read by programs
    help = "把工作簿导入台账，输出JSON；有错误时一行也不保存（除非加 --partial）"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("ledger", metavar="LEDGER", help=f"台账：{'、'.join(importable_keys())}")
        parser.add_argument("file", metavar="FILE", help="xlsx或xls文件")
        parser.add_argument("--as", dest="username", metavar="USER", required=True, help="以谁的岗位导入（账号）")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不保存")
        parser.add_argument("--partial", action="store_true", help="有错误时仍保存没有错误的行")
        parser.add_argument(
            "--create-townships", action="store_true", help="表中有而县里没有的乡镇一并新增（限县招商办）"
        )
        parser.add_argument("--reason", default="", help="补录说明：表中属于已关账月份的新行，以此说明补录")

    def handle(self, *, ledger: str, file: str, username: str, **options: Any):
        try:
            plan = run(ledger, Path(file), username, timezone.now(), **{name: options[name] for name in OPTIONS})
        except CannotStart as sentence:
            self.stderr.write(str(sentence))
            sys.exit(NOT_STARTED)
        except DatabaseError:
            self.stderr.write(NO_DATABASE)
            sys.exit(NOT_STARTED)
        self.stdout.write(json.dumps(plan.as_json(), ensure_ascii=False, indent=1))
        sys.exit(WITH_ERRORS if plan.errors else CLEAN)


def run(
    key: str,
    path: Path,
    username: str,
    now: datetime,
    *,
    dry_run: bool,
    partial: bool,
    create_townships: bool,
    reason: str,
) -> ImportPlan:
    """Plan and, unless it is a dry run, write: all of it, or with `partial` the rows without errors.

    Raises CannotStart.
    """
    ledger = ledger_named(key)
    seat = seat_of(username, ledger, now)
    if create_townships and not (seat.role == Role.COUNTY and seat.may("add", Unit(county_id=seat.county_id))):
        raise CannotStart("只有县招商办的填报岗位能新增乡镇，请去掉 --create-townships，或换一个账号。")
    plan = planned(ledger, path, seat, create_units=create_townships, late_reason=reason)
    if not dry_run and (not plan.errors or (partial and plan.writes)):
        write(plan, path, seat, now)
    return plan


def importable_keys() -> list[str]:
    return [ledger.key for ledger in all_ledgers() if ledger.import_key]


def ledger_named(key: str) -> Ledger:
    if key not in importable_keys():
        raise CannotStart(f"没有可以导入的台账“{key}”，可以导入的有：{'、'.join(importable_keys())}。")
    return ledger_for(key)


def seat_of(username: str, ledger: Ledger, now: datetime) -> Seat:
    """The person's oldest seat that may import into this ledger."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CannotStart(f"没有账号“{username}”，或已停用。")
    for seat in seats_of(user, timezone.localdate(now)):
        if seat.may("import", ledger.blank(seat)):
            return seat
    raise CannotStart(f"“{username}”的岗位不能导入{ledger.name}，需要填报职责。")


def planned(ledger: Ledger, path: Path, seat: Seat, **options: Any) -> ImportPlan:
    """The plan of that file; the options are those of `plan_import`. Raises CannotStart."""
    try:
        with path.open("rb") as file:
            return plan_import(ledger, file, seat, **options)
    except OSError as error:
        raise CannotStart(f"打不开文件“{path}”，请核对路径和读取权限。") from error
    except WorkbookError as error:
        raise CannotStart(str(error)) from error


def write(plan: ImportPlan, path: Path, seat: Seat, now: datetime) -> None:
    """All or nothing. What only shows when it is written becomes an error of the plan."""
    try:
        with door(seat, at=now, reason=f"导入{path.name}") as writing:
            import_into(writing, plan, store([path.read_bytes()], name=path.name, at=now), path.name)
    except ValidationError as refusal:
        plan.errors += [Remark("", 0, "", "", f"没有保存：{sentence}") for sentence in refusal.messages]

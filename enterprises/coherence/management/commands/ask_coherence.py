"""`manage.py ask_coherence COUNTY MONTH`: ask what a month's figures give rise to, by clock or by hand."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.ledgers.kinds import read_day, read_month
from core.readings import Reading
from core.write import door
from enterprises.coherence.services import ask_month, take_over_rules
from townships.models import County
from townships.services import system_of


class Command(BaseCommand):
    help = "按疑点规则核对一个县某月的企业数据，提出疑点；可以重复运行，同一疑点只提一次"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("county", metavar="区划代码")
        parser.add_argument("month", metavar="月份", help="例如 2024-03")
        parser.add_argument("--deadline", metavar="日期", help="答复期限；填了的，企业自报数据的疑点直接交给所在乡镇")

    def handle(self, *args: Any, county: str, month: str, deadline: str | None, **options: Any) -> None:
        found = County.objects.filter(code=county).first()
        if found is None:
            raise CommandError(f"没有区划代码为{county}的县。")
        try:
            asked_month, until = read_month(month), self.day(deadline)
            with door(system_of(found), at=timezone.now(), reason="核对企业数据") as writing:
                take_over_rules(writing)
                done = ask_month(writing, month=asked_month, deadline=until)
        except Reading as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("".join(error.messages)) from error
        self.stdout.write(str(done))

    def day(self, text: str | None) -> date | None:
        return read_day(text) if text else None

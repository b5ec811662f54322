"""The demo county: fill it once, keep what was entered since, start over when asked."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from reporting.demo.filling import fill_demo_county
from reporting.demo.people import accounts_table
from reporting.demo.places import COUNTY_CODE
from townships.models import County

NO_TABLES = "数据库里还没有表，请先运行：python manage.py migrate"
REAL_COUNTIES = "库里有正式的县（{names}），不能清空。演示县请另用一个数据库。"


class Command(BaseCommand):
    help = "建立演示县（名称全部虚构），已建立的保留原样；--reset 清空后重建"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--reset", action="store_true", help="清空数据库后重新建立演示县")

    def handle(self, *, reset: bool, verbosity: int = 1, **options: Any) -> None:
        try:
            self.fill(reset)
        except DatabaseError as error:
            raise CommandError(NO_TABLES) from error
        if verbosity:
            self.tell()

    def fill(self, reset: bool) -> None:
        if reset:
            self.start_over()
        if County.objects.filter(code=COUNTY_CODE).exists():
            self.stdout.write("演示县已经建立，已录入的内容保留不变。要重新开始，请运行：make demo RESET=1")
            return
        county = fill_demo_county()
        self.stdout.write(f"已建立{county}：县、乡镇、企业、项目的名称和数据全部是虚构的。")

    def start_over(self) -> None:
        if real := list(County.objects.filter(demo=False).values_list("name", flat=True)):
            raise CommandError(REAL_COUNTIES.format(names="、".join(real)))
        call_command("flush", interactive=False, verbosity=0)

    def tell(self) -> None:
        self.stdout.write("")
        for line in accounts_table():
            self.stdout.write(f"  {line}")

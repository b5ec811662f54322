"""`manage.py check_scope`: exit 0 when no row crosses a county's border, 1 with a list of those that do."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from townships.borders import strays


class Command(BaseCommand):
    help = "检查有没有记录指向别的县；有则逐条列出，退出码为1"

    def handle(self, **options: Any) -> None:
        found = list(strays())
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            self.stderr.write(f"共 {len(found)} 处跨县，请联系维护人员处理。")
            sys.exit(1)
        self.stdout.write("没有跨县的记录。")

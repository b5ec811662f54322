"""Seal the audit log now, or check that nothing was taken out of it or altered."""

import sys

from django.core.management.base import BaseCommand

from core.audit import broken_seals
from core.models import Gate
from core.tasks import seal_counties


class Command(BaseCommand):
    help = "给操作日志加封；--check 核对已有的封条，有改动即列出并以1退出"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="只核对，不加封")

    def handle(self, *, check, **options):
        if not check:
            self.stdout.write(f"已加封 {seal_counties.func()} 处新日志。")
            return
        broken = [seal for gate in Gate.objects.order_by("county_id") for seal in broken_seals(gate.county_id)]
        for seal in broken:
            self.stderr.write(
                f"封条与日志不符：第 {seal.first_id} 至 {seal.last_id} 条，加封于 {seal.sealed_at:%Y-%m-%d %H:%M}。"
            )
        if broken:
            sys.exit(1)
        self.stdout.write("全部封条与日志相符。")

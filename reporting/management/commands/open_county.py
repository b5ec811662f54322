"""A real county's first day: the county itself, the shipped metrics, and the account that opens all others."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from core.models import User
from core.write import door
from reporting.shipped import take_over_metrics
from townships.models import County, Role
from townships.services import found_county, give_seat, open_account, system_of

CODE_LENGTH = 6


class Command(BaseCommand):
    help = "开设一个正式的县：建县、载入随附指标、开系统管理员账号，打印一次性密码"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("code", help="县的区划代码，6位数字，例如510722")
        parser.add_argument("name", help="县名，例如三台县")
        parser.add_argument("--admin", required=True, metavar="账号", help="系统管理员的账号")
        parser.add_argument("--admin-name", required=True, metavar="姓名", help="系统管理员的姓名")

    def handle(self, *, code: str, name: str, admin: str, admin_name: str, **options: Any) -> None:
        self.refuse(code, name, admin)
        password = get_random_string(14)
        try:
            county = self.open(code, name, username=admin, full_name=admin_name, password=password)
        except ValidationError as error:
            raise CommandError("".join(error.messages)) from error
        self.stdout.write(f"已开设{county}（{county.code}），载入了随附指标。")
        self.stdout.write(f"系统管理员：账号 {admin}，密码 {password}，首次登录后请修改密码。")
        self.stdout.write("下一步：系统管理员开设县招商办的账号；县招商办在台账里录入乡镇、下达目标、编制考核方案。")

    def refuse(self, code: str, name: str, admin: str) -> None:
        if not (code.isascii() and code.isdigit() and len(code) == CODE_LENGTH):
            raise CommandError(f"区划代码“{code}”不对，要写6位数字，例如510722。")
        if found := County.objects.filter(code=code).first():
            raise CommandError(f"区划代码{code}已经是{found}，没有改动。")
        if not name.strip():
            raise CommandError("请写明县名。")
        if User.objects.filter(username=admin).exists():
            raise CommandError(f"账号“{admin}”已经有人使用，请换一个。")

    @transaction.atomic
    def open(self, code: str, name: str, **account: str) -> County:
        county = found_county(code=code, name=name.strip())
        with door(system_of(county), at=timezone.now(), reason="开设县") as writing:
            give_seat(writing, user=open_account(writing, **account), role=Role.ADMIN, duties=[])
            take_over_metrics(writing)
        return county

"""One account per role, named after it. The password is printed: the county is a toy on the reader's own machine."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from core.models import User
from core.write import Door
from reporting.demo.places import PARK
from townships.models import Duty, Role, Seat, Unit
from townships.services import give_seat

PASSWORD = "leitai-2024"


@dataclass(frozen=True)
class Person:
    username: str
    full_name: str
    role: Role
    duties: tuple[Duty, ...]
    seats_at: tuple[str | None, ...] = (None,)
    may: str = ""


PEOPLE = (
    Person("county", "演示经办", Role.COUNTY, (Duty.ENTRY,), may="全县录入、导入，下达目标"),
    Person("county2", "演示审核", Role.COUNTY, (Duty.REVIEW, Duty.PUBLISH), may="认定别人填报的记录，关账，发布"),
    Person("township", "演示镇经办", Role.TOWNSHIP, (Duty.ENTRY,), ("澜桥镇",), "填报本镇的记录，查看本镇得分"),
    Person(
        "township2",
        "演示两镇经办",
        Role.TOWNSHIP,
        (Duty.ENTRY, Duty.REVIEW),
        ("棠湾镇", "麦浪镇"),
        "两镇兼报，可切换岗位，确认排名",
    ),
    Person("leader", "演示县领导", Role.LEADER, (), may="查看排名和台账，不填报"),
    Person("department", "演示统计员", Role.DEPARTMENT, (Duty.ENTRY,), ("县统计局",), "填报和确认本部门的数据"),
    Person("park", "演示园区评委", Role.DEPARTMENT, (Duty.ENTRY,), (PARK,), "园区的评委，给乡镇评分"),
    Person("admin", "演示管理员", Role.ADMIN, (), may="账号和岗位，不看业务数据"),
    Person("auditor", "演示审计员", Role.AUDITOR, (), may="操作日志，不看业务数据"),
)


def add_people(writing: Door, units: dict[str, Unit]) -> dict[tuple[str, str | None], Seat]:
    """Accounts and seats; {(username, unit's name or None): seat}."""
    seats, password = {}, make_password(PASSWORD)  # hashing takes its time on purpose: once is enough here
    for person in PEOPLE:
        user = User(username=person.username, full_name=person.full_name, password=password)
        writing.keep(user, action="开设账号")
        for place in person.seats_at:
            seats[person.username, place] = give_seat(
                writing, user=user, role=person.role, duties=list(person.duties), unit=units[place] if place else None
            )
    return seats


def accounts_table() -> list[str]:
    """Lines for the screen: account, password, where the person sits, what the account is good for."""
    lines = [_line("账号", "密码", "岗位", "能做什么")]
    for person in PEOPLE:
        where = "、".join(place for place in person.seats_at if place) or str(person.role.label)
        lines.append(_line(person.username, PASSWORD, where, person.may))
    return lines


def _line(*cells: str) -> str:
    return "".join(_padded(cell, width) for cell, width in zip(cells, (12, 14, 18, 0), strict=True)).rstrip()


def _padded(text: str, width: int) -> str:
    """A Chinese character takes two columns of a terminal."""
    taken = sum(2 if ord(character) > 0x2E7F else 1 for character in text)
    return text + " " * max(1, width - taken)

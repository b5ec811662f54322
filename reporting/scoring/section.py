"""One object of a scheme or input file, read key by key; what nobody asked for is an unknown key."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from reporting.formula.exact import LIMIT, NINE, nine_places
from reporting.formula.parser import nearest
from reporting.scoring.errors import FileError

JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,99})(\.[0-9]{1,99})?([eE][-+]?[0-9]{1,4})?", re.ASCII)
# English keys are long enough to be told apart more strictly than Chinese names.
LIKE_A_KEY = 0.7
Read = TypeVar("Read")


class Section:
    """`where` leads every error sentence; `error` is what a broken rule raises."""

    def __init__(self, data: Any, where: str, error: type[FileError]) -> None:
        self.where = where
        self.error = error
        if not isinstance(data, Mapping):
            raise self.broken("应当是一组“名称：值”")
        self.data = data
        self.asked: set[str] = set()

    def broken(self, sentence: str) -> FileError:
        return self.error(f"{self.where}：{sentence}" if self.where else sentence)

    def get(self, key: str) -> Any:
        self.asked.add(key)
        return self.data.get(key)

    def required(self, key: str) -> Any:
        value = self.get(key)
        if value is None:
            raise self.broken(f"缺少“{key}”")
        return value

    def optional(self, key: str, read: Callable[[str], Read]) -> Read | None:
        """What `read` finds under `key`, None where the key is absent or null."""
        return None if self.get(key) is None else read(key)

    def text(self, key: str) -> str:
        value = self.required(key)
        if not isinstance(value, str) or not value.strip():
            raise self.broken(f"“{key}”应当是文字")
        return value

    def number(self, key: str) -> Decimal:
        return self.as_number(self.required(key), f"“{key}”")

    def as_number(self, value: Any, label: str) -> Decimal:
        """`value` as an exact decimal below 10^18 with at most 9 places."""
        number = _exact(value)
        if number is None:
            raise self.broken(f"{label}应当是数")
        if number.copy_abs() >= LIMIT:
            raise self.broken(f"{label}的数过大")
        if number != nine_places(number):
            raise self.broken(f"{label}最多{NINE}位小数")
        return nine_places(number) if number else Decimal(0)

    def not_negative(self, key: str) -> Decimal:
        value = self.number(key)
        if value < 0:
            raise self.broken(f"“{key}”不能为负数")
        return value

    def whole(self, key: str, least: int, most: int) -> int:
        return self.as_whole(self.required(key), f"“{key}”", least, most)

    def months(self, key: str) -> int:
        """1 to 12; unlike a scheme's whole numbers they may be text, as the figures beside them may."""
        value = self.required(key)
        return self.as_whole(_exact(value), f"“{key}”", 1, 12)

    def as_whole(self, value: Any, label: str, least: int, most: int) -> int:
        number = _exact(value) if not isinstance(value, str) else None
        if number is None or not least <= number <= most or number != int(number):
            raise self.broken(f"{label}应当是{least}到{most}的整数")
        return int(number)

    def flag(self, key: str) -> bool:
        value = self.required(key)
        if not isinstance(value, bool):
            raise self.broken(f"“{key}”应当是true或false")
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.required(key)
        if not isinstance(value, str) or value not in choices:
            raise self.broken(f"“{key}”应当是{'、'.join(choices)}之一")
        return value

    def items(self, key: str) -> list[Any]:
        """The list under `key`, empty where it is absent."""
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            raise self.broken(f"“{key}”应当是列表")
        return list(value)

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.items(key)
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self.broken(f"“{key}”里应当都是文字")
        if len(set(values)) < len(values):
            raise self.broken(f"“{key}”里有重复")
        return tuple(values)

    def inside(self, key: str) -> "Section":
        """The object under `key`, empty where it is absent."""
        value = self.get(key)
        return Section({} if value is None else value, self.place(f"“{key}”"), self.error)

    def sections(self, key: str, title: str) -> Iterator["Section"]:
        """The objects listed under `key`, each called after its name or its number."""
        for number, data in enumerate(self.items(key), start=1):
            name = data.get("name") if isinstance(data, Mapping) else None
            called = f"“{name}”" if isinstance(name, str) else f"第{number}项"
            yield Section(data, self.place(title + called), self.error)

    def place(self, inner: str) -> str:
        return f"{self.where}，{inner}" if self.where else inner

    def close(self) -> None:
        """Raises for a key that was not asked for: a misspelt rule must not silently be left out."""
        for key in self.data:
            if key not in self.asked:
                raise self.broken(f"不认识“{key}”{nearest(str(key), sorted(self.asked), LIKE_A_KEY)}")


def _exact(value: Any) -> Decimal | None:
    match value:
        case bool():
            return None
        case float():
            # Only a JSON column of the database gives floats; their shortest text is what was typed, to 15 digits.
            return _exact(repr(value))
        case Decimal() if value.is_finite():
            return value
        case int():
            return Decimal(value)
        case str() if JSON_NUMBER.fullmatch(value):
            return Decimal(value)
        case _:
            return None

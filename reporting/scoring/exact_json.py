"""JSON read and written without loss: every number a Decimal, no key twice, nothing that JSON does not know."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from reporting.scoring.errors import FileError


def read_json(content: bytes) -> Any:
    """The data of a UTF-8 JSON file, numbers as Decimal. Raises FileError with a Chinese sentence."""
    try:
        data = json.loads(
            content.decode("utf-8-sig"),
            parse_float=_number,
            parse_int=_number,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
        # A lone surrogate is legal JSON, but no text that could ever be printed.
        json.dumps(data, ensure_ascii=False, default=str).encode()
    except UnicodeDecodeError as error:
        raise FileError("不是UTF-8编码") from error
    except UnicodeEncodeError as error:
        raise FileError("含有无法显示的字符") from error
    except json.JSONDecodeError as error:
        raise FileError(f"不是合法的JSON：第{error.lineno}行第{error.colno}列附近有误") from error
    except RecursionError as error:
        raise FileError("嵌套层数过多") from error
    return data


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise FileError("有的数过大或过小") from error


def _constant(text: str) -> NoReturn:
    raise FileError(f"不能使用{text}，应当是数")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FileError(f"“{key}”重复出现")
        found[key] = value
    return found


def write_json(data: dict[str, Any]) -> str:
    """The text that `read_json` reads back to the same data; lists of rules one rule a line, as people edit them."""
    lines = ",\n".join(f"  {_text(key)}: {_entry(value)}" for key, value in data.items())
    return f"{{\n{lines}\n}}\n"


def _entry(value: Any) -> str:
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return "[\n" + ",\n".join(f"    {_written(item)}" for item in value) + "\n  ]"
    return _written(value)


def _written(value: Any) -> str:
    match value:
        case Decimal():
            return f"{value:f}"
        case dict():
            return "{" + ", ".join(f"{_text(key)}: {_written(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_written, value)) + "]"
        case _:
            return _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

"""`manage.py score SCHEME.json INPUT.json`: the engine alone, without a database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from reporting.scoring.engine import score
from reporting.scoring.errors import FileError, InputError, SchemeError
from reporting.scoring.exact_json import read_json
from reporting.scoring.inputs import load_inputs
from reporting.scoring.results import Results
from reporting.scoring.scheme import load_scheme

BROKEN = 2


class Command(BaseCommand):
    help = "按考核方案计算得分和名次，打印JSON；不用数据库"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("scheme", type=Path, metavar="SCHEME.json")
        parser.add_argument("input", type=Path, metavar="INPUT.json")

    def handle(self, *args: Any, scheme: Path, input: Path, **options: Any) -> None:
        try:
            results = _scored(scheme, input)
        except FileError as error:
            self.stderr.write(str(error))
            raise SystemExit(BROKEN) from error
        self.stdout.write(json.dumps(results.as_json(), ensure_ascii=False, indent=2))


def _scored(scheme: Path, input: Path) -> Results:
    """What the two files give; each error names the file at fault."""
    with _named("考核方案", scheme):
        rules = load_scheme(_content(scheme))
    with _named("数据", input):
        inputs = load_inputs(_content(input))
    with _named("考核方案", scheme, SchemeError), _named("数据", input, InputError):
        return score(rules, inputs)


@contextmanager
def _named(title: str, path: Path, errors: type[FileError] = FileError) -> Iterator[None]:
    """Every error sentence led by the file's name; the folders above it are nobody's concern."""
    try:
        yield
    except errors as error:
        raise FileError(f"{title}文件“{path.name or path}”：{error}") from error


def _content(path: Path) -> Any:
    try:
        return read_json(path.read_bytes())
    except FileNotFoundError as error:
        raise FileError("文件不存在") from error
    except IsADirectoryError as error:
        raise FileError("这是文件夹，不是文件") from error
    except OSError as error:
        raise FileError("文件无法读取") from error

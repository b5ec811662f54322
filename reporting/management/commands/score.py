"""`manage.py score SCHEME.json INPUT.json`: the engine alone, without a database."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand

from reporting.scoring.engine import score
from reporting.scoring.errors import FileError
from reporting.scoring.exact_json import read_json
from reporting.scoring.inputs import load_inputs
from reporting.scoring.scheme import load_scheme

BROKEN = 2
Loaded = TypeVar("Loaded")


class Command(BaseCommand):
    help = "按考核方案计算得分和名次，打印JSON；不用数据库"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("scheme", type=Path, metavar="SCHEME.json")
        parser.add_argument("input", type=Path, metavar="INPUT.json")

    def handle(self, *args: Any, scheme: Path, input: Path, **options: Any) -> None:
        try:
            rules = _loaded("考核方案", scheme, load_scheme)
            results = score(rules, _loaded("数据", input, load_inputs))
        except FileError as error:
            self.stderr.write(str(error))
            raise SystemExit(BROKEN) from error
        self.stdout.write(json.dumps(results.as_json(), ensure_ascii=False, indent=2))


def _loaded(title: str, path: Path, load: Callable[[Any], Loaded]) -> Loaded:
    """What `load` makes of the file, every error sentence led by the file's name."""
    try:
        return load(read_json(path.read_bytes()))
    except OSError as error:
        raise FileError(f"{title}文件{path}无法读取") from error
    except FileError as error:
        raise FileError(f"{title}文件{path}：{error}") from error

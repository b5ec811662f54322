"""The product's own source, read as syntax trees: what the architecture tests walk over."""

import ast
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.conf import settings

FLOORS = ("core", "townships", "enterprises", "projects", "reporting", "config")
"""From the ground up: each may import from those before it."""


@dataclass(frozen=True)
class Source:
    """One file; `name` is its path from the root, as people write it."""

    name: str
    text: str

    @property
    def floor(self) -> str:
        return self.name.split("/")[0]

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    @property
    def calls(self) -> list[ast.Call]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]

    @property
    def imports(self) -> list[tuple[int, str]]:
        """[(line, module), …] of everything the file imports, wherever the import stands."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                found.append((node.lineno, "." * node.level + (node.module or "")))
            elif isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
        return found


@cache
def sources(*, migrations: bool = False) -> list[Source]:
    """Every Python file of the floors; tests, scripts and benchmarks stand beside the house."""
    root = Path(settings.BASE_DIR)
    paths = sorted(path for floor in FLOORS for path in (root / floor).rglob("*.py"))
    read = [Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
    return [source for source in read if migrations or "/migrations/" not in source.name]


def dotted(node: ast.AST) -> str:
    """`Project.objects.current().filter` → "Project.objects.current.filter": the names of a chain of calls."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return node.id if isinstance(node, ast.Name) else "?"

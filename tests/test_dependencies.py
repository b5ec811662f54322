"""What comes from outside is pinned, has a reason, names no address, and suits old browsers."""

import importlib.util
import json
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = settings.BASE_DIR
SOURCES = sorted(ROOT.glob("requirements*.in"))
LOCKS = sorted(ROOT.glob("requirements*.txt"))
# Where packages come from is each machine's own setting. Put together here, so that this file names none either.
REGISTRY_HOSTS = [
    ".".join(labels)
    for labels in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("npmmirror", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("mirrors", "aliyun"),
        ("tuna", "tsinghua"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
    )
]
# Unknown to the Chromium cores that offices still run.
TOO_NEW_FOR_OLD_BROWSERS = re.compile(r"color-mix\(|light-dark\(|oklch\(|:has\(")


def committed_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def direct_requirements(source: Path) -> list[str]:
    lines = (line.strip() for line in source.read_text().splitlines())
    return [line for line in lines if line and not line.startswith(("#", "-c"))]


def pinned_blocks(lock: Path) -> list[str]:
    """One text per pinned package: its line and the hash lines that continue it."""
    return re.findall(r"^[a-zA-Z0-9][^\n\\]*(?:\\\n[^\n\\]*)*", lock.read_text(), flags=re.MULTILINE)


def test_psycopg_3_is_not_beside_psycopg_2():
    assert importlib.util.find_spec("psycopg2")
    assert importlib.util.find_spec("psycopg") is None  # Django would silently prefer it


def test_the_machine_has_the_files_this_test_is_about():
    assert [path.name for path in SOURCES] == ["requirements-dev.in", "requirements-node.in", "requirements.in"]
    assert [path.stem for path in LOCKS] == [path.stem for path in SOURCES]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_direct_requirement_has_a_reason(source):
    without = [line for line in direct_requirements(source) if not re.search(r"  # \S.{20,}", line)]
    assert without == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_reason_says_whether_wheels_exist(source):
    without = [line for line in direct_requirements(source) if not line.endswith(("; pure", "wheels x86-64, ARM"))]
    assert without == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_direct_requirement_is_in_the_lock(source):
    pinned = {block.partition("==")[0].lower() for block in pinned_blocks(source.with_suffix(".txt"))}
    wanted = {re.match(r"[\w-]+", line).group().lower() for line in direct_requirements(source)}
    assert wanted - pinned == set()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_python_locks_carry_versions_hashes_and_no_address(lock):
    text, blocks = lock.read_text(), pinned_blocks(lock)
    assert blocks
    assert [block for block in blocks if not re.search(r"^[\w.-]+==\S+ \\\n +--hash=sha256:[0-9a-f]{64}", block)] == []
    assert "://" not in text
    assert "--index-url" not in text.replace("--no-emit-index-url", "")


def test_the_npm_lock_carries_hashes_and_no_address():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    installed = {name: entry for name, entry in packages.items() if name}
    assert [name for name, entry in installed.items() if not entry["integrity"].startswith("sha512-")] == []
    assert [name for name, entry in installed.items() if "resolved" in entry] == []


def test_npm_versions_are_exact():
    package = json.loads((ROOT / "package.json").read_text())
    versions = package["dependencies"] | package["devDependencies"]
    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    assert versions["htmx.org"] == "2.0.11"


def test_no_committed_file_names_a_registry():
    naming = {
        (path.relative_to(ROOT).as_posix(), host)
        for path in committed_files()
        for host in REGISTRY_HOSTS
        if host.encode() in path.read_bytes()
    }
    assert naming == set()


@pytest.fixture
def collected(tmp_path, settings):
    """Everything a browser may be sent, through the storage of production: names hashed, links resolved."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_collected_files_suit_old_browsers(collected):
    sheets = [path for path in collected.rglob("*") if path.suffix in {".css", ".js"}]
    assert {"bootstrap.min.css", "echarts.min.js", "htmx.min.js"} <= {path.name for path in sheets}
    assert [path.name for path in sheets if TOO_NEW_FOR_OLD_BROWSERS.search(path.read_text())] == []


def test_only_the_listed_front_end_files_are_collected(collected):
    manifest = json.loads((collected / "staticfiles.json").read_text())["paths"]
    vendored = {name for name in manifest if name.startswith("vendor/")}
    names = ("bootstrap.min.css", "bootstrap.min.css.map", "echarts.min.js", "htmx.min.js")
    assert vendored == {f"vendor/{name}" for name in names}

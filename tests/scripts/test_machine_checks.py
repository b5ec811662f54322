"""What a machine lacks is told in one sentence per language, before anything has been changed."""

import shutil
import subprocess

import pytest
from django.conf import settings

SHELL_TOOLS = ("sh", "env", "awk", "df", "pwd", "id", "ls", "tr", "grep")
SCRIPTS = settings.BASE_DIR / "scripts"


@pytest.fixture
def bare_path(tmp_path):
    """A PATH with the shell's own tools and nothing else: no python3, no apt-get, no chromium."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in SHELL_TOOLS:
        (folder / tool).symlink_to(shutil.which(tool))
    return folder


def run(script, path, cwd=settings.BASE_DIR):
    command = [shutil.which("sh"), SCRIPTS / script]
    return subprocess.run(command, env={"PATH": str(path)}, cwd=cwd, capture_output=True, text=True)


def program(path, name, code):
    (path / name).write_text(f"#!/bin/sh\n{code}\n")
    (path / name).chmod(0o755)


def test_no_python(bare_path):
    answer = run("check_machine.sh", bare_path)
    assert answer.returncode == 1
    assert answer.stderr.splitlines() == [
        "缺少Python，请先运行：apt install git make python3-venv",
        "Python is missing; run first: apt install git make python3-venv",
    ]


def test_no_venv(bare_path):
    program(bare_path, "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    answer = run("check_machine.sh", bare_path)
    assert answer.returncode == 1
    assert answer.stderr.splitlines() == [
        "缺少python3-venv，请先运行：apt install python3-venv",
        "python3-venv is missing; run first: apt install python3-venv",
    ]


def test_no_disk(bare_path):
    program(bare_path, "python3", "exit 0")
    (bare_path / "df").unlink()
    program(bare_path, "df", "echo head; echo /dev/x 9000 8960 40 99% /")
    answer = run("check_machine.sh", bare_path)
    assert answer.returncode == 1
    assert answer.stderr.splitlines()[0].startswith("磁盘空间不足：安装约需")
    assert answer.stderr.splitlines()[1].endswith("40 MB are free here.")


def test_all_there(bare_path):
    program(bare_path, "python3", "exit 0")
    answer = run("check_machine.sh", bare_path)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_packages_that_cannot_be_installed_are_named(bare_path):
    answer = run("system_packages.sh", bare_path)
    assert answer.returncode == 1
    sentence = answer.stderr.splitlines()[-2]
    assert sentence.startswith("测试还缺少：")
    assert " fonts-noto-cjk libreoffice-calc-nogui libreoffice-writer-nogui poppler-utils。" in sentence
    assert "chromium " in sentence

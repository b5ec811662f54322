#!/usr/bin/env python3
"""Install the front-end packages by their lock file and lay out the few files that pages use.

`VENDOR` is the one list of files that reach a browser: name under `vendor/` in templates -> file in node_modules.
With `--lock` the lock file is written anew from package.json first.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "build" / "static" / "vendor"
VENV_BIN = ROOT / ".venv" / "bin"

VENDOR = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.min.css.map": "bootstrap/dist/css/bootstrap.min.css.map",  # the style sheet names it
    "echarts.min.js": "echarts/dist/echarts.common.min.js",  # bars and lines; the whole has an eval in it
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
}


def main(arguments: list[str]) -> None:
    npm = find_npm() or install_npm()
    if "--lock" in arguments:
        run_npm(npm, "install", "--package-lock-only")
    run_npm(npm, "ci")
    copy_vendor_files()


def find_npm() -> str | None:
    """The machine's own npm, if it reads lock files of version 3 (npm 7 and later), else None."""
    npm = shutil.which("npm")
    if not npm:
        return None
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True, cwd=ROOT)
    major = answer.stdout.strip().partition(".")[0]
    return npm if answer.returncode == 0 and major.isdigit() and int(major) >= 7 else None


def install_npm() -> str:
    """npm out of a wheel, into the set-up environment: works without root and without the system's packages."""
    pip = [str(VENV_BIN / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "--require-hashes", "--only-binary", ":all:", "-r", "requirements-node.txt"], check=True, cwd=ROOT
    )
    return str(VENV_BIN / "npm")


def run_npm(npm: str, *arguments: str) -> None:
    # A lock entry without an address is fetched from the registry that this machine is set up for.
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--omit-lockfile-registry-resolved")
    subprocess.run([npm, *arguments, *options], check=True, cwd=ROOT)


def copy_vendor_files() -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for name, source in VENDOR.items():
        shutil.copyfile(MODULES / source, TARGET / name)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except subprocess.CalledProcessError as failure:
        sys.exit(f"安装前端文件失败：{failure.cmd[0]}（详见上文）。\nThe front-end files could not be installed.")

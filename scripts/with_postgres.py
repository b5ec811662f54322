#!/usr/bin/env python3
"""Run a command with DATABASE_URL pointing at a PostgreSQL server that lives only as long as the command.

    scripts/with_postgres.py -- pytest -n 2

The server listens on a Unix socket in its own temporary directory and nowhere else. PostgreSQL refuses to run
as root, so root hands the directory to an unprivileged user. Exit code: the command's.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

USER = "leitai"
SECONDS_TO_START = 60
# Nothing here has to survive a power cut, so the server need not wait for the disk.
SETTINGS = (
    "listen_addresses=",
    "max_connections=200",
    "shared_buffers=128MB",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
)


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        sys.exit("usage: scripts/with_postgres.py -- COMMAND [ARGUMENT ...]")
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with temporary_directory() as directory, running_server(directory):
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": database_url(directory)}).returncode


@contextmanager
def temporary_directory() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="leitai-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(directory, unprivileged_user())
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def running_server(directory: Path) -> Iterator[None]:
    """A fresh cluster in UTF-8, started; stopped at the end whatever happens."""
    create_cluster(directory)
    options = [word for setting in (*SETTINGS, f"unix_socket_directories={directory}") for word in ("-c", setting)]
    with open(directory / "log", "wb") as log:
        server = start([program("postgres"), "-D", str(directory / "data"), *options], directory, log)
        try:
            wait_until_ready(server, directory)
            yield
        finally:
            server.send_signal(signal.SIGINT)  # PostgreSQL's "fast shutdown": ends open sessions
            server.wait(timeout=60)


def create_cluster(directory: Path) -> None:
    initdb = [program("initdb"), "-D", str(directory / "data"), "-U", USER, "--auth=trust", "--no-sync"]
    with open(directory / "log", "wb") as log:
        if start([*initdb, "--encoding=UTF8", "--locale=C.UTF-8"], directory, log).wait() != 0:
            give_up(directory)


def start(command: list[str], directory: Path, log) -> subprocess.Popen:
    """As a user that PostgreSQL accepts, in a session of its own: Ctrl-C reaches us, and we stop the server."""
    user = unprivileged_user() if os.geteuid() == 0 else None
    identity = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    return subprocess.Popen(command, cwd=directory, stdout=log, stderr=log, start_new_session=True, **identity)


def unprivileged_user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def wait_until_ready(server: subprocess.Popen, directory: Path) -> None:
    probe = [program("pg_isready"), "--quiet", "--host", str(directory), "--username", USER, "--dbname", "postgres"]
    deadline = time.monotonic() + SECONDS_TO_START
    while subprocess.run(probe).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            give_up(directory)
        time.sleep(0.1)


def give_up(directory: Path) -> None:
    print((directory / "log").read_text(errors="replace")[-3000:], file=sys.stderr)
    sys.exit("PostgreSQL没有启动，原因见上。\nPostgreSQL did not start; the reason is above.")


def program(name: str) -> str:
    """Debian keeps the server's programs off the path, one folder per version: take the newest."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    found = str(versions[-1]) if versions else shutil.which(name)
    return found or sys.exit(f"缺少PostgreSQL的{name}。\nPostgreSQL's {name} is missing: apt install postgresql")


def database_url(directory: Path) -> str:
    return f"postgres://{USER}@{quote(str(directory), safe='')}/postgres"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

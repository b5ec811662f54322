"""scripts/with_postgres.py: a server for one command, gone afterwards however the command ends."""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

SCRIPT = settings.BASE_DIR / "scripts" / "with_postgres.py"
ASK = """
import os, dj_database_url, psycopg2
url = dj_database_url.parse(os.environ["DATABASE_URL"])
connection = psycopg2.connect(host=url["HOST"], user=url["USER"], dbname=url["NAME"])
cursor = connection.cursor()
cursor.execute("select pg_encoding_to_char(encoding), datctype from pg_database where datname = current_database()")
print(url["HOST"], *cursor.fetchone(), flush=True)
"""


def with_postgres(code):
    return subprocess.Popen(
        [sys.executable, SCRIPT, "--", sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    )


def assert_gone(directory):
    assert Path(directory).parent == Path(tempfile.gettempdir())
    assert not Path(directory).exists()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(host=directory, user="leitai", dbname="postgres")


def test_the_command_finds_a_server_in_utf8_and_its_exit_code_is_passed_on():
    process = with_postgres(ASK + "raise SystemExit(3)")
    printed, _ = process.communicate(timeout=60)
    directory, encoding, ctype = printed.split()
    assert (process.returncode, encoding, ctype) == (3, "UTF8", "C.UTF-8")
    assert_gone(directory)


def test_the_server_stops_when_the_run_is_ended():
    process = with_postgres(ASK + "import time; time.sleep(30)")
    directory = process.stdout.readline().split()[0]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert_gone(directory)


def test_a_command_is_required():
    answer = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stderr.startswith("usage: ")

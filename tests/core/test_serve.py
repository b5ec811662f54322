"""`manage.py serve`: one foreground program that leaves nothing behind."""

import argparse
import os
import signal
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from core.management.commands import serve

MIGRATE_TASKS = ("migrate", "django_tasks_database", "--verbosity", "0")  # all that the worker needs


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def environment(tmp_path):
    """The embedded default in a folder of its own, whatever database the tests themselves run on."""
    (tmp_path / "static").mkdir()
    others = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return others | {"LEITAI_VAR": str(tmp_path), "PYTHONIOENCODING": "utf-8"}


def manage(*arguments, env):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True
    )


def start_serving(port, env):
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    return subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def read_until(process, text):
    """What was printed up to the line that holds the text, or all of it."""
    printed = ""
    for line in process.stdout:
        printed += line
        if text in line:
            break
    return printed


def test_a_free_port_is_accepted(free_port):
    assert serve.why_not_listen("127.0.0.1", free_port) is None


def test_a_taken_port_is_refused_in_one_sentence(taken_port, environment):
    answer = manage("serve", "--port", str(taken_port), env=environment)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr == (
        f"端口{taken_port}已被占用，请先停掉占用它的程序，或换一个端口，例如：make demo PORT={taken_port % 65535 + 1}\n"
    )


def test_a_foreign_address_is_refused(free_port):
    assert serve.why_not_listen("203.0.113.9", free_port).startswith("203.0.113.9不是本机的地址")


@pytest.mark.parametrize("text", ["0", "65536", "-1", "8000.5", "八千", ""])
def test_a_port_is_a_number_in_range(text):
    with pytest.raises(argparse.ArgumentTypeError, match="端口应为1到65535之间的整数"):
        serve.port_number(text)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_both_start_and_both_stop(number, free_port, environment):
    assert manage(*MIGRATE_TASKS, env=environment).returncode == 0
    process = start_serving(free_port, environment)
    printed = read_until(process, "擂台已启动")
    process.send_signal(number)
    rest, _ = process.communicate(timeout=serve.SECONDS_TO_STOP + 30)
    assert printed + rest == f"擂台已启动：http://127.0.0.1:{free_port}/（按Ctrl-C停止）\n"
    assert process.returncode == 0
    assert serve.why_not_listen("127.0.0.1", free_port) is None


WORK_UNTIL_NOTHING_WAITS = [*serve.WORKER_COMMAND[2:], "--batch", "--no-startup-delay"]


def test_the_worker_says_nothing_while_all_goes_well(environment):
    assert manage(*MIGRATE_TASKS, env=environment).returncode == 0
    worker = manage(*WORK_UNTIL_NOTHING_WAITS, env=environment)
    assert (worker.returncode, worker.stdout, worker.stderr) == (0, "", "")


def test_the_worker_tells_of_a_task_that_failed(environment):
    """Sealing fails here, since there are no tables to seal."""
    assert manage(*MIGRATE_TASKS, env=environment).returncode == 0
    asking = "from core.tasks import seal_counties; seal_counties.enqueue()"
    assert manage("shell", "--verbosity", "0", "--command", asking, env=environment).returncode == 0
    assert "no such table" in manage(*WORK_UNTIL_NOTHING_WAITS, env=environment).stderr


def test_a_child_that_ends_takes_the_other_with_it(free_port, environment):
    assert manage(*MIGRATE_TASKS, env=environment).returncode == 0
    process = start_serving(free_port, environment | {"LEITAI_WORKERS": "none"})
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "网页服务意外停止，已全部停止。" in printed
    assert "擂台已启动" not in printed

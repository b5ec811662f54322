"""Web server and background worker as one foreground program: what `make demo` and a service manager start."""

import argparse
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

from django.conf import settings
from django.core.management.base import BaseCommand

from core.tasks import seal_counties

SECONDS_TO_STOP = 30
SECONDS_BETWEEN_SEALS = 600
SECONDS_FOR_REQUESTS = 20  # of which the web server gives its own processes so many
THREADS_PER_WORKER = 4
WORKER_COMMAND = [sys.executable, "manage.py", "db_worker", "--no-reload", "--skip-checks"]
NOT_LISTENING = {
    errno.EADDRINUSE: "端口{port}已被占用，请先停掉占用它的程序，或换一个端口，例如：make demo PORT={other}",
    errno.EACCES: "当前用户不能使用端口{port}，请换一个1024以上的端口，例如：make demo PORT=8000",
}
NOT_AN_ADDRESS = "{host}不是本机的地址，请改为127.0.0.1、0.0.0.0或本机网卡的地址"


class Command(BaseCommand):
    requires_system_checks = []  # they have run in `migrate`, which comes before
    help = "运行网页服务和一个后台任务进程，按Ctrl-C一并停止"

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="监听的地址（默认127.0.0.1，只限本机）")
        parser.add_argument("--port", type=port_number, default=8000, help="监听的端口（默认8000）")

    def handle(self, *, host, port, **options):
        if refusal := why_not_listen(host, port):
            self.stderr.write(refusal)
            sys.exit(1)
        self.times_asked_to_stop, self.next_seal = 0, time.monotonic() + SECONDS_BETWEEN_SEALS
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.count_request_to_stop)
        sys.exit(self.run(host, port))

    def count_request_to_stop(self, number, frame):
        # Nothing more happens here: an exception out of a signal may strike inside Popen and leave its lock taken.
        self.times_asked_to_stop += 1

    def run(self, host, port):
        """Returns the exit code: 0 when asked to stop, 1 when one of the two ended by itself."""
        processes = {"网页服务": start(web_command(host, port)), "后台任务进程": start(WORKER_COMMAND)}
        try:
            self.announce_when_answering(host, port, processes.values())
            self.wait_while(lambda: all_run(processes.values()) and self.seal_in_time())
            ended = [name for name, process in processes.items() if process.poll() is not None]
        finally:
            self.stop(processes.values())
        if self.times_asked_to_stop:
            return 0
        self.stderr.write(f"{'、'.join(ended)}意外停止，已全部停止。")
        return 1

    def wait_while(self, condition):
        while not self.times_asked_to_stop and condition():
            time.sleep(0.2)

    def seal_in_time(self):
        """Ask the worker for a seal now and then; always true, so that waiting goes on."""
        if time.monotonic() > self.next_seal:
            self.next_seal = time.monotonic() + SECONDS_BETWEEN_SEALS
            seal_counties.enqueue()
        return True

    def announce_when_answering(self, host, port, processes):
        self.wait_while(lambda: all_run(processes) and not answers(host, port))
        if all_run(processes) and not self.times_asked_to_stop:
            self.stdout.write(f"擂台已启动：http://{host}:{port}/（按Ctrl-C停止）")
            self.stdout.flush()

    def stop(self, processes):
        """Asks each to finish what it is doing; what has not ended in time, or at a second Ctrl-C, is killed."""
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + SECONDS_TO_STOP
        while any_runs(processes) and time.monotonic() < deadline and self.times_asked_to_stop < 2:
            time.sleep(0.1)
        for process in processes:
            kill_session(process)


def port_number(text):
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"端口应为1到65535之间的整数，收到的是“{text}”")
    return int(text)


def why_not_listen(host, port):
    """One sentence, or None. The web server shares ports (SO_REUSEPORT), so it would not notice by itself."""
    try:
        with socket.create_server((host, port)):
            return None
    except OSError as error:
        sentence = NOT_LISTENING.get(error.errno, NOT_AN_ADDRESS)
        return sentence.format(host=host, port=port, other=port % 65535 + 1)


def web_command(host, port):
    listen = ["--host", host, "--port", str(port), "--interface", "wsgi", "--no-ws", "--log-level", "warning"]
    size = ["--workers", os.environ.get("LEITAI_WORKERS", "1"), "--blocking-threads", str(THREADS_PER_WORKER)]
    size += ["--workers-kill-timeout", str(SECONDS_FOR_REQUESTS)]
    return [sys.executable, "-m", "granian", *listen, *size, "config.wsgi:application"]


def start(command):
    # A session of its own: Ctrl-C reaches this process alone, which then stops each child once.
    return subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True)


def kill_session(process):
    """The process with its children; those of one that has ended in good order are gone already."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def all_run(processes):
    return all(process.poll() is None for process in processes)


def any_runs(processes):
    return any(process.poll() is None for process in processes)


def answers(host, port):
    """Whether the application itself answers; the port alone is open before that."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("HEAD", "/", headers={"Host": settings.ALLOWED_HOSTS[0]})
        return bool(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()

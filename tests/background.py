"""The background worker's own step, in a test's thread: its loop would close the test's connection."""

from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult


def work() -> None:
    """Do what was asked of the worker, until nothing is left."""
    queues = {"queue_names": ["default"], "excluded_queue_names": [], "backend_name": "default", "worker_id": "tests"}
    worker = Worker(interval=0, batch=True, startup_delay=False, max_tasks=None, **queues)
    while result := DBTaskResult.objects.ready().first():
        result.claim(worker.worker_id)
        worker.run_task(result)

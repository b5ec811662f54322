"""A long workbook is the worker's: pages say how far it is, answer meanwhile, and tell what went wrong."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from threading import Event

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django_tasks_db.models import DBTaskResult
from openpyxl import Workbook, load_workbook

from core.files import path_of
from core.ledgers import import_runs
from core.models import AuditEntry, ImportBatch, StoredFile
from core.write import Door
from projects.models import Project
from tests import factories as make
from tests.background import work

pytestmark = pytest.mark.django_db

LEDGER = "/ledgers/projects/"
UPLOAD = f"{LEDGER}import/"
PREVIEW = f"{UPLOAD}preview/"
PROGRESS = f"{UPLOAD}progress/"
HEADERS = ("项目名称", "落户乡镇", "总投资（万元）", "签约时间")
ROWS = tuple((f"{n}号项目", "芦溪镇", 100 + n, "2024-03-05") for n in range(30))


@pytest.fixture(autouse=True)
def town(township, files_root, monkeypatch):
    """Thirty rows are many here."""
    monkeypatch.setattr(import_runs, "LONG", 20)
    return township


@pytest.fixture
def client(office, client_for):
    return client_for(office)


def upload(client, *rows):
    book, stream = Workbook(), BytesIO()
    for row in (HEADERS, *rows):
        book.active.append(row)
    book.save(stream)
    return client.post(UPLOAD, {"file": SimpleUploadedFile("台账.xlsx", stream.getvalue())}, follow=True)


def confirm(client, **said):
    seen = client.get(PREVIEW).context["plan"].digest
    return client.post(PREVIEW, {"token": "t", "seen": seen, **said}, follow=True)


def page(answer):
    return answer.content.decode()


def test_a_short_workbook_is_read_while_its_page_is_waited_for(client):
    assert upload(client, *ROWS[:5]).context["plan"].row_count == 5
    assert DBTaskResult.objects.count() == 0


def test_a_long_one_waits_for_the_worker_and_is_then_looked_at(client):
    shown = upload(client, *ROWS)
    assert shown.redirect_chain[-1][0] == PROGRESS
    assert "正在排队" in page(shown)
    work()
    shown = client.get(PROGRESS, follow=True)
    assert shown.redirect_chain == [(PREVIEW, 302)]
    assert shown.context["plan"].counts["created"] == len(ROWS)
    assert Project.objects.count() == 0


def test_pages_of_the_preview_ask_the_worker_once(client):
    upload(client, *ROWS)
    work()
    for query in ("", "?page=2", "?kind=created"):
        assert client.get(PREVIEW + query).status_code == 200
    assert DBTaskResult.objects.count() == 1


def test_the_worker_marks_what_is_wrong_and_nobody_waits_for_it(client, monkeypatch):
    upload(client, *ROWS, ("无年份项目", "芦溪镇", 5, "5月"))
    work()
    made_now = []
    monkeypatch.setattr(import_runs, "write_error_workbook", lambda *given: made_now.append(given))
    book = load_workbook(BytesIO(client.get(f"{UPLOAD}marked.xlsx").content))
    assert made_now == []
    commented = [cell.coordinate for row in book.active.iter_rows() for cell in row if cell.comment]
    assert "D32" in commented


def test_what_is_confirmed_the_worker_writes_as_one_batch(client):
    upload(client, *ROWS)
    work()
    shown = confirm(client)
    assert shown.redirect_chain == [(PROGRESS, 302)]
    assert "正在导入" in page(shown)
    assert ImportBatch.objects.count() == 0
    work()
    shown = client.get(PROGRESS, follow=True)
    assert shown.redirect_chain == [(f"/imports/{ImportBatch.objects.get().code}/", 302)]
    assert f"已导入“台账.xlsx”：新增 {len(ROWS)} 条。" in page(shown)
    assert Project.objects.count() == len(ROWS)
    assert client.get(PREVIEW).url == UPLOAD


def test_rows_that_were_ticked_are_written_alone(client):
    upload(client, *ROWS)
    work()
    confirm(client, take="ticked", row=["0", "7"])
    work()
    assert set(Project.objects.values_list("name", flat=True)) == {"0号项目", "7号项目"}


def test_who_goes_away_finds_it_again(client):
    upload(client, *ROWS)
    assert client.get(LEDGER).status_code == 200
    assert "“台账.xlsx”已上传，还没有导入完" in page(client.get(UPLOAD))
    assert client.get(PREVIEW, follow=True).redirect_chain == [(PROGRESS, 302)]
    assert DBTaskResult.objects.count() == 1
    assert "已上传，还没有导入完" not in page(client.get("/ledgers/arrivals/import/"))


def test_a_script_stops_asking_before_it_is_sent_on(client):
    """Or each further question would break off its way to a page that takes longer than the pause between them."""
    upload(client, *ROWS)
    script = {"HX-Request": "true"}
    assert 'hx-trigger="every 2s"' in page(client.get(PROGRESS, headers=script))
    work()
    told = client.get(PROGRESS, headers=script)
    assert "处理完了" in page(told)
    assert "every 2s" not in page(told)
    assert f'hx-get="{PROGRESS}?done=1"' in page(told)
    assert client.get(f"{PROGRESS}?done=1", headers=script).headers["HX-Redirect"] == PREVIEW


def test_a_plain_browser_is_sent_on_at_once(client):
    upload(client, *ROWS)
    work()
    assert client.get(PROGRESS).url == PREVIEW


def test_how_far_it_is_reading_and_writing(client, monkeypatch):
    heard = []
    monkeypatch.setattr(import_runs, "_hearing", lambda number: lambda done, of: heard.append((done, of)))
    upload(client, *ROWS)
    work()
    assert heard == [(0, 30), (30, 30)]
    confirm(client)
    work()
    assert heard[2] == (30, 30)


def test_the_page_says_how_far_it_is(client):
    upload(client, *ROWS)
    result = DBTaskResult.objects.get()
    DBTaskResult.objects.update(status="RUNNING", started_at=result.enqueued_at)
    assert "正在读取这张表。" in page(client.get(PROGRESS))
    import_runs._hearing(str(result.id))(10, 30)
    shown = page(client.get(PROGRESS))
    assert "已核对 10 行，共 30 行。" in shown
    assert 'max="30" value="10"' in shown
    import_runs._hearing(str(result.id))(45, 30)
    assert "30 行都已核对" in page(client.get(PROGRESS))


def test_a_change_meanwhile_is_said_and_nothing_written(client, township):
    upload(client, *ROWS)
    work()
    confirm(client)
    make.new_project(township, name="0号项目", total_investment="77")
    work()
    assert "台账里有了新的改动" in page(client.get(PROGRESS))
    assert ImportBatch.objects.count() == 0
    client.post(PROGRESS)
    work()
    assert client.get(PREVIEW).context["plan"].counts["updated"] == 1


def test_a_change_elsewhere_stops_nobody(client, township):
    upload(client, *ROWS)
    work()
    confirm(client)
    make.new_project(township, name="别的项目")
    work()
    assert ImportBatch.objects.get().summary["created"] == len(ROWS)


def test_what_goes_wrong_in_the_middle_leaves_nothing_and_is_told(client, monkeypatch):
    upload(client, *ROWS)
    work()
    confirm(client)
    told, codes = AuditEntry.objects.count(), set(StoredFile.objects.values_list("pk", flat=True))

    def broken(self):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(Door, "write_history", broken)
    work()
    shown = page(client.get(PROGRESS))
    assert "没有写完的一行也不会留下" in shown
    assert (Project.objects.count(), ImportBatch.objects.count(), AuditEntry.objects.count()) == (0, 0, told)
    assert set(StoredFile.objects.values_list("pk", flat=True)) == codes
    monkeypatch.undo()


def test_a_file_that_is_gone_is_told(client):
    upload(client, *ROWS)
    path_of(StoredFile.objects.get().sha256).unlink()
    work()
    assert "内容已不在服务器上" in page(client.get(PROGRESS))


def test_a_worker_that_fell_silent_is_given_up(client):
    upload(client, *ROWS)
    result = DBTaskResult.objects.get()
    long_ago = result.enqueued_at - import_runs.SILENT - timedelta(seconds=1)
    DBTaskResult.objects.update(status="RUNNING", started_at=long_ago)
    assert "后台处理中断了" in page(client.get(PROGRESS))
    import_runs._hearing(str(result.id))(10, 30)
    assert "已核对 10 行" in page(client.get(PROGRESS))


def test_a_worker_that_does_not_begin_is_asked_after(client):
    upload(client, *ROWS)
    sentence = "查看后台任务进程是否在运行"
    assert sentence not in page(client.get(PROGRESS))
    DBTaskResult.objects.update(enqueued_at=DBTaskResult.objects.get().enqueued_at - import_runs.QUEUED * 2)
    assert sentence in page(client.get(PROGRESS))


def test_a_run_nobody_knows_of_any_more_is_begun_again(client):
    upload(client, *ROWS)
    DBTaskResult.objects.all().delete()
    assert client.get(PREVIEW, follow=True).redirect_chain[-1][0] == PROGRESS
    work()
    assert client.get(PREVIEW).status_code == 200


def test_a_plan_that_was_cleared_away_is_made_again(client):
    upload(client, *ROWS)
    work()
    import_runs.forget_run(client.session["import"])
    assert client.get(PREVIEW, follow=True).redirect_chain[-1][0] == PROGRESS
    work()
    assert client.get(PREVIEW).context["plan"].row_count == len(ROWS)


def test_nobody_without_the_duty_sees_it(client, client_for, reviewer):
    upload(client, *ROWS)
    assert client_for(reviewer).get(PROGRESS).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_other_requests_are_answered_while_rows_are_written(client, monkeypatch, township):
    """The worker is held in the middle of its transaction, on a connection of its own."""
    known = make.new_project(township, name="早先的项目")
    upload(client, *ROWS)
    work()
    confirm(client)
    written, go_on = Event(), Event()
    write_history = Door.write_history

    def held(self):
        written.set()
        assert go_on.wait(60)
        write_history(self)

    def in_background():
        try:
            import_runs.save_workbook.call(
                Context(), **DBTaskResult.objects.latest("enqueued_at").args_kwargs["kwargs"]
            )
        finally:
            connections.close_all()

    monkeypatch.setattr(Door, "write_history", held)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(in_background)
        assert written.wait(60)
        try:
            answers = {
                address: client.get(address) for address in (LEDGER, PROGRESS, "/", f"{LEDGER}records/{known.code}/")
            }
            assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(answers, 200)
            assert answers[LEDGER].context["query"].totals["count"] == 1
        finally:
            go_on.set()
        running.result()
    assert Project.objects.count() == len(ROWS) + 1


class Context:
    """What a worker hands to a task."""

    class task_result:
        id = "held"

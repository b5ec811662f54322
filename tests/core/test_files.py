"""Files by content: kept once, served through scope, swept when no row names them."""

import hashlib
import os
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.files import LARGEST, attach, path_of, store, sweep
from core.models import Evidence, StoredFile
from core.write import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(files_root):
    return files_root


def stored_paths(root):
    return sorted(path for path in root.rglob("*") if path.is_file())


def keep(content=b"a", name="a.pdf"):
    return store([content], name=name, at=make.NOW)


def test_a_file_stands_under_its_content(root):
    stored = store([b"one ", b"two"], name="合同.PDF", at=make.NOW)
    digest = hashlib.sha256(b"one two").hexdigest()
    assert (stored.sha256, stored.size, stored.media_type) == (digest, 7, "application/pdf")
    assert path_of(digest).read_bytes() == b"one two"
    assert stored_paths(root) == [root / digest[:2] / digest]


def test_the_same_bytes_are_kept_once(root):
    assert keep(name="a.pdf") == keep(name="b.pdf")
    assert (StoredFile.objects.count(), len(stored_paths(root))) == (1, 1)


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "/etc/x.pdf", "..\\x.pdf", "a\x00.pdf", "甲" * 300 + ".pdf"])
def test_a_name_never_becomes_a_path(name, root):
    stored = keep(name=name)
    assert stored_paths(root) == [path_of(stored.sha256)]


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.svg", "a.xls", "a", "", "a.pdf.js", ".pdf"])
def test_kinds_an_office_does_not_need_are_refused(name, root):
    with pytest.raises(Refused, match="不能上传"):
        keep(name=name)
    assert stored_paths(root) == []


def test_what_is_too_large_is_refused_and_gone(root):
    chunk = b"0" * (1024 * 1024)
    with pytest.raises(Refused, match="超过 20 兆"):
        store((chunk for _ in range(LARGEST // len(chunk) + 1)), name="a.pdf", at=make.NOW)
    assert (stored_paths(root), StoredFile.objects.count()) == ([], 0)


def test_what_breaks_off_leaves_nothing_the_sweeper_misses(root):
    def broken():
        yield b"half"
        raise OSError("connection lost")

    with pytest.raises(OSError, match="connection lost"):
        store(broken(), name="a.pdf", at=make.NOW)
    assert stored_paths(root) == []


def test_the_sweeper_takes_what_no_row_names(root):
    kept, orphan = path_of(keep().sha256), root / "ab" / ("ab" + "0" * 62)
    orphan.parent.mkdir()
    orphan.write_bytes(b"nobody's")
    young = root / "cd"
    young.mkdir()
    (young / "just-now").write_bytes(b"not yet named")
    os.utime(orphan, (0, 0))
    os.utime(kept, (0, 0))
    assert sweep(older_than=make.NOW - timedelta(days=1)) == 1
    assert stored_paths(root) == sorted([kept, young / "just-now"])


# -- evidence ----------------------------------------------------------------------------------------


@pytest.fixture
def project(township):
    return make.new_project(township)


def upload(client, project, name="合同.pdf", content=b"%PDF-1.7 x"):
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(f"/ledgers/projects/records/{project.code}/evidence/", {"slot": "协议扫描件", "file": file})


def test_evidence_is_served_as_a_download_under_its_name(project, clerk, client_for):
    client = client_for(clerk)
    assert upload(client, project).status_code == 302
    answer = client.get(f"/files/{Evidence.objects.get().code}/")
    assert answer.getvalue() == b"%PDF-1.7 x"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["../../合同.pdf", 'a"\r\nX: y.pdf', "甲" * 190 + ".pdf"])
def test_odd_names_do_no_harm(name, project, clerk, client_for):
    client = client_for(clerk)
    assert upload(client, project, name=name).status_code in (302, 422)
    for paper in Evidence.objects.all():
        answer = client.get(f"/files/{paper.code}/")
        assert answer.getvalue() == b"%PDF-1.7 x"
        assert "X" not in answer.headers


def test_a_refused_upload_says_why_beside_the_field(project, clerk, client_for):
    page = upload(client_for(clerk), project, name="a.exe")
    assert (page.status_code, Evidence.objects.count()) == (422, 0)
    assert "不能上传" in str(page.context["form"].errors["file"])


def test_evidence_is_hidden_with_its_row(project, clerk, neighbour, elsewhere, client_for):
    upload(client_for(clerk), project)
    address = f"/files/{Evidence.objects.get().code}/"
    for unit in (neighbour, make.new_township(elsewhere)):
        assert client_for(make.township_seat(unit)).get(address).status_code == 404


def test_nobody_attaches_to_what_they_neither_edit_nor_verify(project, neighbour):
    with pytest.raises(Refused), make.writing_as(make.township_seat(neighbour)) as writing:
        attach(writing, project, ledger="projects", slot="其他", name="a.pdf", stored=keep())


def test_who_verifies_may_attach_what_it_rests_on(project, reviewer, client_for):
    assert upload(client_for(reviewer), project).status_code == 302
    assert Evidence.objects.get().entered_by == reviewer.user


def test_lost_bytes_are_said_not_thrown(project, clerk, client_for):
    client = client_for(clerk)
    upload(client, project)
    paper = Evidence.objects.get()
    path_of(paper.file.sha256).unlink()
    answer = client.get(f"/files/{paper.code}/")
    assert answer.status_code == 404
    assert "文件" in answer.content.decode()

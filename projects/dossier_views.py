"""Pages' addresses of 一项目一档: a project's file, or those of a filtered list, sent while they are made."""

from collections.abc import Iterator
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from core.archives import Packed, folder_name, zipped
from core.audit import TAKEN
from core.ledgers.query import BadQuery, ListQuery
from core.ledgers.views import readable
from core.write import door
from projects.dossier import Dossier, dossiers

MOST_AT_ONCE = 200
"""Projects in one zip; whoever needs more takes them by township or year."""


@require_GET
def project_dossier(request: HttpRequest, code: str) -> StreamingHttpResponse:
    project = readable(request, "projects").find(request.seat, code)
    if not request.seat.may("take_dossier", project):
        raise PermissionDenied("您当前的身份不能下载这个项目的档案，请联系项目的责任单位或县招商办。")
    at = timezone.now()
    _tell(request, at, f"{project}档案", project.code)
    return _sent(Dossier(project, request.seat).files(at), at, project.code, project.name)


@require_GET
def project_dossiers(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The files of all projects of the filtered list, a folder each."""
    ledger = readable(request, "projects")
    if not request.seat.may("take_dossier", ledger.blank(request.seat)):
        raise PermissionDenied("您当前的身份不能批量下载项目档案。")
    try:
        query = ListQuery(ledger, request.GET, request.seat)
        count = _not_too_many(query.totals["count"])
    except BadQuery as error:
        return render(request, "ledgers/bad_query.html", {"ledger": ledger, "sentences": error.messages}, status=400)
    at = timezone.now()
    _tell(request, at, f"{count}个项目的档案")
    projects = query.ordered.iterator(chunk_size=MOST_AT_ONCE)
    return _sent(dossiers(projects, request.seat, at), at, f"{timezone.localtime(at):%Y%m%d}", "项目档案")


def _not_too_many(count: int) -> int:
    if count > MOST_AT_ONCE:
        raise BadQuery([f"符合条件的有{count}个项目，一次最多下载{MOST_AT_ONCE}个项目的档案，请缩小筛选范围。"])
    return count


def _tell(request: HttpRequest, at: datetime, what: str, code: str = "") -> None:
    """Before the first byte goes out: nobody has a file that the log does not know of."""
    with door(request.seat, at=at) as writing:
        writing.tell_view(request.seat, request.get_full_path(), action=TAKEN, label=what, code=code)


def _sent(files: Iterator[Packed], at: datetime, *words: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(zipped(files, at=timezone.localtime(at)), content_type="application/zip")
    name = f"{folder_name(*words)}.zip"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response

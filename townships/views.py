"""The first page, the choice of a seat, accounts, and the audit log."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.audit import TAKEN, VIEWED
from core.audit_trail import told
from core.ledgers.forms import TokenForm, sent
from core.ledgers.ledger import Ledger
from core.ledgers.query import ListQuery
from core.models import AuditEntry, User
from core.write import door
from townships.forms import AccountForm, NewPasswordForm, SeatForm
from townships.menu import Subject, ledgers_by_subject
from townships.middleware import SESSION_KEY
from townships.models import HandOver, Role, Seat
from townships.services import change_password, give_seat, open_account, person_of, reset_password
from townships.waiting import Waits, waits_of

LOG_PAGE = 100
LOG_KINDS = {
    "": ("全部", Q()),
    "writes": ("填报、认定和账号", ~Q(action__in=[VIEWED, TAKEN])),
    "views": ("检查人员的查看和档案下载", Q(action__in=[VIEWED, TAKEN])),
}
"""kind in the address → its name, which entries belong to it."""
HOME_OF = {Role.ADMIN: "accounts", Role.AUDITOR: "audit-log"}
"""Where those who see no business data begin."""


NOTHING_TOLD: dict[str, Any] = {
    "latest": None,
    "to_rate": (),
    "calls": (),
    "begins": "",
    "figures": None,
    "windows": (),
    "to_answer": (),
    "due": (),
    "todo_count": 0,
}
"""What upper floors add to the first page, where they add nothing."""


@require_GET
def home(request: HttpRequest, *, waits: Waits | None = None, **told: Any) -> HttpResponse:
    """Where each seat starts its day: what waits, and where to go; a `latest` ranking comes before both.

    `waits`: what of the ledgers waits for it. `told`: `to_rate`, what the seat is asked to score, each with a `sheet`
    and what is `unanswered` of it; `calls`, selections that its township may apply for, each with the application there
    is; `begins`, the month whose reports wait for it to begin them; `figures`, what a department owes and checks;
    `windows`, in which declarations are taken, each with its `name`, its `state` and whether it is `open`;
    `to_answer`, publications that wait for its word, each with what it says of them; `due`, months of ledgers of which
    rows are lacking near or after the deadline; `todo_count`, how much in all.
    """
    if request.seat is None:
        return render(request, "townships/no_seat.html")
    if request.seat.role in HOME_OF:
        return redirect(HOME_OF[request.seat.role])
    if not request.seat.is_business:
        return render(request, "townships/no_duties.html")
    seat = request.seat
    waits = waits or waits_of(seat)
    context = {
        **NOTHING_TOLD,
        **told,
        "waits": waits.lines,
        "waiting": waits.verdicts,
        "may_hand_over": seat.may("hand_over", HandOver(county_id=seat.county_id)),
        "overview": overview_of(seat),
        "today": timezone.localdate(),
    }
    return render(request, "townships/home.html", context)


def overview_of(seat: Seat) -> list[tuple[Subject, list[tuple[Ledger, str, bool]]]]:
    """Each ledger of the menu with the totals of what this seat sees of it, and whether the seat may add; without
    those in which it neither sees nor adds anything."""
    subjects = [(subject, _standing(ledgers, seat)) for subject, ledgers in ledgers_by_subject()]
    return [(subject, lines) for subject, lines in subjects if lines]


def _standing(ledgers: Iterable[Ledger], seat: Seat) -> list[tuple[Ledger, str, bool]]:
    lines = [(ListQuery(ledger, QueryDict(), seat), seat.may("add", ledger.blank(seat))) for ledger in ledgers]
    return [(query.ledger, query.total_sentence, may) for query, may in lines if may or query.totals["count"]]


@require_POST
def choose_seat(request: HttpRequest) -> HttpResponse:
    seat = next((s for s in request.seats if str(s.pk) == request.POST.get("seat")), None)
    if seat is None:
        raise PermissionDenied("这个岗位不属于您，或已到期。")
    request.session[SESSION_KEY] = seat.pk
    messages.success(request, f"已切换到：{seat.title}。")
    return redirect("home")


def only(request: HttpRequest, *roles: Role) -> Seat:
    if request.seat is None or request.seat.role not in roles:
        raise PermissionDenied("您当前的身份不能打开这一页。")
    return request.seat


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    seat = only(request, Role.ADMIN)
    seats = (
        Seat.objects.current().in_county(seat.county_id).select_related("user", "unit").order_by("user__username", "pk")
    )
    return render(request, "townships/accounts.html", {"rows": seats})


@require_http_methods(["GET", "POST"])
def account_new(request: HttpRequest) -> HttpResponse:
    seat = only(request, Role.ADMIN)
    form = AccountForm(sent(request), county_id=seat.county_id)
    if request.method == "POST" and form.is_valid():
        try:
            with door(seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                user = open_account(writing, **form.account)
                give_seat(writing, user=user, **form.seat)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"已开设账号“{user.username}”（{user.full_name}），请本人首次登录后修改密码。")
            return redirect("accounts")
    return _account_page(request, form, "开设账号", "开设账号")


def _account_page(request: HttpRequest, form: TokenForm, title: str, button: str) -> HttpResponse:
    context = {"form": form, "title": title, "button": button}
    return render(request, "townships/account_form.html", context, status=422 if form.errors else 200)


def _person_or_404(admin: Seat, pk: int) -> User:
    return get_object_or_404(User.objects.filter(seats__county=admin.county_id).distinct(), pk=pk)


@require_http_methods(["GET", "POST"])
def password_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """A new password for somebody who forgot the old one."""
    seat = only(request, Role.ADMIN)
    user = _person_or_404(seat, pk)
    form = NewPasswordForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            with door(seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                reset_password(writing, user=user, password=form.cleaned_data["password"])
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"已重设{user}的密码，请告诉本人登录后修改。")
            return redirect("accounts")
    return _account_page(request, form, f"重设{user}的密码", "重设密码")


@require_http_methods(["GET", "POST"])
def seat_new(request: HttpRequest, pk: int) -> HttpResponse:
    seat = only(request, Role.ADMIN)
    user = _person_or_404(seat, pk)
    form = SeatForm(sent(request), county_id=seat.county_id)
    if request.method == "POST" and form.is_valid():
        try:
            with door(seat, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                given = give_seat(writing, user=user, **form.seat)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"已给{user}增加岗位：{given.title}。")
            return redirect("accounts")
    return _account_page(request, form, f"给{user}增加岗位", "增加岗位")


@require_http_methods(["GET", "POST"])
def seat_end(request: HttpRequest, code: str) -> HttpResponse:
    admin = only(request, Role.ADMIN)
    seat = get_object_or_404(
        Seat.objects.current().in_county(admin.county_id).select_related("user", "unit"), code=code
    )
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with door(admin, at=timezone.now(), token=form.cleaned_data["token"]) as writing:
                writing.void(seat, reason="收回岗位")
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, f"已收回{seat.label}。")
            return redirect("accounts")
    return render(
        request, "townships/seat_end.html", {"seat_to_end": seat, "form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def own_password(request: HttpRequest) -> HttpResponse:
    form = PasswordChangeForm(request.user, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.seat or person_of(request.user), at=timezone.now()) as writing:
                user = change_password(writing, user=request.user, password=form.cleaned_data["new_password1"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, "密码已修改，下次登录请用新密码。")
            return redirect("home")
    return render(request, "townships/password.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def audit_log(request: HttpRequest) -> HttpResponse:
    seat = only(request, Role.AUDITOR)
    kind = request.GET.get("kind", "")
    if kind not in LOG_KINDS:
        raise Http404("审计日志没有这一类记录。")
    entries = AuditEntry.objects.filter(LOG_KINDS[kind][1], county_id=seat.county_id).order_by("-pk")
    page = Paginator(entries, LOG_PAGE).get_page(request.GET.get("page"))
    kinds = [(name, label, name == kind) for name, (label, _) in LOG_KINDS.items()]
    context = {"page": page, "entries": [told(entry) for entry in page], "kinds": kinds}
    return render(request, "townships/audit_log.html", context)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"sentence": str(exception)}, status=403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Our own sentences are shown; what the framework says in English is for nobody here."""
    sentence = str(exception.args[0]) if exception.args else ""
    sentence = sentence if sentence.endswith("。") else ""
    return render(request, "404.html", {"sentence": sentence}, status=404)

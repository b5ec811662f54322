"""The seats under which people read and write, and what hands them on."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from townships.lineage import standing_for
from townships.models.disclosure import Audience, audiences_of
from townships.models.succession import UnitSuccession
from townships.models.units import CountyRecord, Unit, any_of, unique_code


class Role(models.TextChoices):
    COUNTY = "county", "县招商办"
    TOWNSHIP = "township", "乡镇"
    LEADER = "leader", "县领导"
    DEPARTMENT = "department", "部门"
    ADMIN = "admin", "系统管理员"
    AUDITOR = "auditor", "审计员"
    SECURITY = "security", "安全管理员"
    INSPECTOR = "inspector", "检查"


class Duty(models.TextChoices):
    ENTRY = "entry", "填报"
    REVIEW = "review", "审核"
    PUBLISH = "publish", "发布"


WHOLE_COUNTY = frozenset({Role.COUNTY, Role.LEADER, Role.INSPECTOR})
OWN_UNIT = frozenset({Role.TOWNSHIP, Role.DEPARTMENT})
BUSINESS = WHOLE_COUNTY | OWN_UNIT
TAKING_DOSSIERS = frozenset({Role.COUNTY, Role.INSPECTOR})
AUDIENCE_OF = {
    Role.LEADER: Audience.LEADER,
    Role.INSPECTOR: Audience.INSPECTOR,
    Role.TOWNSHIP: Audience.OTHERS,
    Role.DEPARTMENT: Audience.OTHERS,
}
"""As what a role reads a row that is not its unit's own."""
SUPPOSING = frozenset({Role.COUNTY, Role.LEADER})
"""Who may ask what a ranking would be if; what is supposed of other units is no business of theirs."""

DUTIES_FOR = {
    "add": {Duty.ENTRY},
    "change": {Duty.ENTRY},
    "void": {Duty.ENTRY},
    "import": {Duty.ENTRY},
    "verify": {Duty.REVIEW},
    "check_figures": {Duty.REVIEW},
    "close": {Duty.REVIEW},
    "ask_exception": {Duty.ENTRY},
    "set_targets": {Duty.ENTRY},
    "set_shares": {Duty.ENTRY},
    "succeed": {Duty.ENTRY},
    "word_forms": {Duty.ENTRY},
    "edit_metrics": {Duty.ENTRY},
    "edit_scheme": {Duty.ENTRY},
    "arrange_ratings": {Duty.ENTRY},
    "arrange_selection": {Duty.ENTRY},
    "apply": {Duty.ENTRY},
    "publish": {Duty.PUBLISH},
    "confirm": {Duty.REVIEW},
    "dispute": {Duty.ENTRY, Duty.REVIEW},
    "set_due_soon": {Duty.REVIEW},
    "set_deadlines": {Duty.ENTRY},
    "set_disclosure": {Duty.REVIEW},
    "raise_demand": {Duty.ENTRY},
    "leave_cultivation": {Duty.REVIEW},
}
"""action → the duties of which it takes one. Where a unit's people act, they act on their own unit's rows only."""

KEEPING_VIEWS = frozenset({"keep_view", "share_view"})
"""Views of a list are no business rows: who reads lists keeps views, whatever the duties."""

COUNTY_ONLY = frozenset(
    {
        "verify",
        "close",
        "set_targets",
        "set_shares",
        "succeed",
        "word_forms",
        "edit_metrics",
        "edit_scheme",
        "arrange_ratings",
        "arrange_selection",
        "publish",
        "set_due_soon",
        "set_deadlines",
        "set_disclosure",
        "leave_cultivation",
    }
)


def duties_told(duties: Iterable[str]) -> str:
    return "、".join(str(Duty(duty).label) for duty in duties)


class Seat(CountyRecord):
    """岗位: a role, its duties and a unit in one county, held by one person. All is read and written under one."""

    code_prefix = "GW"
    spoken_fields: ClassVar = {"duties": duties_told}

    user = models.ForeignKey("core.User", models.PROTECT, related_name="seats", verbose_name="人员")
    role = models.CharField("角色", max_length=12, choices=Role)
    duties = models.JSONField("职责", default=list, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name="单位")
    valid_until = models.DateField("有效期至", null=True, blank=True)

    class Meta:
        verbose_name = "岗位"
        constraints: ClassVar = unique_code(
            "seat",
            models.CheckConstraint(
                condition=~Q(role__in=sorted(OWN_UNIT)) | Q(unit__isnull=False),
                name="seat_has_unit",
                violation_error_message="乡镇和部门的岗位要选定单位。",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.INSPECTOR) | Q(valid_until__isnull=False),
                name="seat_inspector_ends",
                violation_error_message="检查岗位要填写有效期。",
            ),
        )

    def __str__(self):
        return self.label

    @property
    def title(self) -> str:
        where = self.unit.name if self.unit else self.get_role_display()
        return f"{where} {duties_told(self.duties)}".strip()

    @property
    def label(self) -> str:
        """张三（芦溪镇 填报）: how history names who did it, as things stood then."""
        return f"{self.user}（{self.title}）"

    @cached_property
    def stands_for(self) -> tuple[int, ...]:
        """The keys of its unit and of all that were merged into it: whose rows are its own today."""
        heirs = UnitSuccession.objects.heirs(self.county_id)
        return tuple(standing_for(heirs, self.unit_id)) if self.unit_id else ()

    @property
    def sees_county(self) -> bool:
        return self.role in WHOLE_COUNTY

    @property
    def supposes(self) -> bool:
        return self.role in SUPPOSING

    @property
    def is_business(self) -> bool:
        return self.role in BUSINESS

    def visible(self, rows: Any) -> Any:
        """Row scope, in this one place: for lists, details, choices, exports, imports, files and commands."""
        rows = rows.in_county(self.county_id)
        if self.role in WHOLE_COUNTY:
            return rows
        if self.role in OWN_UNIT and issubclass(rows.model, CountyRecord):
            return rows.filter(rows.model.seen_from(self))
        if self.role in OWN_UNIT and hasattr(rows.model, "seen_by"):
            return rows.filter(any_of(rows.model.seen_by, self.stands_for))
        return rows.none()

    def reads_every(self, kind: str) -> bool:
        """Whether what is withheld of that kind is open to this seat in whatever row it sees."""
        audience = AUDIENCE_OF.get(self.role)
        return self.role == Role.COUNTY or audience in audiences_of(self.county.disclosed, kind)

    def reads(self, kind: str, record: Any) -> bool:
        return self.reads_every(kind) or (self.role in OWN_UNIT and record.is_own(self.stands_for))

    def may(self, action: str, record: Any) -> bool:
        """Whether this seat may do that to this row (or, for `read`, to this kind of row)."""
        if action == "read":
            return self.is_business
        if action == "hand_over":
            return self._hands_over(record)
        if action == "account" or (isinstance(record, Seat) and action != "succeed"):
            return self.role == Role.ADMIN
        if action in KEEPING_VIEWS:
            return self._keeps_view(action, record)
        if action in getattr(record, "acts", ()):
            return record.county_id == self.county_id and record.opens(action, self)
        if action == "take_dossier":
            return self._takes_dossier(record)
        if action == "rate":
            return record.county_id == self.county_id and self.pk in record.named_seats()
        if not DUTIES_FOR[action].intersection(self.duties) or record.county_id != self.county_id:
            return False
        if getattr(record, "made_by", "") not in ("", action):
            return False
        if self.role == Role.COUNTY:
            return True
        return action not in COUNTY_ONLY and self.role in OWN_UNIT and self._is_own(action, record)

    def _keeps_view(self, action: str, view: Any) -> bool:
        """A person's views are that person's; what is shared, the county office looks after together."""
        if view.county_id != self.county_id or self.role not in BUSINESS - {Role.INSPECTOR}:
            return False
        office = self.role == Role.COUNTY
        return office if action == "share_view" else view.owner_id == self.user_id or (office and view.shared)

    def _hands_over(self, record: Any) -> bool:
        """The administrator anything; the office's reviewer what belongs to business, and no seat that watches it."""
        if record.county_id != self.county_id or self.role not in (Role.ADMIN, Role.COUNTY):
            return False
        watches = isinstance(record, Seat) and record.role not in BUSINESS - {Role.INSPECTOR}
        return self.role == Role.ADMIN or (Duty.REVIEW in self.duties and not watches)

    def _takes_dossier(self, record: CountyRecord) -> bool:
        """All that is kept about a project in one file: for the office, for inspections, and for who keeps it."""
        if record.county_id != self.county_id or not self.is_business:
            return False
        return self.role in TAKING_DOSSIERS or (not record.edited_by().isdisjoint(self.stands_for))

    def _is_own(self, action: str, record: Any) -> bool:
        if not isinstance(record, CountyRecord):
            return record.unit_id in self.stands_for
        units = record.edited_by()
        begins = action in ("add", "import") and (record.shared or None in units)
        return begins or not units.isdisjoint(self.stands_for)


class HandOver(CountyRecord):
    """移交: all that was open in one person's hands, given to another in one act, as the printed list says it.

    `items`: [{"title", "name", "note", "moved"}, …], as it stood then; what is not `moved` goes with the seat by
    itself.
    """

    code_prefix = "YJ"
    made_by = "hand_over"
    quiet_fields: ClassVar[frozenset[str]] = frozenset({"items"})

    giver = models.ForeignKey("core.User", models.PROTECT, related_name="+", verbose_name="移交人")
    receiver = models.ForeignKey("core.User", models.PROTECT, related_name="+", verbose_name="接收人")
    witness = models.CharField("监交人", max_length=50)
    on = models.DateField("移交日期")
    reason = models.CharField("移交原因", max_length=200)
    document = models.CharField("依据文件", max_length=100, blank=True)
    seats = models.CharField("移交的岗位", max_length=500, blank=True)
    items = models.JSONField("移交事项", default=list, blank=True)

    class Meta:
        verbose_name = "移交"
        constraints: ClassVar = unique_code(
            "handover",
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")),
                name="handover_to_another",
                violation_error_message="接收人不能是移交人本人。",
            ),
        )

    def __str__(self):
        return f"{self.giver}向{self.receiver}的移交"

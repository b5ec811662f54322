"""一项目一档: all that is kept about a project, as one zip: a workbook with an index, and the files behind it.

What belongs into it is a table of sections. A ledger of rows that hang on a project joins by
`file_section(of_ledger("key", "标题"))`; its rows, its verdicts and its files follow from its declaration.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from io import BytesIO
from typing import Any

from django.db.models import Q
from django.utils import timezone

from core.archives import Packed, file_name, folder_name
from core.audit_trail import history_of
from core.files import opened, path_of
from core.ledgers.exporting import out_column
from core.ledgers.ledger import ledger_for
from core.models import Evidence
from core.records import Record
from core.spreadsheet.writing import OutColumn, OutTable, write_table, write_tables
from projects.models import Project, ProjectLeader, ProjectShare

MOST_TOLD = 10_000
"""Lines of a project's history; more than a life of one brings."""
READ_AT_ONCE = 256 * 1024
WORKBOOK = "目录.xlsx"
WITHHELD = "按本县的栏目可见范围不提供"
GONE = "文件内容已不在服务器上，请联系系统管理员从备份中恢复"


@dataclass(frozen=True)
class Section:
    """One sheet. `records` finds the rows as one seat may see them, `cells` writes one as it reads it; a ledger's are
    the ones with verdicts and files."""

    title: str
    columns: Callable[[], Sequence[OutColumn]]
    records: Callable[[Project, Any], Iterable[Any]]
    cells: Callable[[Any, Any], Sequence[object]]
    ledger: str = ""


def columns(*named: tuple[Any, ...]) -> Callable[[], list[OutColumn]]:
    """(header, kind, width) of each."""
    return lambda: [OutColumn(*given) for given in named]


def of_ledger(key: str, title: str) -> Section:
    """The rows of that ledger whose `project` it is, with the columns of its export."""

    def kept() -> list[Any]:
        return [column for column in ledger_for(key).export_columns if column.name not in ("project", "township")]

    return Section(
        title,
        lambda: [OutColumn("编号", width=14), *(out_column(column) for column in kept())],
        lambda project, seat: _of_project(key, project, seat),
        lambda row, seat: [row.code, *(ledger_for(key).export(column, row, seat) for column in kept())],
        ledger=key,
    )


def _of_project(key: str, project: Project, seat: Any) -> Iterable[Any]:
    ledger = ledger_for(key)
    return ledger.with_display(ledger.rows(seat).filter(project=project)).order_by("code")


def _facts(project: Project, seat: Any) -> list[tuple[str, str]]:
    return [("项目编号", project.code), *ledger_for("projects").facts(project, seat)]


def _shares(project: Project, seat: Any) -> Iterable[ProjectShare]:
    return ProjectShare.objects.current().visible_to(seat).filter(project=project).select_related("unit").in_order()


def _leaders(project: Project, seat: Any) -> Iterable[ProjectLeader]:
    return ProjectLeader.objects.current().visible_to(seat).filter(project=project).in_order()


FACTS = Section("基本情况", columns(("项目", "text", 20), ("内容", "text", 80)), _facts, lambda fact, seat: fact)
SHARES = Section(
    "分成",
    columns(
        ("单位", "text", 24),
        ("贡献", "text", 10),
        ("份额", "rate", 10),
        ("口径", "text", 12),
        ("期间", "text", 32),
    ),
    _shares,
    lambda row, seat: [row.unit.name, row.get_role_display(), row.percent / 10_000, row.get_scope_display(), row.when],
)
LEADERS = Section(
    "领导联系",
    columns(
        ("类别", "text", 16), ("姓名", "text", 12), ("职务", "text", 24), ("期间", "text", 44), ("依据", "text", 30)
    ),
    _leaders,
    lambda row, seat: [row.get_kind_display(), row.name, row.post, row.when, row.document],
)
HISTORY = Section(
    "历史",
    columns(
        ("时间", "text", 18),
        ("操作人", "text", 28),
        ("做了什么", "text", 40),
        ("内容", "text", 60),
        ("说明", "text", 30),
    ),
    lambda project, seat: history_of(project, seat, most=MOST_TOLD),
    lambda told, seat: [_moment(told.at), told.actor, told.sentence, "；".join(told.details), told.reason],
)
VERDICTS = columns(
    ("类别", "text", 12),
    ("编号", "text", 14),
    ("记录", "text", 40),
    ("认定状态", "text", 12),
    ("填报数（万元）", "amount", 16),
    ("认定数（万元）", "amount", 16),
    ("认定身份", "text", 28),
    ("认定日期", "date", 12),
    ("认定意见", "text", 50),
    ("归属期", "text", 14),
)
INDEX = columns(
    ("序号", "integer", 6),
    ("类别", "text", 10),
    ("记录", "text", 28),
    ("材料", "text", 16),
    ("档案中的文件名", "text", 36),
    ("原文件名", "text", 24),
    ("大小（字节）", "integer", 12),
    ("提交人", "text", 20),
    ("提交时间", "text", 16),
    ("备注", "text", 14),
    ("校验码（SHA-256）", "text", 34),
)

OPENING: list[Section] = [
    FACTS,
    of_ledger("agreements", "合同"),
    of_ledger("milestones", "节点"),
    of_ledger("arrivals", "到位资金"),
]
CLOSING: list[Section] = [SHARES, LEADERS, HISTORY]
_FURTHER: list[Section] = []


def file_section(section: Section) -> None:
    """What a later ledger adds to every project's file, after those that are there."""
    if section.title not in {known.title for known in sections()}:
        _FURTHER.append(section)


def sections() -> list[Section]:
    return [*OPENING, *_FURTHER, *CLOSING]


@dataclass
class Paper:
    """A file of the dossier: which record it proves something about, and what it is called in the zip."""

    number: int
    digits: int
    section: str
    about: str
    evidence: Evidence
    withheld: bool

    @cached_property
    def name(self) -> str:
        return file_name(self.number, self.digits, self.section, self.evidence.slot, original=self.evidence.name)

    @cached_property
    def missing(self) -> str:
        """Why the zip does not hold it; empty where it does."""
        if self.withheld:
            return WITHHELD
        return "" if path_of(self.evidence.file.sha256).exists() else GONE

    @property
    def cells(self) -> list[object]:
        kept = self.evidence
        at, size, name = _moment(kept.entered_at), kept.file.size, "" if self.missing else self.name
        told = [kept.slot, name, kept.name, size, kept.entered_as, at, self.missing, kept.file.sha256]
        return [self.number, self.section, self.about, *told]

    def chunks(self) -> Iterator[bytes]:
        with opened(self.evidence.file, self.evidence.name) as content:
            yield from iter(lambda: content.read(READ_AT_ONCE), b"")


@dataclass
class Dossier:
    """One project's file as one seat may see it; asked of the database when its turn comes."""

    project: Project
    seat: Any
    rows: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sections = sections()
        self.rows = {section.title: list(section.records(self.project, self.seat)) for section in self.sections}

    @property
    def folder(self) -> str:
        return folder_name(self.project.code, self.project.name)

    @property
    def judged(self) -> list[tuple[Section, Record]]:
        """Every row of a ledger that is verified."""
        kept = [section for section in self.sections if section.ledger and ledger_for(section.ledger).verifiable]
        return [(section, row) for section in kept for row in self.rows[section.title]]

    @cached_property
    def papers(self) -> list[Paper]:
        """The project's own files first, then section by section, in the order in which they came."""
        about = {("projects", self.project.pk): (0, FACTS.title, str(self.project), self.project)}
        for place, section in enumerate(self.sections, 1):
            for row in self.rows[section.title] if section.ledger else ():
                about[section.ledger, row.pk] = (place, section.title, f"{row}（{row.code}）", row)
        found = [(about[kept.ledger, kept.record_id], kept) for kept in self._evidence(about)]
        found.sort(key=lambda pair: (pair[0][0], pair[1].pk))
        digits = max(2, len(str(len(found))))
        return [
            Paper(n, digits, title, what, kept, ledger_for(kept.ledger).withholds_paper(kept.slot, row, self.seat))
            for n, ((_, title, what, row), kept) in enumerate(found, 1)
        ]

    def _evidence(self, about: Iterable[tuple[str, int]]) -> Iterable[Evidence]:
        proved: dict[str, list[int]] = {}
        for ledger, record_id in about:
            proved.setdefault(ledger, []).append(record_id)
        asked = Q()
        for ledger, record_ids in proved.items():
            asked |= Q(ledger=ledger, record_id__in=record_ids)
        return Evidence.objects.current().in_county(self.project.county_id).filter(asked).select_related("file")

    def workbook(self, at: datetime) -> bytes:
        caption = (f"{self.project}（{self.project.code}），{self.seat.label}于{_moment(at)}调取",)
        stream = BytesIO()
        tables = [OutTable("目录", INDEX(), [paper.cells for paper in self.papers], caption), *self._sheets(caption)]
        write_tables(stream, tables, made_at=timezone.localtime(at))
        return stream.getvalue()

    def _sheets(self, caption: tuple[str, ...]) -> Iterator[OutTable]:
        """The verdicts stand after the ledgers that they are about."""
        for section in self.sections:
            if section is CLOSING[0]:
                yield OutTable("认定意见", VERDICTS(), [_verdict(part, row) for part, row in self.judged], caption)
            cells = [section.cells(row, self.seat) for row in self.rows[section.title]]
            yield OutTable(section.title, section.columns(), cells, caption)

    def files(self, at: datetime, folder: str = "") -> Iterator[Packed]:
        yield Packed(f"{folder}{WORKBOOK}", lambda: [self.workbook(at)])
        for paper in self.papers:
            if not paper.missing:
                yield Packed(f"{folder}{paper.name}", paper.chunks)


def _verdict(section: Section, row: Any) -> list[object]:
    amounts = [getattr(row, "claimed", None), getattr(row, "verified_amount", None)]
    told = [row.verified_as, row.verified_on, row.verdict_note, row.counted_label]
    return [section.title, row.code, str(row), row.get_verdict_display(), *amounts, *told]


def dossiers(projects: Iterable[Project], seat: Any, at: datetime) -> Iterator[Packed]:
    """A folder for each project, one project at a time; at the end a table of what there is."""
    listed: list[list[object]] = []
    for project in projects:
        dossier = Dossier(project, seat)
        yield from dossier.files(at, f"{dossier.folder}/")
        listed.append([len(listed) + 1, project.code, project.name, project.landing_unit.name, len(dossier.papers)])
        listed[-1].append(dossier.folder)
    yield Packed("总目录.xlsx", lambda: [_list_of(listed, seat, at)])


LISTED = columns(
    ("序号", "integer", 8),
    ("项目编号", "text", 16),
    ("项目名称", "text", 40),
    ("落户乡镇", "text", 16),
    ("材料份数", "integer", 10),
    ("文件夹", "text", 60),
)


def _list_of(listed: Sequence[Sequence[object]], seat: Any, at: datetime) -> bytes:
    stream = BytesIO()
    captions = (f"共{len(listed)}个项目，{seat.label}于{_moment(at)}调取",)
    write_table(stream, "总目录", LISTED(), listed, made_at=timezone.localtime(at), caption_lines=captions)
    return stream.getvalue()


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"

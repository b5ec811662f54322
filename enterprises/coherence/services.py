"""Acts on questions; each takes the open door first. None of them touches a figure."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from core.files import store
from core.models import Evidence
from core.periods import month_label
from core.write import Door, Refused
from enterprises.coherence.loading import firms_of
from enterprises.coherence.models import CoherenceQuestion, CoherenceRule, kept
from enterprises.coherence.rules import Finding, findings
from enterprises.coherence.series import SELF, earlier
from enterprises.coherence.steps import ASK, RULES, Act, Outcome, Stage, permission
from enterprises.models import Enterprise
from townships.models import PLACES, Unit

LEDGER = "coherence_questions"
SLOT = "佐证材料"


@dataclass(frozen=True)
class Asked:
    """What a run over one month did."""

    month: date
    new: int
    again: int
    settled: int

    def __str__(self) -> str:
        told = f"{month_label(self.month)}：新提出{self.new}个疑点"
        settled = f"，{self.settled}个因数据变动不再出现" if self.settled else ""
        again = f"，{self.again}个数据又变动、重新出现" if self.again else ""
        return f"{told}{settled}{again}。"


# -- rules -----------------------------------------------------------------------------------------


def shipped_rules() -> list[dict[str, Any]]:
    """The rules that come with the product; the keys are the model's fields."""
    path = settings.BASE_DIR / "fixtures" / "coherence-rules.json"
    return json.loads(path.read_text(encoding="utf-8"), parse_int=Decimal)


def take_over_rules(writing: Door) -> list[CoherenceRule]:
    """Those that the county never had; one that was voided stays away."""
    known = CoherenceRule.objects.in_county(writing.actor.county_id).values_list("key", "name")
    taken = {word for pair in known for word in pair}
    rows = [row for row in shipped_rules() if not taken.intersection((row["key"], row["name"]))]
    return writing.add_many([CoherenceRule(**_whole(row)) for row in rows])


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    counts = {name: int(row[name]) for name in ("months", "rest") if name in row}
    return {**row, **counts}


def rules_of(county_id: int) -> list[CoherenceRule]:
    return list(CoherenceRule.objects.current().in_county(county_id).filter(active=True).order_by("code"))


# -- asking ----------------------------------------------------------------------------------------


def ask_month(writing: Door, *, month: date, deadline: date | None = None) -> Asked:
    """Ask what that month's figures give rise to; a second run asks nothing twice.

    With `deadline` the questions on enterprises' own reports go to their townships at once; those on department
    figures wait for the office. Raises Refused for a month not yet begun.
    """
    county_id, day = writing.actor.county_id, today(writing)
    if month > day:
        raise Refused({"month": "这个月还没有到，请选择已经过去的月份。"})
    if deadline and deadline < day:
        raise Refused({"deadline": "答复期限不能早于今天。"})
    rules = {str(rule.pk): rule for rule in rules_of(county_id)}
    found = findings(firms_of(county_id, month), [rule.terms for rule in rules.values()], month)
    known = {(row.enterprise_id, row.rule_id): row for row in _of_month(county_id, month)}
    asked_now = {key: row for key, row in known.items() if str(row.rule_id) in rules}
    resting = _resting(county_id, month, rules.values())
    fresh = [
        one for one in found if (one.firm, int(one.rule)) not in known and (one.firm, int(one.rule)) not in resting
    ]
    _add(writing, fresh, rules, month, deadline)
    standing = {(one.firm, int(one.rule)) for one in found}
    again, settled = _settle(writing, asked_now, standing)
    return Asked(month, len(fresh), again, settled)


def _of_month(county_id: int, month: date) -> list[CoherenceQuestion]:
    rows = CoherenceQuestion.objects.current().in_county(county_id).filter(month=month)
    return list(rows.select_related("enterprise", "rule").order_by("pk"))


def _resting(county_id: int, month: date, rules: Iterable[CoherenceRule]) -> set[tuple[int, int]]:
    """Enterprise and rule that were asked within the rule's rest before this month."""
    since = {rule.pk: earlier(month, rule.rest) for rule in rules if rule.rest}
    if not since:
        return set()
    rows = CoherenceQuestion.objects.current().in_county(county_id)
    rows = rows.filter(rule__in=since, month__gte=min(since.values()), month__lt=month).order_by()
    return {(firm, rule) for firm, rule, at in rows.values_list("enterprise", "rule", "month") if at >= since[rule]}


def _add(
    writing: Door, found: Sequence[Finding], rules: dict[str, CoherenceRule], month: date, deadline: date | None
) -> None:
    firms = Enterprise.objects.in_county(writing.actor.county_id).select_related("township")
    firms = firms.in_bulk([one.firm for one in found])
    rows = [_question(writing, one, rules[one.rule], firms[one.firm], month, deadline) for one in found]
    writing.add_many(rows, permission=ASK)


def _question(
    writing: Door, found: Finding, rule: CoherenceRule, firm: Enterprise, month: date, deadline: date | None
) -> CoherenceQuestion:
    secret = found.origins != {SELF}
    given = {"responsible": firm.township, "deadline": deadline, "stage": Stage.ASKED} if deadline else {}
    return CoherenceQuestion(
        enterprise=firm,
        month=month,
        rule=rule,
        sentence=found.sentence,
        seen=as_seen(found),
        from_departments=secret,
        asked_on=today(writing),
        **({} if secret else given),
    )


def as_seen(found: Finding) -> dict[str, Any]:
    """The two series as JSON keeps them."""
    lines = [{"figure": one.figure, "origin": one.origin, "values": kept(one.values)} for one in found.lines]
    return {"months": [f"{month:%Y-%m}" for month in found.months], "lines": lines}


def _settle(
    writing: Door, known: dict[tuple[int, int], CoherenceQuestion], standing: set[tuple[int, int]]
) -> tuple[int, int]:
    """Tell the open questions of rules that ran whether the figures still raise them: (again, settled)."""
    unclosed = {key: row for key, row in known.items() if row.stage != Stage.CLOSED}
    again = [row for key, row in unclosed.items() if row.settled_on and key in standing]
    gone = [row for key, row in unclosed.items() if not row.settled_on and key not in standing]
    writing.change_many(again, action="重新出现", permission=ASK, settled_on=None)
    writing.change_many(gone, action="不再出现", permission=ASK, settled_on=today(writing))
    return len(again), len(gone)


def would_ask(county_id: int, month: date, rule: CoherenceRule, **limits: Any) -> list[Finding]:
    """What this rule, with other limits, finds in that month; nothing is kept."""
    terms = replace(rule.terms, **limits)
    return findings(firms_of(county_id, month), [terms], month)


# -- answering -------------------------------------------------------------------------------------


def assign(
    writing: Door, *, question: CoherenceQuestion, responsible: Unit, deadline: date, version: int | None = None
) -> CoherenceQuestion:
    """交办 to a unit; what rests on department figures goes to no township."""
    _open(writing, question, Act.ASSIGN)
    if question.from_departments and responsible.kind in PLACES:
        raise Refused({"responsible": "这个疑点用到了部门数据，不能交给乡镇，请交给有关部门，或者由县招商办直接答复。"})
    if deadline < today(writing):
        raise Refused({"deadline": "答复期限不能早于今天。"})
    place = question.enterprise.township_id
    if responsible.kind in PLACES and responsible.pk != place:
        raise Refused({"responsible": f"“{question.enterprise}”在{question.enterprise.township}，不能交给别的乡镇。"})
    return _move(writing, question, Act.ASSIGN, version, responsible=responsible, deadline=deadline)


def answer(writing: Door, *, question: CoherenceQuestion, text: str, version: int | None = None) -> CoherenceQuestion:
    """答复 in words. A wrong figure is put right where it was entered, by whoever entered it."""
    _open(writing, question, Act.ANSWER)
    told = {"answer": text.strip(), "answered_on": today(writing), "answered_by_id": writing.actor.user_id}
    return _move(writing, question, Act.ANSWER, version, **told)


def send_back(
    writing: Door, *, question: CoherenceQuestion, text: str, version: int | None = None
) -> CoherenceQuestion:
    """退回 with a reason; who answered without having been asked keeps nothing to answer by."""
    _open(writing, question, Act.RETURN)
    _somebody_else(writing, question)
    leads_to = Stage.ASKED if question.responsible_id else Stage.OPEN
    back = {"answered_on": None, "answered_by": None, "opinion": text.strip(), "stage": leads_to}
    return _move(writing, question, Act.RETURN, version, **back)


def close(
    writing: Door, *, question: CoherenceQuestion, outcome: str, text: str = "", version: int | None = None
) -> CoherenceQuestion:
    """核结 by somebody else, as 属实, 已更正 or 误报."""
    _open(writing, question, Act.CLOSE)
    _somebody_else(writing, question)
    if outcome not in Outcome.values:
        raise Refused({"outcome": "请选择核实结果。"})
    closed = {"closed_on": today(writing), "closed_by_id": writing.actor.user_id}
    return _move(writing, question, Act.CLOSE, version, outcome=outcome, opinion=text.strip(), **closed)


def keep_paper(writing: Door, *, question: CoherenceQuestion, chunks: Iterable[bytes], name: str) -> Evidence:
    """Evidence by whoever answers; that they may, the act that brings it has asked."""
    stored = store(chunks, name=name, at=writing.at)
    paper = Evidence(
        unit_id=writing.actor.unit_id, ledger=LEDGER, record_id=question.pk, slot=SLOT, name=name[:200], file=stored
    )
    return writing.add(paper)


def today(writing: Door) -> date:
    return timezone.localdate(writing.at)


def _open(writing: Door, question: CoherenceQuestion, act: Act) -> None:
    if question.stage not in RULES[act].at:
        raise Refused(f"这个疑点现在是“{question.get_stage_display()}”，不能{act.label}。")
    if not writing.actor.may(permission(act), question):
        raise Refused(f"您当前的身份（{writing.actor.label}）不能对这个疑点{act.label}。")


def _somebody_else(writing: Door, question: CoherenceQuestion) -> None:
    if writing.actor.user_id is not None and writing.actor.user_id == question.answered_by_id:
        raise Refused("这个疑点是您本人答复的，请由另一位同事办理。")


def _move(
    writing: Door, question: CoherenceQuestion, act: Act, version: int | None, **values: Any
) -> CoherenceQuestion:
    moved = {"stage": RULES[act].leads_to, **values}
    return writing.change(question, version=version, action=act.label, permission=permission(act), **moved)

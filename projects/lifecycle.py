"""The life of a project as a table: which steps there are, in which order, and what each one needs.

Sources: the county's own words (签约、落地、审批、开工、推进、投产), and the evidence lists that county rules name.
"""

from dataclasses import dataclass

from django.db import models


class Step(models.TextChoices):
    LEAD = "lead", "线索"
    TALKS = "talks", "在谈"
    SIGNING = "signing", "签约"
    LANDING = "landing", "落地"
    APPROVAL = "approval", "审批"
    START = "start", "开工"
    COMPLETION = "completion", "竣工"
    PRODUCTION = "production", "投产"
    FULL_OUTPUT = "full_output", "达产"
    HALTED = "halted", "停滞"
    RESUMED = "resumed", "恢复"
    ENDED = "ended", "终止"


class Status(models.TextChoices):
    """正常, 停滞 or 终止, as the last change of status left it."""

    NORMAL = "resumed", "正常"
    HALTED = "halted", "停滞"
    ENDED = "ended", "终止"


@dataclass(frozen=True)
class StepRule:
    """What a step needs before it can be accepted: fields of the project, and kinds of evidence."""

    is_stage: bool = True
    fields: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    needs_reason: bool = False


STEPS: dict[Step, StepRule] = {
    Step.LEAD: StepRule(),
    Step.TALKS: StepRule(fields=("investor",)),
    Step.SIGNING: StepRule(fields=("investor", "origin"), evidence=("协议扫描件",)),
    Step.LANDING: StepRule(fields=("content",), evidence=("营业执照",)),
    Step.APPROVAL: StepRule(fields=("approval_code", "industry"), evidence=("备案或批复文件",)),
    Step.START: StepRule(fields=("township_leader",), evidence=("现场照片", "施工许可证或施工合同")),
    Step.COMPLETION: StepRule(evidence=("竣工验收材料",)),
    Step.PRODUCTION: StepRule(evidence=("投产照片", "首张销售发票或纳税凭证")),
    Step.FULL_OUTPUT: StepRule(evidence=("报表",)),
    Step.HALTED: StepRule(is_stage=False, needs_reason=True),
    Step.RESUMED: StepRule(is_stage=False),
    Step.ENDED: StepRule(is_stage=False, needs_reason=True, evidence=("终止协议或情况说明",)),
}


def stage_steps() -> list[str]:
    return [step.value for step, rule in STEPS.items() if rule.is_stage]


def status_steps() -> list[str]:
    return [step.value for step, rule in STEPS.items() if not rule.is_stage]


def next_step(stage: str | None) -> Step | None:
    """The step after this one; None after the last."""
    steps = stage_steps()
    index = steps.index(stage) + 1 if stage else 0
    return Step(steps[index]) if index < len(steps) else None


def skipped(stage: str | None, step: Step) -> list[Step]:
    """The steps passed over when a project goes from `stage` to `step`: allowed, with a reason."""
    steps = stage_steps()
    if step.value not in steps:
        return []
    begin = steps.index(stage) + 1 if stage else steps.index(Step.SIGNING.value)
    return [Step(s) for s in steps[begin : steps.index(step.value)]]


def evidence_slots() -> tuple[str, ...]:
    return tuple(dict.fromkeys(slot for rule in STEPS.values() for slot in rule.evidence))

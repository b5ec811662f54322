"""项目节点: the dated steps of a project's life, halts and endings among them."""

from core.ledgers.columns import Column
from core.ledgers.filters import ListOfChoices
from core.ledgers.kinds import Choice, Happened
from projects import services
from projects.ledgers.of_project import PROJECT, TOWNSHIP, OfProjectLedger
from projects.lifecycle import Step, evidence_slots
from projects.models import Milestone, Project
from townships.deadlines.timing import LATE_DAYS
from townships.ledgers import COUNTED, HAPPENED, LATE, VERDICT


class MilestoneLedger(OfProjectLedger):
    key, name, noun, measure = "milestones", "项目节点", "节点", "个"
    model = Milestone
    evidence_slots = evidence_slots()
    purpose = "开工、竣工、投产等每个节点记一行，停滞和终止也在这里登记并写明原因。"
    columns = (
        PROJECT,
        TOWNSHIP,
        Column("step", "节点", Choice(choices=tuple(Step.choices)), order="step", required=True, group="节点"),
        Column(
            "happened",
            "发生日期",
            Happened(),
            reads=HAPPENED,
            order="happened_on",
            required=True,
            group="节点",
            help="以实际发生为准，例如开工以主体实质性施工为准，平场不算。",
        ),
        Column("source", "来源部门", group="节点", in_list=False, help="哪个部门认可的日期，例如发改、经信。"),
        Column("reason", "原因", group="节点", in_list=False, help="停滞、终止，或跳过中间节点时填写。"),
        VERDICT,
        COUNTED,
        LATE,
        LATE_DAYS,
    )

    def filters(self):
        return {"step": ListOfChoices(field_name="step", label="节点", choices=Step.choices), **super().filters()}

    def add(self, writing, values):
        project = Project.objects.as_of().get(pk=values["project"].pk)
        given = {k: v for k, v in values.items() if k not in ("project", "step", "happened") and v is not None}
        step = Step(values["step"])
        return services.record_milestone(
            writing, project=project, step=step, happened=values["happened"], stage=project.stage, **given
        )

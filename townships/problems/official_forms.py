"""官方表样 of problems: 问题销号台账."""

from core.ledgers.official_forms import FormField, OfficialForm, declared

PROBLEMS = declared(
    OfficialForm(
        key="problems",
        name="问题销号台账",
        title="{县}问题交办销号台账",
        fields=(
            FormField("title", width=22),
            FormField("subject", width=18),
            FormField("township", width=10),
            FormField("topic", width=8),
            FormField("description", width=27),
            FormField("source", "类别", "来源", 12),
            FormField("raised_on", "提出日期", "来源", 11),
            FormField("document", "文号", "交办", 16),
            FormField("assigned_on", "日期", "交办", 11),
            FormField("responsible", "责任单位", "交办", 12),
            FormField("leader", "责任领导", "交办", 8),
            FormField("cooperating", "配合单位", "交办", 12),
            FormField("deadline", "期限", "交办", 11),
            FormField("told", "情况", "办理", 26),
            FormField("stage", "阶段", "办理", 8),
            FormField("light", "亮灯", "办理", 8),
            FormField("closed_on", "日期", "销号", 11),
            FormField("closed_by", "销号人", "销号", 8),
        ),
        unit="件",
    )
)

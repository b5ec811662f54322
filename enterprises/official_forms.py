"""官方表样 of enterprises: 四上培育台账."""

from core.ledgers.official_forms import FormField, OfficialForm, declared

CULTIVATION = declared(
    OfficialForm(
        key="enterprises",
        name="四上培育台账",
        title="{县}四上企业培育台账",
        fields=(
            FormField("name", width=30),
            FormField("uscc", width=22),
            FormField("township"),
            FormField("industry", width=22),
            FormField("registered_on", "登记日期", "登记", 14),
            FormField("registered_capital", "注册资本", "登记", 14, summed=True),
            FormField("status", "登记状态", "登记"),
            FormField("scale_group", "四上类别", "入库", 18),
            FormField("listing", "在库情况", "入库"),
            FormField("remark", width=24),
        ),
    )
)

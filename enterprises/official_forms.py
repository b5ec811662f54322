"""官方表样 of enterprises: 四上培育台账."""

from core.ledgers.official_forms import FormField, OfficialForm, declared

CULTIVATION = declared(
    OfficialForm(
        key="cultivation",
        name="四上培育台账",
        title="{县}四上企业培育台账",
        fields=(
            FormField("enterprise", "企业名称", width=30),
            FormField("township", "所在乡镇"),
            FormField("industry", width=20),
            FormField("rolling", "近12个月", "营业收入", 14, summed=True),
            FormField("line", "入库标准", "营业收入", 12),
            FormField("rate", "达到标准", "营业收入", 11),
            FormField("gap", "本年还差", "营业收入", 12, summed=True),
            FormField("monthly", "月均需", "营业收入", 11),
            FormField("tier", "梯次", "培育", 11),
            FormField("standing", "状态", "培育", 12),
            FormField("liaison", "对接人", "培育", 11),
            FormField("liaison_unit", "单位", "培育", 16),
            FormField("measures", "一企一策", "培育", 40),
            FormField("remark", width=16),
        ),
    )
)

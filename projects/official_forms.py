"""官方表样 of floor 3: 项目台账, 到位资金明细, 固投入库台账, 专项资金台账 and what became of it."""

from core.ledgers.official_forms import FormField, OfficialForm, declared

PROJECTS = declared(
    OfficialForm(
        key="projects",
        name="项目台账",
        title="{县}招商引资项目台账",
        fields=(
            FormField("name", width=24),
            FormField("landing_unit"),
            FormField("responsible_unit"),
            FormField("investor", "名称", "投资方", 18),
            FormField("investor_place", "来源地", "投资方", 10),
            FormField("local_industry", width=10),
            FormField("content", width=26),
            FormField("signed", "时间", "签约", 12),
            FormField("contract", "类型", "签约", 9),
            FormField("signing_verdict", "认定", "签约", 8),
            FormField("total_investment", "总投资", "投资", 13, summed=True),
            FormField("fixed_assets", "固定资产投资", "投资", 13, summed=True),
            FormField("introduced", "协议引资额", "投资", 13, summed=True),
            FormField("stage", width=8),
            FormField("county_leader", width=10),
            FormField("township_leader", width=10),
            FormField("progress", width=18),
            FormField("remark", width=12),
        ),
    )
)

ARRIVALS = declared(
    OfficialForm(
        key="arrivals",
        name="到位资金明细",
        title="{县}招商引资项目到位资金明细表",
        compared=True,
        fields=(
            FormField("project", width=30),
            FormField("township"),
            FormField("month"),
            FormField("amount", "填报数", "到位资金", 14, summed=True),
            FormField("verified_amount", "认定数", "到位资金", 14, summed=True),
            FormField("nature"),
            FormField("origin"),
            FormField("voucher_kind", "种类", "凭证"),
            FormField("voucher_issuer", "出具单位", "凭证", 22),
            FormField("voucher_number", "凭证号", "凭证", 20),
            FormField("voucher_amount", "金额", "凭证", 14),
            FormField("verdict"),
            FormField("remark", width=22),
        ),
    )
)

INVESTMENTS = declared(
    OfficialForm(
        key="investments",
        name="固投入库台账",
        title="{县}固定资产投资项目入库台账",
        fields=(
            FormField("name", width=28),
            FormField("unit"),
            FormField("contract", width=22),
            FormField("planned", width=13, summed=True),
            FormField("track", width=14),
            FormField("started_on", width=12),
            FormField("approval_number", "文号", "立项", 18),
            FormField("approved_on", "日期", "立项", 12),
            FormField("library_code", "编码", "入库", 16),
            FormField("state", "情况", "入库", 12),
            FormField("listed_on", "日期", "入库", 12),
            FormField("last_month", "最近月份", "填报数", 12),
            FormField("reported", "累计", "填报数", 13, summed=True),
            FormField("lacking", width=28),
            FormField("remark", width=12),
        ),
    )
)

FUNDING = declared(
    OfficialForm(
        key="funding_documents",
        name="专项资金台账",
        title="{县}专项资金台账",
        fields=(
            FormField("number", "文号", "资金文件", 24),
            FormField("batch_name", "批次", "资金文件", 14),
            FormField("title", "文件名称", "资金文件", 30),
            FormField("issued_on", "下达日期", "资金文件", 12),
            FormField("kind", width=18),
            FormField("department", width=14),
            FormField("purpose", width=24),
            FormField("total", "下达总额", "资金", 14, summed=True),
            FormField("allocated", "已分配", "资金", 14, summed=True),
            FormField("paid", "已拨付", "资金", 14, summed=True),
            FormField("unpaid", "未拨付", "资金", 14, summed=True),
            FormField("arrival_rate", "到位率\n（已拨付÷下达）", "进度", 14),
            FormField("payment_rate", "支付率\n（已拨付÷分配）", "进度", 14),
            FormField("remark", width=16),
        ),
        apart="kind",
    )
)

ALLOCATIONS = declared(
    OfficialForm(
        key="allocations",
        name="专项资金分配拨付表",
        title="{县}专项资金分配拨付表",
        fields=(
            FormField("document", "文号", "资金来源", 26),
            FormField("kind", "类别", "资金来源", 18),
            FormField("unit", width=14),
            FormField("project", width=28),
            FormField("purpose", width=24),
            FormField("allocated_on", "日期", "分配", 12),
            FormField("amount", "金额", "分配", 14, summed=True),
            FormField("paid_then", "已拨付", "拨付", 14, summed=True),
            FormField("payment_rate", "支付率\n（已拨付÷分配）", "拨付", 14),
            FormField("aging", "账龄", "拨付", 12),
            FormField("remark", width=16),
        ),
        apart="kind",
    )
)

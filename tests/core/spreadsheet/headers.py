from core.spreadsheet.reading import HeaderIndex

PROJECTS = HeaderIndex(
    aliases={
        "name": ["项目名称", "名称"],
        "investor": ["投资方", "投资方/名称", "投资企业"],
        "origin": ["来源地", "投资方/来源地"],
        "industry": ["所属产业"],
        "township": ["落户乡镇", "建设地点"],
        "total": ["总投资", "协议总投资"],
        "fixed": ["固定资产投资"],
        "signed": ["签约时间"],
        "kind": ["签约类型"],
        "started": ["开工时间"],
        "outside": ["累计到位资金/合作方/省外"],
        "remark": ["备注"],
    },
    keys=("name", "signed"),
)
ARRIVALS = HeaderIndex(
    aliases={"project": ["项目名称"], "month": ["到位月份"], "amount": ["到位金额"], "nature": ["资金性质"]},
    keys=("project", "month", "amount"),
)

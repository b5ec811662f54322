"""The 示例方案 that come with the product: not official, each a starting point to copy and change."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from reporting.scoring.exact_json import read_json

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "schemes"


@dataclass(frozen=True)
class Example:
    """`key`: the file's name; `says`: what kind of county it suits."""

    key: str
    title: str
    says: str


EXAMPLES = (
    Example("a-seven", "七指标百分制", "招商引资、项目建设、企业培育三类七项，满分100分，另有加分和乡镇自选项。"),
    Example("b-pace", "时序进度季度", "每季按时序进度打分，有园区和乡镇的评分，超额和领导走访另加分。"),
    Example("c-efficacy", "功效系数", "最好的得满分，最差的得六成，其余按差距折算，适合单位之间差距大的县。"),
    Example("d-steps", "目标加减分", "完成目标得基本分，每超一成加分，每欠一成扣分。"),
    Example("e-arena", "擂台积分", "做成一件记一次分，多做多得，适合比数量、比劲头的擂台。"),
    Example(
        "f-year", "年度奖评", "季度成绩占七成，全年完成情况占三成；评奖、晋档、降档、红榜，连续两年不合格的列入调整。"
    ),
    Example("g-selection", "乡镇遴选", "从申报的乡镇里选中心镇和特色镇：三类九项，多数由专家评分，两项用上年数字。"),
)
BY_KEY = {example.key: example for example in EXAMPLES}


def example_body(key: str) -> dict[str, Any]:
    """The scheme file as shipped. Raises KeyError."""
    return read_json((FOLDER / f"{BY_KEY[key].key}.json").read_bytes())

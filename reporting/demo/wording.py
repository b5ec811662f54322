"""Invented names: investors, what they make, and what each says of itself. All carry 演示."""

from dataclasses import dataclass
from random import Random

from stdnum.iso7064 import mod_11_10

from projects.models.projects import Origin
from reporting.demo.places import COUNTY_CODE


@dataclass(frozen=True)
class Trade:
    """A local industry with its divisions of GB/T 4754 and things made there; `{}` is a size."""

    name: str
    company: str
    goods: tuple[tuple[str, str, tuple[int, ...]], ...]
    """(division code, product with {}, sizes)."""


TRADES = (
    Trade(
        "纺织鞋服",
        "鞋服",
        (
            ("19", "年产{}万双运动鞋", (80, 120, 200, 300)),
            ("18", "年产{}万件童装", (60, 90, 150)),
            ("17", "年产{}吨功能性纱线", (3000, 5000, 8000)),
            ("18", "年产{}万套校服", (20, 35, 50)),
        ),
    ),
    Trade(
        "健康食品",
        "食品",
        (
            ("14", "年产{}吨方便食品", (2000, 4000, 6000)),
            ("13", "年加工{}吨粮油", (5000, 10000, 15000)),
            ("15", "年产{}吨植物饮料", (1500, 3000, 5000)),
            ("13", "日供{}份中央厨房", (5000, 20000, 30000)),
        ),
    ),
    Trade(
        "新能源电池",
        "新能源",
        (
            ("38", "年产{}万套动力电池结构件", (10, 20, 40)),
            ("38", "年产{}吨电池负极材料", (3000, 5000, 10000)),
            ("39", "年产{}万件电池管理模块", (15, 30)),
        ),
    ),
    Trade(
        "特色农业",
        "农业",
        (
            ("01", "{}亩中药材标准化种植", (500, 800, 1200)),
            ("03", "年出栏{}头生猪养殖", (5000, 10000, 20000)),
            ("05", "{}吨农产品冷链仓储", (2000, 5000)),
        ),
    ),
    Trade("文旅康养", "文旅", (("61", "{}间乡村民宿", (20, 36, 60)), ("90", "{}亩田园亲子乐园", (80, 150, 260)))),
    Trade(
        "再生资源", "环保", (("42", "年处理{}万吨建筑垃圾", (10, 20, 30)), ("42", "年处理{}吨废旧塑料", (5000, 8000)))
    ),
)
FIRST_HALF = "锦禾瑞丰盛恒嘉远泰和鑫源宏川启明润安晨星"
SECOND_HALF = "达康悦华信兴茂腾岳澄朗辉"
FROM = (
    ("重庆", Origin.NATION),
    ("福建泉州", Origin.NATION),
    ("浙江温州", Origin.NATION),
    ("广东东莞", Origin.NATION),
    ("江苏苏州", Origin.NATION),
    ("四川成都", Origin.PROVINCE),
    ("四川德阳", Origin.PROVINCE),
    ("本市外县", Origin.CITY),
    ("本县返乡", Origin.COUNTY),
)
LEADERS = ("演示县领导甲", "演示县领导乙", "演示县领导丙", "演示县领导丁")


@dataclass(frozen=True)
class InvestorStory:
    name: str
    place: str
    origin: Origin
    trade: Trade


class Namer:
    """Gives out names, none of them twice."""

    def __init__(self, random: Random):
        self.random = random
        pairs = [first + second for first in FIRST_HALF for second in SECOND_HALF]
        random.shuffle(pairs)
        self._pairs = iter(pairs)
        self._taken: set[str] = set()

    def investor(self) -> InvestorStory:
        trade = self.random.choices(TRADES, weights=(6, 6, 3, 3, 2, 1))[0]
        place, origin = self.random.choices(FROM, weights=(4, 3, 2, 3, 2, 4, 2, 1, 2))[0]
        return InvestorStory(f"演示{next(self._pairs)}{trade.company}有限公司", place, origin, trade)

    def project(self, investor: InvestorStory) -> tuple[str, str]:
        """(name, division code) of a project that this investor has not had yet."""
        division, product, sizes = self.random.choice(investor.trade.goods)
        name = f"{investor.name.removesuffix('有限公司')}{product.format(self.random.choice(sizes))}项目"
        while name in self._taken:
            name = f"{name.removesuffix('项目').removesuffix('扩建')}扩建项目" if "扩建" not in name else f"{name}二期"
        self._taken.add(name)
        return name, division


def approval_code(year: int, month: int, number: int) -> str:
    """A 项目代码 of the present format with a right check digit; the region is the demo county's."""
    digits = f"{year % 100:02}{month:02}{COUNTY_CODE}0401{number:05}"
    code = digits + mod_11_10.calc_check_digit(digits)
    return "-".join((code[:4], code[4:10], code[10:12], code[12:14], code[14:]))


def content(random: Random, name: str) -> str:
    area = random.choice((1200, 2600, 4800, 8000, 12000))
    manner = random.choice(("利用闲置校舍改造", "租用标准厂房", "新建厂房", "盘活闲置仓库"))
    return f"{manner}{area}平方米，配套仓储、办公和环保设施。{name.removesuffix('项目')}，达产后可带动当地就业。"

"""The demo county's units. No township of these names exists; all of it is made up."""

from datetime import date

from core.write import Door
from townships.models import PilotCategory, PilotTerm, PilotType, Unit, UnitKind
from townships.services import add_unit
from townships.succession import succeed

COUNTY_CODE = "510799"
COUNTY_NAME = "演示县"
PILOT_FROM = date(2024, 1, 1)
PILOT_DOCUMENT = "演示委办〔2023〕18号"

PILOTS: dict[str, tuple[PilotCategory, PilotType]] = {
    "澜桥镇": (PilotCategory.CENTRAL, PilotType.LEADING),
    "枫渡镇": (PilotCategory.CENTRAL, PilotType.RISING),
    "棠湾镇": (PilotCategory.SPECIAL, PilotType.LEADING),
    "麦浪镇": (PilotCategory.SPECIAL, PilotType.RISING),
}
PARK = "演示工业园区"
PARK_IN = "星湖街道"
MONTHLY: dict[str, float] = {
    PARK: 1.1,
    "星湖街道": 0.7,
    "锦墟街道": 0.6,
    "竹屿镇": 0.5,
    "云陌镇": 0.5,
    "青樾镇": 0.45,
    "石岚镇": 0.4,
    "桐荫镇": 0.4,
    "柳汐镇": 0.35,
    "望榆镇": 0.35,
    "雁洲镇": 0.35,
    "榕泉镇": 0.3,
    "苇塘镇": 0.3,
    "杏墟镇": 0.25,
    "梨岭乡": 0.2,
    "晴岚乡": 0.2,
    "岫云乡": 0.15,
}
"""Places that are no pilots, with the projects each signs in a month, on average."""

DEPARTMENTS = ("县统计局", "县发展和改革局", "县财政局", "县经济和信息化局", "县税务局", "县自然资源局")
PLATFORMS = ("演示产业投资公司", "演示城乡建设公司")
MERGED = "旧渡乡"
MERGED_INTO = "枫渡镇"
MERGED_ON, MERGED_BY = date(2022, 12, 1), "演示府〔2022〕31号"


def add_places(writing: Door) -> dict[str, Unit]:
    """All units by name, in official order: streets, pilots, townships, the park, departments, companies."""
    towns = sorted([*PILOTS, *(name for name in MONTHLY if name != PARK)], key=_rank)
    units = {name: _place(writing, name, position) for position, name in enumerate(towns, 1)}
    units[PARK] = add_unit(
        writing, name=PARK, kind=UnitKind.PARK, position=50, park_in=units[PARK_IN], aliases=("工业园", "园区")
    )
    for kind, names, first in ((UnitKind.DEPARTMENT, DEPARTMENTS, 101), (UnitKind.PLATFORM, PLATFORMS, 201)):
        for position, name in enumerate(names, first):
            units[name] = add_unit(writing, name=name, kind=kind, position=position)
    _merge(writing, units)
    _make_pilots(writing, units)
    return units


def _rank(name: str) -> tuple[int, int]:
    """Streets before towns before townships, pilots first among the towns."""
    return ("道镇乡".index(name[-1]), 0 if name in PILOTS else 1)


def _place(writing: Door, name: str, position: int) -> Unit:
    kind = UnitKind.STREET if name.endswith("街道") else UnitKind.TOWNSHIP
    region_code = f"{COUNTY_CODE}{position if kind == UnitKind.STREET else 100 + position:03}"
    return add_unit(writing, name=name, kind=kind, position=position, region_code=region_code)


def _merge(writing: Door, units: dict[str, Unit]) -> None:
    gone = add_unit(
        writing,
        name=MERGED,
        kind=UnitKind.TOWNSHIP,
        position=900,
        region_code=f"{COUNTY_CODE}290",
    )
    told = {"on": MERGED_ON, "document": MERGED_BY}
    succeed(writing, predecessor=gone, successor=units[MERGED_INTO], **told)


def _make_pilots(writing: Door, units: dict[str, Unit]) -> None:
    for name, (category, kind) in PILOTS.items():
        writing.add(
            PilotTerm(unit=units[name], category=category, type=kind, first_day=PILOT_FROM, document=PILOT_DOCUMENT)
        )

"""Half-way and year-end: three estimates in words, and the monthly pace that is still needed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.amounts import half_up
from reporting.dashboards.forecasts import Forecast
from reporting.dashboards.reach import Reach
from reporting.models import Metric
from reporting.presentation.main_figures import amount, metric_address, shown_unit
from reporting.presentation.wording import NONE, percent
from reporting.progress import ratio
from reporting.projection import METHODS, Estimate, half_way


@dataclass(frozen=True)
class EstimateCell:
    """`reaches` says whether the year's target would be met, empty without a target."""

    amount: str
    method: str
    completion: str
    state: str


@dataclass(frozen=True)
class ProjectionRow:
    """`half`: 过半 or 未过半 of the year's target, empty without one. `faster`: needed pace over pace so far."""

    name: str
    unit: str
    reached: str
    url: str
    target: str
    completion: str
    half: str
    half_state: str
    cells: tuple[EstimateCell, ...]
    pace: str
    needed: str
    faster: str
    broken: str


@dataclass(frozen=True)
class ProjectionPage:
    title: str
    answer: str
    rows: tuple[ProjectionRow, ...]
    methods: tuple[tuple[str, str], ...]
    months_left: int


def projection_page(reached: Reach, forecasts: Sequence[Forecast]) -> ProjectionPage:
    return ProjectionPage(
        title=f"{reached.until.year}年双过半和全年预测",
        answer=_answer(reached, forecasts),
        rows=tuple(_row(forecast, reached) for forecast in forecasts),
        methods=tuple(METHODS.items()),
        months_left=12 - reached.months,
    )


def _answer(reached: Reach, forecasts: Sequence[Forecast]) -> str:
    """前6个月6项指标5项过半；按中间的预测，全年4项能完成，招引企业数、新开工项目数完不成。"""
    held = [f for f in forecasts if f.year and f.year.target]
    if not held:
        return "没有下达年度目标，不能判断是否过半。"
    over = sum(bool(half_way(f.year.actual, f.year.target)) for f in held if f.year)
    short = [f.name for f in held if f.year and f.projection and f.projection.middle.amount < (f.year.target or 0)]
    words = f"前{reached.months}个月，{len(held)}项有目标的指标中{over}项过半；"
    if reached.months == 12:
        return words + (f"全年{'、'.join(short)}没有完成。" if short else "全年都已完成。")
    return words + (f"按中间的预测，全年{'、'.join(short)}完不成。" if short else "按中间的预测，全年都能完成。")


def _row(forecast: Forecast, reached: Reach) -> ProjectionRow:
    metric, year, projection = forecast.metric, forecast.year, forecast.projection
    done = ratio(year.actual, year.target) if year else None
    half = half_way(year.actual, year.target) if year and year.target else None
    return ProjectionRow(
        name=forecast.name,
        unit=shown_unit(metric),
        reached=amount(metric, year.actual if year else None),
        url=metric_address(metric, reached.until, "year"),
        target=amount(metric, year.target if year else None),
        completion=NONE if done is None else percent(done),
        half="" if half is None else "过半" if half else "未过半",
        half_state="" if half is None else "normal" if half else "due",
        cells=tuple(_cells(forecast)),
        pace=_pace(metric, projection.pace if projection else None),
        needed=_pace(metric, projection.needed if projection else None),
        faster=_faster(forecast),
        broken=forecast.broken,
    )


def _cells(forecast: Forecast) -> Iterator[EstimateCell]:
    projection = forecast.projection
    if projection is None:
        return
    for estimate in (projection.low, projection.middle, projection.high):
        yield _cell(forecast, estimate)


def _cell(forecast: Forecast, estimate: Estimate) -> EstimateCell:
    done = ratio(estimate.amount, forecast.year.target if forecast.year else None)
    return EstimateCell(
        amount=amount(forecast.metric, _rounded(forecast.metric, estimate.amount)),
        method=estimate.method,
        completion="" if done is None else percent(done),
        state="" if done is None else "normal" if done >= 1 else "due",
    )


def _rounded(metric: Metric, estimate: Decimal) -> Decimal:
    """Nobody signs half a project: an estimate of a count is shown whole, its completion is of the raw one."""
    return estimate if metric.is_money else half_up(estimate, 0)


def _pace(metric: Metric, pace: Decimal | None) -> str:
    if pace is None or metric.is_money:
        return amount(metric, pace)
    return f"{half_up(pace, 1):f}".replace("-", "−")


def _faster(forecast: Forecast) -> str:
    projection = forecast.projection
    if projection is None or projection.needed is None:
        return NONE
    if not projection.needed:
        return "已完成"
    times = ratio(projection.needed, projection.pace) if projection.pace > 0 else None
    return NONE if times is None else f"{half_up(times, 1):f}倍"

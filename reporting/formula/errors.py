"""What can be wrong with a formula, and what can stop its calculation; `str()` of each is a Chinese sentence."""


class FormulaError(ValueError):
    """The formula cannot be read: nobody gets a score until it is mended."""


class CalculationError(Exception):
    """The formula is sound, but it has no value for this township."""


class MissingData(CalculationError):
    """A figure that the formula reads is not there."""

    def __init__(self, label: str) -> None:
        super().__init__(f"缺少数据：{label}")


class NoTask(CalculationError):
    """The formula reads a target that this township was not given (无任务)."""

    def __init__(self, label: str) -> None:
        super().__init__(f"无任务：{label}")

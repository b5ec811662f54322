"""The formula language: written once in Excel's dialect, parsed once, read three ways.

`evaluate` gives the exact value, `substituted` the text a leader checks by hand, `cell_text` the live Excel cell.
"""

from reporting.formula.errors import CalculationError, FormulaError, MissingData, NoTask
from reporting.formula.evaluate import evaluate
from reporting.formula.live_cells import cell_text, condition_text, no_task_text
from reporting.formula.names import name_problem, written
from reporting.formula.nodes import Formula
from reporting.formula.parser import parse
from reporting.formula.records import evaluate_record, parse_record
from reporting.formula.substitute import substituted

__all__ = [
    "CalculationError",
    "Formula",
    "FormulaError",
    "MissingData",
    "NoTask",
    "cell_text",
    "condition_text",
    "evaluate",
    "evaluate_record",
    "name_problem",
    "no_task_text",
    "parse",
    "parse_record",
    "substituted",
    "written",
]

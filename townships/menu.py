"""The menu of ledgers, under the headings by which an office looks for them."""

from enum import StrEnum

from core.ledgers.ledger import Ledger, all_ledgers


class Subject(StrEnum):
    """In the order of the menu: what is written every day first."""

    PROJECTS = "招商项目"
    ENTERPRISES = "企业培育"
    INVESTMENT = "固投和专项资金"
    FOLLOW_UP = "问题和疑点"
    FIGURES = "目标和部门数据"
    RESULTS = "评分和成绩"
    UNITS = "单位"


def ledgers_by_subject() -> list[tuple[Subject, list[Ledger]]]:
    return [(subject, [one for one in all_ledgers() if one.subject == subject]) for subject in Subject]

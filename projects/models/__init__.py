"""Tables of floor 3, by subject."""

from projects.models.arrivals import Arrival, Voucher
from projects.models.funding import Allocation, FundingDocument, Payment
from projects.models.investment import InvestmentMonth, InvestmentMove, InvestmentProject
from projects.models.leaders import ProjectLeader
from projects.models.progress import ProjectMonth
from projects.models.projects import Agreement, Investor, Milestone, Project, ProjectShare
from projects.models.reports import MonthlyReport, ReportStep

__all__ = [
    "Agreement",
    "Allocation",
    "Arrival",
    "FundingDocument",
    "InvestmentMonth",
    "InvestmentMove",
    "InvestmentProject",
    "Investor",
    "Milestone",
    "MonthlyReport",
    "Payment",
    "Project",
    "ProjectLeader",
    "ProjectMonth",
    "ProjectShare",
    "ReportStep",
    "Voucher",
]

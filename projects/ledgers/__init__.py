"""台账 of projects in menu order: 招商项目, 签约记录, 项目节点, 到位资金, 项目进展, 月报, 固投, 专项资金."""

from core.ledgers.ledger import register
from projects.ledgers.agreements import AgreementLedger
from projects.ledgers.allocations import AllocationLedger
from projects.ledgers.arrivals import ArrivalLedger
from projects.ledgers.funding_documents import FundingDocumentLedger
from projects.ledgers.investment_months import InvestmentMonthLedger
from projects.ledgers.investment_moves import InvestmentMoveLedger
from projects.ledgers.investment_projects import InvestmentLedger
from projects.ledgers.milestones import MilestoneLedger
from projects.ledgers.payments import PaymentLedger
from projects.ledgers.progress import ProgressLedger
from projects.ledgers.projects import ProjectLedger
from projects.ledgers.reports import ReportLedger

for ledger_class in (
    ProjectLedger,
    AgreementLedger,
    MilestoneLedger,
    ArrivalLedger,
    ProgressLedger,
    ReportLedger,
    InvestmentLedger,
    InvestmentMoveLedger,
    InvestmentMonthLedger,
    FundingDocumentLedger,
    AllocationLedger,
    PaymentLedger,
):
    register(ledger_class)

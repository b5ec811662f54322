"""台账 of enterprises: importing this registers them in the order in which people fill them in."""

from enterprises.ledgers.cultivation import CultivationLedger, LimitLedger, MeasureLedger
from enterprises.ledgers.declarations import DeclarationLedger, MaterialLedger, WindowLedger
from enterprises.ledgers.enterprises import visible_enterprises
from enterprises.ledgers.farms import FarmLedger
from enterprises.ledgers.months import EnterpriseMonthLedger, MandateLedger
from enterprises.ledgers.settings import ExitRuleLedger, ThresholdLedger
from enterprises.ledgers.visits import VisitLedger

__all__ = [
    "CultivationLedger",
    "DeclarationLedger",
    "EnterpriseMonthLedger",
    "ExitRuleLedger",
    "FarmLedger",
    "LimitLedger",
    "MandateLedger",
    "MaterialLedger",
    "MeasureLedger",
    "ThresholdLedger",
    "VisitLedger",
    "WindowLedger",
    "visible_enterprises",
]

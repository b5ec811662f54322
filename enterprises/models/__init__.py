"""What is kept of enterprises: the rows themselves, their declarations, and their months."""

from enterprises.models.cultivation import (
    Cultivation,
    CultivationLimit,
    CultivationMeasure,
    LeavingCause,
    Standing,
)
from enterprises.models.enterprises import (
    CONFIRMED_BY,
    ENTERING,
    LEAVING,
    LIBRARY_STEPS,
    Declaration,
    DeclarationStep,
    Enterprise,
    RegistrationStatus,
    valid_industry,
    valid_uscc,
)
from enterprises.models.exits import ExitRule, Signal, WarningLight
from enterprises.models.farms import FarmKind, FarmMonth
from enterprises.models.groups import AboveScaleGroup, ExitCause, Route
from enterprises.models.months import Answer, EnterpriseMonth, Mandate, Origin
from enterprises.models.standards import LocalThreshold
from enterprises.models.visits import Visit
from enterprises.models.windows import DeclarationMaterial, DeclarationWindow, Door

__all__ = [
    "CONFIRMED_BY",
    "ENTERING",
    "LEAVING",
    "LIBRARY_STEPS",
    "AboveScaleGroup",
    "Answer",
    "Cultivation",
    "CultivationLimit",
    "CultivationMeasure",
    "Declaration",
    "DeclarationMaterial",
    "DeclarationStep",
    "DeclarationWindow",
    "Door",
    "Enterprise",
    "EnterpriseMonth",
    "ExitCause",
    "ExitRule",
    "FarmKind",
    "FarmMonth",
    "LeavingCause",
    "LocalThreshold",
    "Mandate",
    "Origin",
    "RegistrationStatus",
    "Route",
    "Signal",
    "Standing",
    "Visit",
    "WarningLight",
    "valid_industry",
    "valid_uscc",
]

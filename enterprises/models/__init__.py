"""What is kept of enterprises: the rows themselves, their declarations, and their months."""

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
    "LocalThreshold",
    "Mandate",
    "Origin",
    "RegistrationStatus",
    "Route",
    "Signal",
    "Visit",
    "WarningLight",
    "valid_industry",
    "valid_uscc",
]

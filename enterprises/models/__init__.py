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
from enterprises.models.groups import AboveScaleGroup, ExitCause, Route
from enterprises.models.months import Answer, EnterpriseMonth, Mandate, Origin
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
    "Mandate",
    "Origin",
    "RegistrationStatus",
    "Route",
    "valid_industry",
    "valid_uscc",
]

"""What is kept of enterprises: the rows themselves, their declarations, and their months."""

from enterprises.models.enterprises import (
    CONFIRMED_BY,
    LIBRARY_STEPS,
    AboveScaleGroup,
    Declaration,
    DeclarationStep,
    Enterprise,
    RegistrationStatus,
    valid_industry,
    valid_uscc,
)
from enterprises.models.months import Answer, EnterpriseMonth, Mandate, Origin

__all__ = [
    "CONFIRMED_BY",
    "LIBRARY_STEPS",
    "AboveScaleGroup",
    "Answer",
    "Declaration",
    "DeclarationStep",
    "Enterprise",
    "EnterpriseMonth",
    "Mandate",
    "Origin",
    "RegistrationStatus",
    "valid_industry",
    "valid_uscc",
]

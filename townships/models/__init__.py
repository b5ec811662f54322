"""Tables of floor 1, by subject: counties and units, their succession, pilot terms, seats."""

from townships.models.pilots import PilotCategory, PilotTerm, PilotType
from townships.models.seats import (
    BUSINESS,
    COUNTY_ONLY,
    DUTIES_FOR,
    KEEPING_VIEWS,
    OWN_UNIT,
    SUPPOSING,
    TAKING_DOSSIERS,
    WHOLE_COUNTY,
    Duty,
    HandOver,
    Role,
    Seat,
)
from townships.models.succession import UnitSuccession
from townships.models.units import (
    PLACES,
    County,
    CountyRecord,
    Unit,
    UnitAlias,
    UnitKind,
    listed_by_code,
    unique_code,
)

__all__ = [
    "BUSINESS",
    "COUNTY_ONLY",
    "DUTIES_FOR",
    "KEEPING_VIEWS",
    "OWN_UNIT",
    "PLACES",
    "SUPPOSING",
    "TAKING_DOSSIERS",
    "WHOLE_COUNTY",
    "County",
    "CountyRecord",
    "Duty",
    "HandOver",
    "PilotCategory",
    "PilotTerm",
    "PilotType",
    "Role",
    "Seat",
    "Unit",
    "UnitAlias",
    "UnitKind",
    "UnitSuccession",
    "listed_by_code",
    "unique_code",
]

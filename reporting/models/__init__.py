"""Tables of floor 4, by subject."""

from reporting.models.metrics import Metric, Target
from reporting.models.schemes import Participant, Scheme

__all__ = ["Metric", "Participant", "Scheme", "Target"]

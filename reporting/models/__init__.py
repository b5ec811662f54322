"""Tables of floor 4, by subject."""

from reporting.models.metrics import Metric, Target
from reporting.models.publications import Answer, Dispute, FrozenPart, Publication, PublishedScore
from reporting.models.ratings import RatedUnit, Rating, RatingSheet, Reviewer
from reporting.models.schemes import Participant, Scheme

__all__ = [
    "Answer",
    "Dispute",
    "FrozenPart",
    "Metric",
    "Participant",
    "Publication",
    "PublishedScore",
    "RatedUnit",
    "Rating",
    "RatingSheet",
    "Reviewer",
    "Scheme",
    "Target",
]

"""Tables of floor 4, by subject."""

from reporting.models.awards import AwardProposal
from reporting.models.base_figures import BaseFigure
from reporting.models.city_ranks import CityRank
from reporting.models.department_figures import DepartmentFigure, FigureSeries
from reporting.models.metrics import Metric
from reporting.models.publications import Answer, Dispute, FrozenPart, Objection, Publication, PublishedScore
from reporting.models.ratings import RatedUnit, Rating, RatingSheet, Reviewer
from reporting.models.schemes import Participant, Scheme
from reporting.models.selections import Application, Selection
from reporting.models.targets import Target, TargetPart

__all__ = [
    "Answer",
    "Application",
    "AwardProposal",
    "BaseFigure",
    "CityRank",
    "DepartmentFigure",
    "Dispute",
    "FigureSeries",
    "FrozenPart",
    "Metric",
    "Objection",
    "Participant",
    "Publication",
    "PublishedScore",
    "RatedUnit",
    "Rating",
    "RatingSheet",
    "Reviewer",
    "Scheme",
    "Selection",
    "Target",
    "TargetPart",
]

"""Metrics, targets and the scheme of the demo county."""

from townships.models import County


def fill_reporting(county: County) -> None:
    """Write the shipped metrics, this county's targets and the shipped scheme with its participants."""

"""The list page against admin's changelist on the same data; exports and an import against what cannot be had for less;
a draft and its page against bare SQL; a published page against its template rendered from constants.

Alternating pairs; median and range of the ratios, and the medians in milliseconds for orientation.
"""

import argparse
import os
import sys
from importlib import import_module

import django

from benchmarks.measuring import line, pairs


def main() -> int:
    asked = _asked()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    runs = import_module("benchmarks.runs")  # only now: the settings decide what may be imported
    for measured in runs.measured(asked.projects, asked.rows):
        said = measured if isinstance(measured, str) else line(measured, pairs(measured, asked.pairs))
        print(said, flush=True)
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--projects", type=int, default=100_000, help="rows of the list and of its export")
    parser.add_argument("--rows", type=int, default=10_000, help="rows of the imported workbook")
    parser.add_argument("--pairs", type=int, default=7, help="pairs of a product and its floor")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

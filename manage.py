#!/usr/bin/env python3
"""Entry point for every management command."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    # Every command speaks Chinese, and JSON is UTF-8, also where the locale knows neither.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)

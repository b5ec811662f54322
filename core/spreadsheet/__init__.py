"""Workbooks in and out: plain data on both sides, no Django and no database."""

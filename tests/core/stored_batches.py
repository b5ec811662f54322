"""A batch to write under, for tests that need no workbook."""

from core.files import store
from core.models import ImportBatch
from tests import factories as make


def new_batch(county, ledger):
    with make.writing_as(county) as writing:
        stored = store([b"workbook"], name="台账.xlsx", at=make.NOW)
        return writing.add(ImportBatch(ledger=ledger, file=stored, file_name="台账.xlsx"))

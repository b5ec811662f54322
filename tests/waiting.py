"""What waits for a seat, of one ledger."""

from townships.waiting import waits_of


def waiting_of(ledger, seat):
    return next((waiting for told, waiting in waits_of(seat).lines if told.key == ledger.key), [])

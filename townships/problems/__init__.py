"""问题台账: problems about any ledger's row, given to a unit with a deadline, closed by a second person."""

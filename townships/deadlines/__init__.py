"""报送期限: until which day a ledger's month has to be entered, and what came after it."""

"""What the leaders' pages read: main figures, standings, cohorts, one township; all through metrics and ledgers."""

"""Speed as a ratio to a lower bound of the same run: `make bench`. Never asserted by a test."""

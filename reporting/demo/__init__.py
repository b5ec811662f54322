"""The demo county: everything in it is invented, and the same each time it is filled."""

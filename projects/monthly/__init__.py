"""月报: a unit's month, from the clerk's grid to the county's acceptance."""

"""How county staff write a scheme: presets that write formulas, tables of rules, differences told as sentences."""

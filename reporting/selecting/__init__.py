"""遴选: townships apply, the county hears experts, and the first of each category become pilots."""

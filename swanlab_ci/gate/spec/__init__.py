"""The meaning of a gate file: gates, conditions, fields, operators, values."""

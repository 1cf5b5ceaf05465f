"""What a gate file means: gates, conditions, fields, operators, values; nothing here has met a run yet."""

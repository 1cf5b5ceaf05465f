"""Change one number of a gate file, or add a gate, and leave every other character as it is."""

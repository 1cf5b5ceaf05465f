"""From the text of a gate file to its specification, every mistake with its place."""

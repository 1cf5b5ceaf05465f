"""A check of the past: the runs of a history, what rules would have said of it, and what rules it supports."""

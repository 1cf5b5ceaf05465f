"""Measurements against other clients; each script says how to run it."""

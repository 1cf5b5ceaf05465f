"""Placeholder."""

MESSAGES: dict[str, str] = {}

"""The messages in English."""

"""Doubles, factories and readers that tests of several rooms share."""

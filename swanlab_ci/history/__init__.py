"""History: what a gate file would have said of the changes that a project has seen; pure."""

"""Templates: the sandboxed engine of reports, and the process in which a user's own template runs."""

"""From a specification and runs to results."""

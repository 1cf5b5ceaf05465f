"""The process: what it prints, how it ends, and the one clock of a run."""

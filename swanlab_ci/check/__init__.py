"""One check: inputs, the gate file that counts, the pipeline from runs to exit code, and its bundle."""

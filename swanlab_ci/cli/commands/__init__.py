"""The commands: one module each, imported when it is asked for, so that `lint` does not load the client."""

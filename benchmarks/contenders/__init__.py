"""One module per client, each with the same `prepare`."""

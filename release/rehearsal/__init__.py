"""A release rehearsed on one machine: the steps of the release workflow, with a registry and a builder on loopback."""

"""Made-up runs and expected results for `swanlab-ci test`; never part of a check."""

"""What holds for all tests: no test fails because the machine was busy; time is measured in benchmarks."""

from hypothesis import settings

settings.register_profile("untimed", parent=settings(), deadline=None)
settings.load_profile("untimed")

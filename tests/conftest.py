"""How thoroughly hypothesis looks: `--hypothesis-profile thorough` makes up 10,000 inputs for each test."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

_UNHURRIED = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("default", deadline=None, suppress_health_check=_UNHURRIED)
settings.register_profile("thorough", max_examples=10_000, deadline=None, suppress_health_check=_UNHURRIED)
settings.load_profile("default")

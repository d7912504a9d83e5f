"""A browser, and how thoroughly hypothesis looks: its profile `thorough` makes up 10,000 inputs for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

_UNHURRIED = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("default", deadline=None, suppress_health_check=_UNHURRIED)
settings.register_profile("thorough", max_examples=10_000, deadline=None, suppress_health_check=_UNHURRIED)
settings.load_profile("default")

LONGEST = ("test_novel.py", "test_evaluate_commands.py", "test_properties.py", "test_everybody.py")
"""Files that take longest. Begun first, none of them is left for the end, when all other processes wait."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONGEST)


CHROMIUM = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The one Chromium of all tests: Playwright runs a loop of its own, and only one may run."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright isn't installed: pip install .[test]"
    )
    installed = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with playwright.sync_playwright() as driver:
        try:
            launched = driver.chromium.launch(executable_path=installed, args=CHROMIUM)
        except playwright.Error as error:
            pytest.skip(f"Chromium can't be started: {error.message.splitlines()[0]}")
        yield launched
        launched.close()

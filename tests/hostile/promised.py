"""What has to hold for each kind of hostile input, and which test holds it."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest

PROMISES: dict[str, str] = json.loads((Path(__file__).parent / "promises.json").read_text("utf-8"))
KEPT: dict[str, list[str]] = {}
T = TypeVar("T", bound=Callable[..., None])


def keeps(*ids: str) -> Callable[[T], T]:
    """Say of a test that it keeps the promises `ids`."""

    def kept(test: T) -> T:
        for name in ids:
            KEPT.setdefault(name, []).append(test.__name__)
        return test

    return kept


def keeps_each(names: str | tuple[str, ...], cases: Mapping[str, Any]) -> Callable[[T], T]:
    """Run a test once for each promise in `cases`, with its values as the arguments `names`."""
    parametrized = pytest.mark.parametrize(names, list(cases.values()), ids=list(cases))
    return lambda test: keeps(*cases)(parametrized(test))

"""No promise is without its test: whatever promises.json lists is held by a test that names it, and no other is."""

import importlib
from pathlib import Path

from promised import KEPT, PROMISES


def test_each_promise_is_kept_by_a_test_that_names_it() -> None:
    for path in Path(__file__).parent.glob("test_*.py"):
        importlib.import_module(path.stem)

    assert KEPT.keys() == PROMISES.keys()

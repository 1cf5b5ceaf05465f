"""Every field of a run, spelled so that a gate reads this value and no other."""

from typing import Any

from gate_factories import NOW, make_run
from hypothesis import given
from hypothesis import strategies as st

from swanlab_ci.gate.spec.fields import FIELDS, parse_path
from swanlab_ci.gate.spec.listing import fields_of
from swanlab_ci.model import Truth

KEYS = st.text(st.sampled_from('ab.*" []\\x'), min_size=1, max_size=4)
CONFIGS = st.dictionaries(
    KEYS, st.integers() | st.dictionaries(KEYS, st.integers(), min_size=1, max_size=2), max_size=4
)


def listed(**fields: Any) -> dict[str, Any]:
    return {each.field.text: each.reading.value for each in fields_of(make_run(**fields), NOW)}


def test_fields_come_in_the_order_of_the_documentation_and_keys_by_name() -> None:
    run = make_run(config={"b": 1, "a": {"y": 2, "x": 3}}, metrics={"acc": {"max": 0.9, "last": 0.8, "max.step": 7}})

    found = [(each.field.text, each.reading.value) for each in fields_of(run, NOW)]

    trees = [pair for pair in found if pair[0].startswith(("config", "metrics"))]
    assert trees == [
        ("config.a.x", 3),
        ("config.a.y", 2),
        ("config.b", 1),
        ("metrics.acc", 0.8),
        ("metrics.acc.max", 0.9),
        ("metrics.acc.max.step", 7),
    ]
    roots = list(dict.fromkeys(text.partition(".")[0] for text, _ in found))
    assert roots == [root for root in dict.fromkeys(root.partition(".")[0] for root in FIELDS) if root in roots]
    assert "curve" not in roots


def test_what_the_sdk_monitors_comes_after_the_other_metrics() -> None:
    found = listed(metrics={"__swanlab__.cpu.pct": {"last": 9}, "val/acc": {"last": 1}, "Z": {"last": 2}})

    assert [text for text in found if text.startswith("metrics")] == [
        "metrics.Z",
        "metrics.val/acc",
        'metrics["__swanlab__.cpu.pct"]',
    ]


def test_a_field_that_is_no_map_is_listed_with_its_value() -> None:
    found = listed(group="sweep", created_at=NOW, finished_at=NOW)

    assert (found["state"], found["group"], found["age"]) == ("FINISHED", "sweep", 0)


def test_what_was_not_fetched_is_one_field_that_says_so() -> None:
    (found,) = (each for each in fields_of(make_run(metrics=None), NOW) if each.field.root == "metrics")

    assert (found.field.text, found.reading.gap) == ("metrics", Truth.NOT_FETCHED)


def test_a_key_is_quoted_where_it_would_name_two_values() -> None:
    assert {text: value for text, value in listed(config={"a.b": 1, "a": {"b": 2}}).items() if "config" in text} == {
        'config["a"]["b"]': 2,
        'config["a.b"]': 1,
    }
    assert listed(config={"a.b": 1})['config["a.b"]'] == 1
    assert "config" not in "".join(listed(config={"": 1}))


@given(CONFIGS)
def test_every_field_reads_its_own_value(config: dict[str, Any]) -> None:
    run = make_run(config=config)
    found = [each for each in fields_of(run, NOW) if each.field.root == "config"]

    for each in found:
        again = parse_path(each.field.text)
        assert again
        assert again.read(run, NOW) == each.reading
    assert len(found) == sum(len(value) if isinstance(value, dict) else 1 for value in config.values())

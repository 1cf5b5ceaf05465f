"""junit.xml is well-formed whatever it quotes, counts as the verdict does, and never shows a pass that is none."""

from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.judgements import check, gate, judgement, run, stopped
from support.words import words

from swanlab_ci.judgement import Judgement
from swanlab_ci.model import Status
from swanlab_ci.report import render


def suite_of(found: Judgement) -> Element:
    return fromstring(render(found, redact=str).junit)  # noqa: S314 - our own XML


def test_each_gate_is_a_case_and_the_suite_counts_them() -> None:
    statuses = [Status.PASS, Status.FAIL, Status.FAIL, Status.ERROR, Status.PENDING, Status.SKIPPED, Status.WARN]

    suite = suite_of(judgement(*map(gate, statuses)))

    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "7", "failures": "2", "errors": "2", "skipped": "1"}
    assert (suite.get("name"), suite.get("timestamp")) == ("swanlab-ci team/resnet", "2026-11-23T19:30:00+00:00")


@pytest.mark.parametrize(
    ("status", "tag"),
    [
        ("fail", "failure"),
        ("error", "error"),
        ("pending", "error"),
        ("skipped", "skipped"),
        ("pass", "system-out"),
        ("warn", "system-out"),
    ],
)
def test_a_status_has_its_element(status: str, tag: str) -> None:
    [case] = suite_of(judgement(gate(Status(status), group_field="config.set", group="imagenet")))

    assert (case.get("classname"), case.get("name")) == (
        "sane-settings",
        "Training settings are sane (config.set = imagenet)",
    )
    assert [element.tag for element in case] == [tag]


def test_a_failure_says_which_run_has_what_and_what_to_do() -> None:
    [case] = suite_of(judgement(gate(checks=(check(), check(run=None)))))

    summary, one, all_runs, advice = str(case[0].text).splitlines()
    assert summary == case[0].get("message")
    assert one.startswith("run-1: config.lr is 0.5")
    assert all_runs.startswith(words("report.all-runs"))
    assert advice == words("advice.fix-run", run="run-1", place="swanlab-gate.yml:14")


def test_more_checks_than_a_reader_wants_are_counted() -> None:
    [case] = suite_of(judgement(gate(checks=tuple(check(run=run(number)) for number in range(130)))))

    assert words("report.more-checks", count=30) in str(case[0].text)


def test_no_gates_at_all_are_an_error() -> None:
    [case] = suite_of(stopped("SwanLab could not be reached."))

    assert case[0].tag == "error"
    assert case[0].get("message") == "SwanLab could not be reached."


@given(st.text(st.characters()) | st.sampled_from(["]]>", "<x>", "&", "\0", "\ufffe", "\x1b", "\r\n", '"']))
def test_no_text_breaks_the_xml(text: str) -> None:
    about: dict[str, Any] = {"id": text, "name": text, "group": text, "why": text}

    written = render(judgement(gate(checks=(check(actual=text, field=text),), **about)), redact=str).junit

    fromstring(written.encode("utf-8"))  # noqa: S314 - our own XML

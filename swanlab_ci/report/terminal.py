"""The judgement for a terminal or a job log: readable without colour, each line safe to print."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from swanlab_ci.report.presentation import TROUBLE, own_url, sorted_checks, sorted_gates
from swanlab_ci.security.escaping import CELL_CAP, PROSE_CAP, Safe, capped, log_line

_ROWS = 20
_WIDTH = 8
_COLOURS = {"pass": 32, "waived": 36, "skipped": 36, "info": 36, "warn": 33, "pending": 33, "fail": 31, "error": 31}


def terminal(facts: Mapping[str, Any], *, colour: bool = False) -> Safe:
    """Write the verdict, the gates (worst first), notes and what it was all about."""
    lines = [*_verdict(facts, colour=colour), ""]
    for gate in sorted_gates(facts):
        lines += _gate(gate, facts["project_url"], colour=colour)
    lines += [_line(0, f"note: {note}") for note in facts["notes"]]
    return Safe("\n".join([*lines, _line(0, _about(facts))]))


def _verdict(facts: Mapping[str, Any], *, colour: bool) -> Iterator[str]:
    yield _status(facts["verdict"], colour=colour) + _line(0, facts["summary"])
    if facts["advice"]:
        yield _line(_WIDTH, facts["advice"])


def _gate(gate: Mapping[str, Any], origin: str, *, colour: bool) -> Iterator[str]:
    group = f" [{gate['group']}]" if gate["group"] else ""
    yield _status(gate["status"], colour=colour) + _line(0, f"{gate['name']}{group}: {gate['summary']}")
    if gate["status"] not in TROUBLE:
        return
    checks = sorted_checks(gate)
    yield from (_line(_WIDTH, text) for check in checks[:_ROWS] for text in _check(check, origin))
    if len(checks) > _ROWS:
        yield _line(_WIDTH, f"… and {len(checks) - _ROWS} more")
    yield from (_line(_WIDTH, text) for text in _selection(gate))
    yield from (_line(_WIDTH, f"{word}: {gate[key]}") for word, key in (("do", "advice"), ("why", "why")) if gate[key])


def _check(check: Mapping[str, Any], origin: str) -> Iterator[str]:
    run = check["run"]
    where = f"{capped(run['name'], CELL_CAP)} ({run['state'] or 'run'})" if run else "all runs together"
    yield f"{where}: {check['message']}" + (f" ({check['note']})" if check["note"] else "")
    if run and own_url(run["url"], origin):
        yield f"  {run['url']}"


def _selection(gate: Mapping[str, Any]) -> Iterable[str]:
    if gate["runs_selected"]:
        return []
    steps = [f"{step['runs']:>6} left after {step['condition']}" for step in gate["funnel"]]
    count = gate["runs_considered"]
    return [f"{count:>6} run{'s' * (count != 1)}", *steps] if steps else []


def _about(facts: Mapping[str, Any]) -> str:
    runs = f"{facts['runs_fetched']} run{'s' * (facts['runs_fetched'] != 1)}"
    known = (facts["project"], facts["commit"] and f"commit {facts['commit'][:7]}", runs)
    return " · ".join(part for part in known if part)


def _status(status: str, *, colour: bool) -> str:
    word = status.upper().ljust(_WIDTH)
    return f"\x1b[{_COLOURS[status]}m{word}\x1b[0m" if colour else word


def _line(indent: int, text: str) -> str:
    return " " * indent + log_line(" ".join(text.splitlines()), cap=PROSE_CAP)

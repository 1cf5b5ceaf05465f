"""What `suggest` writes into a gate file: which numbers change, and the file's new text."""

import difflib
import pathlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError, Problem
from swanlab_ci.gate.edit.insert import add_gate
from swanlab_ci.gate.edit.splice import EditError, Path, path_to, path_to_value, splice, value_at
from swanlab_ci.gate.parse.yaml_reader import parse
from swanlab_ci.gate.spec.source import Node, Scalar
from swanlab_ci.history.bounded import Bounded, bounded_metrics
from swanlab_ci.history.suggest import Suggestion, SuggestReport
from swanlab_ci.history.tighten import Kept, why_kept
from swanlab_ci.history.trial import History
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.report.suggestions.written import amount_of, bound_of, operator_of
from swanlab_ci.security.escaping import yaml_scalar
from swanlab_ci.security.files import read_beside, read_text, replace_text

_KEPT = {
    Kept.FEW_UNITS: Message("tighten.few-units"),
    Kept.LAST_UNIT: Message("tighten.last-unit"),
}


@dataclass(frozen=True, slots=True)
class Edit:
    """A number of the gate file that is replaced, or a gate that is added (`before` is empty then)."""

    field: str
    key: str
    before: str
    after: str
    line: int

    def document(self) -> dict[str, Any]:
        """Return it as JSON types."""
        return {**asdict(self), "before": self.before or None, "line": self.line or None}

    def said(self, file: Name) -> Message:
        """Say what was written into `file`."""
        field, key, after = Name(self.field), Key(self.key), Name(self.after)
        if not self.before:
            return Message("edit.added", file=file, key=key, field=field, after=after)
        before = Name(self.before)
        return Message("edit.changed", file=file, line=self.line, key=key, field=field, before=before, after=after)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The gate file before and after; `notes` say which bounds stay as they are."""

    name: str
    before: str
    after: str
    edits: Sequence[Edit] = ()
    notes: Sequence[Message] = ()

    @property
    def diff(self) -> str:
        """The difference, as `git apply` and `patch -p1` take it; empty where there is none."""
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        lines = difflib.unified_diff(before, after, f"a/{self.name}", f"b/{self.name}")
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def rewritten(report: SuggestReport, history: History, *, tighten: bool, within: pathlib.Path | None) -> Rewrite:
    """Put the suggestions into the text of the gate file, or only bounds that become tighter.

    Raises `ConfigurationError` with every place that cannot be changed.
    """
    name = history.rules.name
    text = before = read_text(name, within=within)
    if parse(text, name) != history.rules.documents[-1]:
        raise ConfigurationError(Message("edit.file-changed", file=Name(name)), Message("edit.run-again"))
    notes, changes, problems = [], [], []
    for each in report.suggestions:
        kept = why_kept(each) if tighten else None
        if kept and _is_new(each, each.about, tighten=True):
            notes.append(Message("tighten.kept", field=Name(each.about.field.text), reason=_KEPT[kept]))
        if kept:
            continue
        try:
            for change, changed in _changes(text, each, history, tighten=tighten):
                text = changed
                changes.append(change)
        except EditError as refused:
            problems.append(Problem(refused.message))
    if not problems:
        problems += _mistakes(text, name, within)
    if problems:
        what = Message("edit.refused", file=Name(name), count=len(problems))
        raise ConfigurationError(what, Message("edit.refused-advice"), problems)
    return Rewrite(name, before, text, changes, notes)


def _mistakes(text: str, name: str, within: pathlib.Path | None) -> Sequence[Problem]:
    """Return what is wrong with the new text, such as a `min` above the `max` beside it."""
    try:
        gate.load(text, name=name, read=read_beside(name, within=within))
    except ConfigurationError as wrong:
        return wrong.problems
    return ()


def write(rewrite: Rewrite, *, within: pathlib.Path | None) -> None:
    """Write the new text in one step; raises `ConfigurationError` where the file has changed in the meantime."""
    if rewrite.edits:
        replace_text(rewrite.name, rewrite.before, rewrite.after, within=within)


def _changes(text: str, each: Suggestion, history: History, *, tighten: bool) -> Iterator[tuple[Edit, str]]:
    name, tree = history.rules.name, history.rules.documents[-1]
    about = each.about if each.about.gate else _in_file(each.about, history)
    if _is_new(each, about, tighten=tighten):
        change, text = _bound_change(text, tree, about, bound_of(each, about.operator))
        yield change, text
    if tighten:
        return
    if each.floor and not each.about.gate and about.bound is None:
        yield _new_gate(text, name, each)
    if about.comparison and each.power.suggested:
        found = _allowance_change(text, tree, each)
        if found:
            yield found


def _in_file(asked: Bounded, history: History) -> Bounded:
    """Return the one bound of the file for a metric that was asked for, or the metric as it was asked for."""
    key = (asked.field.text, asked.higher_is_better)
    known = [
        one
        for one in bounded_metrics(history.rules)
        if (one.field.text, one.higher_is_better) == key and one.bound is not None
    ]
    if len(known) > 1:
        raise EditError(Message("edit.several-bounds", field=Name(asked.field.text)))
    return known[0] if known else asked


def _is_new(each: Suggestion, about: Bounded, *, tighten: bool) -> bool:
    if about.bound is None or each.floor is None:
        return False
    old, new = about.bound, float(bound_of(each, about.operator))
    return (new > old if about.higher_is_better else new < old) if tighten else new != old


def _bound_change(text: str, tree: Node, about: Bounded, written: str) -> tuple[Edit, str]:
    if about.is_twofold or about.place is None:
        raise EditError(Message("edit.several-bounds", field=Name(about.field.text)))
    path = (*path_to(tree, about.place), about.operator)
    return _spliced(text, path, about, written, tree.place.source.name)


def _allowance_change(text: str, tree: Node, each: Suggestion) -> tuple[Edit, str] | None:
    comparison, suggested = each.about.comparison, each.power.suggested
    if comparison is None or suggested is None:
        return None
    written = amount_of(suggested.amount, each.sample.mean)
    path = (*path_to_value(tree, comparison.to_place)[:-1], "allow_worse")
    change, changed = _spliced(text, path, each.about, written, tree.place.source.name)
    return (change, changed) if change.before != written else None


def _spliced(text: str, path: Path, about: Bounded, written: str, name: str) -> tuple[Edit, str]:
    changed = splice(text, name, path, written)
    node = value_at(parse(text, name), path)
    before, line = (node.raw, node.place.line) if isinstance(node, Scalar) else ("", 0)
    return Edit(about.field.text, str(path[-1]), before, written, line), changed


def _new_gate(text: str, name: str, each: Suggestion) -> tuple[Edit, str]:
    field, written = each.about.field.text, bound_of(each)
    operator = operator_of(each.about)
    entries = {
        "name": yaml_scalar(f"{field} {operator}"),
        "expect": f"{{{yaml_scalar(field, is_key=True)}: {{{operator}: {written}}}}}",
    }
    changed = add_gate(text, name, entries)
    return Edit(field, operator, "", written, 0), changed

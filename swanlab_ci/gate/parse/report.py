"""Read the `report` of a gate file: what the report shows, and in which language; it decides nothing."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.entries import Entry, one_of, text_of
from swanlab_ci.gate.parse.names import Curves, read_field
from swanlab_ci.gate.parse.suggestions import CHANGES_KEYS, LANGUAGE_SYNONYMS, METRIC_KEYS, REPORT_KEYS
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.report import ReportMetric, ReportSpec
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Node, Scalar, SequenceNode
from swanlab_ci.messages import Language, Message

REPORT = ("language", "baseline", "metrics", "columns", "charts", "changes", "template")
REPORT_METRIC = ("better", "label")
REPORT_CHANGES = ("ignore",)
MOST_CHARTS = 4
TEMPLATE_SUFFIX = ".j2"
_LONGEST_LABEL = 60


def read_report(grammar: Grammar, node: Node) -> tuple[ReportSpec, Node | None]:
    """Return the `report`, and where it names a baseline, to be compared with those of the file."""
    entry = Entry(grammar, node, REPORT, REPORT_KEYS)
    found = ReportSpec(
        language=entry.get("language", lambda below: Language(one_of(below, tuple(Language), LANGUAGE_SYNONYMS)), None),
        baseline=entry.get("baseline", text_of, ""),
        metrics=entry.get("metrics", lambda below: tuple(_metrics(grammar, below)), ()),
        columns=entry.get("columns", lambda below: tuple(_columns(grammar, below)), ()),
        charts=entry.get("charts", _charts, None),
        ignored=entry.get("changes", lambda below: _ignored(grammar, below), ()),
        template=entry.get("template", _template, ""),
    )
    return found, entry.nodes.get("baseline")


def _items(node: Node, key: str) -> tuple[Node, ...]:
    if not isinstance(node, SequenceNode) or not node.items:
        raise GateSyntaxError(node.place, Message("gate-file.report-list", key=key))
    return tuple(node.items)


def _field(node: Node, curves: Curves | None = None, *, star: bool = False) -> Field:
    if not isinstance(node, Scalar):
        raise GateSyntaxError(node.place, Message("gate-file.report-field"))
    return read_field(node, curves, star=star)


def _columns(grammar: Grammar, node: Node) -> Iterator[Field]:
    for item in _items(node, "columns"):
        yield _field(item, grammar.operands.curves)


def _metric_field(node: Node) -> Field:
    field = _field(node)
    if field.root != "metrics":
        raise GateSyntaxError(node.place, Message("gate-file.report-metric", field=field.text))
    return field


def _metrics(grammar: Grammar, node: Node) -> Iterator[ReportMetric]:
    """Yield each metric: its field alone, or a map from the field to `better` and `label`."""
    for item in _items(node, "metrics"):
        with grammar.going_on():
            if not isinstance(item, MappingNode):
                yield ReportMetric(_metric_field(item))
                continue
            for key, below in item.entries:
                entry = Entry(grammar, below, REPORT_METRIC, METRIC_KEYS)
                better = entry.get("better", lambda each: one_of(each, ("higher", "lower")), "")
                yield ReportMetric(_metric_field(key), better, entry.get("label", _label, ""))


def _label(node: Node) -> str:
    text = text_of(node)
    if len(text) > _LONGEST_LABEL:
        raise GateSyntaxError(node.place, Message("gate-file.report-label", most=_LONGEST_LABEL))
    return text


def _template(node: Node) -> str:
    """Return a path in the gate file's folder, or below it."""
    text = text_of(node)
    path = PurePosixPath(text)
    if "://" in text or "\\" in text or path.is_absolute() or ".." in path.parts:
        raise GateSyntaxError(node.place, Message("gate-file.template-outside", path=text))
    if path.suffix != TEMPLATE_SUFFIX:
        raise GateSyntaxError(node.place, Message("gate-file.template-suffix", path=text, suffix=TEMPLATE_SUFFIX))
    return text


def _charts(node: Node) -> tuple[Field, ...]:
    """Return the metrics to draw; `none` draws nothing."""
    if isinstance(node, Scalar):
        one_of(node, ("none",), {"no": "none", "off": "none", "false": "none"})
        return ()
    items = _items(node, "charts")
    if len(items) > MOST_CHARTS:
        raise GateSyntaxError(node.place, Message("gate-file.report-charts", most=MOST_CHARTS))
    return tuple(map(_metric_field, items))


def _ignored(grammar: Grammar, node: Node) -> tuple[Field, ...]:
    entry = Entry(grammar, node, REPORT_CHANGES, CHANGES_KEYS)
    found: tuple[Field, ...] = ()
    return entry.get("ignore", lambda below: tuple(_field(each, star=True) for each in _items(below, "ignore")), found)

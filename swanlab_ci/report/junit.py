"""The judgement as JUnit XML, which most CI systems can show: a test case for each gate."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from swanlab_ci.judgement import GateResult, Judgement
from swanlab_ci.messages import Language, Message, Name, plain
from swanlab_ci.model import Status
from swanlab_ci.report import wording
from swanlab_ci.report.presentation import missed_checks, summary
from swanlab_ci.security.escaping import Safe, capped, log_text, visible

_ROWS = 100
_TEXT_CAP = 10_000
_TAGS = {
    Status.FAIL: "failure",
    Status.ERROR: "error",
    Status.PENDING: "error",
    Status.SKIPPED: "skipped",
}


def junit(judgement: Judgement, language: Language) -> Safe:
    """Write one suite for the project; a pending gate is an error there, so that nobody takes it for a pass."""
    gates = judgement.verdict.gates
    tags = [_TAGS.get(gate.status) for gate in gates]
    counted = {"tests": len(tags), "failures": tags.count("failure"), "errors": tags.count("error")}
    about = {"name": f"swanlab-ci {judgement.project}".strip(), "timestamp": judgement.judged_at.isoformat()}
    suite = _element("testsuite", about | counted | {"skipped": tags.count("skipped")})
    suite.extend(_case(gate, language) for gate in gates)
    if not tags:
        case = SubElement(suite, "testcase", name="verdict")
        words = _words(summary(judgement), language)
        if judgement.exit_code:
            case.append(_element("error", {"type": judgement.verdict.status.value, "message": words}))
        else:
            SubElement(case, "system-out").text = log_text(words)
    indent(suite)
    return Safe('<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suite, encoding="unicode"))


def _case(gate: GateResult, language: Language) -> Element:
    name = _words(wording.gate_title(gate), language)
    case = _element("testcase", {"classname": gate.id, "name": name})
    tag, words = _TAGS.get(gate.status, "system-out"), _words(wording.gate_summary(gate), language)
    inner = _element(tag, {"type": gate.status.value, "message": words} if tag != "system-out" else {})
    advice = wording.gate_advice(gate)
    lines = [words, *_missed(gate, language), _words(advice, language) if advice else ""]
    inner.text = log_text("\n".join(filter(None, lines)))
    case.append(inner)
    return case


def _missed(gate: GateResult, language: Language) -> list[str]:
    checks = missed_checks(gate)
    messages = [
        Message(
            "report.check",
            where=Name(check.run.name) if check.run else Message("report.all-runs"),
            message=wording.check_message(check),
            note=None,
        )
        for check in checks[:_ROWS]
    ]
    if len(checks) > _ROWS:
        messages.append(Message("report.more-checks", count=len(checks) - _ROWS))
    return [_words(message, language) for message in messages]


def _words(message: Message, language: Language) -> str:
    return capped(plain(message, language), _TEXT_CAP)


def _element(tag: str, attributes: Mapping[str, object]) -> Element:
    return Element(tag, {name: visible(capped(str(value), _TEXT_CAP)) for name, value in attributes.items()})

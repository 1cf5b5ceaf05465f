"""The judgement as JUnit XML, which most CI systems can show: a test case for each gate."""

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from swanlab_ci.report.presentation import sorted_checks
from swanlab_ci.security.escaping import Safe, log_text, visible

_ROWS = 100
_TAGS = {"fail": "failure", "error": "error", "pending": "error", "skipped": "skipped"}


def junit(facts: Mapping[str, Any]) -> Safe:
    """Write one suite for the project; what is still pending is an error there, so that nobody takes it for a pass."""
    tags = [_TAGS.get(gate["status"]) for gate in facts["gates"]]
    counted = {"tests": len(tags), "failures": tags.count("failure"), "errors": tags.count("error")}
    about = {"name": f"swanlab-ci {facts['project']}".strip(), "timestamp": facts["judged_at"]}
    suite = _element("testsuite", about | counted | {"skipped": tags.count("skipped")})
    suite.extend(map(_case, facts["gates"]))
    if not tags:
        case = SubElement(suite, "testcase", name="verdict")
        case.append(_element("error", {"type": facts["verdict"], "message": facts["summary"]}))
    indent(suite)
    return Safe('<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suite, encoding="unicode"))


def _case(gate: Mapping[str, Any]) -> Element:
    group = f" [{gate['group']}]" if gate["group"] else ""
    case = _element("testcase", {"classname": gate["id"], "name": f"{gate['name']}{group}"})
    tag = _TAGS.get(gate["status"], "system-out")
    told = _element(tag, {"type": gate["status"], "message": gate["summary"]} if tag != "system-out" else {})
    told.text = log_text("\n".join(filter(None, [gate["summary"], *_missed(gate), gate["advice"]])))
    case.append(told)
    return case


def _missed(gate: Mapping[str, Any]) -> list[str]:
    checks = sorted_checks(gate)
    lines = [f"{check['run']['name'] if check['run'] else 'all runs together'}: {check['message']}" for check in checks]
    return lines[:_ROWS] + ([f"… and {len(lines) - _ROWS} more"] if len(lines) > _ROWS else [])


def _element(tag: str, attributes: Mapping[str, object]) -> Element:
    return Element(tag, {name: visible(str(value)) for name, value in attributes.items()})

"""The section of all gates: what each found, what to do, and how its runs were selected."""

from typing import Final

from swanlab_ci.judgement import Check, GateResult, Judgement
from swanlab_ci.messages import Language, Message
from swanlab_ci.platforms.base import Links
from swanlab_ci.report import wording
from swanlab_ci.report.markup import Node, element, forge_link, joined, words
from swanlab_ci.report.presentation import ICONS, missed_checks, sorted_gates
from swanlab_ci.report.wording.funnel import funnel
from swanlab_ci.security.escaping import Html, html_text

_MOST_GATES: Final = 200
_MOST_CHECKS: Final = 40


def gates_section(judgement: Judgement, links: Links, language: Language) -> Html:
    """Return an element to unfold for each gate, the worst first; `links` are pages of the forge."""
    gates = sorted_gates(judgement)
    names = anchors(judgement)
    left = len(gates) - _MOST_GATES
    return joined(
        [
            *(_gate(gate, names[id(gate)], links, language) for gate in gates[:_MOST_GATES]),
            element("p", words(Message("html.more-gates", count=left), language), class_="quiet") if left > 0 else None,
        ]
    )


def anchors(judgement: Judgement) -> dict[int, str]:
    """Return the names of the gates' places in the page, by the `id` of the gate; those left out have none."""
    return {id(gate): f"gate-{number}" for number, gate in enumerate(sorted_gates(judgement)[:_MOST_GATES], 1)}


def _gate(gate: GateResult, anchor: str, links: Links, language: Language) -> Html:
    place = f"{gate.file}:{gate.line}" if gate.file else ""
    title = joined(
        [
            element(
                "span",
                str(ICONS[gate.status]),
                role="img",
                aria_label=words(Message("report.status", status=gate.status), language),
            ),
            element("bdi", html_text(gate.name), class_="name"),
            element("span", words(group, language), class_="quiet") if (group := wording.group_of(gate)) else None,
            element("span", html_text(place), class_="quiet") if place else None,
        ],
        Html(" "),
    )
    advice = wording.gate_advice(gate)
    checks = missed_checks(gate)
    parts: list[Node] = [
        element("p", words(wording.gate_summary(gate), language)),
        _quoted(gate.why),
        element("p", element("b", words(Message("report.next"), language)), " ", words(advice, language))
        if advice
        else None,
        element("ul", *(_check(check, language) for check in checks[:_MOST_CHECKS])) if checks else None,
    ]
    if len(checks) > _MOST_CHECKS:
        more = Message("report.more-checks", count=len(checks) - _MOST_CHECKS)
        parts.append(element("p", words(more, language), class_="quiet"))
    parts.append(element("p", words(funnel(gate), language), class_="quiet"))
    if address := links.file(gate.file, gate.line):
        parts.append(element("p", forge_link(html_text(place), address)))
    return element("details", element("summary", title), *parts, id=anchor)


def _quoted(why: str) -> Html | None:
    return (
        element("blockquote", *(element("p", element("bdi", part)) for part in why.splitlines() if part.strip()))
        if why.strip()
        else None
    )


def _check(check: Check, language: Language) -> Html:
    note = wording.check_note(check)
    said = [words(wording.check_message(check), language), words(note, language) if note else None]
    return element("li", joined(said, Html(" · ")))

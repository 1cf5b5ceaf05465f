"""A template tried without any run: so `lint` finds its mistakes before a pull request does."""

from datetime import UTC, datetime

from swanlab_ci import gate, insight
from swanlab_ci.check.gate_file import LoadedGateFile
from swanlab_ci.errors import Problem
from swanlab_ci.gate import GateFile
from swanlab_ci.judgement import Judgement
from swanlab_ci.messages import Language
from swanlab_ci.report import render


def template_problem(loaded: LoadedGateFile) -> Problem | None:
    """Return why the template of a gate file cannot be used, or None.

    It writes a report on the gates without runs; a line that needs runs is not reached, so what it does wrong is not
    found.
    """
    if loaded.template is None:
        return loaded.template_problem
    rules = gate.bind(loaded.gate_file, gate.SAMPLES, event="lint")
    return _problem(rules, loaded)


def _problem(rules: GateFile, loaded: LoadedGateFile) -> Problem | None:
    now = datetime.now(UTC)
    verdict = gate.judge(rules, (), now=now)
    judgement = Judgement(verdict=verdict, judged_at=now, project=rules.project or "", gate_file=rules.name)
    facts = insight.draw(rules, verdict, (), now=now)
    language = rules.report.language or Language.EN
    report = render(judgement, facts, redact=str, language=language, template=loaded.template)
    return report.template_problem

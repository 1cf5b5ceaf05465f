"""All that a verdict came from: the rules, the event, the runs and the time; enough to judge again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.judgement import Judgement, Proposal, Verdict
from swanlab_ci.messages.message import Message, Name
from swanlab_ci.model import Level, Run

Variables = Mapping[str, str | int | tuple[str, ...] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRecord:
    """What was known when it was judged, at `judged_at`; `text` is the gate file's, `extends` what it builds on."""

    project: str
    project_url: str
    gate_file: str
    text: str
    extends: Mapping[str, str]
    variables: Variables
    event: str
    strict: bool
    level_cap: Level
    judged_at: datetime
    commit: str
    notes: tuple[Message, ...] = ()
    proposal: Proposal | None = None
    runs: tuple[Run, ...]

    def judge(self) -> Verdict:
        """Judge again; the same verdict as then, as long as the gate language means the same."""
        return gate.judge(self.rules(), self.runs, now=self.judged_at, strict=self.strict, level_cap=self.level_cap)

    def judgement(self, verdict: Verdict) -> Judgement:
        """Say what the verdict was about."""
        return Judgement(
            verdict=verdict,
            judged_at=self.judged_at,
            project=self.project,
            project_url=self.project_url,
            gate_file=self.gate_file,
            commit=self.commit,
            runs_fetched=len(self.runs),
            notes=self.notes,
            proposal=self.proposal,
        )

    def rules(self) -> gate.GateFile:
        """Read the gate file, with its variables in place."""
        loaded = gate.load(self.text, name=self.gate_file, read=self._extended)
        return gate.bind(loaded, self.variables, event=self.event)

    def _extended(self, path: str) -> str:
        if path not in self.extends:
            raise ConfigurationError(Message("check.bundle-lacks", file=Name(path)), Message("check.name-a-bundle"))
        return self.extends[path]

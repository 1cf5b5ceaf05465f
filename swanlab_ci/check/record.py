"""All that a verdict came from: the rules, the event, the runs and the time; enough to judge again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from swanlab_ci import gate, insight
from swanlab_ci.check.gate_file import LoadedGateFile
from swanlab_ci.errors import ConfigurationError, Problem
from swanlab_ci.insight import Details, Insight
from swanlab_ci.judgement import CarriedCommit, ExemptChange, Judgement, OtherProject, Proposal, Verdict
from swanlab_ci.messages.message import Message, Name
from swanlab_ci.model import OWN, Level, Run, RunOrigin, Status
from swanlab_ci.report.markdown.template_file import TemplateFile

Variables = Mapping[str, str | int | tuple[str, ...] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRecord:
    """What was known when it was judged, at `judged_at`; `text` is the gate file's, `extends` what it builds on.

    With `exempt` no runs were fetched. `carried` are the earlier commits that `$pr_commits` holds. `others` are the
    projects that were read besides `project`; `local` says that runs came from a folder. `template` writes the comment.
    """

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
    details: Details = field(default_factory=Details)
    exempt: ExemptChange | None = None
    carried: tuple[CarriedCommit, ...] = ()
    others: tuple[OtherProject, ...] = ()
    local: bool = False
    template: TemplateFile | None = None

    def judge(self) -> Verdict:
        """Judge again; the same verdict as then, as long as the gate language means the same."""
        if self.exempt:
            return Verdict(Status.PASS, exempt=self.exempt)
        return gate.judge(
            self.rules(),
            self.runs,
            now=self.judged_at,
            strict=self.strict,
            level_cap=self.level_cap,
            unread=unread_of(self.others),
        )

    def judgement(self, verdict: Verdict) -> Judgement:
        """Say what the verdict was about, without the values of what sounds like a secret."""
        return Judgement(
            verdict=insight.hidden(verdict),
            judged_at=self.judged_at,
            project=self.project,
            project_url=self.project_url,
            gate_file=self.gate_file,
            commit=self.commit,
            runs_fetched=len(self.runs),
            notes=self.notes,
            proposal=self.proposal,
            carried=self._carried_to(verdict),
            others=self.others,
        )

    def insight(self, verdict: Verdict) -> Insight:
        """Return the facts that reports show beside the verdict, or without memory those of it alone."""
        if self.exempt:
            return insight.of_verdict(verdict)
        try:
            return insight.draw(
                self.rules(), verdict, self.runs, self.details, now=self.judged_at, own=self._own_values()
            )
        except (MemoryError, RecursionError):
            return insight.of_verdict(verdict)

    def _own_values(self) -> frozenset[str]:
        """Return the commits, the branch and the number of this change."""
        found = (self.variables.get(name) for name in ("head_sha", "merge_sha", "head_branch", "pr_number"))
        commits = self.variables.get("pr_commits")
        each = {str(value) for value in found if value} | set(commits if isinstance(commits, tuple) else ())
        return frozenset(each | {text[:7] for text in each})

    def _carried_to(self, verdict: Verdict) -> tuple[CarriedCommit, ...]:
        """Return the earlier commits that a selected run names, as SwanLab recorded it or as its training put it there.

        All of them where it is not known what a run recorded.
        """
        selected = {run.id for gate in verdict.gates for run in gate.runs_selected}
        runs = [run for run in self.runs if run.id in selected]
        named = {text for run in runs for text in (run.group, run.job, *(run.labels or ()))}
        named |= {run.git.commit for run in runs if run.git}
        found = tuple(each for each in self.carried if each.commit in named)
        return self.carried if not found and any(run.git is None for run in runs) else found

    def rules(self) -> gate.GateFile:
        """Read the gate file, with its variables in place."""
        loaded = gate.load(self.text, name=self.gate_file, read=self._extended)
        loaded = loaded.at(gate.Home(self.project, local=self.local))
        return gate.bind(loaded, self.variables, event=self.event)

    def by(self, other: LoadedGateFile) -> Self:
        """Return the same runs and event with the rules of another gate file.

        Raises `ConfigurationError` where the check that fetched the runs left out what these rules ask for.
        """
        old = ("gate-file.", "training.", "template.")  # why the old file counted, what it exempted, and its template
        notes = tuple(note for note in self.notes if not note.id.startswith(old))
        note = Message("replay.other-rules", file=Name(other.gate_file.name))
        found = replace(
            self,
            gate_file=other.gate_file.name,
            text=other.text,
            extends=other.extends,
            notes=(*notes, note),
            proposal=None,
            template=other.template,
        )
        self._must_hold_all_for(found.rules())
        return found

    def _must_hold_all_for(self, rules: gate.GateFile) -> None:
        fetched_for = self.rules()
        problems: list[Message] = []
        if self.exempt:
            problems.append(Message("replay.exempt"))
        if rules.project not in {None, self.project}:
            problems.append(Message("replay.other-project", project=Name(rules.project or ""), runs=Name(self.project)))
        known = fetched_for.origins()
        for origin in rules.origins():
            if origin not in known:
                project = Name(origin.project or self.project)
                problems.append(Message("replay.lacks-project", project=project))
            elif self.project_url if origin == OWN else origin.server or not self.local:
                problems += _left_out(rules, fetched_for, origin)  # of a folder, everything is read
        if problems:
            raise ConfigurationError(
                Message("replay.lacks", file=Name(rules.name)),
                Message("replay.lacks-advice", file=Name(rules.name)),
                map(Problem, problems),
            )

    def _extended(self, path: str) -> str:
        if path not in self.extends:
            raise ConfigurationError(Message("check.bundle-lacks", file=Name(path)), Message("check.name-a-bundle"))
        return self.extends[path]


def unread_of(others: Iterable[OtherProject]) -> dict[RunOrigin, Message]:
    """Return the projects that could not be read, and why."""
    return {each.origin: each.failure for each in others if each.failure}


def _left_out(rules: gate.GateFile, fetched_for: gate.GateFile, origin: RunOrigin) -> Iterator[Message]:
    """Say which runs and which fields a check by `fetched_for` did not fetch at `origin`, and `rules` need."""
    filters = tuple(Name(each.field) for each in gate.leaves_out_runs(fetched_for, rules, origin))
    fields = tuple(map(Name, gate.lacking(rules, fetched_for, origin)))
    if filters:
        yield Message("replay.lacks-runs", fields=filters)
    if fields:
        yield Message("replay.lacks-fields", fields=fields)

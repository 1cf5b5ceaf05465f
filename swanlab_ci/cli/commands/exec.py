"""`swanlab-ci exec`: run a training, bound to its commit, and report its end."""

import threading
from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci.check.inputs import from_flags
from swanlab_ci.cli.git import whole_commit_of
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.platforms import ApiAttempt, Notifier, TrainingEnd, notifier_of
from swanlab_ci.runtime.child import Child, code_of
from swanlab_ci.runtime.console import Console
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.files import FileError, reason
from swanlab_ci.training.origin import Origin, chosen, origin_of, variables

_PATIENCE = 10.0  # seconds for the notification
_FIELDS = {"SWANLAB_JOB_TYPE": "job", "SWANLAB_TAGS": "labels"}  # where a gate file finds the commit, too


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Run the command and return its exit code; raises `ConfigurationError` if there is none."""
    if parsed.words or not parsed.command_line:
        raise ConfigurationError(Message("exec.no-command"), Message("exec.no-command-advice"))
    number = from_flags({"pr": parsed.pr or ""}).pr
    named = whole_commit_of(parsed.sha, environ, flag="--sha") if parsed.sha else ""
    origin = chosen(origin_of(environ), commit=named, pr=number)
    notifier = _notifier(environ, console) if parsed.notify else None
    code = _run(parsed.command_line, {**environ, **_bound(origin, environ, console)}, console)
    if notifier:
        _notify(notifier, TrainingEnd(origin.commit, origin.pr, code), console)
    return code


def _bound(origin: Origin, environ: Mapping[str, str], console: Console) -> Mapping[str, str]:
    """Return the variables that bind the runs of the command, and say so."""
    for note in origin.notes:
        console.warn(note)
    set_here = variables(origin, environ)
    if set_here:
        console.say(Message("exec.bound", names=tuple(map(Key, set_here)), commit=Name(origin.commit)))
    if origin.commit and (other := _of_group(origin, environ, set_here)):
        console.warn(other)
    return set_here


def _of_group(origin: Origin, environ: Mapping[str, str], set_here: Mapping[str, str]) -> Message | None:
    """Say that a group of the user's own hides the runs from the gate file that `init` writes."""
    found = environ.get("SWANLAB_GROUP", "")
    if found in {"", origin.commit}:
        return None
    fields = tuple(Key(field) for name, field in _FIELDS.items() if name in set_here)
    condition = Key("runs: {group: $pr_commits}")
    return Message("exec.other-group", found=Name(found), condition=condition, fields=fields)


def _run(command: list[str], environ: Mapping[str, str], console: Console) -> int:
    try:
        child = Child(command, environ)
    except OSError as error:
        why, name = reason(error), Name(command[0])
        not_found = Message("exec.not-found", command=name)
        cannot_start = Message("exec.cannot-start", command=name, reason=why)
        console.stop(ConfigurationError(not_found if why is FileError.MISSING else cannot_start))
        return code_of(error)
    return child.wait()


def _notifier(environ: Mapping[str, str], console: Console) -> Notifier | None:
    """Return what reports the end; says at the start, when somebody still looks, that it cannot."""
    notifier = notifier_of(environ)
    if isinstance(notifier, Message):
        console.warn(Message("exec.cannot-notify", reason=notifier))
        return None
    for secret in notifier.secrets:
        console.hide(secret, tell_runner=False)
    return notifier


def _notify(notifier: Notifier, end: TrainingEnd, console: Console) -> None:
    """Report the end, within `_PATIENCE`: what hangs, even in the look-up of a name, is left behind in a thread."""
    attempts: list[ApiAttempt] = []
    sending = threading.Thread(
        target=lambda: attempts.append(notifier.send(end, Deadline(_PATIENCE))), name="notification", daemon=True
    )
    sending.start()
    sending.join(_PATIENCE)
    refusal = attempts[0].refusal if attempts else Message("forge.too-slow", forge=notifier.name)
    if refusal:
        console.warn(Message("exec.not-notified", reason=refusal))
    else:
        console.say(Message("exec.notified", forge=notifier.name))

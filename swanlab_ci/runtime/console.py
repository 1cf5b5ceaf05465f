"""The one place that prints: every line is escaped, and secrets are removed from it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TextIO

from swanlab_ci.errors import ConfigurationError, Problem, SwanlabCiError
from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.security.escaping import Html, Safe, log_line, log_text
from swanlab_ci.security.redaction import Redactor

_SECONDS_BETWEEN_LINES = 1.0


def wants_colour(environ: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Return whether the text report has ANSI colours.

    `NO_COLOR` wins over `FORCE_COLOR`, both over the terminal; an empty value counts as not set. Sources:
    https://no-color.org and https://force-color.org. `FORCE_COLOR=0` forces nothing, as in Node.js, and `TERM=dumb` is
    a terminal without colours.
    """
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "") not in {"", "0"}:
        return True
    return is_terminal and environ.get("TERM") != "dumb"


@dataclass
class Console:
    """Prints to `out` what was asked for, in `colour` if it shows any, and to `err` everything else.

    A chosen language is kept: what is only suggested does not change it any more.
    """

    out: TextIO
    err: TextIO
    colour: bool = False
    redact: Redactor = field(default_factory=Redactor)
    language: Language = Language.EN
    language_is_chosen: bool = False
    quiet_since: float = field(default_factory=time.monotonic)

    def hide(self, secret: str, *, tell_runner: bool) -> None:
        """Remove `secret` from every line from now on; with `tell_runner`, the runner masks it in its log as well."""
        if secret and tell_runner:
            self._write(self.err, f"::add-mask::{secret}")
        self.redact.add(secret)

    def say(self, text: Message) -> None:
        """Print one line of progress, a warning or a notice to stderr."""
        self._write(self.err, log_line(self.redact(self.worded(text))))

    def warn(self, text: Message) -> None:
        """Print a warning to stderr."""
        self.say(Message("console.warning", text=text))

    def choose_language(self, language: Language | None) -> None:
        """Use the `language` that the user asked for; None: nothing was asked for."""
        if language:
            self.language, self.language_is_chosen = language, True

    def suggest_language(self, language: Language | None) -> None:
        """Use `language`, unless the user asked for one; None changes nothing."""
        if language and not self.language_is_chosen:
            self.language = language

    def worded(self, text: Message) -> str:
        """Return the words of a message in the language of this run; nothing is escaped yet."""
        return plain(text, self.language)

    def progress(self, text: Message) -> None:
        """Say how far slow work is: nothing in the first second, then one line a second."""
        if time.monotonic() - self.quiet_since >= _SECONDS_BETWEEN_LINES:
            self.quiet_since = time.monotonic()
            self.say(text)

    def command(self, command: Safe) -> None:
        """Print a workflow command for the runner, which reads both streams."""
        self._write(self.err, self.redact(command))

    def document(self, text: Safe | Html) -> None:
        """Print what was asked for; the text is already safe."""
        self._write(self.out, self.redact(text))

    def problem(self, problem: Problem) -> None:
        """Print a problem as `FILE:LINE:COL: message` with its excerpt, as something that was asked for."""
        self._write(self.out, log_text(self.redact("\n".join(self._lines(problem)))))

    def stop(self, stop: SwanlabCiError) -> None:
        """Say why there is no verdict: what happened, every problem with its place, what to do."""
        problems = stop.problems if isinstance(stop, ConfigurationError) else ()
        found = [line for problem in problems for line in self._lines(problem)]
        advice = [f"  {self.worded(stop.advice)}"] if stop.advice else []
        lines = [f"swanlab-ci: {self.worded(stop.what)}", *found, *advice]
        self._write(self.err, log_text(self.redact("\n".join(lines))))

    def _lines(self, problem: Problem) -> list[str]:
        place = f"{problem.place}: " if problem.place else ""
        return [place + self.worded(problem.message), *([problem.excerpt] if problem.excerpt else [])]

    def _write(self, stream: TextIO, text: str) -> None:
        stream.write(text + "\n")
        stream.flush()

"""What did they mean: words that other tools use go first, then words spelled alike."""

import difflib
import re
from collections.abc import Iterable, Mapping

OPERATORS = {
    **dict.fromkeys(("gte", "ge", ">=", "minimum", "at_least", "from"), "min"),
    **dict.fromkeys(("lte", "le", "<=", "maximum", "at_most", "to"), "max"),
    **dict.fromkeys(("gt", ">", "greater", "more", "over"), "above"),
    **dict.fromkeys(("lt", "<", "less", "under"), "below"),
    **dict.fromkeys(("eq", "==", "=", "equals", "equal", "value"), "is"),
    **dict.fromkeys(("ne", "neq", "!=", "is_not"), "not"),
    **dict.fromkeys(("one_of", "oneOf", "enum"), "in"),
    **dict.fromkeys(("none_in", "notin", "nin"), "not_in"),
    **dict.fromkeys(("regex", "regexp", "pattern", "match"), "matches"),
    **dict.fromkeys(("glob", "wildcard"), "like"),
    **dict.fromkeys(("includes", "all"), "has"),
    **dict.fromkeys(("excludes",), "lacks"),
    **dict.fromkeys(("present", "defined", "required"), "exists"),
    **dict.fromkeys(("allow_missing",), "optional"),
    **dict.fromkeys(("or", "any", "anyOf"), "any_of"),
    **dict.fromkeys(("nor", "noneOf"), "none_of"),
}
FUNCTIONS = {
    **dict.fromkeys(("avg", "average"), "mean"),
    **dict.fromkeys(("std", "stddev", "sd"), "stdev"),
    **dict.fromkeys(("unique", "nunique"), "distinct"),
    **dict.fromkeys(("n", "len", "size", "num"), "count"),
    "total": "sum",
    "p50": "median",
}
FIELDS = {
    **dict.fromkeys(("status", "states"), "state"),
    **dict.fromkeys(("tags", "tag", "label"), "labels"),
    **dict.fromkeys(("branch", "git.ref"), "git.branch"),
    **dict.fromkeys(("commit", "sha", "git.sha", "git_commit"), "git.commit"),
    **dict.fromkeys(("user", "author", "username"), "user.username"),
    **dict.fromkeys(("created", "createdAt"), "created_at"),
    **dict.fromkeys(("finished", "finishedAt"), "finished_at"),
    **dict.fromkeys(("runtime", "elapsed", "time"), "duration"),
    "cluster": "group",
    "job_type": "job",
}
ROOTS = {
    **dict.fromkeys(("summary", "metric", "scalars"), "metrics"),
    **dict.fromkeys(("configs", "params", "hparams", "parameters", "cfg"), "config"),
    **dict.fromkeys(("requirement", "packages", "pip"), "requirements"),
    "meta": "metadata",
}
GATE_KEYS = {
    **dict.fromkeys(("where", "filter", "select", "selector", "experiments", "on"), "runs"),
    **dict.fromkeys(("severity",), "level"),
    **dict.fromkeys(("assert", "check_that", "rules", "conditions", "must", "checks"), "expect"),
    **dict.fromkeys(("baseline", "against"), "compare"),
    **dict.fromkeys(("description", "reason", "message", "title"), "why"),
    **dict.fromkeys(("group_by", "foreach", "per"), "for_each"),
    **dict.fromkeys(("if_empty", "on_empty", "if_none", "on_missing"), "if_no_runs"),
    **dict.fromkeys(("latest", "last", "limit"), "newest"),
    **dict.fromkeys(("quantifier", "count"), "how_many"),
}
FILE_KEYS = {
    **GATE_KEYS,
    **dict.fromkeys(("rules", "checks"), "gates"),
    **dict.fromkeys(("exceptions", "ignore", "exemptions"), "waivers"),
    **dict.fromkeys(("include", "preset", "presets", "inherits"), "extends"),
    "baseline": "baselines",
}
COMPARE_KEYS = {
    **dict.fromkeys(("baseline", "with", "against"), "to"),
    **dict.fromkeys(("direction", "goal", "mode", "greater_is_better"), "better"),
    **dict.fromkeys(("allow", "tolerance", "threshold", "margin", "max_drop"), "allow_worse"),
    **dict.fromkeys(("min_improvement", "improve"), "require_better"),
    **dict.fromkeys(("pair", "paired_by", "match_by"), "pair_by"),
    **dict.fromkeys(("if_missing", "if_no_runs"), "on_missing"),
    **dict.fromkeys(("aggregate", "agg", "reduce"), "over_runs"),
}
LEVELS = {
    **dict.fromkeys(("error", "critical", "failure", "block"), "fail"),
    "warning": "warn",
    **dict.fromkeys(("notice", "note"), "info"),
}
STATES = {
    **dict.fromkeys(("SUCCESS", "SUCCEEDED", "COMPLETED", "DONE"), "FINISHED"),
    **dict.fromkeys(("FAILED", "ERROR", "CRASH"), "CRASHED"),
    **dict.fromkeys(("KILLED", "STOPPED", "CANCELLED", "CANCELED"), "ABORTED"),
}


_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?"
_COMPARED = re.compile(rf"([<>=]=?)\s*({_NUMBER})")
_PERCENT = re.compile(rf"({_NUMBER})\s*%")


def instead_of_number(raw: str) -> str:
    """Return how to write the number that the text `raw` was meant to be, or the empty text."""
    if re.fullmatch(_NUMBER, raw):
        return "; leave the quotes out"
    if compared := _COMPARED.fullmatch(raw):
        return f"; write `{{{OPERATORS[compared[1]]}: {compared[2]}}}`"
    if share := _PERCENT.fullmatch(raw):
        return f"; write it as it was logged, {share[1]} or {float(share[1]) / 100:g}"
    return ""


def did_you_mean(word: str, known: Iterable[str], synonyms: Mapping[str, str] | None = None) -> str:
    """Return "; did you mean `x`?" for the likeliest of `known`, or the empty text."""
    words = list(known)
    meant = (synonyms or {}).get(word) or (synonyms or {}).get(word.upper())
    if meant not in words:
        lower = {known_word.lower(): known_word for known_word in reversed(words)}
        close = difflib.get_close_matches(word.lower(), lower, 1, 0.6)
        meant = lower[close[0]] if close else None
    return f"; did you mean `{meant}`?" if meant else ""

"""Suggestions for a word that is not known: first the words of other tools, then the known word spelled most alike."""

import difflib
import re
from collections.abc import Iterable, Mapping

from swanlab_ci.gate.spec import fields, operators
from swanlab_ci.messages import Key, Message

OPERATOR_SYNONYMS = {synonym: each.name for each in operators.OPERATORS.values() for synonym in each.synonyms}
FIELD_SYNONYMS = {synonym: root for root in fields.PLAIN for synonym in fields.FIELDS[root].synonyms}
ROOT_SYNONYMS = {synonym: root for root in fields.TREES for synonym in fields.FIELDS[root].synonyms}
FUNCTION_SYNONYMS = {
    **dict.fromkeys(("avg", "average"), "mean"),
    **dict.fromkeys(("std", "stddev", "sd"), "stdev"),
    **dict.fromkeys(("unique", "nunique"), "distinct"),
    **dict.fromkeys(("n", "len", "size", "num"), "count"),
    "total": "sum",
    "p50": "median",
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
    **dict.fromkeys(("dedupe_by", "unique_by", "rerun_by", "last_by"), "latest_by"),
    **dict.fromkeys(("best", "top", "best_of"), "take"),
    **dict.fromkeys(("same_as", "frozen", "unmodified"), "unchanged"),
    **dict.fromkeys(("least_runs", "minimum_runs", "at_least"), "min_runs"),
    **dict.fromkeys(("fallback", "either", "any_of"), "first_of"),
    **dict.fromkeys(("projects", "in_project", "workspace", "proj"), "project"),
    **dict.fromkeys(("source", "origin", "location"), "from"),
}
FROM_SYNONYMS = dict.fromkeys(("swanlab", "cloud", "remote", "online", "host"), "server")
TAKE_KEYS = {
    **dict.fromkeys(("count", "n", "top", "newest"), "best"),
    **dict.fromkeys(("field", "metric", "sort_by"), "by"),
    **dict.fromkeys(("direction", "goal", "mode", "order"), "better"),
}
CURVE_KEYS = {
    **dict.fromkeys(("metric", "key", "series", "field"), "of"),
    **dict.fromkeys(("window", "tail", "points", "n"), "last"),
    **dict.fromkeys(("from", "start", "since", "after", "min_step"), "from_step"),
    **dict.fromkeys(("to", "until", "end", "before", "max_step"), "to_step"),
    **dict.fromkeys(("function", "aggregate", "agg", "reduce", "compute", "value"), "take"),
    **dict.fromkeys(("when", "reaches", "where", "condition", "first_step"), "first"),
}
TAKE_SYNONYMS = {
    **dict.fromkeys(("avg", "average"), "mean"),
    **dict.fromkeys(("std", "stddev", "sd", "noise"), "stdev"),
    **dict.fromkeys(("nan", "nans", "inf", "isnan", "broken", "non_finite"), "not_finite"),
    **dict.fromkeys(("rise", "spike", "jump", "increase"), "max_rise"),
    **dict.fromkeys(("drop", "fall", "decrease"), "max_drop"),
    **dict.fromkeys(("trend", "gradient", "derivative"), "slope"),
    **dict.fromkeys(("auc", "integral", "sum"), "area"),
    **dict.fromkeys(("n", "len", "size", "num", "points"), "count"),
    **dict.fromkeys(("final", "latest", "end"), "last"),
    **dict.fromkeys(("start", "initial"), "first"),
    "p50": "median",
    "minimum": "min",
    "maximum": "max",
}
UNCHANGED_KEYS = {
    **dict.fromkeys(("baseline", "from", "with", "against"), "to"),
    **dict.fromkeys(("field", "keys", "paths"), "fields"),
    **dict.fromkeys(("ignore", "exclude", "but"), "except"),
}
FILE_KEYS = {
    **GATE_KEYS,
    **dict.fromkeys(("rules", "checks"), "gates"),
    **dict.fromkeys(("exceptions", "ignore", "exemptions"), "waivers"),
    **dict.fromkeys(("include", "preset", "presets", "inherits"), "extends"),
    "baseline": "baselines",
    **dict.fromkeys(("curve", "series", "quantities", "derived", "history"), "curves"),
    **dict.fromkeys(("output", "comment", "language"), "report"),
    **dict.fromkeys(("exempt", "paths", "paths_ignore", "paths-ignore", "skip"), "no_training_needed"),
}
NO_TRAINING_KEYS = dict.fromkeys(("paths", "files", "only", "in", "paths_ignore", "paths-ignore"), "only_in")
COMPARE_KEYS = {
    **dict.fromkeys(("baseline", "with", "against"), "to"),
    **dict.fromkeys(("direction", "goal", "mode", "greater_is_better"), "better"),
    **dict.fromkeys(("allow", "tolerance", "threshold", "margin", "max_drop"), "allow_worse"),
    **dict.fromkeys(("min_improvement", "improve"), "require_better"),
    **dict.fromkeys(("pair", "paired_by", "match_by"), "pair_by"),
    **dict.fromkeys(("if_missing", "if_no_runs"), "on_missing"),
    **dict.fromkeys(("aggregate", "agg", "reduce"), "over_runs"),
    **dict.fromkeys(("outlier", "if_outlier"), "outliers"),
    **dict.fromkeys(("if_unpaired", "missing_pairs"), "unpaired"),
    **dict.fromkeys(("same_conditions", "equal", "match"), "same"),
}
LEVEL_SYNONYMS = {
    **dict.fromkeys(("error", "critical", "failure", "block"), "fail"),
    "warning": "warn",
    **dict.fromkeys(("notice", "note"), "info"),
}
STATE_SYNONYMS = {
    **dict.fromkeys(("SUCCESS", "SUCCEEDED", "COMPLETED", "DONE"), "FINISHED"),
    **dict.fromkeys(("FAILED", "ERROR", "CRASH"), "CRASHED"),
    **dict.fromkeys(("KILLED", "STOPPED", "CANCELLED", "CANCELED"), "ABORTED"),
}

LANGUAGE_SYNONYMS = {
    **dict.fromkeys(("english", "en-US", "en_US", "en-GB"), "en"),
    **dict.fromkeys(("chinese", "cn", "zh-CN", "zh_CN", "zh-Hans", "中文"), "zh"),
}
REPORT_KEYS = {
    **dict.fromkeys(("lang", "locale"), "language"),
    **dict.fromkeys(("to", "compare_to", "main"), "baseline"),
    **dict.fromkeys(("metric", "show"), "metrics"),
    **dict.fromkeys(("fields", "column"), "columns"),
    **dict.fromkeys(("curves", "chart", "plots"), "charts"),
    **dict.fromkeys(("diff", "ignore"), "changes"),
    **dict.fromkeys(("comment", "comment_template", "jinja"), "template"),
}
METRIC_KEYS = {**dict.fromkeys(("direction", "goal"), "better"), **dict.fromkeys(("name", "title"), "label")}
CHANGES_KEYS = dict.fromkeys(("except", "exclude", "skip"), "ignore")

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,2})?"
_COMPARED = re.compile(rf"([<>=]=?)\s*({_NUMBER})")
_PERCENT = re.compile(rf"({_NUMBER})\s*%")


def instead_of_number(raw: str) -> Message | None:
    """Return how to write the number that the text `raw` stands for, or None."""
    if re.fullmatch(_NUMBER, raw):
        return Message("gate-file.hint-unquote")
    if compared := _COMPARED.fullmatch(raw):
        return Message("gate-file.hint-write", example=Key(f"{{{OPERATOR_SYNONYMS[compared[1]]}: {compared[2]}}}"))
    if share := _PERCENT.fullmatch(raw):
        return Message("gate-file.hint-as-logged", percent=Key(share[1]), share=Key(f"{float(share[1]) / 100:g}"))
    return None


def did_you_mean(word: str, known: Iterable[str], synonyms: Mapping[str, str] | None = None) -> Key | None:
    """Return the most likely of `known` for the unknown `word`, or None."""
    words = list(known)
    likely = (synonyms or {}).get(word) or (synonyms or {}).get(word.upper())
    if likely not in words:
        lower = {known_word.lower(): known_word for known_word in reversed(words)}
        close = difflib.get_close_matches(word.lower(), lower, 1, 0.6)
        likely = lower[close[0]] if close else None
    return Key(likely) if likely else None

"""The language that the environment of a command line asks for."""

from collections.abc import Mapping

from swanlab_ci.messages import Language

_BY_RANK = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first one that is set counts, as in POSIX, "Environment Variables"


def language_of(environ: Mapping[str, str]) -> Language | None:
    """Return Chinese for a locale such as `zh_CN.UTF-8`, None for every other."""
    locale = next((environ[name] for name in _BY_RANK if environ.get(name)), "")
    return Language.ZH if locale.lower().startswith("zh") else None

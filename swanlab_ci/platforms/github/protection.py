"""What GitHub requires before a change may be merged into a branch: by rulesets, and by branch protection."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from swanlab_ci.platforms.api import ForgeError
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.platforms.payload import Payload
from swanlab_ci.security.escaping import url_part

_ACTIONS = "github-actions"  # the App as which every workflow sets checks and statuses


@dataclass(frozen=True, slots=True)
class RequiredCheck:
    """A check that a branch requires; `app` is the id of the App that must set it, None: anyone may."""

    name: str
    app: int | None = None


@dataclass(frozen=True, slots=True)
class Protection:
    """What `branch` requires; `actions_app` is the id of GitHub Actions where a check names an App, None if unknown."""

    branch: str
    checks: tuple[RequiredCheck, ...] = ()
    workflows: tuple[str, ...] = ()
    has_merge_queue: bool = False
    actions_app: int | None = None


def read_protection(github: GitHub, repository: str, branch: str) -> Protection:
    """Ask for the rules and the protection of `branch` (empty: the default branch); raises `ForgeError`.

    Two requests, one more for the name of the default branch, and one for the id of an App. Source: "Get rules for a
    branch", "Get a branch", "Get an app" of GitHub's REST API.
    """
    root = f"/repos/{repository}"
    branch = branch or Payload(github.get(root)).text("default_branch")
    place = url_part(branch)
    rules = [Payload(rule) for rule in github.pages(f"{root}/rules/branches/{place}")]
    protected = Payload(github.get(f"{root}/branches/{place}"))
    checks = tuple(dict.fromkeys([*_of_rules(rules), *_of_protection(protected)]))
    return Protection(
        branch,
        checks,
        tuple(_workflows(rules)),
        any(rule.text("type") == "merge_queue" for rule in rules),
        _actions_app(github) if any(check.app for check in checks) else None,
    )


def _of_rules(rules: list[Payload]) -> Iterator[RequiredCheck]:
    for rule in rules:
        if rule.text("type") == "required_status_checks":
            for each in _items(rule.at("parameters.required_status_checks")):
                yield RequiredCheck(each.text("context"), each.number("integration_id"))


def _of_protection(branch: Payload) -> Iterator[RequiredCheck]:
    """Yield the checks of classic branch protection; an `app_id` of -1 or null means anyone."""
    for each in _items(branch.at("protection.required_status_checks.checks")):
        yield RequiredCheck(each.text("context"), each.number("app_id"))


def _workflows(rules: list[Payload]) -> Iterator[str]:
    """Yield the files of the workflows that a ruleset requires."""
    for rule in rules:
        if rule.text("type") == "workflows":
            yield from (each.text("path") for each in _items(rule.at("parameters.workflows")))


def _items(value: Any) -> list[Payload]:
    return [Payload(each) for each in value] if isinstance(value, list) else []


def _actions_app(github: GitHub) -> int | None:
    try:
        return Payload(github.get(f"/apps/{_ACTIONS}")).number("id")
    except ForgeError:
        return None

"""What any forge refuses, or takes away meanwhile: the verdict stands, and a warning says what was not done and why."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from checking import LAX, warnings
from places import FILE, PLACES, Place, builder
from support.described_double import Request, private_certificate
from support.gitea_double import GiteaDouble
from support.gitee_double import GiteeDouble
from support.github_double import GitHubDouble
from support.gitlab_double import GitLabDouble
from support.words import words

from swanlab_ci.messages import Key
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT

HTML = b"<!DOCTYPE html><title>Sign in</title>"
ADVICE, LATER, AGAIN = "", words("forge.rate-limited"), words("forge.run-again")
OURS = f"<!-- swanlab-ci:default run=3.1 sha={'c' * 40} -->\n<!-- state={'0' * 16} told=fail:1234567 -->\n## old\n"
STOPPED = {2, 3}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return builder(request, tmp_path).place(request.param, request.getfixturevalue(request.param))


@pytest.fixture(params=[name for name in PLACES if name not in {"gitlab", "gitcode"}])
def place_with_status(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return builder(request, tmp_path).place(request.param, request.getfixturevalue(request.param))


def heading(place: Place) -> list[bool]:
    """Tell which comments begin with a marker of this check."""
    return [f"sha={PULL_REQUEST_COMMIT} -->" in body for body in place.bodies()]


@pytest.mark.parametrize(
    ("method", "status", "body", "says"),
    [
        ("POST", 401, None, ADVICE),
        ("POST", 403, None, ADVICE),
        ("POST", 404, None, ADVICE),
        ("POST", 407, b"", "answered 407"),
        ("POST", 422, None, "answered 422"),
        ("POST", 429, None, LATER),
        ("POST", 403, {"message": "403 Forbidden (Rate Limit Exceeded)"}, LATER),
        ("POST", 500, None, AGAIN),
        ("POST", 302, b"", "answered 302"),
        ("POST", 200, HTML, "forge.answer-html"),
        ("GET", 401, None, ADVICE),
        ("GET", 404, None, ADVICE),
        ("GET", 429, None, LATER),
        ("GET", 503, HTML, AGAIN),
        ("GET", 200, HTML, "forge.answer-html"),
        ("GET", 200, b"{", "forge.answer-not-json"),
        ("edit", 403, None, ADVICE),
        ("edit", 422, None, "answered 422"),
        ("edit", 500, None, AGAIN),
        ("edit", 200, HTML, "forge.answer-html"),
    ],
)
def test_a_comment_that_is_refused_changes_no_verdict(
    place: Place, *, method: str, status: int, body: object, says: str
) -> None:
    if method == "edit":
        place.plant(4, OURS)
    path = f"/{place.listed}{'/[0-9]+' if method == 'edit' else ''}$"
    place.double.answer(place.edit if method == "edit" else method, path, status, body, times=99)

    ended = place.check()

    assert ended.code == 1
    (warning,) = warnings(ended)
    if says.startswith("forge."):
        assert words(says, forge=place.forge) in warning
    else:
        assert (says or place.said) in warning


@pytest.mark.parametrize(("method", "status"), [("POST", 403), ("GET", 500)])
def test_a_refusal_makes_nothing_red(place: Place, *, method: str, status: int) -> None:
    place.double.answer(method, f"/{place.listed}$", status, times=99)

    ended = place.check(FIXED_COMMIT)

    assert (ended.code, len(warnings(ended))) == (0, 1)


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (401, None, ""),
        (403, None, ""),
        (404, None, ""),
        (422, None, "answered 422"),
        (429, None, LATER),
        (503, HTML, AGAIN),
        (200, HTML, "forge.answer-html"),
    ],
)
def test_a_status_that_is_refused_leaves_verdict_and_comment(
    place_with_status: Place, *, status: int, body: object, says: str
) -> None:
    place = place_with_status
    place.double.answer("POST", place.status, status, body, times=9)

    ended = place.check(PULL_REQUEST_COMMIT, "--status-context", "swanlab-ci")

    assert ended.code == 1
    (warning,) = warnings(ended)
    assert words("forge.set-status") in warning
    assert (words(says, forge=place.forge) if says.startswith("forge.") else says) in warning
    assert says or _advises(place, warning)
    assert heading(place) == [True]


def _advises(place: Place, warning: str) -> bool:
    """Tell whether a warning names the right that a status takes."""
    return place.said.replace("pull-requests: write", "statuses: write") in warning


def test_our_comment_is_found_behind_many_others(place: Place) -> None:
    for number in range(1, 231):
        place.plant(number, "LGTM", "ada")
    place.plant(900, OURS)

    assert warnings(place.check()) == []
    assert heading(place) == [False] * 230 + [True]


def test_a_planted_comment_is_left_alone(place: Place) -> None:
    place.plant(3, OURS.replace("run=3.", "run=999999."), "mallory")
    place.plant(4, f"> {OURS}")
    place.plant(5, OURS)

    assert warnings(place.check()) == []
    assert heading(place) == [False, False, True]


def test_a_comment_that_is_deleted_before_the_edit_is_written_anew(place: Place) -> None:
    place.plant(4, OURS)
    place.double.before = lambda request: place.comments.clear() if request.method == place.edit else None

    assert warnings(place.check()) == []
    assert heading(place) == [True]


def test_a_comment_that_is_deleted_after_it_was_written_stays_deleted(place: Place) -> None:
    def deleted(request: Request) -> None:
        if request.method == "POST" and request.path.endswith(place.listed):
            place.comments[:] = [each for each in place.comments if each.body.startswith("LGTM")]

    place.plant(4, "LGTM", "ada")
    place.double.after = deleted

    ended = place.check()

    assert ended.code == 1
    assert heading(place) == [False]


@pytest.mark.parametrize(
    ("status", "body"), [(500, None), (429, None), (302, b""), (200, HTML), (200, b"{"), (200, b"{}")]
)
def test_a_base_file_without_an_answer_lets_nobodys_rules_count(place: Place, *, status: int, body: Any) -> None:
    (place.workspace / FILE).write_text(LAX)
    place.double.answer("GET", "/contents/|/repository/files/", status, body, times=99)

    assert place.check().code == 3
    assert place.bodies() == [] or "With its own rules" not in place.bodies()[0]


@pytest.mark.parametrize(
    ("status", "body"), [(401, None), (403, None), (404, None), (429, None), (500, None), (302, b""), (200, HTML)]
)
def test_a_pull_request_that_is_not_found_is_not_judged_by_its_own_rules(
    place: Place, *, status: int, body: Any
) -> None:
    (place.workspace / FILE).write_text(LAX)
    for path in ("/pulls/7$", "/merge_requests/12$"):
        place.double.answer("GET", path, status, body, times=99)
    place.double.answer("POST", "graphql", status, body, times=99)

    ended = place.check(by_number=True)

    assert ended.code in STOPPED


def test_a_pull_request_that_only_its_number_names_is_judged_by_the_bases_rules(place: Place) -> None:
    (place.workspace / FILE).write_text(LAX)

    assert place.check(by_number=True).code == 1
    assert heading(place) == [True]


def test_what_is_read_of_an_unknown_author_writes_no_second_comment(place: Place) -> None:
    """A forge that does not say who we are, for a moment or for this token."""
    place.plant(4, OURS)
    place.double.answer("GET", "/user$", 500, times=99)
    place.double.answer("POST", "/graphql$", 500, times=99)  # on GitHub, the token then counts as the workflow's own

    assert warnings(place.check()) == []
    assert heading(place) == [True]


@pytest.mark.parametrize(
    ("name", "double"),
    [
        ("github", GitHubDouble),
        ("gitea", partial(GiteaDouble, prefix="/git")),
        ("gitlab", partial(GitLabDouble, prefix="/git")),
        ("gitee", partial(GiteeDouble, prefix="/scm/git")),
    ],
)
def test_a_forge_of_a_private_authority_is_trusted_where_a_variable_names_it(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, double: Any
) -> None:
    server, authority = private_certificate(tmp_path)
    variable = Key("CI_SERVER_TLS_CA_FILE" if name == "gitlab" else "REQUESTS_CA_BUNDLE")
    with double(certificate=server) as serving:
        place = builder(request, tmp_path).place(name, serving)
        untrusted = words("forge.certificate", forge=place.forge, reason="self-signed certificate", variable=variable)

        assert (place.check().code, serving.asked) == (3, [])
        ended = place.check(FIXED_COMMIT, "--own-rules")
        assert ended.code == 0
        assert {untrusted in each for each in warnings(ended)} == {True}

        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "missing.pem"))
        assert (place.check().code, serving.asked) == (3, [])
        ended = place.check(FIXED_COMMIT, "--own-rules")
        assert ended.code == 0
        missing = words("forge.bad-bundle", variable=Key("REQUESTS_CA_BUNDLE"))
        assert {missing in each for each in warnings(ended)} == {True}

        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
        ended = place.check()
        assert (ended.code, warnings(ended), heading(place)) == (1, [], [True])
        assert {request.path.startswith(serving.ROOT) for request in serving.asked} <= {True}
        assert serving.violations == []

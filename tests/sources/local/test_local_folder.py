"""Which directories of a folder are runs of the project, and which of a run's files are read."""

import errno
import io
import json
import math
import os
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from local_writing import END, START, directory, framed, json_record, scalar
from support.saying import says

from swanlab_ci.errors import ConfigurationError, UnavailableError
from swanlab_ci.messages import Message
from swanlab_ci.model import Git, Points, Run
from swanlab_ci.security.files import FileError
from swanlab_ci.sources.local import LocalSource

NOW = datetime(2026, 11, 1, tzinfo=UTC)
Only = Callable[[Path], Run]
Gather = Callable[..., tuple[Run, ...]]
Refused = Callable[[Path], UnavailableError]
WHOLE = framed([*START, END])


def of(project: str, run: str, workspace: str | None = "my-team") -> bytes:
    start = json_record("Project", name=project, workspace=workspace), json_record("Experiment", id=run, name=run)
    return framed([*start, END])


def wrong(folder: Path, project: str = "") -> ConfigurationError:
    with pytest.raises(ConfigurationError) as stop:
        LocalSource(folder, project, say=print).fetch(None)  # type: ignore[arg-type]
    assert stop.value.advice
    return stop.value


def test_the_only_project_is_the_one_that_is_judged(tmp_path: Path) -> None:
    directory(tmp_path, of("resnet", "a"), "run-1-a")
    directory(tmp_path, of("resnet", "b"), "run-1-b")
    folder = LocalSource(tmp_path, "", say=print)

    runs = folder.fetch(None)  # type: ignore[arg-type]

    assert [run.id for run in runs] == ["a", "b"]
    assert (folder.project, folder.project_url) == ("my-team/resnet", "")
    assert folder.refresh(runs, ["a"], None) == runs  # type: ignore[arg-type]


def test_runs_of_two_projects_are_not_mixed(tmp_path: Path) -> None:
    directory(tmp_path, of("resnet", "a"), "run-1-a")
    directory(tmp_path, of("bert", "b"), "run-1-b")

    stop = wrong(tmp_path)

    assert says("source.many-projects", folder=str(tmp_path), projects=("my-team/bert", "my-team/resnet"))(stop)


@pytest.mark.parametrize("project", ["my-team/resnet", "other/resnet"])
def test_a_run_without_a_workspace_belongs_to_the_project_of_its_name(
    gather: Gather, tmp_path: Path, said: list[Message], project: str
) -> None:
    directory(tmp_path, of("resnet", "a", None), "run-1-a")
    directory(tmp_path, of("bert", "b"), "run-1-b")

    assert [run.id for run in gather(tmp_path, project)] == ["a"]
    assert said == [Message("source.other-projects", folder=str(tmp_path), count=1, total=2)]


def test_a_project_that_is_not_there_is_named_beside_those_that_are(tmp_path: Path) -> None:
    directory(tmp_path, of("resnet", "a"), "run-1-a")

    stop = wrong(tmp_path, "other/resnet")

    assert says("source.no-run-of-project", project="other/resnet", others=("my-team/resnet",))(stop)


def test_a_folder_without_runs_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "run-tests").mkdir()
    (tmp_path / "run-notes.txt").touch()

    nowhere, file = tmp_path / "nowhere", tmp_path / "run-notes.txt"

    assert says("source.no-run-directories", folder=str(tmp_path))(wrong(tmp_path))
    assert says("file.unreadable", file=str(nowhere), reason=FileError.MISSING)(wrong(nowhere))
    assert says("file.unreadable", file=str(file), reason=FileError.NOT_A_FOLDER)(wrong(file))


def test_a_run_directory_may_have_any_name(only: Only, tmp_path: Path) -> None:
    directory(tmp_path, WHOLE, "first")
    (tmp_path / "models").mkdir()

    assert only(tmp_path).id == "r1"


def test_the_same_run_twice_is_not_judged_by_either(refused: Refused, tmp_path: Path) -> None:
    directory(tmp_path, WHOLE, "run-1-r1")
    directory(tmp_path, framed(START), "run-2-r1")

    first, second = f"{tmp_path}/run-1-r1", f"{tmp_path}/run-2-r1"

    assert says("source.same-run", first=first, second=second, run="r1")(refused(tmp_path))


def test_a_run_directory_holds_one_file_of_records(refused: Refused, tmp_path: Path) -> None:
    made = directory(tmp_path, WHOLE)
    (made / "run-r1.swanlab").write_bytes(WHOLE)
    assert says("source.many-record-files")(refused(tmp_path))

    for path in made.glob("*.swanlab"):
        path.unlink()
    assert says("source.no-record-file")(refused(tmp_path))


@pytest.mark.parametrize("file", [b"", b":SW", framed([]), framed(START[:2])])
def test_a_run_without_a_start_stops_the_check(refused: Refused, tmp_path: Path, file: bytes) -> None:
    directory(tmp_path, file)

    assert says("source.not-started")(refused(tmp_path))


@pytest.mark.parametrize("file", [b"PK", b"SWL:", b":SWL\xd6\xe0\1", b"\0" * 100])
def test_a_file_of_another_kind_is_named(refused: Refused, tmp_path: Path, file: bytes) -> None:
    directory(tmp_path, file)

    assert says("source.not-swanlab")(refused(tmp_path))


@pytest.mark.parametrize("version", [0, 3])
def test_a_version_that_is_not_known_is_named(refused: Refused, tmp_path: Path, version: int) -> None:
    directory(tmp_path, framed(START, version))

    assert says("source.unknown-version", version=version)(refused(tmp_path))


def test_a_config_is_read_as_the_sdk_means_it(only: Only, tmp_path: Path) -> None:
    config = "lr: {desc: '', sort: 0, value: 1.0e-3}\nsha: {value: 12e4567}\nname: {value: '1.10'}\nx: {value: NaN}\n"
    directory(tmp_path, WHOLE, config=config + "1: {value: [a, {2: b}]}\nday: {value: 2026-09-01}\nplain: true\n")

    assert only(tmp_path).config == {
        "lr": 1e-3,
        "sha": "12e4567",
        "name": "1.10",
        "x": "NaN",
        "1": ["a", {"2": "b"}],
        "day": "2026-09-01",
        "plain": True,
    }


def test_metadata_requirements_and_conda_are_read(only: Only, tmp_path: Path) -> None:
    metadata = {"git_info": ["main", "abc"], "git_remote": "https://example.org/p", "python": "3.11"}
    directory(tmp_path, WHOLE, metadata=json.dumps(metadata), requirements="Torch==2.4.0\n", conda="name: base\n")
    run = only(tmp_path)

    assert (run.git, run.metadata) == (Git("abc", "main", "https://example.org/p"), metadata)
    assert (run.requirements, run.conda) == ({"torch": "2.4.0"}, "name: base\n")


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(ord(name) + 1)}: &{chr(ord(name) + 1)} [{', '.join(['*' + name] * 10)}]\n" for name in "abcdefg"
)


@pytest.mark.parametrize(
    ("kind", "content", "why"),
    [
        ("config", "lr: [", "source.not-yaml"),
        ("config", "lr: !!python/name:os.system", "source.not-yaml"),
        ("config", BOMB, "source.not-yaml"),
        ("config", "a: &a [*a]", "source.not-yaml"),
        ("config", "[" * 600, "source.not-yaml"),
        ("config", "day: 2026-13-45", "source.not-yaml"),
        ("config", b"\xff", "source.not-utf-8"),
        ("config", "a: !!bool foo", "source.not-yaml"),
        ("config", "a: !!int ''", "source.not-yaml"),
        ("config", "a: !!float ''", "source.not-yaml"),
        ("config", "a: !!timestamp foo", "source.not-yaml"),
        ("metadata", "{", "source.not-json"),
        ("metadata", "[" * 100_000, "source.not-json"),
        ("requirements", b"\xff", "source.not-utf-8"),
        ("conda", "x" * ((1 << 20) + 1), "source.larger-than"),
    ],
)
def test_a_profile_that_cannot_be_read_stops_the_check(
    refused: Refused, tmp_path: Path, kind: str, content: str | bytes, why: str
) -> None:
    directory(tmp_path, WHOLE, files={kind: content})

    assert says(why)(refused(tmp_path))


class BrokenDisk(io.FileIO):
    def read(self, size: int | None = -1, /) -> bytes:
        if size == len(":SWL12\1"):
            return super().read(size)
        raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.mark.parametrize(("broken", "name"), [(1, "backup.swanlab"), (2, "swanlab-metadata.json")])
def test_a_disk_that_fails_within_a_file_stops_the_check(
    refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: int, name: str
) -> None:
    directory(tmp_path, WHOLE, metadata="{}")
    opened = count(1)
    monkeypatch.setattr("os.fdopen", lambda fd, _: BrokenDisk(fd) if next(opened) == broken else io.FileIO(fd))

    stop = refused(tmp_path)

    assert str(stop.what.params["path"]).endswith(name)
    assert says("source.unreadable", reason="Input/output error")(stop)


def test_half_a_surrogate_pair_becomes_a_sign_that_can_be_shown(only: Only, tmp_path: Path) -> None:
    start = (
        json_record("Project", name="resnet"),
        json_record("Experiment", id="r1", name="a\ud800", tags=["\ud83d\ude00"]),
    )
    directory(tmp_path, framed([*start, END]), config=r'lr: {value: "\ud800"}', metadata=r'{"cpu": "\udfff!"}')

    run = only(tmp_path)

    assert (run.name, run.labels) == ("a\ufffd", ("\U0001f600",))
    assert (run.config, run.metadata) == ({"lr": "\ufffd"}, {"cpu": "\ufffd!"})


@pytest.mark.parametrize("name", ["backup.swanlab", "files/config.yaml"])
def test_links_out_of_the_folder_are_not_followed(refused: Refused, tmp_path: Path, name: str) -> None:
    made = directory(tmp_path / "swanlog", WHOLE, config="lr: {value: 1}")
    (made / name).rename(tmp_path / "outside")
    (made / name).symlink_to(tmp_path / "outside")

    assert says("source.unreadable", reason=FileError.OUTSIDE)(refused(tmp_path / "swanlog"))


def test_a_run_directory_that_is_a_link_out_of_the_folder_is_not_followed(refused: Refused, tmp_path: Path) -> None:
    made = directory(tmp_path, WHOLE)
    (tmp_path / "swanlog").mkdir()
    (tmp_path / "swanlog" / made.name).symlink_to(made)

    assert says("source.unreadable", reason=FileError.OUTSIDE)(refused(tmp_path / "swanlog"))


def test_a_pipe_does_not_hang_the_check(refused: Refused, tmp_path: Path) -> None:
    made = directory(tmp_path, WHOLE)
    (made / "backup.swanlab").unlink()
    os.mkfifo(made / "backup.swanlab")

    assert says("source.unreadable", reason=FileError.NOT_A_FILE)(refused(tmp_path))


def test_links_that_go_round_in_a_loop_are_named(refused: Refused, tmp_path: Path) -> None:
    made = directory(tmp_path, WHOLE)
    (made / "files" / "config.yaml").symlink_to(made / "files" / "config.yaml")

    assert says("source.unreadable", reason=FileError.LINK_LOOP)(refused(tmp_path))


def test_a_file_that_is_too_large_is_not_read(refused: Refused, tmp_path: Path) -> None:
    made = directory(tmp_path, WHOLE)
    os.truncate(made / "backup.swanlab", (1 << 30) + 1)

    assert says("source.larger-than", limit=1024)(refused(tmp_path))


def test_all_points_of_a_metric_are_kept_for_a_curve_and_of_no_other(tmp_path: Path) -> None:
    points = [scalar("loss", 2, 0.5), scalar("loss", 0, "NaN"), scalar("loss", 1, "-INF"), scalar("acc", 0, 1)]
    directory(tmp_path, framed([*START, *points, END]))

    (run,) = LocalSource(tmp_path, "", say=print, points=frozenset({"loss", "val/loss"})).fetch(NOW)

    assert run.points == {"loss": Points.of([0, 1, 2], [math.nan, -math.inf, 0.5]), "val/loss": Points.of((), ())}
    assert LocalSource(tmp_path, "", say=print).fetch(NOW)[0].points == {}


def test_a_value_that_is_no_number_is_a_point_that_is_not_finite(tmp_path: Path) -> None:
    directory(tmp_path, framed([*START, scalar("loss", 0, "high"), END]))

    (run,) = LocalSource(tmp_path, "", say=print, points=frozenset({"loss"})).fetch(NOW)

    assert run.points == {"loss": Points.of([0], [math.nan])}


def test_a_step_beyond_64_bits_is_damage(tmp_path: Path) -> None:
    directory(tmp_path, framed([*START, scalar("loss", 2**63, 1), END]))

    with pytest.raises(UnavailableError):
        LocalSource(tmp_path, "", say=print).fetch(NOW)

"""Sample data, always the same for the same moment: a team, its project, and an open pull request.

`my-team/resnet` trains on main. Pull request 42 raises the learning rate, drops the warm-up, adds an augmentation, and
runs with a newer torch (`PULL_REQUEST_COMMIT`): its smoke run crashes and its evaluations lose accuracy. A later commit
(`FIXED_COMMIT`) uses a good rate and warms up again, and all gates pass.
"""

import hashlib
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from swanlab_ci.sandbox.storage.store import Store, StoredProject, StoredRun, StoredUser, StoredWorkspace, timestamp

API_KEY = "sandboxSandboxSandbox"
_EPOCHS, _EPOCHS_OF_NIGHTLY = 64, 8
_SCALE = 8.0  # the length of a whole run, in units in which accuracy grows by `pace`
_REMOTE = "https://git.example.com/my-team/resnet"
_REQUIREMENTS = "numpy==2.1.3\npillow==11.0.0\nPyYAML==6.0.2\ntorch=={torch}\ntorchvision=={vision}\nswanlab=={sdk}\n"
_VISION = {"2.5.1": "0.20.1", "2.6.0": "0.21.0"}
_CONDA = "name: resnet\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.11.9\n"


def _commit(subject: str) -> str:
    return hashlib.sha1(subject.encode(), usedforsecurity=False).hexdigest()


MAIN_COMMIT = _commit("Train with cosine decay")
PULL_REQUEST_COMMIT = _commit("Raise the learning rate")
FIXED_COMMIT = _commit("Warm up, and lower the learning rate again")
_OLDER = [_commit(f"Earlier work {number}") for number in range(12)]
_SWEEP = [
    (1e-4, 0.871, "FINISHED"),
    (2e-4, 0.893, "FINISHED"),
    (4e-4, 0.917, "FINISHED"),
    (8e-4, 0.929, "FINISHED"),
    (1.6e-3, 0.930, "FINISHED"),
    (3.2e-3, 0.925, "FINISHED"),
    (6.4e-3, 0.918, "FINISHED"),
    (0.0128, 0.902, "FINISHED"),
    (0.0256, 0.874, "FINISHED"),
    (0.3, math.nan, "FINISHED"),
    (3.0, 0.1, "CRASHED"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """The plan of a sample run; `age` in hours at the moment of the sample, `hours` its duration.

    Without a commit it was started outside a repository; CI checks out with a `detached` HEAD.
    """

    name: str
    age: float
    commit: str = ""
    branch: str = "main"
    detached: bool = False
    label: str = "eval"
    state: str = "FINISHED"
    seed: int = 0
    dataset: str = "cifar10"
    lr: float = 1e-3
    accuracy: float = 0.93
    hours: float = 1.6
    pace: float = 0.55
    noise: float = 0.004
    warmup_steps: int = 200
    augment: str = ""
    torch: str = "2.5.1"
    epochs: int = _EPOCHS
    pull_request: int | None = None
    cluster: str | None = None
    sdk: str = "0.10.3"
    username: str = "ada"


def sample_store(moment: datetime | None = None, *, runs: int = 40) -> Store:
    """Return the sample as of `moment` (default: this minute); `my-team/resnet` gets at least `runs` runs."""
    moment = moment or datetime.now(UTC).replace(second=0, microsecond=0)
    store, chance = Store(), random.Random(42)  # noqa: S311 - sample data, not secret
    _people(store)
    plans = list(_story())
    plans += [_nightly(number) for number in range(runs - len(plans))]
    created = timestamp(moment - timedelta(days=60 + runs / 4))
    resnet = StoredProject(
        cuid=_id(chance),
        name="resnet",
        workspace="my-team",
        created_at=created,
        description="Image classification, gated on pull requests",
        labels=["vision"],
        runs=[_run(plan, moment, chance) for plan in plans],
    )
    resnet.updated_at = max(run.updated_at for run in resnet.runs)
    store.add_project(resnet)
    _personal(store, resnet, moment, chance)
    return store


def _people(store: Store) -> None:
    store.add_user(StoredUser(username="ada", name="Ada", api_key=API_KEY, profile={"location": "Hangzhou"}))
    store.add_user(StoredUser(username="grace", name="Grace", api_key="graceSandboxSandbox42"))
    store.add_workspace(
        StoredWorkspace(
            username="my-team",
            name="My Team",
            comment="We see things",
            members={"ada": "OWNER", "grace": "MEMBER"},
        )
    )


def _personal(store: Store, resnet: StoredProject, moment: datetime, chance: random.Random) -> None:
    """Add a personal project of ada, with a clone of the team's newest finished main run, and an empty project."""
    root = next(run for run in reversed(resnet.runs) if "eval" in run.labels and run.state == "FINISHED")
    scratch, clone = (_run(_Plan(name=name, age=20, label="scratch"), moment, chance) for name in ("scratch", "clone"))
    clone.series, clone.root_project, clone.root_run = {}, resnet.cuid, root.cuid
    for name, visibility, runs in (("notes", "PUBLIC", [scratch, clone]), ("empty", "PRIVATE", [])):
        created = timestamp(moment - timedelta(days=2))
        store.add_project(
            StoredProject(
                cuid=_id(chance), name=name, workspace="ada", visibility=visibility, created_at=created, runs=runs
            )
        )


def _story() -> Iterator[_Plan]:
    yield from _main()
    yield from _sweep()
    yield from _pull_request()
    yield _Plan(name="long-schedule", age=0.4, commit=MAIN_COMMIT, label="nightly", state="RUNNING", hours=0)
    yield _Plan(
        name="wrong-dataset", age=70, commit=_OLDER[0], label="eval", state="ABORTED", hours=0.2, username="grace"
    )
    yield _Plan(name="from-a-tarball", age=90, label="notebook", username="grace")
    yield _Plan(name="ci-checkout", age=230, commit=_OLDER[0], label="smoke", hours=0.05, sdk="0.7.20", detached=True)


def _main() -> Iterator[_Plan]:
    for age, commit, accuracy in ((220, _OLDER[0], 0.926), (50, MAIN_COMMIT, 0.930)):
        for seed in (1, 2, 3):
            yield _Plan(
                name=f"main-s{seed}",
                age=age + seed,
                commit=commit,
                seed=seed,
                accuracy=accuracy,
                cluster="main",
                sdk="0.10.3" if seed % 2 else "0.7.20",
            )
        yield _Plan(
            name="main-smoke", age=age + 5, commit=commit, label="smoke", hours=0.05, accuracy=0.61, detached=True
        )
        yield _Plan(name="main-svhn", age=age, commit=commit, label="transfer", dataset="svhn", accuracy=0.955)


def _sweep() -> Iterator[_Plan]:
    for place, (lr, accuracy, state) in enumerate(_SWEEP):
        yield _Plan(
            name=f"sweep-{place:02}",
            age=120 - place,
            commit=_OLDER[1],
            branch="feature/sweep",
            label="sweep",
            lr=lr,
            state=state,
            accuracy=accuracy,
            cluster="lr-sweep",
            username="grace",
        )


def _pull_request() -> Iterator[_Plan]:
    """Plan both commits: a high rate learns fast at first, is noisy and ends low."""
    for commit, age, accuracy, smoke, other in (
        (PULL_REQUEST_COMMIT, 9.0, 0.897, "CRASHED", {"lr": 0.05, "warmup_steps": 0, "pace": 0.9, "noise": 0.006}),
        (FIXED_COMMIT, 2.0, 0.933, "FINISHED", {"lr": 1.2e-3, "pace": 0.6}),
    ):
        shared: dict[str, Any] = {"commit": commit, "branch": "feature/larger-lr", "pull_request": 42}
        shared["cluster"] = commit  # as SWANLAB_GROUP sets it
        shared |= {"augment": "randaugment", "torch": "2.6.0", **other}
        yield _Plan(name="pr42-smoke", age=age + 2, label="smoke", state=smoke, hours=0.05, accuracy=0.6, **shared)
        for seed in (1, 2, 3):
            yield _Plan(name=f"pr42-s{seed}", age=age + seed / 10, seed=seed, accuracy=accuracy, **shared)
        yield _Plan(name="pr42-svhn", age=age, label="transfer", dataset="svhn", accuracy=accuracy + 0.02, **shared)


def _nightly(number: int) -> _Plan:
    return _Plan(
        name=f"nightly-{number:05}",
        age=24 * (12 + number / 4),
        commit=_OLDER[2 + number % 10],
        branch="main" if number % 3 else f"feature/{number % 7}",
        label="nightly",
        state="CRASHED" if number % 11 == 0 else "FINISHED",
        seed=number % 5,
        dataset="cifar10" if number % 4 else "svhn",
        accuracy=0.92 + number % 10 / 1000,
        epochs=_EPOCHS_OF_NIGHTLY,
        sdk="0.7.20" if number % 2 else "0.10.3",
        username="grace" if number % 3 else "ada",
    )


def _id(chance: random.Random) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=21))


def _run(plan: _Plan, moment: datetime, chance: random.Random) -> StoredRun:
    start = moment - timedelta(hours=plan.age + plan.hours)
    end = timestamp(start + timedelta(hours=plan.hours))
    over = plan.state != "RUNNING"
    old = plan.sdk == "0.7.20"
    return StoredRun(
        cuid=_id(chance),
        slug=None if old else _id(chance)[:8],
        name=plan.name,
        username=plan.username,
        created_at=timestamp(start),
        updated_at=end if over else timestamp(moment),
        finished_at=end if over else None,
        state=plan.state,
        labels=[plan.label],
        colors=["#528d59", "#587ad2"],
        cluster=plan.cluster,
        job="train" if plan.cluster else None,
        config=_config(plan),
        metadata=_metadata_v1(plan) if old else _metadata_v2(plan),
        requirements=_REQUIREMENTS.format(torch=plan.torch, vision=_VISION[plan.torch], sdk=plan.sdk),
        conda=_CONDA if old else "",
        series=_series(plan, start, chance),
    )


def _config(plan: _Plan) -> dict[str, Any]:
    values: dict[str, Any] = {
        "lr": plan.lr,
        "optimizer": "adamw",
        "batch_size": 128,
        "seed": plan.seed,
        "dataset": plan.dataset,
        "max_steps": 5000,
        "warmup_steps": plan.warmup_steps,
        "git_dirty": False,
        "model": {"name": "resnet", "depth": 50},
        "run_dir": f"/srv/resnet/runs/{plan.name}-{plan.commit[:7]}",
    }
    if plan.augment:
        values["augment"] = plan.augment
    if plan.pull_request:
        values["pr"] = plan.pull_request
    return {key: {"value": value, "desc": "", "sort": place} for place, (key, value) in enumerate(values.items())}


def _metadata_v1(plan: _Plan) -> dict[str, Any]:
    """Return the metadata of SDK 0.7.20, which loses the commit of a detached HEAD."""
    known = ["", None] if plan.detached else [plan.branch, plan.commit]
    return {
        "os": "Linux-6.8.0-x86_64",
        "hostname": "trainer-1",
        "pid": 4242,
        "cwd": "/srv/resnet",
        "python": "3.11.9",
        "command": f"train.py --lr {plan.lr}",
        "git_remote": _REMOTE if plan.commit else None,
        "git_info": known if plan.commit else [None, None],
        "swanlab": {"version": plan.sdk, "logdir": "/srv/resnet/swanlog", "_monitor": 0},
    }


def _metadata_v2(plan: _Plan) -> dict[str, Any]:
    """Return the metadata of SDK 0.8 and later."""
    known = (_REMOTE, "" if plan.detached else plan.branch, plan.commit) if plan.commit else (None, None, None)
    return {
        "_version": 2,
        "hardware": {"cpu": {"brand": "EPYC", "cores": 16}, "memory": {"total": 64}, "accelerators": []},
        "runtime": {
            "os": "Linux-6.8.0-x86_64",
            "hostname": "trainer-2",
            "pid": 4242,
            "cwd": "/srv/resnet",
            "python_version": "3.11.9",
            "command": f"train.py --lr {plan.lr}",
        },
        "git": dict(zip(("remote_url", "branch", "commit"), known, strict=True)),
        "swanlab": {"version": plan.sdk, "run_dir": "/srv/resnet/swanlog"},
    }


def _series(plan: _Plan, start: datetime, chance: random.Random) -> dict[str, list[list[Any]]]:
    """Make noisy curves that converge to the plan's accuracy; a run that did not finish stops early.

    The last value has no noise but the run's `luck`, so that a comparison of last values is what the plan says.
    """
    last = plan.epochs if plan.state == "FINISHED" else plan.epochs * 3 // 8
    pace = plan.hours * 3_600_000 / plan.epochs
    luck = chance.gauss(0, 0.0015)
    jitter = random.Random(f"{plan.name} {plan.commit} {plan.seed}")  # noqa: S311 - sample data, not secret
    curves: dict[str, list[list[Any]]] = {"train/loss": [], "val/loss": [], "val/acc": []}
    for epoch in range(1, last + 1):
        time = int(start.timestamp() * 1000 + epoch * pace)
        grown = math.exp(-plan.pace * _SCALE * epoch / plan.epochs)
        accuracy = (plan.accuracy + luck) * (1 - grown) / (1 - math.exp(-plan.pace * _SCALE))
        noise = [jitter.gauss(0, plan.noise * (1 + 3 * grown)) if epoch < last else 0.0 for _ in curves]
        loss = 2.2 * grown + 3.1 * (1 - accuracy)
        noisy = (loss + 3 * noise[0], 1.18 * (loss + 3 * noise[1]), abs(accuracy + noise[2]))
        for key, value in zip(curves, noisy, strict=True):
            curves[key].append([epoch, "NaN" if math.isnan(value) else round(value, 6), time])
    return curves

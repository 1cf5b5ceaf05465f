"""Rehearse a release: check, build twice and compare, publish by digest, list the parts, commit, and use the result.

    python -m release.rehearsal

The steps and their order are those of `.github/workflows/release.yml`; GitHub's own parts (attestations, PyPI, the
draft) are left out. It needs root, a Docker engine, and Debian's docker-registry and skopeo. What it makes is in
`.cache/rehearsal`.
"""

import datetime as dt
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from release import archive, parts
from release.image import ROOT, base_name, with_base
from release.rehearsal.services import buildkit, output, registry
from swanlab_ci import __version__

WORK = ROOT / ".cache" / "rehearsal"
OWNER = "octo"
STARTED = time.monotonic()


def main() -> None:
    """Go through the steps; the first that fails ends it."""
    WORK.mkdir(parents=True, exist_ok=True)
    source = prepared_source(WORK / "source")
    say("check", output(sys.executable, "-m", "release.check", __version__, cwd=source))
    epoch = output("git", "log", "-1", "--format=%ct", cwd=source)
    say("dist", *twice(lambda folder: distributions(source, folder, epoch)))
    with registry(WORK / "registry") as address, buildkit(WORK / "buildkit") as engine:
        use_base(source, address)
        with (WORK / "build.log").open("w") as log:
            pinned = WORK / "Dockerfile"
            host = "--network=host"  # the engine has no bridge
            say("image", *twice(lambda folder: archive.build(source, folder, pinned, engine, log, host)))
        say("image: parts", *(parts.write(WORK / "one" / f"{target}.tar") for target in archive.TARGETS))
        published = {target: publish(WORK / "one", target, address, engine) for target in archive.TARGETS}
        say("publish", *published.values())
        say("draft", release_commit(source, published["action"]))
        say("use", "the tests of the container and of workflows, on what was published")
        use(published)
    say("done", f"Version {__version__} was rehearsed.")


def say(step: str, *lines: str) -> None:
    """Print what a step did."""
    sys.stdout.write(f"\n== {step} ({time.monotonic() - STARTED:.0f} s)\n" + "".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def prepared_source(folder: Path) -> Path:
    """Make a repository of this checkout's files, with the owner and the date that a release needs, and an origin."""
    shutil.rmtree(folder, ignore_errors=True)
    listed = output("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).splitlines()
    for name in listed:
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    output(sys.executable, "-m", "release.owner", OWNER, cwd=folder)
    changelog = folder / "CHANGELOG.md"
    today = dt.datetime.now(dt.UTC).date().isoformat()
    changelog.write_text(
        changelog.read_text("utf-8").replace(f"[{__version__}] - unreleased", f"[{__version__}] - {today}")
    )
    git(folder, "commit", "--quiet", "--all", "--message", f"Prepare version {__version__}")
    origin = folder.with_name("origin.git")
    shutil.rmtree(origin, ignore_errors=True)
    output("git", "init", "--quiet", "--bare", str(origin))
    git(folder, "remote", "add", "origin", str(origin))
    git(folder, "push", "--quiet", "origin", "main")
    return folder


def git(folder: Path, *arguments: str) -> str:
    """Run git as a made-up committer."""
    who = ("-c", "user.name=rehearsal", "-c", "user.email=rehearsal@example.com")
    return output("git", *who, *arguments, cwd=folder)


def twice(make: Callable[[Path], Mapping[str, str]]) -> list[str]:
    """Make artefacts in two folders and compare their digests; return a line for each."""
    made = []
    for name in ("one", "two"):
        (WORK / name).mkdir(exist_ok=True)
        made.append(make(WORK / name))
    one, two = made
    if one != two:
        raise SystemExit(f"not reproducible: {one} and {two}")
    return [f"{artefact} {digest}, twice the same" for artefact, digest in one.items()]


def distributions(source: Path, folder: Path, epoch: str) -> dict[str, str]:
    """Build sdist and wheel; return their SHA-256 by file name."""
    shutil.rmtree(folder / "dist", ignore_errors=True)
    environment = dict(os.environ) | {"SOURCE_DATE_EPOCH": epoch}
    output(sys.executable, "-m", "hatchling", "build", "-d", str(folder / "dist"), cwd=source, environment=environment)
    built = sorted((folder / "dist").iterdir())
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in built}


def use_base(source: Path, address: str) -> None:
    """Put the base at hand into the registry, and write a Dockerfile that is pinned to it there."""
    text = (source / "Dockerfile").read_text("utf-8")
    there = f"{address}/library/{base_name(text)}"
    output("docker", "tag", base_name(text), there)
    output("docker", "push", "--quiet", there)
    pinned = f"{there.rpartition(':')[0]}@{digest_of(there)}"
    (WORK / "Dockerfile").write_text(with_base(text, pinned), "utf-8")


def publish(folder: Path, target: str, address: str, engine: Mapping[str, str]) -> str:
    """Push an image unchanged, and make the index that all architectures are found by; return its reference."""
    name = f"{address}/{OWNER}/swanlab-ci"
    tag = __version__ if target == "action" else f"{__version__}-{target}"
    image = f"{name}:build-{target}"
    copy = ["skopeo", "copy", "--quiet", "--preserve-digests", "--dest-tls-verify=false"]
    output(*copy, f"oci-archive:{folder / target}.tar", f"docker://{image}")
    index = ["docker", "buildx", "imagetools", "create", "--tag", f"{name}:{tag}", f"{name}@{digest_of(image)}"]
    output(*index, environment=engine)
    return f"{name}@{digest_of(f'{name}:{tag}')}"


def digest_of(reference: str) -> str:
    """Ask the registry for the digest that a tag stands for."""
    manifest = output("skopeo", "inspect", "--raw", "--tls-verify=false", f"docker://{reference}")
    return f"sha256:{hashlib.sha256(manifest.encode()).hexdigest()}"


def release_commit(source: Path, image: str) -> str:
    """Commit, on top of the checked commit, an `action.yml` that uses the image; tag it; return what was done."""
    release = WORK / "release"
    shutil.rmtree(release, ignore_errors=True)
    output("git", "clone", "--quiet", str(source), str(release))
    git(release, "checkout", "--quiet", "--detach")
    output(sys.executable, "-m", "release.action", image, cwd=release)
    git(release, "commit", "--quiet", "--all", "--message", f"Release v{__version__}")
    git(release, "tag", f"v{__version__}")
    changed = git(release, "diff", "--name-only", "HEAD^", "HEAD")
    if changed != "action.yml" or git(release, "rev-parse", "HEAD^") != git(source, "rev-parse", "HEAD"):
        raise SystemExit(f"the release commit must change action.yml alone, and changes {changed}")
    line = git(release, "grep", "-h", "image: docker", "HEAD", "--", "action.yml").strip()
    return f"v{__version__} is {git(release, 'rev-parse', 'HEAD')}, which changes action.yml alone: {line}"


def use(published: Mapping[str, str]) -> None:
    """Run the tests that a user's workflow stands behind, on the published images; the first test pulls them."""
    environment = dict(os.environ) | {
        "SWANLAB_CI_ACTION": str(WORK / "release"),
        "SWANLAB_CI_IMAGE": published["action"],
        "SWANLAB_CI_SHELL_IMAGE": published["shell"],
    }
    command = [sys.executable, "-m", "pytest", "tests/e2e", "tests/container"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603 - our own tests
    if done.returncode:
        raise SystemExit("The published image does not pass the tests.")


if __name__ == "__main__":
    main()

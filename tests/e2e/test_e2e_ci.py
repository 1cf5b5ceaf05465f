"""Our own CI's use of the action, as it stands in `.github/workflows/ci.yml`."""

import shutil

from acting import PYTHON, ROOT, Repository


def test_the_self_test_of_our_ci_passes(repository: Repository) -> None:
    shutil.copytree(repository.action, repository.folder, dirs_exist_ok=True)
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")

    job = repository.run(workflow, "push", {"ref": "refs/heads/main"}, job="self-test", image=PYTHON)["self-test"]

    assert job.result == "success", job.log
    assert job.outputs["green"]["verdict"] == "pass"
    assert job.outputs["red"]["verdict"] == "fail"

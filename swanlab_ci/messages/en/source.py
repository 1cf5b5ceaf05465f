"""Files and where runs come from."""

MESSAGES: dict[str, str] = {
    "file.unreadable": "{file} cannot be read: {reason}.",
    "file.unwritable": "{file} cannot be written: {reason}.",
    "file.name-an-existing-one": "Write the name of a file that exists.",
    "file.split": "Split it into smaller files.",
    "file.outside": "{file} is outside the workspace {workspace}.",
    "file.outside-advice": "Name a file inside the repository, not behind a symbolic link that leads out of it.",
    "file.not-utf-8": "Line {line} of {file} is not UTF-8 text[[; the file is {encoding}]].",
    "file.save-as-utf-8": "Save the file as UTF-8.",
    "fileerror.missing": "it does not exist",
    "fileerror.forbidden": "permission denied",
    "fileerror.exists": "it exists already",
    "fileerror.not-a-file": "it is not a regular file",
    "fileerror.not-a-folder": "a part of its path is not a folder",
    "fileerror.a-file": "it is a file, not a folder",
    "fileerror.a-folder": "it is a folder",
    "fileerror.link-loop": "its symbolic links form a loop",
    "fileerror.disk-full": "the disk is full",
    "fileerror.read-only": "the file system is read-only",
    "fileerror.no-room": "no room is left in it",
    "fileerror.too-large": "it is too large",
    "fileerror.outside": "it is outside the folder",
    "fileerror.bad-name": "no file can have this name",
    # Runs on a server
    "source.many-profiles": (
        "To find the runs, {count} of {project} are read one by one, because SwanLab's list does not contain `git.*`, "
        "`metadata.*`, `requirements.*` and `conda`. It is faster to select by what it contains: log the commit with "
        '`swanlab.init(config={"commit": …})`, and write `runs: {config.commit: $pr_commits}`.'
    ),
    # Run directories
    "source.no-run-of-project": "{folder} contains no run of {project}, only runs of {others}.",
    "source.no-run-of-project.advice": "Fix `project`, or name the folder with its runs.",
    "source.other-projects": "{folder}: {count} of {total} runs belong to other projects.",
    "source.no-run-directories": "{folder} contains no run directories.",
    "source.no-run-directories.advice": (
        'Name the folder in which `swanlab.init(mode="offline")`, or `"local"`, creates its directories `run-…`; the '
        "default is `swanlog`."
    ),
    "source.not-in-folder": "No run in {folder} has {fields}: SwanLab up to 0.7.20 does not write it there. Select "
    "the runs by `labels` or `git.commit` instead.",
    "source.many-projects": "{folder} contains runs of several projects: {projects}.",
    "source.many-projects.advice": "Choose one: write `project: workspace/project` in the gate file, or set `project`.",
    "source.same-run": "{first} and {second} contain the same run, {run}.",
    "source.same-run.advice": "Remove the directory that is out of date.",
    "source.unreadable": "{path} cannot be read: {reason}.",
    "source.unreadable.advice": "Remove the directory of this run, or train the run again.",
    "source.larger-than": "it is larger than {limit} MiB",
    "source.not-utf-8": "it is not UTF-8 text",
    "source.not-json": "it is not JSON",
    "source.not-yaml": "it is not the YAML that SwanLab writes",
    "source.not-started": (
        "it does not contain the start of the run, with its name and labels. The run was killed or is still running: "
        "SwanLab 0.8 and newer keep a short run in memory until it ends"
    ),
    "source.no-record-file": "it contains no file of records (`backup.swanlab`, `run-….swanlab`)",
    "source.many-record-files": "it contains more than one file of records (`backup.swanlab`, `run-….swanlab`)",
    "source.not-swanlab": "it is not a file of SwanLab",
    "source.unknown-version": "its version is {version}; supported are 1 (SwanLab 0.6.13 to 0.7.20) and 2 (since 0.8)",
    "source.damaged-record": "record {number} is damaged: {reason}",
    "source.record.order": "its parts are in the wrong order",
    "source.record.too-large": "it is larger than {limit} MiB",
    "source.record.header": "its header is wrong",
    "source.record.checksum": "its checksum is wrong",
    "source.record.too-deep": "it is nested too deeply",
    "source.record.not-utf-8": "a text in it is not UTF-8",
    "source.record.no-value": "it contains no step and value of a metric",
    "source.record.value-too-large": "its value is too large",
    "source.record.no-end": "it does not say how the run ended",
    "source.record.unknown-state": "it contains an unknown state of the run",
    "source.record.field-type": "its field {number} has the wrong type",
    "source.record.endless-number": "a number in it does not end",
    "source.record.not-protobuf": "it is not a protobuf message",
    "source.record.cut-off": "it ends inside a field",
}

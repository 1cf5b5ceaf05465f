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
    "fileerror.a-folder": "it is a folder",
    "fileerror.link-loop": "its symbolic links form a loop",
    "fileerror.disk-full": "the disk is full",
    "fileerror.read-only": "the file system is read-only",
    "fileerror.too-large": "it is too large",
    "fileerror.outside": "it is outside the folder",
    "fileerror.bad-name": "no file can have this name",
}

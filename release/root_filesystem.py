"""Fill the image's root file systems from the base image: only what the program needs, compiled, with its licences.

The Dockerfile runs this with the base's own Python. It fills one folder for each layer of the image: `runtime` (the
interpreter, its standard library and the C libraries), `packages` (what the program depends on), `app` (the program)
and `shell` (for CI systems that start a shell).
"""

import compileall
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from py_compile import PycInvalidationMode

BUILT = Path("/rootfs")
VENV = Path("/opt/venv")
INTERPRETER = Path(sys.executable).resolve()
# What scripts of CI systems call: bash and grep are GitLab's requirement, the rest its runner's habit.
SHELL_COMMANDS = (
    *("bash", "grep", "sed"),
    *(
        "[",
        "base64",
        "basename",
        "cat",
        "chmod",
        "chown",
        "cp",
        "cut",
        "date",
        "dirname",
        "echo",
        "env",
        "false",
        "head",
    ),
    *("id", "ln", "ls", "mkdir", "mktemp", "mv", "printenv", "printf", "pwd", "readlink", "realpath"),
    *(
        "rm",
        "rmdir",
        "seq",
        "sha256sum",
        "sleep",
        "sort",
        "stat",
        "tail",
        "tee",
        "test",
        "timeout",
        "touch",
        "tr",
        "true",
    ),
    *("uname", "uniq", "wc"),
)

# Listed is what is left out, not what is kept: a module that a dependency begins to import is there already.
LEFT_OUT = {
    *("__pycache__", "dist-packages", "site-packages", "sitecustomize.py", "EXTERNALLY-MANAGED"),
    *("test", "idlelib", "tkinter", "turtledemo", "turtle.py", "lib2to3"),
    *("ensurepip", "venv", "unittest", "doctest.py", "pydoc.py", "pydoc_data", "_pyrepl", "pdb.py", "bdb.py"),
    *("curses", "dbm", "sqlite3", "antigravity.py", "this.py", "__hello__.py", "__phello__", "wsgiref", "xmlrpc"),
    *("_pydatetime.py", "_pydecimal.py", "_pyio.py"),  # stand in for extension modules, which are there
    *("imaplib.py", "mailbox.py", "poplib.py", "smtplib.py", "webbrowser.py"),
    *("cProfile.py", "pickletools.py", "profile.py", "pstats.py", "trace.py"),
    *("_curses", "_curses_panel", "_dbm", "_gdbm", "_sqlite3", "_tkinter", "readline"),
}
LEFT_OUT_PREFIXES = ("config-", "_test", "_ctypes_test", "_xx", "xx")  # CPython's own build, tests and examples

# What every start would compile again: the code of dataclasses, and the comment's templates.
PREPARING = """
from swanlab_ci.runtime import prepared
prepared.write(["swanlab_ci.check.inputs", "swanlab_ci.check.pipeline", "swanlab_ci.report.html"])
from swanlab_ci.templating.engine import compile_built_in
compile_built_in()
"""

USERS = "root:x:0:0:root:/root:/nonexistent\nnobody:x:65534:65534:nobody:/nonexistent:/nonexistent\n"
GROUP = "root:x:0:\nnogroup:x:65534:\n"
NSSWITCH = "passwd: files\ngroup: files\nhosts: files dns\n"


def main() -> None:
    """Fill all four."""
    runtime = Layer("runtime")
    add_runtime(runtime)
    packages, app = Layer("packages"), Layer("app")
    prepare()
    add_packages(packages, app)
    for library in libraries(executables(runtime, packages)):
        runtime.add(library)
    shell = Layer("shell", below=runtime)
    add_shell(shell)
    for layer in (runtime, shell):
        add_records(layer)
    for layer in (runtime, packages):
        compile_all(layer, keep_source=False)
    compile_all(app, keep_source=True)  # its source shows in tracebacks, and can be audited
    app.add(Path("/action/entrypoint.py"))  # a script, which is never read from a compiled file


class Layer:
    """The folder of one layer, and which files of the base are in it."""

    def __init__(self, name: str, below: "Layer | None" = None) -> None:
        """Begin with nothing; what is in the layer `below` is not added again."""
        self.root = BUILT / name
        self.root.mkdir(parents=True)
        self.below = below.files if below else set()
        self.files: set[Path] = set()

    def add(self, path: Path) -> None:
        """Copy a file to the same path, with the symbolic links that lead to it."""
        for step in steps_to(path):
            there = self.root / step.relative_to("/")
            if step.is_symlink():
                if not there.is_symlink():
                    there.symlink_to(step.readlink())
            elif step.is_dir():
                there.mkdir(exist_ok=True)
            elif step not in self.files | self.below:
                shutil.copy2(step, there)
                self.files.add(step)

    def add_folder(self, folder: Path, left_out: Callable[[str], bool] = lambda _: False) -> None:
        """Copy the files of a folder and of the folders in it; what has a name `left_out`, or lies in one, is not."""
        for path in sorted(folder.rglob("*")):
            if not path.is_dir() and not any(map(left_out, path.relative_to(folder).parts)):
                self.add(path)

    def write(self, path: str, text: str) -> None:
        """Write a file that is not from the base."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def link(self, path: str, target: Path | str) -> None:
        """Make a symbolic link."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.symlink_to(target)


def steps_to(path: Path) -> Iterator[Path]:
    """Yield each folder and symbolic link that is passed on the way to a file, and the file."""
    here, names = Path("/"), list(path.parts[1:])
    while names:
        name = names.pop(0)
        if name == "..":
            here = here.parent
            continue
        step = here / name
        yield step
        if not step.is_symlink():
            here = step
        elif step.readlink().is_absolute():
            here, names = Path("/"), [*step.readlink().parts[1:], *names]
        else:
            names = [*step.readlink().parts, *names]


def add_runtime(layer: Layer) -> None:
    """Add the interpreter, its standard library, and the files that the C library reads."""
    layer.add(INTERPRETER)
    folders = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), sysconfig.get_config_var("DESTSHARED")}
    for folder in sorted(folders):
        layer.add_folder(Path(folder), left_out=is_left_out)
    layer.add(Path("/etc/os-release"))  # by it scanners know which distribution the records are of
    layer.add_folder(Path("/usr/share/common-licenses"))  # the packages' own licence files refer to these
    layer.write("etc/passwd", USERS)
    layer.write("etc/group", GROUP)
    layer.write("etc/nsswitch.conf", NSSWITCH)
    temporary = layer.root / "tmp"
    temporary.mkdir()
    temporary.chmod(0o1777)


def is_left_out(name: str) -> bool:
    """Decide about one file or folder of the standard library."""
    module = name.partition(".cpython-")[0]  # of an extension module
    return module in LEFT_OUT or module.startswith(LEFT_OUT_PREFIXES)


def prepare() -> None:
    """Let the program write what it has compiled while it ran; the same in every build."""
    command = [str(VENV / "bin" / "python"), "-BI", "-X", "no_debug_ranges", "-c", PREPARING]
    subprocess.run(command, check=True)  # noqa: S603 - our own code


def add_packages(packages: Layer, app: Layer) -> None:
    """Copy the environment that pip filled: our package into one layer, and all others into the other."""
    installed = Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV), "platbase": str(VENV)}))
    for entry in sorted(installed.iterdir()):
        layer = app if entry.name.startswith("swanlab_ci") else packages
        shutil.copytree(entry, layer.root / entry.relative_to("/")) if entry.is_dir() else layer.add(entry)
    packages.write("opt/venv/pyvenv.cfg", f"home = {INTERPRETER.parent}\ninclude-system-site-packages = false\n")
    packages.link("opt/venv/bin/python", INTERPRETER)
    app.add(VENV / "bin" / "swanlab-ci")
    app.link("usr/local/bin/swanlab-ci", VENV / "bin" / "swanlab-ci")


def add_shell(layer: Layer) -> None:
    """Add bash, also as `sh`, and the commands that CI systems call in a shell."""
    commands = [Path("/usr/bin", name) for name in SHELL_COMMANDS]
    for file in (*commands, *libraries(commands)):
        layer.add(file)
    layer.link("usr/bin/sh", "bash")
    layer.link("bin", "usr/bin")


def executables(*layers: Layer) -> Iterator[Path]:
    """Yield the interpreter and every extension module."""
    yield INTERPRETER
    for layer in layers:
        yield from sorted(layer.root.rglob("*.so"))


def libraries(programs: Iterable[Path]) -> set[Path]:
    """Return the shared libraries that programs and extension modules are linked with, the loader among them."""
    command = ["ldd", *map(str, programs)]
    listed = subprocess.run(command, check=False, capture_output=True, text=True).stdout  # noqa: S603 - fails on static ones
    if "not found" in listed:
        raise SystemExit(listed)
    words = (word for line in listed.splitlines() if line.startswith("\t") for word in line.split())
    return {Path(os.path.normpath(word)) for word in words if word.startswith("/")}


def add_records(layer: Layer) -> None:
    """Add the package records that scanners read, and each package's licences."""
    for package in sorted(owners(layer.files)):
        command = ["dpkg-query", "--status", package]
        status = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - the base's own tool
        name = package.partition(":")[0]
        layer.write(f"var/lib/dpkg/status.d/{name}", status.stdout)
        layer.add(Path("/usr/share/doc", name, "copyright"))


def owners(files: set[Path]) -> set[str]:
    """Return the packages of Debian that files of the base belong to."""
    listings = Path("/var/lib/dpkg/info").glob("*.list")
    listed = ((found.stem, Path(line)) for found in listings for line in found.read_text("utf-8").splitlines())
    return {package for package, path in listed if path.parent.resolve() / path.name in files}


def compile_all(layer: Layer, *, keep_source: bool) -> None:
    """Compile each module; the interpreter then never looks for a newer source."""
    done = compileall.compile_dir(
        layer.root,
        quiet=1,
        legacy=not keep_source,
        stripdir=str(layer.root),
        prependdir="/",
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )
    if not done:
        raise SystemExit(f"{layer.root}: a module does not compile")
    for source in layer.root.rglob("*.py") if not keep_source else ():
        source.unlink()


if __name__ == "__main__":
    main()

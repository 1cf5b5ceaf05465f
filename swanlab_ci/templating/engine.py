"""The engine of the templates: a sandbox that knows data and no objects, with few filters, each value escaped."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError, TemplateNotFound
from jinja2.runtime import BlockReference, LoopContext, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

from swanlab_ci.security.escaping import Safe, md_code, md_text, outside_table

BUILT_IN = ("comment.md.j2", "_table.md.j2")
FILTERS = (
    *("abs", "batch", "capitalize", "count", "d", "default", "dictsort", "first", "float", "groupby", "int", "items"),
    *("last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round"),
    *("select", "selectattr", "slice", "sort", "sum", "title", "trim", "truncate", "unique", "upper", "wordcount"),
)
_METHODS = frozenset({"startswith", "endswith", "split", "strip", "removeprefix", "removesuffix"})
_OF_JINJA = (BlockReference, LoopContext, Namespace, TemplateReference, jinja2.Undefined)
_MOST_BITS = 4_096


class OperandError(SecurityError):
    """An operator, which the message names, is used for something else than numbers of a usual size."""


class Engine(ImmutableSandboxedEnvironment):
    """A sandbox in which `x.y` is an entry of a map: no attribute of an object, and no method but few of texts."""

    intercepted_binops = frozenset({"**", "*", "%"})

    @staticmethod
    def concat(pieces: Iterable[str]) -> Safe:
        """Join what a block, a macro or a `set` block writes: each piece of it has been escaped already."""
        return Safe("".join(pieces))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an entry of a map, or what jinja2's own objects offer; all else is refused when it is used."""
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        is_field = isinstance(obj, tuple) and attribute in getattr(obj, "_fields", ())
        if isinstance(obj, _OF_JINJA) or is_field or (isinstance(obj, str) and attribute in _METHODS):
            return super().getattr(obj, attribute)
        return self.unsafe_undefined(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an entry of a map, or an item or part of a list or text."""
        if isinstance(obj, (list, tuple, str)) and isinstance(argument, (int, slice)):
            return super().getitem(obj, argument)
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        return self.undefined(obj=obj, name=str(argument))

    def call_binop(self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply, divide and raise to a power numbers of a usual size only, not texts or lists."""
        if not (isinstance(left, (int, float)) and isinstance(right, (int, float))):
            raise OperandError(operator)
        if _bits(left) * (max(1, abs(right)) if operator == "**" else 1) + _bits(right) > _MOST_BITS:
            raise OperandError(operator)
        return super().call_binop(context, operator, left, right)


def _bits(number: float) -> int:
    return number.bit_length() if isinstance(number, int) else 64


def _finalize(value: Any) -> Any:
    """Let a template that forgets about escaping be safe: all but numbers and our own text becomes a code span.

    A list or a map holds texts that are not ours, too.
    """
    return value if value is None or isinstance(value, (Safe, int, float)) else _code(value)


def _single(value: Any) -> str:
    """Return a text without backticks: the long fence that these need would not survive another one beside it."""
    return str(value).replace("`", "'")


def _joined(values: Iterable[Any], between: str = "") -> Safe:
    """Join values that are each escaped on their own."""
    separator = between if isinstance(between, Safe) or set(between) <= set(" ,;·/\n") else _text(between)
    return Safe(separator.join(str(_finalize(each)) for each in values))


class _Compiled(jinja2.BytecodeCache):
    """The built-in templates as the image holds them, compiled; a text or a Python that is another one is noticed."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a template if it is there."""
        with suppress(OSError), _compiled(bucket).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write nothing: a start has no business with the files of the program."""


def _compiled(bucket: Bucket) -> Path:
    return templates_dir() / f"{bucket.key}.bin"


def compile_built_in() -> None:
    """Write the compiled built-in templates beside their texts."""
    cache, made, load = _Compiled(), engine(), _loader("", "")
    for name in BUILT_IN:
        text, place, _ = load(name)
        bucket = cache.get_bucket(made, name, place, text)
        bucket.code = made.compile(text, name, place)
        with _compiled(bucket).open("wb") as file:
            bucket.write_bytecode(file)


@cache
def engine(name: str = "", text: str = "") -> Engine:
    """Return the engine for the built-in templates, and with them the user's own, if there is one.

    It is strict about names.
    """
    made = Engine(
        loader=jinja2.FunctionLoader(_loader(name, text)),
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        bytecode_cache=_Compiled(),
    )
    made.filters = {each: made.filters[each] for each in FILTERS}
    made.filters |= {"code": _code, "text": _text, "outside_table": _outside_table, "join": _joined}
    made.globals = {each: made.globals[each] for each in ("range", "namespace")}
    return made


def _code(value: Any) -> Safe:
    return value if isinstance(value, Safe) else md_code(_single(value))


def _text(value: Any) -> Safe:
    return value if isinstance(value, Safe) else md_text(_single(value))


def _outside_table(value: Any) -> Safe:
    return outside_table(_code(value))


def _loader(name: str, text: str) -> Callable[[str], tuple[str, str, Callable[[], bool]]]:
    def load(wanted: str) -> tuple[str, str, Callable[[], bool]]:
        if wanted in BUILT_IN:
            path = templates_dir() / wanted
            return path.read_text("utf-8"), str(path), lambda: True
        if name and wanted == name:
            return text, name, lambda: True
        raise TemplateNotFound(wanted)

    return load


def templates_dir() -> Path:
    """Find the templates: inside the installed package, else beside the package in a checkout."""
    package = Path(str(resources.files("swanlab_ci")))
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"

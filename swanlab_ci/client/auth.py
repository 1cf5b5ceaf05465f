"""Where the login comes from: arguments, the environment, or the file that `swanlab login` wrote.

The rules are those of the SDK (0.5 to 0.10: `package.py`, `env.py`, `nrc`), with one exception: no file of the current
folder is read, because in CI a pull request can change that folder.
"""

import ipaddress
import netrc
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Message, Name

CLOUD = "https://api.swanlab.cn"
_CLOUD_WEB = "https://swanlab.cn"
_LABEL = r"[a-z0-9](?:[\w-]{0,61}[a-z0-9])?"  # with underscores, which container networks use
_HOST = re.compile(
    r"(?:(?P<scheme>https?)://)?"
    rf"(?P<name>{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>\d{1,5}))?"
    r"(?P<path>(?:/[\w~-][\w.~-]*)*)/*",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Login:
    """Key and addresses: `api` is the base of all routes and ends in `/api`; `web` is the address for browsers."""

    key: str = field(repr=False)
    api: str
    web: str


@dataclass(frozen=True, slots=True)
class _Saved:
    """What `swanlab login` wrote: one machine, its web host, its key."""

    path: Path
    machine: str
    web: str
    key: str = field(repr=False)


def find_login(
    environ: Mapping[str, str], *, api_key: str = "", host: str = "", web_host: str = "", allow_http: bool = False
) -> Login:
    """Find key and hosts, each in the first place that has it: argument, `environ`, the saved login, SwanLab's cloud.

    The saved key is only sent to the host it was saved for. With an empty `environ` no file is read either.
    Raises `ConfigurationError` if no key is found, or if a key or host is invalid.
    """
    saved = _saved_login(environ)
    written = host or environ.get("SWANLAB_API_HOST", "")
    api = api_base(written or (saved.machine if saved else CLOUD), allow_http=allow_http)
    if saved and written and api != api_base(saved.machine, allow_http=True):
        saved = None
    web = web_host or environ.get("SWANLAB_WEB_HOST", "") or (saved.web if saved else "")
    key = api_key or environ.get("SWANLAB_API_KEY", "") or (saved.key if saved else "")
    return Login(_checked_key(key), api, web_base(web) if web else _web_of(api))


def api_base(host: str, *, allow_http: bool = False) -> str:
    """Convert a host, with or without scheme and `/api`, to `https://name[:port][/sub/path]/api`.

    Raises `ConfigurationError` for user names, queries and the like, and for plain http to another machine.
    """
    base = _origin(host, lambda shown: Message("client.bad-host", host=shown))
    if base.startswith("http://") and not allow_http and not is_loopback(base):
        raise ConfigurationError(Message("client.plain-http", host=Name(host)), Message("client.plain-http.advice"))
    return base if base.endswith("/api") else base + "/api"


def web_base(host: str) -> str:
    """Convert a web host to `https://name[:port][/sub/path]`; raises `ConfigurationError` as `api_base` does."""
    return _origin(host, lambda shown: Message("client.bad-web-host", host=shown))


def _origin(host: str, wrong: Callable[[Name], Message]) -> str:
    match = _HOST.fullmatch(host)
    if not match or int(match["port"] or 0) > 65535:  # noqa: PLR2004 - the highest port
        without_password = Name(re.sub(r"[^/]*@", "***@", host))
        raise ConfigurationError(wrong(without_password), Message("client.bad-host.advice"))
    port = f":{match['port']}" if match["port"] else ""
    return f"{(match['scheme'] or 'https').lower()}://{match['name'].lower()}{port}{match['path']}"


def is_loopback(base: str) -> bool:
    """Whether the address is one of this machine."""
    name = urlsplit(base).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _web_of(api: str) -> str:
    base = api.removesuffix("/api")
    return _CLOUD_WEB if base == CLOUD else base


def _checked_key(key: str) -> str:
    if not key:
        raise ConfigurationError(Message("client.no-key"), Message("client.no-key.advice"))
    if not re.fullmatch("[!-~]+", key):
        raise ConfigurationError(Message("client.bad-key"), Message("client.bad-key.advice"))
    return key


def _saved_login(environ: Mapping[str, str]) -> _Saved | None:
    path = _netrc_path(environ)
    if path is None or not path.is_file():
        return None
    try:
        hosts = netrc.netrc(path).hosts
    except (OSError, UnicodeDecodeError, netrc.NetrcParseError) as error:
        # str(error) may quote the file, and so the key.
        what = Message("client.saved-login", path=Name(path), error=Name(type(error).__name__))
        raise ConfigurationError(what, Message("client.saved-login.advice")) from None
    return next((_Saved(path, name, web, key) for name, (web, _, key) in hosts.items() if name != "default"), None)


def _netrc_path(environ: Mapping[str, str]) -> Path | None:
    folder = environ.get("SWANLAB_ROOT") or environ.get("SWANLAB_SAVE_DIR")
    home = environ.get("HOME") or environ.get("USERPROFILE")
    if folder:
        return Path(folder, ".netrc")
    return Path(home, ".swanlab", ".netrc") if home else None

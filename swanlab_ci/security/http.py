"""HTTP sessions that send a secret to one host only, and keep nothing between requests."""

import ssl
from http.cookiejar import DefaultCookiePolicy

import requests

from swanlab_ci import __version__


class IsolatedSession(requests.Session):
    """A session that follows no redirect, keeps no cookie, and takes no password from a `.netrc`."""

    def __init__(self) -> None:
        super().__init__()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        # Any `auth` stops requests from replacing our own header by the .netrc entry of the host.
        self.auth = lambda prepared: prepared
        self.headers["User-Agent"] = f"swanlab-ci/{__version__}"

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return no target: with `allow_redirects=False` alone, requests still reads the target and the body."""


def tls_cause(error: BaseException) -> ssl.SSLError | None:
    """Return the error of the TLS library that `error` wraps; urllib3 and requests each add a layer."""
    layer: object = error
    while isinstance(layer, BaseException) and not isinstance(layer, ssl.SSLError):
        layer = getattr(layer, "reason", None) or next(iter(layer.args), None)
    return layer if isinstance(layer, ssl.SSLError) else None

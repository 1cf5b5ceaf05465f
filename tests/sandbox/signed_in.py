"""Somebody who is signed in to a sandbox."""

from typing import Any

import requests

from swanlab_ci.sandbox import Sandbox


class Api:
    """Makes calls below `/api` with the session's cookie."""

    def __init__(self, sandbox: Sandbox, api_key: str) -> None:
        self.base = f"{sandbox.url}/api"
        self.session = requests.Session()
        self.session.trust_env = False
        login = self.session.post(f"{self.base}/login/api_key", headers={"authorization": api_key}, timeout=5)
        self.session.headers["cookie"] = f"sid={login.json()['sid']}"
        sandbox.requests.clear()

    def __call__(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        return self.session.request(method, self.base + path, timeout=5, **kwargs)

    def get(self, path: str) -> Any:
        return self("GET", path).json()

    def post(self, path: str, content: Any) -> Any:
        return self("POST", path, json=content).json()

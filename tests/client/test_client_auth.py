from collections.abc import Mapping
from pathlib import Path

import pytest
from support.saying import says

from swanlab_ci import OpenApi
from swanlab_ci.client.auth import Login, find_login
from swanlab_ci.errors import ConfigurationError

KEY = "k" * 21
CLOUD_LOGIN = Login(KEY, "https://api.swanlab.cn/api", "https://swanlab.cn")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / ".swanlab").mkdir()
    return tmp_path


def save(folder: Path, machine: str = "https://swan.example.com", key: str = "saved-key") -> None:
    text = f"machine {machine}\n    login https://web.example.com\n    password {key}\n"
    (folder / ".netrc").write_text(text, encoding="utf-8")


def api_of(host: str, *, allow_http: bool = False) -> str:
    return find_login({}, api_key=KEY, host=host, allow_http=allow_http).api


@pytest.mark.parametrize(
    ("written", "api"),
    [
        ("", "https://api.swanlab.cn/api"),
        ("https://api.swanlab.cn", "https://api.swanlab.cn/api"),
        ("https://api.swanlab.cn/", "https://api.swanlab.cn/api"),
        ("https://api.swanlab.cn/api", "https://api.swanlab.cn/api"),
        ("https://api.swanlab.cn/api/", "https://api.swanlab.cn/api"),
        ("api.swanlab.cn", "https://api.swanlab.cn/api"),
        ("HTTPS://Swan.Example.COM:8443", "https://swan.example.com:8443/api"),
        ("https://example.com/swan/lab", "https://example.com/swan/lab/api"),
        ("https://example.com/swan/lab/api/", "https://example.com/swan/lab/api"),
        ("https://example.com/papi", "https://example.com/papi/api"),
        ("https://swanlab_api-1:8000", "https://swanlab_api-1:8000/api"),
        ("http://localhost:8000", "http://localhost:8000/api"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/api"),
        ("http://[::1]:8000", "http://[::1]:8000/api"),
    ],
)
def test_a_host_is_understood_with_and_without_scheme_api_and_sub_path(written: str, api: str) -> None:
    assert api_of(written) == api


@pytest.mark.parametrize(
    "written",
    [
        "ftp://example.com",
        "https://",
        "https://example.com?x=1",
        "https://example.com/#x",
        "https://example.com:99999",
        "https://example.com/../x",
        "https://example.com/a b",
        "https://exa mple.com",
        "https://example.com\\evil.example",
        "https://example.com\r\nX: y",
        "https://exämple.com",
        "//example.com",
        "https://-example.com",
        "https://example..com",
        "https://example.com.",
        "https://" + "a" * 64 + ".com",
        "a" * 5000 + "!",
        "https://example.com//api",
        " ",
    ],
)
def test_a_host_that_cannot_be_one_is_named_as_written(written: str) -> None:
    with pytest.raises(ConfigurationError) as stop:
        api_of(written)

    assert says("client.bad-host", host=written)(stop.value)


def test_the_password_in_a_host_is_not_shown() -> None:
    with pytest.raises(ConfigurationError) as stop:
        api_of("https://me:hunter2@example.com")

    assert says("client.bad-host", host="https://***@example.com")(stop.value)
    assert "hunter2" not in str(stop.value)


@pytest.mark.parametrize("host", ["http://example.com", "http://127.0.0.1.example.com", "http://10.0.0.1:8000"])
def test_plain_http_to_another_machine_has_to_be_allowed(host: str) -> None:
    with pytest.raises(ConfigurationError, check=says("client.plain-http", host=host)):
        api_of(host)

    assert api_of(host, allow_http=True) == f"{host}/api"


@pytest.mark.parametrize("key", [" ", "a b", "key\n", "key\r\nX-Evil: 1", "ke\x00y", "schlüssel", "k\u200bey"])
def test_a_key_that_cannot_be_one_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(ConfigurationError) as stop:
        find_login({}, api_key=key)

    assert says("client.bad-key")(stop.value)
    assert key.strip() == "" or key not in str(stop.value)


def test_the_key_is_in_no_repr() -> None:
    assert KEY not in repr(find_login({}, api_key=KEY))


@pytest.mark.parametrize(
    ("host", "web"),
    [
        ("", "https://swanlab.cn"),
        ("https://swan.example.com/api", "https://swan.example.com"),
        ("https://example.com/swan", "https://example.com/swan"),
    ],
)
def test_the_web_host_follows_from_the_api_host(host: str, web: str) -> None:
    assert find_login({}, api_key=KEY, host=host).web == web


def test_an_argument_comes_before_the_environment() -> None:
    environ = {
        "SWANLAB_API_KEY": "other",
        "SWANLAB_API_HOST": "https://env.example.com",
        "SWANLAB_WEB_HOST": "https://envweb.example.com",
    }

    assert find_login(environ) == Login("other", "https://env.example.com/api", "https://envweb.example.com")
    assert find_login(
        environ, api_key=KEY, host="https://arg.example.com", web_host="https://argweb.example.com"
    ) == Login(KEY, "https://arg.example.com/api", "https://argweb.example.com")


def test_without_anything_saved_the_cloud_is_asked(home: Path) -> None:
    assert find_login({"HOME": str(home)}, api_key=KEY) == CLOUD_LOGIN


def test_without_a_key_anywhere_the_user_learns_where_it_is_searched(home: Path) -> None:
    with pytest.raises(ConfigurationError, check=says("client.no-key.advice")):
        find_login({"HOME": str(home)})


@pytest.mark.parametrize(
    "place", [{"HOME": ""}, {"USERPROFILE": ""}, {"SWANLAB_SAVE_DIR": ".swanlab"}, {"SWANLAB_ROOT": ".swanlab"}]
)
def test_the_saved_login_is_found_where_the_sdks_save_it(home: Path, place: Mapping[str, str]) -> None:
    save(home / ".swanlab")

    found = find_login({name: str(home / folder) for name, folder in place.items()})

    assert found == Login("saved-key", "https://swan.example.com/api", "https://web.example.com")


def test_a_saved_key_is_not_sent_to_another_host(home: Path) -> None:
    save(home / ".swanlab")

    with pytest.raises(ConfigurationError, check=says("client.no-key")):
        find_login({"HOME": str(home)}, host="https://other.example.com")


def test_a_saved_key_is_used_for_its_host_however_that_is_written(home: Path) -> None:
    save(home / ".swanlab", machine="https://swan.example.com/api")

    assert find_login({"HOME": str(home)}, host="swan.example.com").key == "saved-key"


def test_a_key_of_ones_own_goes_to_the_saved_host(home: Path) -> None:
    save(home / ".swanlab")

    assert find_login({"HOME": str(home)}, api_key=KEY).api == "https://swan.example.com/api"


def test_a_saved_login_that_is_unreadable_is_named_and_not_quoted(home: Path) -> None:
    (home / ".swanlab" / ".netrc").write_text("machine secret-stuff what is this", encoding="utf-8")

    saved = says("client.saved-login", path=str(home / ".swanlab" / ".netrc"), error="NetrcParseError")

    with pytest.raises(ConfigurationError, check=saved) as stop:
        find_login({"HOME": str(home)})

    assert "secret-stuff" not in str(stop.value)


def test_the_current_folder_has_no_say_in_where_the_key_goes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(home / ".swanlab")
    monkeypatch.chdir(home)

    assert find_login({}, api_key=KEY) == CLOUD_LOGIN


def test_the_client_itself_looks_into_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWANLAB_API_KEY", KEY)
    monkeypatch.setenv("SWANLAB_API_HOST", "https://swan.example.com")

    assert OpenApi().project_url("team", "resnet") == "https://swan.example.com/@team/resnet"


def test_an_empty_environment_leaves_only_the_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWANLAB_API_KEY", KEY)

    with pytest.raises(ConfigurationError, check=says("client.no-key")):
        OpenApi(environ={})

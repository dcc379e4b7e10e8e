# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client on a scripted wire: what is tried again and when, what is understood, and what is never shown."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import urllib3
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import Deadline, backoff
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._endpoint import parse_endpoint
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import ApiError, Error, InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._transport import check_ca
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONNECTOR,
    CONNECTORS,
    NOT_FOUND,
    PAUSE,
    Call,
    FakeClock,
    Wire,
    connector,
    operation,
    status,
)

SEGMENTS = ("managed-kafka", "v1", "clusters", "c9qtest", "connectors")
SECRET = "t1.very-secret-token.signature"
UPSTREAM = "upstream connect error or disconnect/reset before headers. reset reason: connection termination"

TROUBLE: dict[str, dict[str, Any]] = {
    "refused": {"answer": requests.ConnectionError("refused")},
    "reset": {"answer": requests.ConnectionError(ConnectionResetError(104, "Connection reset by peer"))},
    "timeout": {"answer": requests.ReadTimeout("timed out")},
    "body cut off": {"answer": requests.exceptions.ChunkedEncodingError("cut off")},
    "429": {"answer": status(8, "slow down"), "status": 429},
    "500": {"answer": status(13, "internal"), "status": 500},
    "502": {"answer": "Bad Gateway", "status": 502},
    "503": {"answer": status(14, "unavailable"), "status": 503},
    "503 as plain text": {"answer": UPSTREAM, "status": 503},
    "504": {"answer": status(4, "deadline exceeded"), "status": 504},
    "ABORTED": {"answer": status(10, "try again"), "status": 409},
}
FINAL: dict[str, dict[str, Any]] = {
    "INVALID_ARGUMENT": {"answer": status(3, "bad"), "status": 400},
    "FAILED_PRECONDITION": {"answer": status(9, "no changes"), "status": 400},
    "NOT_FOUND": {"answer": NOT_FOUND, "status": 404},
    "404 as plain text": {"answer": "no such page", "status": 404},
    "ALREADY_EXISTS": {"answer": status(6, "exists"), "status": 409},
    "PERMISSION_DENIED": {"answer": status(7, "denied"), "status": 403},
    "UNIMPLEMENTED": {"answer": status(12, "what?"), "status": 501},
    "redirect": {"answer": "", "status": 302, "headers": {"Location": "https://elsewhere.example/"}},
}


def get(client: Client, **options: Any) -> dict[str, Any]:
    return client.get("mdb", *SEGMENTS, "mirror", expected=lambda body: "name" in body, **options).body


def pause(client: Client) -> dict[str, Any]:
    return client.change("POST", *SEGMENTS, "pause", "mirror", body={}, idempotency_key="key-1").body


def failed_get(client: Client, **options: Any) -> ApiError:
    with pytest.raises(ApiError) as failure:
        get(client, **options)
    return failure.value


def got_or_failed(client: Client) -> dict[str, Any] | ApiError:
    try:
        return get(client)
    except ApiError as error:
        return error


def failed_pause(client: Client) -> ApiError:
    with pytest.raises(ApiError) as failure:
        pause(client)
    return failure.value


class Renewing:
    """A credential that can make as many tokens as it is asked for."""

    description = "renewed"

    def __init__(self) -> None:
        self.tokens = ["t1.first", "t1.second", "t1.third"]

    def token(self) -> str:
        return self.tokens[0]

    def renew(self, failed: str) -> bool:
        if self.tokens[0] == failed:
            self.tokens.pop(0)
        return True


# What is tried again, how often, and when.


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE)
def test_passing_trouble_is_tried_again(trouble: dict[str, Any]) -> None:
    with Wire(Call("GET", CONNECTOR, **trouble), Call("GET", CONNECTOR, connector())) as wire:
        assert get(wire.client())["name"] == "mirror"
    with Wire(Call("POST", PAUSE, **trouble), Call("POST", PAUSE, operation())) as wire:
        assert pause(wire.client())["id"] == "op1"
    assert wire.keys() == ["key-1", "key-1"]
    assert [request.body for request in wire.requests] == [b"{}", b"{}"]


@pytest.mark.parametrize("final", FINAL.values(), ids=FINAL)
def test_what_will_not_get_better_is_not(final: dict[str, Any]) -> None:
    with Wire(Call("GET", CONNECTOR, **final)) as wire:
        error = failed_get(wire.client())
    assert not error.transient
    assert error.http_status == final["status"]
    assert "tried" not in error.reason
    with Wire(Call("POST", PAUSE, **final)) as wire:
        failed_pause(wire.client())
    assert wire.clock.naps == []


@pytest.mark.parametrize("retries", [0, 1, 5, 8])
@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE)
def test_request_retries_are_counted(trouble: dict[str, Any], retries: int) -> None:
    with Wire(*[Call("GET", CONNECTOR, **trouble)] * (retries + 1)) as wire:
        error = failed_get(wire.client(retries=retries))
    assert error.transient
    assert (f"(tried {retries + 1} times)" in error.reason) == (retries > 0)
    assert len(wire.clock.naps) == retries


def test_a_request_may_bring_its_own_number_of_retries() -> None:
    with Wire(Call("GET", CONNECTOR, UPSTREAM, status=503)) as wire:
        failed_get(wire.client(retries=5), retries=0)


def test_patience_lasts_until_the_deadline_and_not_longer() -> None:
    wire = Wire(*[Call("GET", CONNECTOR, UPSTREAM, status=503, takes=1)] * 1000)
    began = wire.clock.time
    error = failed_get(wire.client(retries=0, wait_timeout=300), patient=True)
    assert "wait_timeout" in error.msg
    # the last try begins before the deadline, and takes its second
    assert 300 - 30 <= wire.clock.time - began <= 301
    assert len(wire.requests) > 10


def test_delays_grow_and_differ() -> None:
    runs = []
    for dummy in range(20):
        with Wire(*[Call("GET", CONNECTOR, UPSTREAM, status=503)] * 7) as wire:
            failed_get(wire.client(retries=6))
        runs.append(wire.clock.naps)
        assert wire.clock.naps == sorted(wire.clock.naps)
        assert wire.clock.naps[0] < 1
        assert wire.clock.naps[-1] > 5 * wire.clock.naps[0]
    assert len({tuple(run) for run in runs}) == len(runs)


@given(attempt=st.integers(1, 10_000), asked=st.none() | st.floats(0, 1e6))
def test_backoff_is_bounded_and_never_less_than_asked_for(attempt: int, asked: float | None) -> None:
    delay = backoff(attempt, asked)
    assert 0 < delay <= max(30.0, asked or 0)
    assert delay >= (asked or 0)


@pytest.mark.parametrize(("code", "http"), [(8, 429), (14, 503), (10, 409)])
def test_retry_after_is_honoured(code: int, http: int) -> None:
    for seconds in ("17", " 17 "):
        with Wire(
            Call("GET", CONNECTOR, status(code, "later"), status=http, headers={"Retry-After": seconds}),
            Call("GET", CONNECTOR, connector()),
        ) as wire:
            get(wire.client())
        assert wire.clock.naps == [17]


def test_retry_after_may_be_a_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_445_412_480 - 25.0)
    for date, least, most in (
        ("Wed, 21 Oct 2015 07:28:00 GMT", 25, 25),
        ("Wed, 21 Oct 2015 07:00:00 GMT", 0.25, 0.5),  # has passed already
    ):
        with Wire(
            Call("GET", CONNECTOR, UPSTREAM, status=503, headers={"Retry-After": date}),
            Call("GET", CONNECTOR, connector()),
        ) as wire:
            get(wire.client())
        assert least <= wire.clock.naps[0] <= most


@settings(deadline=None, max_examples=200)
@given(
    value=st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=40)
    | st.sampled_from(
        [
            "",
            "-5",
            "1.5",
            "nan",
            "inf",
            "1e9",
            "soon",
            "9" * 400,
            "Wed, 21 Oct 99999 07:28:00 GMT",
            "Wed, 99 Oct 2015 07:28:00 GMT",
            "Wed, 21 Oct 2015",
            "Wed, 21 Oct 0001 00:00:00 +2359",
            "21 Oct 2015 07:28:00 -99999999999",
        ]
    )
)
def test_no_retry_after_does_harm(value: str) -> None:
    wire = Wire(
        Call("GET", CONNECTOR, UPSTREAM, status=503, headers={"Retry-After": value}),
        Call("GET", CONNECTOR, connector()),
    )
    began = wire.clock.time
    outcome = got_or_failed(wire.client(wait_timeout=60))
    assert outcome.http_status == 503 if isinstance(outcome, ApiError) else outcome["name"] == "mirror"
    assert wire.clock.time - began <= 60


def test_no_try_begins_after_wait_timeout() -> None:
    with Wire(Call("GET", CONNECTOR, UPSTREAM, status=503, headers={"Retry-After": "61"})) as wire:
        error = failed_get(wire.client(wait_timeout=60))
    assert "wait_timeout" in error.msg
    assert wire.clock.naps == []
    with Wire(Call("GET", CONNECTOR, UPSTREAM, status=503, takes=60)) as wire:
        failed_get(wire.client(wait_timeout=60))


class Recording(Wire):
    """A wire that keeps the options of each request: timeout, verify, proxies."""

    options: dict[str, Any]

    def __enter__(self) -> Recording:
        return self

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        self.options = options
        return super().send(request, *args, **options)


@pytest.mark.parametrize(("left", "timeout"), [(1200, 30.0), (30, 30.0), (7, 7.0), (0.2, 1.0)])
def test_a_try_does_not_outlast_the_task(left: float, timeout: float) -> None:
    with Recording(Call("GET", CONNECTOR, connector())) as wire:
        get(wire.client(wait_timeout=left))
    assert wire.options["timeout"] == (timeout, timeout)


def test_request_timeout_is_used() -> None:
    with Recording(Call("GET", CONNECTOR, connector())) as wire:
        get(wire.client(timeout=2.5))
    assert wire.options["timeout"] == (2.5, 2.5)


# Answers that cannot be understood.


@pytest.mark.parametrize(
    "body",
    [
        "<html>Welcome</html>",
        "",
        "null",
        "[]",
        '["a"]',
        '"text"',
        "17",
        '{"cut": "of',
        "{}",
        '{"name',
        b"\xff\xfe",
        b"\x00",
    ],
)
def test_a_read_that_is_not_the_expected_json_is_a_clear_error(body: str | bytes) -> None:
    with Wire(Call("GET", CONNECTOR, body)) as wire:
        error = failed_get(wire.client())
    assert error.http_status == 200
    assert "mdb.api.cloud.yandex.net answered HTTP 200" in error.msg
    assert "Check endpoint" in error.msg
    assert not error.lost


@pytest.mark.parametrize("body", ["<html>Welcome</html>", "", "[]", '{"id": "o', '{"id": 7}', '{"id": ""}', "{}"])
def test_a_change_that_is_answered_oddly_is_asked_for_again_with_the_same_key(body: str) -> None:
    with Wire(Call("POST", PAUSE, body), Call("POST", PAUSE, operation())) as wire:
        pause(wire.client())
    assert wire.keys() == ["key-1", "key-1"]
    with Wire(*[Call("POST", PAUSE, body)] * 3) as wire:
        error = failed_pause(wire.client(retries=2))
    assert error.lost
    assert error.http_status == 200


def test_nested_json_beyond_measure_is_a_clear_error() -> None:
    with Wire(Call("GET", CONNECTOR, "[" * 100_000)) as wire:
        assert failed_get(wire.client()).http_status == 200


def test_of_a_strange_body_the_first_200_characters_are_shown_on_one_line() -> None:
    body = "<p>\r\nsorry\n" + "x" * 1000
    for http in (200, 404, 503):
        with Wire(Call("GET", CONNECTOR, body, status=http)) as wire:
            error = failed_get(wire.client(retries=0))
        assert "<p> sorry xxx" in error.msg
        assert "\n" not in error.msg
        assert error.msg.count("x") < 200
        assert "x" * 150 in error.msg
    with Wire(Call("GET", CONNECTOR, "", status=502)) as wire:
        assert "an empty body" in failed_get(wire.client(retries=0)).msg


@settings(deadline=None, max_examples=300)
@given(
    http=st.sampled_from([200, 201, 301, 400, 401, 403, 404, 409, 418, 429, 500, 503, 599]),
    body=st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["code", "message", "details", "requestId", "name"]), inner, max_size=4)
        ),
        max_leaves=10,
    ),
)
def test_no_answer_whatever_is_more_than_an_error(http: int, body: Any) -> None:
    client = Wire(Call("GET", CONNECTOR, body, status=http)).client(retries=0)
    outcome = got_or_failed(client)
    if isinstance(outcome, ApiError):
        result = outcome.during("try").result()
        assert outcome.http_status == http
        assert "\n" not in result["msg"]
        json.dumps(result)
    else:
        assert 200 <= http < 300
        assert "name" in outcome


def test_a_redirect_is_not_followed() -> None:
    with Wire(
        Call("POST", PAUSE, "", status=307, headers={"Location": "https://mdb.elsewhere.example/"}),
    ) as wire:
        error = failed_pause(wire.client())
    assert "redirect" in error.msg
    assert "Check endpoint" in error.msg
    assert not error.lost


@pytest.mark.parametrize("location", ["http://[", "https://ho st/", "//", "\x00", "https://a:b"])
def test_a_redirect_to_nowhere_does_no_harm(location: str) -> None:
    with Wire(*[Call("GET", CONNECTOR, "", status=302, headers={"Location": location})]) as wire:
        assert failed_get(wire.client(retries=0)).msg


# Whether a change may have been accepted although it failed.


@pytest.mark.parametrize(
    ("trouble", "lost"),
    [
        ("refused", True),
        ("reset", True),
        ("timeout", True),
        ("body cut off", True),
        ("429", False),
        ("500", True),
        ("502", True),
        ("503", True),
        ("504", True),
        ("ABORTED", False),
    ],
)
def test_a_change_without_an_answer_may_have_been_accepted(trouble: str, lost: bool) -> None:
    with Wire(Call("POST", PAUSE, **TROUBLE[trouble])) as wire:
        assert failed_pause(wire.client(retries=0)).lost == lost
    with Wire(Call("GET", CONNECTOR, **TROUBLE[trouble])) as wire:
        assert not failed_get(wire.client(retries=0)).lost


@pytest.mark.parametrize(
    "never_sent",
    [
        urllib3.exceptions.NewConnectionError(None, "refused"),  # type: ignore[arg-type]
        urllib3.exceptions.ConnectTimeoutError("timed out"),
        urllib3.exceptions.ProxyError("no way", OSError("refused")),
    ],
)
def test_a_change_that_was_never_sent_cannot_have_been(never_sent: Exception) -> None:
    error = requests.ConnectionError(urllib3.exceptions.MaxRetryError(None, "/", never_sent))  # type: ignore[arg-type]
    with Wire(Call("POST", PAUSE, error)) as wire:
        failure = failed_pause(wire.client(retries=0))
    assert failure.transient
    assert not failure.lost


def test_a_later_refusal_does_not_tell_what_became_of_an_earlier_try() -> None:
    with Wire(
        Call("POST", PAUSE, requests.ConnectionError("reset")),
        Call("POST", PAUSE, status(9, "no changes detected"), status=400),
    ) as wire:
        assert failed_pause(wire.client()).lost
    with Wire(
        Call("POST", PAUSE, requests.ConnectionError("reset")),
        Call("POST", PAUSE, status(16, "expired"), status=401),
        Call("POST", PAUSE, status(9, "no changes detected"), status=400),
    ) as wire:
        assert failed_pause(wire.client(credential=Renewing())).lost


def test_nor_does_a_token_that_is_not_to_be_had() -> None:
    class Once(Renewing):
        """A credential that has no second token."""

        def token(self) -> str:
            if len(self.tokens) < 3:
                raise ApiError("iam is down")
            return super().token()

    with Wire(
        Call("POST", PAUSE, requests.ConnectionError("reset")),
        Call("POST", PAUSE, status(16, "expired"), status=401),
    ) as wire:
        assert failed_pause(wire.client(credential=Once())).lost


# Tokens.


def test_a_401_is_tried_once_with_a_fresh_token() -> None:
    expired = status(16, "The token has expired")
    with Wire(Call("GET", CONNECTOR, expired, status=401), Call("GET", CONNECTOR, connector())) as wire:
        get(wire.client(credential=Renewing()))
    sent = [request.headers["Authorization"] for request in wire.requests]
    assert sent == ["Bearer t1.first", "Bearer t1.second"]
    with Wire(*[Call("GET", CONNECTOR, expired, status=401)] * 2) as wire:
        error = failed_get(wire.client(credential=Renewing()))
    assert error.error["status"] == "UNAUTHENTICATED"
    assert "The token has expired" in error.msg
    assert wire.clock.naps == []


def test_a_401_to_a_change_keeps_the_key() -> None:
    with Wire(Call("POST", PAUSE, status(16, "expired"), status=401), Call("POST", PAUSE, operation())) as wire:
        pause(wire.client(credential=Renewing()))
    assert wire.keys() == ["key-1", "key-1"]


def test_each_request_may_renew_the_token() -> None:
    expired = Call("GET", CONNECTOR, status(16, "expired"), status=401)
    with Wire(expired, Call("GET", CONNECTOR, connector()), expired, Call("GET", CONNECTOR, connector())) as wire:
        client = wire.client(credential=Renewing())
        get(client)
        get(client)
    assert wire.requests[-1].headers["Authorization"] == "Bearer t1.third"


def test_a_static_token_that_is_not_taken_says_what_to_do() -> None:
    with Wire(Call("GET", CONNECTOR, status(16, "The token has expired"), status=401)) as wire:
        message = failed_get(wire.client()).msg
    assert "HTTP 401 UNAUTHENTICATED: The token has expired" in message
    assert "get a new one" in message
    assert "service account key" in message


# What an error says.


def test_an_error_tells_all_that_the_service_said() -> None:
    details = [
        {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": "a", "description": "b"}]},
        {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "11-22"},
    ]
    body = status(3, "Request validation error", details=details)
    with Wire(Call("GET", CONNECTOR, body, status=400, headers={"X-Request-Id": "other"})) as wire:
        error = failed_get(wire.client())
    assert error.error == {
        "http_status": 400,
        "code": 3,
        "status": "INVALID_ARGUMENT",
        "message": "Request validation error",
        "details": details,
        "request_id": "11-22",
    }
    assert "mdb.api.cloud.yandex.net answered HTTP 400 INVALID_ARGUMENT: Request validation error." in error.msg


def test_the_request_id_may_be_in_a_header() -> None:
    with Wire(Call("GET", CONNECTOR, NOT_FOUND, status=404, headers={"X-Request-Id": "33-44"})) as wire:
        assert failed_get(wire.client()).error["request_id"] == "33-44"


def test_what_is_unknown_is_null() -> None:
    with Wire(Call("GET", CONNECTOR, requests.ConnectionError("reset"))) as wire:
        error = failed_get(wire.client(retries=0))
    assert set(error.error) == {"http_status", "code", "status", "message", "details", "request_id"}
    assert set(error.error.values()) == {None}
    with Wire(Call("GET", CONNECTOR, {"code": 99, "message": "new"}, status=400)) as wire:
        error = failed_get(wire.client())
    assert (error.error["code"], error.error["status"]) == (99, None)


def test_a_403_names_the_role_that_is_needed() -> None:
    denied = status(7, "Permission denied")
    with Wire(Call("GET", CONNECTOR, denied, status=403)) as wire:
        assert "managed-kafka.viewer" in failed_get(wire.client()).msg
    with Wire(Call("POST", PAUSE, denied, status=403)) as wire:
        assert "managed-kafka.editor" in failed_pause(wire.client()).msg


# What is sent.


def test_headers() -> None:
    with Wire(Call("POST", PAUSE, operation()), Call("GET", CONNECTOR, connector())) as wire:
        client = wire.client(user_agent="yandex_cloud.managed_kafka/1 ansible-core/2")
        pause(client)
        get(client)
    change, read = (request.headers for request in wire.requests)
    assert change["User-Agent"] == "yandex_cloud.managed_kafka/1 ansible-core/2"
    assert change["Authorization"] == read["Authorization"] == "Bearer t1.static.token"
    assert change["Content-Type"] == "application/json"
    assert change["Idempotency-Key"] == "key-1"
    assert "Idempotency-Key" not in read


def test_a_netrc_never_replaces_the_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login someone password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert requests.utils.get_netrc_auth("https://mdb.api.cloud.yandex.net") == ("someone", "hunter2")
    with Wire(Call("GET", CONNECTOR, connector())) as wire:
        get(wire.client())
    assert wire.requests[0].headers["Authorization"] == "Bearer t1.static.token"


# Proxies.

PROXY = "http://proxy.example:3128"


@pytest.fixture
def _proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("HTTP_PROXY", PROXY)


def proxy_for(endpoint: str) -> str | None:
    """Return the proxy through which a request to an endpoint would go."""
    wire = Recording()
    client = Client(parse_endpoint(endpoint), Deadline(10, wire.clock), retries=0)
    client.credential = Renewing()
    client.session.mount("https://", wire)
    client.session.mount("http://", wire)
    url = client.endpoint.url("mdb")
    host = (urlsplit(url).hostname or "").partition(".")[0]
    wire.script = [Call("GET", f"{host} /a", {"name": "mirror"})]
    client.get("mdb", "a", expected=bool)
    proxy: str | None = requests.utils.select_proxy(url, wire.options["proxies"])
    return proxy


@pytest.mark.usefixtures("_proxy")
@pytest.mark.parametrize("endpoint", ["api.cloud.yandex.net", "https://gateway.example:8443", "https://10.0.0.1"])
def test_real_hosts_are_asked_through_the_proxy(endpoint: str) -> None:
    assert proxy_for(endpoint) == PROXY


@pytest.mark.usefixtures("_proxy")
@pytest.mark.parametrize(
    "endpoint", ["http://localhost:1", "http://127.0.0.1:1", "https://127.9.9.9:1", "http://[::1]:1"]
)
def test_this_machine_never_is(endpoint: str) -> None:
    assert proxy_for(endpoint) is None


@pytest.mark.usefixtures("_proxy")
def test_no_proxy_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", ".yandex.net,gateway.example")
    assert proxy_for("api.cloud.yandex.net") is None
    assert proxy_for("https://gateway.example:8443") is None
    assert proxy_for("https://other.example") == PROXY


@pytest.mark.usefixtures("_proxy")
def test_a_request_may_be_kept_from_every_proxy() -> None:
    with Recording(Call("GET", "169 /token", {"name": "a"})) as wire:
        wire.client().send("GET", "http://169.254.169.254/token", expected=bool, proxies=False)
    assert not wire.options["proxies"]


@pytest.mark.parametrize(
    "proxy",
    ["http://user:hunter2@proxy:port", "http://user:hunter2@[::1", "http://user:hunter2@"],
)
def test_a_proxy_that_cannot_be_is_an_error_without_its_password(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    monkeypatch.setenv("https_proxy", proxy)
    client = Client(parse_endpoint("api.cloud.invalid"), Deadline(10, FakeClock()), retries=0, timeout=1)
    client.credential = Renewing()
    with pytest.raises(InputError) as failure:
        get(client)
    assert "HTTPS_PROXY" in failure.value.msg
    assert "hunter2" not in str(failure.value.result())


# Secrets.


def client_with_secret(wire: Wire, **options: Any) -> Client:
    client = wire.client(**options)
    client.secrets.add(SECRET)
    return client


@pytest.mark.parametrize("http", [200, 302, 400, 401, 403, 404, 500, 503])
@pytest.mark.parametrize(
    "body",
    [
        f"you sent {SECRET}",
        status(3, f"you sent {SECRET}", details=[{"header": SECRET, "requestId": SECRET}]),
        "x" * 190 + SECRET,
        "x" * (200 - len(SECRET) + 1) + SECRET,
        {"error": SECRET},
    ],
)
def test_a_body_that_echoes_a_secret_is_shown_without_it(http: int, body: Any) -> None:
    with Wire(Call("GET", CONNECTOR, body, status=http)) as wire:
        error = failed_get(client_with_secret(wire, retries=0))
    shown = str(error.result())
    assert not any(SECRET[:length] in shown for length in range(8, len(SECRET) + 1))


@pytest.mark.parametrize("error", [requests.ConnectionError, requests.exceptions.InvalidHeader, OSError])
def test_an_exception_that_holds_a_secret_is_shown_without_it(error: type[Exception]) -> None:
    with Wire(Call("GET", CONNECTOR, error(f"Bearer {SECRET} was refused"))) as wire:
        assert SECRET not in str(failed_get(client_with_secret(wire, retries=0)).result())


def test_a_secret_that_holds_another_is_hidden_whole() -> None:
    client = Wire().client()
    client.secrets.update({"abc-def", "abc-def-ghi"})
    assert client.redact("say abc-def-ghi, abc-def") == "say ********, ********"


def test_a_header_that_holds_a_secret_is_shown_without_it() -> None:
    with Wire(Call("GET", CONNECTOR, NOT_FOUND, status=404, headers={"X-Request-Id": SECRET})) as wire:
        assert SECRET not in str(failed_get(client_with_secret(wire)).result())


# Lists.


def names(wire: Wire, **options: Any) -> list[str]:
    return [item["name"] for item in wire.client(**options).pages(*SEGMENTS, items="connectors")]


def test_a_list_is_read_page_by_page() -> None:
    with Wire(
        Call(
            "GET",
            CONNECTORS,
            {"connectors": [connector(), connector()], "nextPageToken": "a/b=?&"},
            query={"pageSize": "1000"},
        ),
        Call("GET", CONNECTORS, {"nextPageToken": "2"}, query={"pageSize": "1000", "pageToken": "a/b=?&"}),
        Call("GET", CONNECTORS, {"connectors": [connector()]}, query={"pageSize": "1000", "pageToken": "2"}),
    ) as wire:
        assert names(wire) == ["mirror"] * 3


def test_an_empty_list_is_a_list() -> None:
    with Wire(Call("GET", CONNECTORS, {})) as wire:
        assert names(wire) == []


@pytest.mark.parametrize("tokens", [["1", "1"], ["1", "2", "1"], ["1", "2", "3", "2"]])
def test_a_list_that_goes_round_in_a_circle_ends(tokens: list[str]) -> None:
    with Wire(*[Call("GET", CONNECTORS, {"nextPageToken": token}) for token in tokens]) as wire, pytest.raises(Error):
        names(wire)


def test_a_list_that_never_ends_ends_with_the_task() -> None:
    wire = Wire(*[Call("GET", CONNECTORS, {"nextPageToken": str(number)}, takes=1) for number in range(100)])
    began = wire.clock.time
    with pytest.raises(Error) as failure:
        names(wire, wait_timeout=60)
    assert "wait_timeout" in failure.value.msg
    assert wire.clock.time - began < 62


@pytest.mark.parametrize(
    "body", [{"connectors": {}}, {"connectors": ["a"]}, {"connectors": None}, {"nextPageToken": 1}, [], "<html>"]
)
def test_a_list_that_is_none_is_a_clear_error(body: Any) -> None:
    with Wire(Call("GET", CONNECTORS, body)) as wire, pytest.raises(ApiError) as failure:
        names(wire)
    assert "expected JSON" in failure.value.msg


# The CA bundle.


def test_a_ca_bundle_that_is_none_is_refused(tmp_path: Path) -> None:
    for content in (None, "", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        bundle = tmp_path / "ca.pem"
        if content is not None:
            bundle.write_text(content)
        with pytest.raises(InputError) as failure:
            check_ca(str(bundle))
        assert f"ca_path {bundle}" in failure.value.msg
    with pytest.raises(InputError):
        check_ca(str(tmp_path))


def test_the_ca_bundle_is_used() -> None:
    for verify in (True, False, "/some/ca.pem"):
        with Recording(Call("GET", CONNECTOR, connector())) as wire:
            get(wire.client(verify=verify))
        assert wire.options["verify"] == verify

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests over a scripted wire: retries, delays, timeouts, lost responses and proxies."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.clock import Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import ApiError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.http import Http
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.secrets import Secrets
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.transport import Request, Response
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.clients import set_proxy
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.samples import (
    UPSTREAM,
    broken,
    failed_get,
    failed_pause,
    get,
    got_or_failed,
    pause,
    permanent,
    temporary,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONNECTOR,
    PAUSE,
    Call,
    FakeClock,
    Wire,
    connector,
    operation,
    status,
)

Answers = Callable[[], "dict[str, Any]"]


# Retries.


@temporary
def test_temporary_errors_are_retried(answer: Answers) -> None:
    with Wire(Call("GET", CONNECTOR, **answer()), Call("GET", CONNECTOR, connector())) as wire:
        assert get(wire.client())["name"] == "mirror"
    with Wire(Call("POST", PAUSE, **answer()), Call("POST", PAUSE, operation())) as wire:
        pause(wire.client())
    assert wire.keys() == ["key-1", "key-1"]
    assert [request.body for request in wire.requests] == [b"{}", b"{}"]


@permanent
def test_permanent_errors_are_not_retried(answer: dict[str, Any]) -> None:
    with Wire(Call("GET", CONNECTOR, **answer)) as wire:
        error = failed_get(wire.client())
    assert not error.is_transient
    assert error.http_status == answer["status"]
    assert "attempts" not in error.reason
    with Wire(Call("POST", PAUSE, **answer)) as wire:
        failed_pause(wire.client())
    assert wire.clock.naps == []


@pytest.mark.parametrize("retries", [0, 1, 5, 8])
@temporary
def test_request_retries_is_the_maximum_number_of_retries(answer: Answers, retries: int) -> None:
    with Wire(*[Call("GET", CONNECTOR, **answer())] * (retries + 1)) as wire:
        error = failed_get(wire.client(retries=retries))
    assert error.is_transient
    assert error.reason.endswith(f" ({retries + 1} attempts)") == (retries > 0)
    assert len(wire.clock.naps) == retries


@temporary
def test_a_patient_read_is_retried_until_the_deadline(answer: Answers) -> None:
    wire = Wire(*[Call("GET", CONNECTOR, takes=1, **answer())] * 1000)
    started = wire.clock.time
    error = failed_get(wire.client(retries=math.inf, wait_timeout=300))
    assert error.is_transient
    # The last attempt starts before the deadline, and takes its second.
    assert 300 - 30 <= wire.clock.time - started <= 301
    assert len(wire.requests) > 10


def test_a_patient_read_retries_an_unexpected_response() -> None:
    with Wire(Call("GET", CONNECTOR, "<html>maintenance"), Call("GET", CONNECTOR, connector())) as wire:
        get(wire.client(retries=math.inf))


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


@pytest.mark.parametrize(
    ("value", "date", "least", "most"),
    [
        pytest.param(" 17 ", "", 17, 17, id="seconds"),
        pytest.param("Wed, 21 Oct 2015 07:28:00 GMT", "", 25, 25, id="date in the future"),
        pytest.param("Wed, 21 Oct 2015 07:00:00 GMT", "", 0.25, 0.5, id="date in the past"),
        pytest.param("Wed, 21 Oct 2015 07:28:30 GMT", "Wed, 21 Oct 2015 07:28:00 GMT", 30, 30, id="service's clock"),
    ],
)
@pytest.mark.parametrize("http_status", [409, 429, 503])
def test_retry_after_is_honoured(
    monkeypatch: pytest.MonkeyPatch, http_status: int, value: str, date: str, least: float, most: float
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_445_412_480 - 25.0)
    headers = {"Retry-After": value, "Date": date}
    busy = Call("GET", CONNECTOR, status(10, "later"), status=http_status, headers=headers)
    with Wire(busy, Call("GET", CONNECTOR, connector())) as wire:
        get(wire.client())
    (nap,) = wire.clock.naps
    assert least <= nap <= most


@given(
    value=st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=40)
    | st.sampled_from(
        [
            "",
            "1e9",
            "9" * 400,
            "Wed, 21 Oct 99999 07:28:00 GMT",
            "Wed, 99 Oct 2015 07:28:00 GMT",
            "Wed, 21 Oct 2015",
            "Wed, 21 Oct 0001 00:00:00 +2359",
            "21 Oct 2015 07:28:00 -99999999999",
        ]
    )
)
def test_any_retry_after_is_harmless(value: str) -> None:
    wire = Wire(
        Call("GET", CONNECTOR, UPSTREAM, status=503, headers={"Retry-After": value}),
        Call("GET", CONNECTOR, connector()),
    )
    started = wire.clock.time
    result = got_or_failed(wire.client(wait_timeout=60))
    assert result.http_status == 503 if isinstance(result, ApiError) else result["name"] == "mirror"
    assert wire.clock.time - started <= 60


@pytest.mark.parametrize(
    "unavailable",
    [{"headers": {"Retry-After": "61"}}, {"takes": 60}],
    ids=["Retry-After is after the deadline", "the attempt took all the time"],
)
def test_no_attempt_starts_after_the_deadline(unavailable: dict[str, Any]) -> None:
    with Wire(Call("GET", CONNECTOR, UPSTREAM, status=503, **unavailable)) as wire:
        error = failed_get(wire.client(wait_timeout=60))
    assert error.msg.endswith("No time is left for a retry. Increase wait_timeout.")
    assert wire.clock.naps == []


@pytest.mark.parametrize(
    ("request_timeout", "left", "timeout"), [(2.5, 1200, 2.5), (30.0, 30, 30.0), (30.0, 7, 7.0), (30.0, 0.2, 1.0)]
)
def test_an_attempt_ends_at_its_timeout_and_with_the_task(request_timeout: float, left: float, timeout: float) -> None:
    with Wire(Call("GET", CONNECTOR, connector())) as wire:
        get(wire.client(timeout=request_timeout, wait_timeout=left))
    assert wire.timeouts == [timeout]


# Lost responses.


@pytest.mark.parametrize(
    ("http_status", "code", "lost"),
    [(429, 8, False), (500, 13, True), (502, 14, True), (503, 14, True), (504, 4, True), (409, 10, False)],
)
def test_a_server_error_leaves_open_whether_a_change_was_accepted(http_status: int, code: int, lost: bool) -> None:
    with Wire(Call("POST", PAUSE, status(code, "no"), status=http_status)) as wire:
        assert failed_pause(wire.client(retries=0)).response_lost == lost
    with Wire(Call("GET", CONNECTOR, status(code, "no"), status=http_status)) as wire:
        assert not failed_get(wire.client(retries=0)).response_lost


def test_an_answer_after_a_lost_response_says_so() -> None:
    with Wire(Call("POST", PAUSE, broken(change=True)), Call("POST", PAUSE, operation())) as wire:
        assert pause(wire.client()).after_loss
    with Wire(Call("POST", PAUSE, status(8, "slow down"), status=429), Call("POST", PAUSE, operation())) as wire:
        assert not pause(wire.client()).after_loss


# Proxies.

PROXY = "http://proxy.example:3128"


def proxy_for(url: str, **options: Any) -> str | None:
    """Return the proxy that a request to a URL uses."""
    used: list[Any] = []

    def transport(request: Request, timeout: float, proxies: Any) -> Response:
        used.append(proxies)
        return Response(200, {}, b'{"a": "b"}')

    http = Http(transport, Secrets(), 30.0, 0, {}, **options)
    http.attempt(Request("GET", url), Deadline(10, FakeClock()), bool)
    proxy: str | None = requests.utils.select_proxy(url, used[0])
    return proxy


@pytest.mark.parametrize(
    ("url", "use_proxy", "expected"),
    [
        ("https://mdb.test/a", True, PROXY),
        ("http://169.254.169.254/token", True, PROXY),
        ("http://169.254.169.254/token", False, None),
        ("http://localhost:1/a", True, None),
        ("https://127.9.9.9:1/a", True, None),
        ("http://[::1]:1/a", True, None),
    ],
)
def test_requests_use_the_proxy_except_to_this_machine_and_on_request(
    monkeypatch: pytest.MonkeyPatch, url: str, use_proxy: bool, expected: str | None
) -> None:
    set_proxy(monkeypatch, PROXY)
    assert proxy_for(url, use_proxy=use_proxy) == expected


@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_no_proxy_is_honoured(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    set_proxy(monkeypatch, PROXY)
    monkeypatch.setenv(variable, ".yandex.net,gateway.example")
    assert proxy_for("https://mdb.api.cloud.yandex.net/a") is None
    assert proxy_for("https://gateway.example:8443/a") is None
    assert proxy_for("https://other.example/a") == PROXY

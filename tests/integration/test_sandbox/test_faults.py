# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scripted faults of calls, and the faults that Envoy injects."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from google.rpc.error_details_pb2 import ErrorInfo

from sandbox import Sandbox

from .api import Api, error

BEFORE_AND_AFTER = pytest.mark.parametrize(
    "after", [pytest.param(False, id="before the change"), pytest.param(True, id="after the change")]
)


def test_scripted_error_has_details_and_headers(api: Api, sandbox: Sandbox) -> None:
    details = [ErrorInfo(reason="QUOTA", domain="kafka")]
    sandbox.faults.abort(
        "Connector.Get", "RESOURCE_EXHAUSTED", "slow down", details=details, headers={"retry-after": "3"}, times=2
    )
    for dummy in range(2):
        response = api.get("connectors/mirror")
        assert error(response) == (429, 8, "slow down")
        assert response.headers["retry-after"] == "3"
        assert response.json()["details"][0]["reason"] == "QUOTA"
    assert api.get("connectors/mirror").status_code == 200


@pytest.mark.parametrize(
    ("code", "status"),
    [("DEADLINE_EXCEEDED", 504), ("ABORTED", 409), ("INTERNAL", 500), ("UNAVAILABLE", 503), ("UNKNOWN", 500)],
)
def test_grpc_code_becomes_http_status(api: Api, sandbox: Sandbox, code: str, status: int) -> None:
    sandbox.faults.abort("", code)
    assert api.get("connectors").status_code == status


def test_condition_restricts_a_fault(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.abort("Connector.Get", "UNAVAILABLE", when=lambda call: call.message["connector_name"] == "mirror")
    statuses = [api.get(f"connectors/{name}").status_code for name in ("archive", "mirror", "mirror")]
    assert statuses == [200, 503, 200]


@BEFORE_AND_AFTER
def test_error_is_returned_before_or_after_the_change(api: Api, sandbox: Sandbox, after: bool) -> None:
    sandbox.faults.abort("Pause", "UNAVAILABLE", after=after)
    assert api.post("connectors/pause/mirror").status_code == 503
    assert len(sandbox.cloud.operations()) == (1 if after else 0)


@BEFORE_AND_AFTER
def test_closed_upstream_connection_is_plain_text_503(api: Api, sandbox: Sandbox, after: bool) -> None:
    sandbox.faults.reset("Pause", after=after)
    response = api.post("connectors/pause/mirror")
    assert response.status_code == 503
    assert response.headers["content-type"] == "text/plain"
    assert response.text.startswith("upstream connect error or disconnect/reset before headers")
    assert len(sandbox.cloud.operations()) == (1 if after else 0)


def test_closed_connection_does_not_end_other_calls(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.reset("Connector.Get", when=lambda call: call.message["connector_name"] == "mirror")
    sandbox.faults.delay("List", 0.2, times=8)
    with ThreadPoolExecutor(9) as pool:
        lists = [pool.submit(api.get, "connectors") for dummy in range(8)]
        assert pool.submit(api.get, "connectors/mirror").result().status_code == 503
    assert {each.result().status_code for each in lists} == {200}


def test_delay_applies_to_one_call(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.delay("Connector.Get", 0.5)
    assert api.get("connectors/mirror").elapsed > timedelta(seconds=0.5)
    assert api.get("connectors/mirror").elapsed < timedelta(seconds=0.5)


def test_response_is_replaced_after_the_change(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.answer("Pause", '{"id": "half', after=True)
    response = api.post("connectors/pause/mirror")
    assert (response.status_code, response.text) == (200, '{"id": "half')
    assert len(sandbox.cloud.operations()) == 1


def test_response_is_replaced_by_a_redirect(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.answer("Connector.Get", "", status=302, headers={"location": "https://example.com/"})
    response = api.get("connectors/mirror", allow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (302, "https://example.com/")


def test_envoy_aborts_all_requests(api: Api, sandbox: Sandbox) -> None:
    sandbox.envoy.fault(abort_status=502)
    response = api.get("connectors")
    assert (response.status_code, response.text) == (502, "fault filter abort")
    assert sandbox.requests == []
    sandbox.envoy.no_fault()
    assert api.get("connectors").status_code == 200


def test_envoy_delays_requests(api: Api, sandbox: Sandbox) -> None:
    sandbox.envoy.fault(delay_seconds=0.2)
    response = api.get("connectors")
    assert response.status_code == 200
    # Envoy's clock counts whole milliseconds, so the delay is sometimes a little shorter.
    assert response.elapsed > timedelta(seconds=0.19)


def test_envoy_aborts_some_requests(api: Api, sandbox: Sandbox) -> None:
    sandbox.envoy.fault(abort_status=503, abort_percent=50)
    statuses = {api.get("connectors").status_code for dummy in range(40)}
    assert statuses == {200, 503}


def test_restart_closes_connections(api: Api, sandbox: Sandbox) -> None:
    sandbox.on_request("Pause", lambda call: sandbox.envoy.restart(), after=True)
    with pytest.raises(requests.ConnectionError):
        api.post("connectors/pause/mirror")
    assert len(sandbox.cloud.operations()) == 1
    deadline = time.monotonic() + 30
    while True:
        try:
            assert api.get("connectors").status_code == 200
            break
        except requests.ConnectionError:
            assert time.monotonic() < deadline

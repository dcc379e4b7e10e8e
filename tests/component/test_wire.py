# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The token reaches only the services of the endpoint: redirects, proxies, ~/.netrc, certificates."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.certificates import Authority, Certificate
from support.raw_server import CHANGE, POLL, READ, TOKEN, RawServer, page
from support.world import World, perform

from sandbox import Sandbox
from sandbox.faults import FOREVER


@pytest.fixture
def other_server() -> Iterator[RawServer]:
    """A server that must receive no request."""
    with RawServer() as running:
        yield running
        assert running.lines == []


@pytest.mark.parametrize("status", ["301", "302", "303", "307", "308"])
@pytest.mark.parametrize("pattern", [READ, CHANGE, POLL, TOKEN], ids=["read", "change", "poll", "token"])
def test_redirects_are_not_followed(world: World, other_server: RawServer, status: str, pattern: str) -> None:
    world.server.on(pattern, page(b"", f"{status} Moved", f"Location: {other_server.url}/"), times=FOREVER)
    report = world.perform(service_account_key=world.key)
    assert report.failed
    assert f"HTTP {status}, a redirect, which is not followed" in report.msg
    assert report.changed is (pattern == POLL)


@pytest.fixture
def misleading_environment(other_server: RawServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ~/.netrc for every host, and a proxy for every request."""
    (tmp_path / ".netrc").write_text("default login somebody password else\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, other_server.url)
        monkeypatch.setenv(name.lower(), other_server.url)
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.usefixtures("misleading_environment")
def test_netrc_does_not_replace_the_token_and_loopback_needs_no_proxy(world: World) -> None:
    token = world.sandbox.iam_token()
    assert not world.perform(iam_token=token).failed
    assert {call.headers["authorization"] for call in world.sandbox.requests} == {f"Bearer {token}"}


@pytest.mark.usefixtures("misleading_environment")
def test_metadata_service_is_requested_without_proxy(world: World) -> None:
    assert not world.perform({"YC_METADATA_ADDR": world.sandbox.metadata_address}, no_credential=True).failed
    assert len(world.sandbox.metadata.requests) == 1
    for call in world.sandbox.requests:
        assert call.headers["authorization"].startswith("Bearer t1.")


def test_id_in_a_response_does_not_change_the_url(world: World) -> None:
    body = json.dumps({"id": "../../../elsewhere?x=1#y", "description": "x"}).encode()
    world.server.on(CHANGE, page(body))
    world.perform()
    polls = {line for line in world.server.lines if "/operations/" in line}
    assert polls == {"GET /operations/..%2F..%2F..%2Felsewhere%3Fx%3D1%23y"}


# TLS, as Envoy speaks it


@pytest.mark.parametrize(
    ("host", "expired", "trusted", "reason"),
    [
        pytest.param("127.0.0.1", False, True, "", id="good"),
        pytest.param("127.0.0.1", False, False, "unable to get local issuer certificate", id="unknown CA"),
        pytest.param("10.0.0.1", False, True, "IP address mismatch", id="other host"),
        pytest.param("127.0.0.1", True, True, "certificate has expired", id="expired"),
    ],
)
def test_certificates_are_verified(tmp_path: Path, host: str, expired: bool, trusted: bool, reason: str) -> None:
    authority = Authority(tmp_path)
    certificate: Certificate = authority.issue(host, expired=expired)
    with Sandbox(tls=certificate) as encrypted:
        cluster_id = encrypted.cloud.add_cluster()
        encrypted.cloud.add_connector(cluster_id, "mirror")
        options = {"endpoint": encrypted.url, "cluster_id": cluster_id, "name": "mirror", "state": "paused"}
        options["iam_token"] = encrypted.iam_token()
        report = perform({**options, **({"ca_path": authority.certificate} if trusted else {})})
        assert report.failed is bool(reason), report
        if reason:
            assert re.search(f"untrusted TLS certificate.*{reason}", report.msg)
            assert encrypted.requests == []
        with warnings.catch_warnings(action="ignore"):
            assert not perform({**options, "validate_certs": False}).failed

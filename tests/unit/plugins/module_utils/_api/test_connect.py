# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shared options: what becomes of them, and which are rejected before any request."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.clock import Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.connect import connect
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import Error, InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.secrets import Secrets
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import Call, Wire

OPTIONS = {
    "iam_token": None,
    "endpoint": None,
    "validate_certs": True,
    "ca_path": None,
    "request_timeout": 2.5,
    "request_retries": 1,
}


def connected(wire: Wire, environ: dict[str, str], **options: Any) -> Client:
    deadline = Deadline(60, wire.clock)
    return connect({**OPTIONS, **options}, environ, deadline, Secrets(), print, user_agent="tests/1", transport=wire)


def test_the_options_become_a_client() -> None:
    unavailable = Call("GET", "mdb /a", "unavailable", status=503)
    with Wire(unavailable, unavailable) as wire:
        client = connected(wire, {"YC_TOKEN": "t1.abc.def"})
        with pytest.raises(Error) as failure:
            client.get("mdb", "a", expected=bool)
    assert failure.value.msg == "Mdb.api.cloud.yandex.net returned HTTP 503: unavailable (2 attempts)."
    assert wire.timeouts == [2.5, 2.5]
    assert wire.requests[0].url == "https://mdb.api.cloud.yandex.net/a"
    assert wire.requests[0].headers == {
        "User-Agent": "tests/1",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Authorization": "Bearer t1.abc.def",
    }
    assert client.http.secrets.redact("t1.abc.def") == "********"


def test_an_empty_endpoint_is_the_default_one() -> None:
    assert connected(Wire(), {}, endpoint="").endpoint == connected(Wire(), {}).endpoint


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"request_timeout": 0}, "request_timeout must be more than 0."),
        ({"request_timeout": -1}, "request_timeout must be more than 0."),
        ({"request_retries": -1}, "request_retries is -1, which is less than 0. Set it to at least 0."),
    ],
)
def test_an_option_that_is_too_small_is_rejected(options: dict[str, float], message: str) -> None:
    with pytest.raises(InputError) as failure:
        connected(Wire(), {}, **options)
    assert failure.value.msg == message

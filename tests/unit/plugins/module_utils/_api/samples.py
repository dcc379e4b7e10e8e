# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Responses of a service, any JSON, errors of a transport, and a credential, for the tests of this directory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api import messages
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.client import Accepted, Client, Refused
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.clock import Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import ApiError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.token import Credential
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import NOT_FOUND, status

SEGMENTS = ("managed-kafka", "v1", "clusters", "c9qtest", "connectors")
UPSTREAM = "upstream connect error or disconnect/reset before headers. reset reason: connection termination"


def broken(*, change: bool = False) -> ApiError:
    """Return what a transport raises if the connection breaks before the response.

    :param change: the request was a change, so the service may have accepted it
    """
    return ApiError(messages.BROKEN, host="mdb.test", cause="reset", transient=True, response_lost=change)


# Answers of the scripted wire that are worth a retry.
TEMPORARY: dict[str, Callable[[], dict[str, Any]]] = {
    "no response": lambda: {"answer": broken()},
    "429": lambda: {"answer": status(8, "slow down"), "status": 429},
    "500": lambda: {"answer": status(13, "internal"), "status": 500},
    "502": lambda: {"answer": "Bad Gateway", "status": 502},
    "503": lambda: {"answer": status(14, "unavailable"), "status": 503},
    "503 as plain text": lambda: {"answer": UPSTREAM, "status": 503},
    "504": lambda: {"answer": status(4, "deadline exceeded"), "status": 504},
    "ABORTED": lambda: {"answer": status(10, "try again"), "status": 409},
}
# Answers that a retry cannot change.
PERMANENT: dict[str, dict[str, Any]] = {
    "INVALID_ARGUMENT": {"answer": status(3, "bad"), "status": 400},
    "NOT_FOUND": {"answer": NOT_FOUND, "status": 404},
    "404 as plain text": {"answer": "no such page", "status": 404},
    "ALREADY_EXISTS": {"answer": status(6, "exists"), "status": 409},
    "UNIMPLEMENTED": {"answer": status(12, "what?"), "status": 501},
    "redirect": {"answer": "", "status": 302, "headers": {"Location": "https://elsewhere.example/"}},
}

# Any JSON. Many keys and texts are those of the API.
json_keys = st.sampled_from(
    ["", "id", "name", "done", "error", "response", "properties", "code", "message", "details", "requestId", "@type"]
)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["", "PAUSED", "RUNNING", "mirror", "..", "\ud800", "\x00", "9" * 30, "-1"])
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(json_keys | st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)

temporary = pytest.mark.parametrize("answer", TEMPORARY.values(), ids=TEMPORARY)
permanent = pytest.mark.parametrize("answer", PERMANENT.values(), ids=PERMANENT)


class Renewing(Credential):
    """A credential with three tokens."""

    def __init__(self) -> None:
        super().__init__("of a test", "")
        self.tokens = ["t1.first", "t1.second", "t1.third"]

    def token(self, deadline: Deadline) -> str:
        return self.tokens[0]

    def renew(self, failed: str) -> bool:
        if self.tokens[0] == failed:
            self.tokens.pop(0)
        return True

    def rejected(self, error: ApiError) -> ApiError:
        return error


def get(client: Client, **options: Any) -> dict[str, Any]:
    return client.get("mdb", *SEGMENTS, "mirror", expected=lambda body: "name" in body, **options).body


def got_or_failed(client: Client) -> dict[str, Any] | ApiError:
    try:
        return get(client)
    except ApiError as error:
        return error


def failed_get(client: Client, **options: Any) -> ApiError:
    with pytest.raises(ApiError) as failure:
        get(client, **options)
    return failure.value


def pause(client: Client) -> Accepted | Refused:
    return client.change("POST", *SEGMENTS, "pause", "mirror", body={}, key="key-1")


def failed_pause(client: Client) -> ApiError:
    """Return the error of a pause that was refused, or that has no known result."""
    try:
        sent = pause(client)
    except ApiError as error:
        return error
    assert isinstance(sent, Refused)
    return sent.error

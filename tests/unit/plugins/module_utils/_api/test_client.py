# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests with an IAM token over a scripted wire: reads, changes and lists."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.client import Accepted, Refused
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.clock import Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import ApiError, DeadlineError
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.samples import (
    SEGMENTS,
    Renewing,
    broken,
    failed_get,
    failed_pause,
    get,
    pause,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONFLICT,
    CONNECTOR,
    CONNECTORS,
    PAUSE,
    Call,
    FakeClock,
    Wire,
    connector,
    operation,
    status,
)

EXPIRED = status(16, "The token has expired")


# Tokens.


def test_a_401_to_each_request_is_retried_once_with_a_new_token() -> None:
    expired, found = Call("GET", CONNECTOR, EXPIRED, status=401), Call("GET", CONNECTOR, connector())
    with Wire(expired, found, expired, found) as wire:
        client = wire.client(credential=Renewing(), retries=0)
        get(client)
        get(client)
    sent = [request.headers["Authorization"] for request in wire.requests]
    assert sent == ["Bearer t1.first", "Bearer t1.second", "Bearer t1.second", "Bearer t1.third"]
    assert wire.clock.naps == []


def test_a_second_401_is_an_error() -> None:
    with Wire(*[Call("GET", CONNECTOR, EXPIRED, status=401)] * 2) as wire:
        error = failed_get(wire.client(credential=Renewing()))
    assert error.status == "UNAUTHENTICATED"
    assert "The token has expired" in error.msg
    assert wire.clock.naps == []


def test_a_401_to_a_change_is_an_error_and_not_a_refusal() -> None:
    with Wire(Call("POST", PAUSE, EXPIRED, status=401)) as wire, pytest.raises(ApiError) as failure:
        pause(wire.client())
    assert failure.value.http_status == 401


def test_a_401_to_a_change_keeps_the_key_and_does_not_hide_a_lost_response() -> None:
    with Wire(
        Call("POST", PAUSE, broken(change=True)),
        Call("POST", PAUSE, EXPIRED, status=401),
        Call("POST", PAUSE, status(9, "no changes detected"), status=400),
    ) as wire:
        assert failed_pause(wire.client(credential=Renewing())).response_lost
    assert wire.keys() == ["key-1"] * 3


# Reads and changes.


def test_a_change_without_a_body_has_no_content_type() -> None:
    with Wire(Call("DELETE", CONNECTOR, operation())) as wire:
        wire.client().change("DELETE", *SEGMENTS, "mirror", body=None, key="key-1")
    assert wire.requests[0].body is None
    assert "Content-Type" not in wire.requests[0].headers


def test_an_accepted_change_is_its_operation() -> None:
    asked = {"X-Operation-Poll-Interval": "2"}
    with Wire(Call("POST", PAUSE, operation(), headers=asked)) as wire:
        assert pause(wire.client()) == Accepted(operation(), 2.0, after_loss=False)
    with Wire(Call("POST", PAUSE, operation())) as wire:
        assert pause(wire.client()) == Accepted(operation(), None, after_loss=False)


@pytest.mark.parametrize(
    ("answer", "blocker"), [(CONFLICT, "op9"), (status(9, "no changes detected"), None), (status(3, "bad"), None)]
)
def test_a_refused_change_names_the_operation_that_blocks_it(answer: dict[str, Any], blocker: str | None) -> None:
    with Wire(Call("POST", PAUSE, answer, status=400)) as wire:
        sent = pause(wire.client())
    assert isinstance(sent, Refused)
    assert sent.blocker == blocker
    assert not sent.error.response_lost


def test_a_client_can_have_another_deadline() -> None:
    clock = FakeClock()
    with Wire(Call("GET", CONNECTOR, connector()), clock=clock) as wire:
        client = wire.client(wait_timeout=0)
        clock.time += 10
        get(client.within(Deadline(20, clock)))
    assert client.deadline.seconds == 0
    assert wire.timeouts == [20]


# Lists.


def names(wire: Wire, *, query: dict[str, str] | None = None, **options: Any) -> list[str]:
    pages = wire.client(**options).pages(
        *SEGMENTS, items="connectors", query=query, is_item=lambda item: "name" in item
    )
    return [item["name"] for item in pages]


def test_a_list_is_read_page_by_page_with_its_query() -> None:
    first = {"connectors": [connector(), connector()], "nextPageToken": "a/b=?&"}
    query = {"pageSize": "1000", "folderId": "b/1"}
    with Wire(
        Call("GET", CONNECTORS, first, query=query),
        Call("GET", CONNECTORS, {"nextPageToken": "2"}, query={**query, "pageToken": "a/b=?&"}),
        Call("GET", CONNECTORS, {"connectors": [connector()]}, query={**query, "pageToken": "2"}),
    ) as wire:
        assert names(wire, query={"folderId": "b/1"}) == ["mirror"] * 3


@pytest.mark.parametrize("tokens", [["1", "1"], ["1", "2", "1"], ["1", "2", "3", "2"]])
def test_a_list_that_repeats_a_page_is_an_error(tokens: list[str]) -> None:
    with (
        Wire(*[Call("GET", CONNECTORS, {"nextPageToken": token}) for token in tokens]) as wire,
        pytest.raises(ApiError) as failure,
    ):
        names(wire)
    assert failure.value.msg.startswith("The list of connectors repeats a page. Report it to the vendor")
    assert not failure.value.is_temporary


def test_a_list_without_an_end_ends_at_the_deadline() -> None:
    wire = Wire(*[Call("GET", CONNECTORS, {"nextPageToken": str(number)}, takes=1) for number in range(100)])
    started = wire.clock.time
    with pytest.raises(DeadlineError) as failure:
        names(wire, wait_timeout=60)
    assert failure.value.msg == "Timed out after 60 s in the list of connectors. Increase wait_timeout and run again."
    assert wire.clock.time - started < 62


@pytest.mark.parametrize(
    "body",
    [{"connectors": {}}, {"connectors": ["a"]}, {"connectors": [connector(), {}]}, {"nextPageToken": 1}, []],
    ids=str,
)
def test_a_body_that_is_not_a_list_of_the_expected_items_is_an_error(body: Any) -> None:
    with Wire(Call("GET", CONNECTORS, body)) as wire, pytest.raises(ApiError) as failure:
        names(wire)
    assert "did not return the expected JSON" in failure.value.msg

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations: conflicts, repeated requests, errors, and the settings that change them."""

from __future__ import annotations

import uuid

import pytest

from sandbox import Sandbox
from sandbox.behaviour import CONFLICT_PLAIN, CONFLICT_QUOTED

from .api import KAFKA, TAKES, TYPE, Api, Clock, error


@pytest.mark.parametrize(
    "message", [pytest.param(CONFLICT_QUOTED, id="quoted"), pytest.param(CONFLICT_PLAIN, id="plain")]
)
def test_second_change_of_a_cluster_is_a_conflict(api: Api, sandbox: Sandbox, clock: Clock, message: str) -> None:
    sandbox.behaviour.conflict_message = message
    first = api.pause("mirror")["id"]
    refused = api.post("connectors/resume/archive")
    assert error(refused) == (400, 9, message.format(operation_id=first))
    clock.advance(TAKES)
    api.pause("archive")


def test_changes_of_two_connectors_overlap_if_not_exclusive(api: Api, sandbox: Sandbox) -> None:
    sandbox.behaviour.exclusive = False
    api.pause("mirror")
    api.pause("archive")
    assert error(api.post("connectors/resume/mirror"))[:2] == (400, 9)


def test_pause_of_a_paused_connector_is_an_operation(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    for dummy in range(2):
        api.pause("archive")
        clock.advance(TAKES)
    assert [operation.kind for operation in sandbox.cloud.operations()] == ["pause", "pause"]


@pytest.mark.parametrize(("code", "number"), [("FAILED_PRECONDITION", 9), ("INVALID_ARGUMENT", 3)])
def test_change_without_effect_is_an_error_if_set(api: Api, sandbox: Sandbox, code: str, number: int) -> None:
    sandbox.behaviour.noop_is_error = True
    sandbox.behaviour.noop_code = code
    assert error(api.post("connectors/pause/archive")) == (400, number, "no changes detected")
    assert error(api.post("connectors/resume/mirror")) == (400, number, "no changes detected")
    assert sandbox.cloud.operations() == []


def test_repeated_key_returns_the_same_operation(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    key = str(uuid.uuid4())
    first = api.pause("mirror", key)
    # Without the key, this pause would be a conflict.
    assert api.pause("mirror", key) == first
    clock.advance(TAKES)
    assert api.pause("mirror", key)["done"] is True
    assert len(sandbox.cloud.operations()) == 1


def test_key_of_another_request_is_refused(api: Api) -> None:
    key = str(uuid.uuid4())
    api.pause("mirror", key)
    assert error(api.post("connectors/pause/archive", headers={"Idempotency-Key": key}))[:2] == (400, 3)


def test_repeated_deletion_returns_the_same_operation(api: Api, clock: Clock) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    first = api.ok(api.delete("connectors/mirror", headers=headers))
    clock.advance(TAKES)
    again = api.ok(api.delete("connectors/mirror", headers=headers))
    assert again["id"] == first["id"]
    assert again["response"] == {"@type": f"{TYPE}/google.protobuf.Empty"}
    assert api.delete("connectors/mirror").status_code == 404


def test_failed_operation_shows_error_before_done(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    sandbox.faults.fail_operation("pause", "INTERNAL", "broker is gone", rollback_seconds=5)
    operation_id = api.pause("mirror")["id"]
    clock.advance(TAKES)
    failed = api.operation(operation_id)
    assert failed["error"] == {"code": 13, "message": "broker is gone"}
    assert "done" not in failed
    assert error(api.post("connectors/pause/archive"))[:2] == (400, 9)
    clock.advance(5)
    failed = api.operation(operation_id)
    assert failed["done"] is True
    assert "response" not in failed
    assert api.connector("mirror")["status"] == "RUNNING"
    api.pause("mirror")


def test_scripted_operation_ends_in_another_status(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    sandbox.faults.end_operation("pause", "ERROR")
    operation = api.pause("mirror")
    clock.advance(TAKES)
    assert api.operation(operation["id"])["response"]["status"] == "ERROR"
    assert api.connector("mirror")["status"] == "ERROR"


def test_stale_response_shows_the_old_status(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    sandbox.behaviour.stale_seconds = 3
    operation = api.pause("mirror")
    clock.advance(TAKES)
    assert api.operation(operation["id"])["response"]["status"] == "RUNNING"
    assert api.connector("mirror")["status"] == "RUNNING"
    clock.advance(3)
    assert api.connector("mirror")["status"] == "PAUSED"


def test_operation_without_response_is_done(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    sandbox.behaviour.missing_response = True
    operation = api.pause("mirror")
    clock.advance(TAKES)
    operation = api.operation(operation["id"])
    assert operation["done"] is True
    assert not {"error", "response"} & set(operation)


def test_new_operation_is_not_found_for_two_polls(api: Api, sandbox: Sandbox) -> None:
    sandbox.behaviour.operation_not_found_polls = 2
    operation_id = api.pause("mirror")["id"]
    assert [api.get(f"/operations/{operation_id}").status_code for dummy in range(3)] == [404, 404, 200]


def test_poll_interval_is_a_header_of_operations(api: Api, sandbox: Sandbox) -> None:
    sandbox.behaviour.poll_interval = 0.5
    started = api.post("connectors/pause/mirror")
    polled = api.get(f"/operations/{started.json()['id']}")
    assert [response.headers["x-operation-poll-interval"] for response in (started, polled)] == ["0.5", "0.5"]
    assert "x-operation-poll-interval" not in api.get("connectors/mirror").headers


def test_duration_depends_on_kind_and_connector(api: Api, sandbox: Sandbox) -> None:
    sandbox.behaviour.operation_seconds = lambda kind, name: 0 if (kind, name) == ("pause", "mirror") else TAKES
    assert api.pause("mirror")["done"] is True
    assert "done" not in api.pause("archive")


def test_operation_of_another_client_is_a_conflict(api: Api, sandbox: Sandbox, cluster_id: str) -> None:
    theirs = sandbox.cloud.begin("resume", cluster_id, "archive")
    assert theirs in error(api.post("connectors/pause/mirror"))[2]
    sandbox.cloud.finish(theirs)
    assert api.connector("archive")["status"] == "RUNNING"


def test_operation_list_shows_who_did_what_and_when(api: Api, sandbox: Sandbox, clock: Clock, cluster_id: str) -> None:
    theirs = sandbox.cloud.begin("resume", cluster_id, "archive")
    clock.advance(TAKES)
    ours = api.pause("mirror")
    newest, oldest = api.ok(api.get("operations"))["operations"]
    assert newest == ours
    assert oldest["id"] == theirs
    assert oldest["description"] == "Resume Apache Kafka connector"
    metadata = {"@type": f"{KAFKA}.ResumeConnectorMetadata", "clusterId": cluster_id, "connectorName": "archive"}
    assert oldest["metadata"] == metadata
    assert oldest["createdAt"] < newest["createdAt"]
    assert oldest["createdBy"] == "aje00000000000000000"
    assert newest["createdBy"] == sandbox.requests_of("Pause")[0].subject.id


def test_operation_list_is_paged_with_the_newest_first(api: Api, sandbox: Sandbox) -> None:
    sandbox.behaviour.operation_seconds = 0
    ids = [api.pause("mirror")["id"] for dummy in range(5)]
    pages = api.pages("operations", "operations", pageSize=2)
    listed = [[operation["id"] for operation in next(pages)]]
    api.pause("archive")  # A new operation does not shift the next page.
    listed += [[operation["id"] for operation in page] for page in pages]
    assert listed == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]

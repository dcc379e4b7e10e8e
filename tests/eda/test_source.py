# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source against the real sandbox: polls, the queue, wrong input, memory, and secrets."""

from __future__ import annotations

import asyncio
import json
import logging
import stat
import time
from pathlib import Path
from typing import Any

import pytest
from running import LIST, MODULE, arguments, polls, run, watching

from sandbox import Sandbox
from sandbox.cloud import FOLDER
from sandbox.faults import FOREVER

# Events


def test_change_becomes_an_event_with_the_operation_that_led_to_it(sandbox: Sandbox, cluster_id: str) -> None:
    async def work() -> None:
        async with watching(arguments(sandbox, cluster_id)) as watched:
            await watched.until(lambda: polls(sandbox) > 1)
            operation_id = sandbox.cloud.begin("pause", cluster_id, "mirror", by="aje-somebody")
            event = await watched.next()
            assert (event["type"], event["connector"]["name"]) == ("paused", "mirror")
            assert event["operation"]["id"] == operation_id
            assert event["operation"]["created_by"] == "aje-somebody"

    run(work)


def test_operations_that_may_not_be_read_are_null(sandbox: Sandbox, cluster_id: str) -> None:
    async def work() -> None:
        sandbox.faults.abort("Cluster.ListOperations", "PERMISSION_DENIED")
        async with watching(arguments(sandbox, cluster_id)) as watched:
            await watched.until(lambda: polls(sandbox) > 1)
            sandbox.cloud.begin("pause", cluster_id, "mirror")
            event = await watched.next()
            assert (event["type"], event["operation"]) == ("paused", None)

    run(work)


def test_requests_carry_the_name_of_the_collection_alone(sandbox: Sandbox, cluster_id: str) -> None:
    async def work() -> None:
        async with watching(arguments(sandbox, cluster_id)) as watched:
            await watched.until(lambda: polls(sandbox) > 0)

    run(work)
    assert {call.headers["user-agent"] for call in sandbox.requests} == {
        f"yandex_cloud.managed_kafka/{MODULE['VERSION']}"
    }


# The folder


def test_clusters_of_a_folder_are_found_chosen_and_forgotten(sandbox: Sandbox) -> None:
    async def work() -> None:
        chosen = sandbox.cloud.add_cluster("prod-1", labels={"env": "prod"})
        other = [
            sandbox.cloud.add_cluster("prod-2", labels={"env": "test"}),
            sandbox.cloud.add_cluster("test-1", labels={"env": "prod"}),
        ]
        args = arguments(sandbox, folder_id=FOLDER, cluster_names="prod-*", labels={"env": "prod"})
        async with watching(args) as watched:
            await watched.until(lambda: polls(sandbox, chosen) > 1)
            late = sandbox.cloud.add_cluster("prod-3", labels={"env": "prod", "more": "x"})
            sandbox.cloud.add_connector(late, "sink")
            await watched.until(lambda: polls(sandbox, late) > 1)
            sandbox.cloud.set_status(late, "sink", "ERROR")
            event = await watched.next()
            assert event["cluster"] == {"id": late, "name": "prod-3", "folder_id": FOLDER}
            sandbox.faults.answer("Cluster.List", '{"clusters": []}', times=FOREVER)
            await watched.until(lambda: not watched.source.state.memories)
            assert [polls(sandbox, cluster_id) for cluster_id in other] == [0, 0]

    run(work)


# The queue


def test_blocked_queue_stops_no_poll_and_keeps_only_the_newest_events(sandbox: Sandbox, cluster_id: str) -> None:
    async def work() -> None:
        async with watching(arguments(sandbox, cluster_id), find_operation=False) as watched:
            for status in ["ERROR", "RUNNING", "PAUSED"] * 5:
                before = polls(sandbox)
                sandbox.cloud.set_status(cluster_id, "mirror", status)
                await watched.until(lambda before=before: polls(sandbox) > before + 2)
            assert len(watched.source.state.events) <= 4
            last = {}
            while last.get("status") != "PAUSED" or watched.source.state.events:
                last = (await watched.next())["connector"]
            assert watched.queue.empty()

    run(work)


def test_cancelled_source_ends_at_once_although_a_request_hangs(sandbox: Sandbox, cluster_id: str) -> None:
    async def work() -> None:
        sandbox.faults.delay(LIST, 5, times=FOREVER)
        async with watching(arguments(sandbox, cluster_id)) as watched:
            await watched.until(lambda: polls(sandbox) > 0)
            started = time.monotonic()
            watched.task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await watched.task
            assert time.monotonic() - started < 1

    run(work)


# Wrong input


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"cluster_ids": "c9q1", "intervall": 5}, "unknown option intervall (did you mean interval?)"),
        ({}, "neither cluster_ids nor folder_id is set"),
        ({"cluster_ids": "c9q/1"}, "is not a valid cluster ID"),
        ({"cluster_ids": "c9q1", "iam_token": "y0_secret-token"}, "an OAuth token"),
        ({"cluster_ids": "c9q1", "service_account_key": {"id": "secret-token"}}, "two different credentials"),
        ({"cluster_ids": "c9q1", "endpoint": "http://example.com"}, "without encryption"),
        ({"cluster_ids": "c9q1", "request_timeout": 0}, "request_timeout must be more than 0"),
        ({"cluster_ids": "c9q1", "state_file": "/nowhere/state.json"}, "cannot write state_file"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value,
)
def test_wrong_input_ends_the_source_before_any_request(sandbox: Sandbox, args: dict[str, Any], message: str) -> None:
    async def work() -> None:
        given = {"endpoint": sandbox.url, "iam_token": "t1.secret-token", **args}
        with pytest.raises(MODULE["SourceError"]) as caught:
            await MODULE["main"](asyncio.Queue(), given)
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)
        assert "secret-token" not in str(caught.value)

    run(work)
    assert sandbox.requests == []


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"cluster_ids": "c9q00000000000000000"}, "c9q00000000000000000"),
        ({"folder_id": "b1g00000000000nothing"}, "Folder b1g00000000000nothing not found"),
        ({"iam_token": "t1.wrong-token"}, "invalid or expired"),
    ],
    ids=["cluster", "folder", "token"],
)
def test_start_with_a_permanent_error_ends_the_source(
    sandbox: Sandbox, cluster_id: str, args: dict[str, Any], message: str
) -> None:
    async def work() -> None:
        clusters = {} if {"folder_id", "cluster_ids"} & args.keys() else {"cluster_ids": cluster_id}
        with pytest.raises(MODULE["SourceError"]) as caught:
            await asyncio.wait_for(MODULE["main"](asyncio.Queue(), arguments(sandbox, **clusters, **args)), 10)
        assert message in str(caught.value)
        assert "wrong-token" not in str(caught.value)

    run(work)


def test_missing_name_is_a_warning(sandbox: Sandbox, cluster_id: str, caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        other = sandbox.cloud.add_cluster()
        async with watching(arguments(sandbox, cluster_id, other, names="mirror,mirrro,sink-*")) as watched:
            await watched.until(lambda: min(polls(sandbox, cluster_id), polls(sandbox, other)) > 2)

    run(work)
    lines = [record.getMessage() for record in caplog.records if "do not exist" in record.getMessage()]
    assert lines == ["These connectors do not exist: mirrro"]


# The state file


def test_changes_while_the_source_does_not_run_are_events(sandbox: Sandbox, cluster_id: str, tmp_path: Path) -> None:
    async def work() -> None:
        args = arguments(sandbox, cluster_id, state_file=str(tmp_path / "state.json"))
        async with watching(args) as watched:
            await watched.until(lambda: polls(sandbox) > 1)
        sandbox.cloud.set_status(cluster_id, "mirror", "ERROR")
        async with watching(args) as watched:
            event = await watched.next()
        assert (event["type"], event["previous"]["status"]) == ("failed", "RUNNING")
        async with watching(args) as watched:
            before = polls(sandbox)
            await watched.until(lambda: polls(sandbox) > before + 1)
            assert watched.queue.empty()

    run(work)
    assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_event_that_was_not_taken_is_sent_again_with_the_same_uuid(
    sandbox: Sandbox, cluster_id: str, tmp_path: Path
) -> None:
    async def work() -> None:
        file = tmp_path / "state.json"
        args = arguments(sandbox, cluster_id, state_file=str(file))
        async with watching(args, room=1) as watched:
            await watched.until(lambda: polls(sandbox) > 1)
            watched.queue.put_nowait("full")
            sandbox.cloud.set_status(cluster_id, "mirror", "ERROR")
            await watched.until(lambda: watched.source.state.events)
            (pending,) = watched.source.state.events
            assert json.loads(file.read_text())["pending"] == [pending]
        async with watching(args) as watched:
            assert await asyncio.wait_for(watched.queue.get(), 5) == pending
            await watched.until(lambda: not watched.source.state.events)
        assert json.loads(file.read_text())["pending"] == []

    run(work)


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 2}'], ids=["broken", "list", "version"])
def test_damaged_state_file_is_one_warning(
    sandbox: Sandbox, cluster_id: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    async def work() -> None:
        file = tmp_path / "state.json"
        file.write_text(text)
        async with watching(arguments(sandbox, cluster_id, state_file=str(file))) as watched:
            await watched.until(lambda: polls(sandbox) > 1)
        assert json.loads(file.read_text())["clusters"].keys() == {cluster_id}

    run(work)
    assert len([record for record in caplog.records if "without the state file" in record.getMessage()]) == 1


# Secrets


def test_no_secret_in_events_logs_and_state(sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cluster_id = sandbox.cloud.add_cluster()
    sandbox.cloud.add_connector(cluster_id, "mirror", properties={"sasl.password": "hidden-password"})
    key = sandbox.service_account_key()
    shown: list[Any] = []

    async def work() -> None:
        file = tmp_path / "state.json"
        args = arguments(sandbox, cluster_id, service_account_key=key, state_file=str(file), snapshot=True)
        async with watching(args, unreachable_after=0.1) as watched:
            shown.append(await watched.next())
            token = sandbox.requests_of(LIST)[-1].headers["authorization"].removeprefix("Bearer ")
            sandbox.faults.abort(LIST, "UNAVAILABLE", f"bad {token} and hidden-password", times=3)
            shown.extend([await watched.next(), await watched.next()])
            sandbox.cloud.set_status(cluster_id, "mirror", "ERROR")
            shown.append(await watched.next())
        everything = json.dumps(shown) + caplog.text + file.read_text()
        assert [event["type"] for event in shown] == ["snapshot", "unreachable", "reachable", "failed"]
        assert "bad ********" in caplog.text
        for secret in (token, "hidden-password", key["private_key"].splitlines()[2], "mirror-password"):
            assert secret not in everything

    caplog.set_level(logging.DEBUG)
    run(work)

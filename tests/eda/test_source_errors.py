# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors of the service never end the event source once it has read the connectors."""

from __future__ import annotations

import logging
import time

import pytest
from running import LIST, MODULE, arguments, polls, run, watching

from sandbox import Sandbox


@pytest.mark.parametrize("code", ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "INTERNAL", "ABORTED"])
def test_temporary_error_at_the_start_is_waited_out(sandbox: Sandbox, cluster_id: str, code: str) -> None:
    async def work() -> None:
        sandbox.faults.abort(LIST, code, times=3)
        async with watching(arguments(sandbox, cluster_id)) as watched:
            await watched.until(lambda: polls(sandbox) > 5)

    run(work)


@pytest.mark.parametrize("code", ["UNAUTHENTICATED", "PERMISSION_DENIED", "NOT_FOUND", "INVALID_ARGUMENT"])
def test_error_after_the_first_poll_never_ends_the_source(sandbox: Sandbox, cluster_id: str, code: str) -> None:
    async def work() -> None:
        async with watching(arguments(sandbox, cluster_id)) as watched:
            await watched.until(lambda: polls(sandbox) > 1)
            before = polls(sandbox)
            sandbox.faults.abort(LIST, code, times=2)
            await watched.until(lambda: polls(sandbox) > before + 3)
            sandbox.cloud.set_status(cluster_id, "mirror", "ERROR")
            kinds = [(await watched.next())["type"]]
            while kinds[-1] != "failed":
                kinds.append((await watched.next())["type"])
            assert kinds == (["unreachable", "reachable", "failed"] if code == "NOT_FOUND" else ["failed"])

    run(work)


@pytest.mark.parametrize("body", ["<html>", '{"connectors": [1]}', '{"connectors"'], ids=["page", "item", "half"])
def test_nonsense_never_ends_the_source(sandbox: Sandbox, cluster_id: str, body: str) -> None:
    async def work() -> None:
        sandbox.faults.answer(LIST, body, times=2)
        async with watching(arguments(sandbox, cluster_id)) as watched:
            await watched.until(lambda: polls(sandbox) > 4)

    run(work)


def test_list_that_breaks_off_deletes_no_connector(sandbox: Sandbox, cluster_id: str) -> None:
    async def work() -> None:
        sandbox.cloud.add_connector(cluster_id, "sink")
        sandbox.behaviour.page_cap = 1
        args = arguments(sandbox, cluster_id, events=["deleted", "created", "failed"])
        async with watching(args) as watched:
            await watched.until(lambda: polls(sandbox) > 4)
            sandbox.faults.abort(LIST, "UNAVAILABLE", times=3, when=lambda call: "page_token" in call.message)
            before = polls(sandbox)
            await watched.until(lambda: polls(sandbox) > before + 8)
            sandbox.cloud.set_status(cluster_id, "sink", "ERROR")
            assert (await watched.next())["type"] == "failed"

    run(work)


def test_limit_of_requests_slows_all_clusters(sandbox: Sandbox) -> None:
    async def work() -> None:
        ids = [sandbox.cloud.add_cluster(f"demo-{number}") for number in range(3)]
        async with watching(arguments(sandbox, *ids)) as watched:
            await watched.until(lambda: min(polls(sandbox, cluster_id) for cluster_id in ids) > 1)
            sandbox.faults.abort(LIST, "RESOURCE_EXHAUSTED", headers={"retry-after": "1"})
            await watched.until(lambda: watched.source.busy_until > 0)
            until = watched.source.busy_until
            await watched.until(lambda: time.monotonic() > until + 0.5)
        # Each of the other clusters can have had a request in progress. Without the limit there would be about 60.
        during = [call for call in sandbox.requests_of(LIST) if until - 0.95 < call.time < until]
        assert len(during) <= 2
        assert polls(sandbox) > 6

    run(work)


def test_rejected_token_of_a_key_is_renewed(sandbox: Sandbox, cluster_id: str) -> None:
    async def work() -> None:
        key = sandbox.service_account_key()
        async with watching(arguments(sandbox, cluster_id, service_account_key=key)) as watched:
            await watched.until(lambda: polls(sandbox) > 1)
            for dummy in range(2):
                before = polls(sandbox)
                sandbox.expire(sandbox.requests[-1].headers["authorization"].removeprefix("Bearer "))
                await watched.until(lambda before=before: polls(sandbox) > before + 2)

    run(work)
    assert len(sandbox.requests_of("IamToken.Create")) == 3


def test_unreachable_cluster_is_an_event_and_loses_no_change(sandbox: Sandbox, cluster_id: str) -> None:
    async def work() -> None:
        async with watching(arguments(sandbox, cluster_id), unreachable_after=0.5) as watched:
            await watched.until(lambda: polls(sandbox) > 1)
            sandbox.envoy.stop()
            try:
                lost = await watched.next()
                sandbox.cloud.set_status(cluster_id, "mirror", "ERROR")
            finally:
                sandbox.envoy.start()
            back, failed = await watched.next(), await watched.next()
        assert (lost["type"], back["type"], failed["type"]) == ("unreachable", "reachable", "failed")
        assert lost["error"]["http_status"] is None
        assert lost["error"]["message"]
        assert failed["previously_observed_at"] == lost["previously_observed_at"]

    run(work)


def test_repeated_failures_are_one_warning(sandbox: Sandbox, cluster_id: str, caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        async with watching(arguments(sandbox, cluster_id)) as watched:
            await watched.until(lambda: polls(sandbox) > 1)
            sandbox.faults.abort(LIST, "UNAVAILABLE", times=3)
            before = polls(sandbox)
            await watched.until(lambda: polls(sandbox) > before + 4)

    caplog.set_level(logging.INFO)
    run(work)
    lines = [record.getMessage() for record in caplog.records if cluster_id in record.getMessage()]
    assert [("UNAVAILABLE" in line, "succeed again" in line) for line in lines] == [(True, False), (False, True)]


def test_repeated_bug_ends_the_source(sandbox: Sandbox, cluster_id: str) -> None:
    async def work() -> None:
        # A name that is not text cannot come from a rulebook: matching it is a bug.
        async with watching(arguments(sandbox, cluster_id), interval=0.001, names=(1,)) as watched:
            with pytest.raises(MODULE["InternalError"], match="bug"):
                await watched.until(lambda: False)
        assert polls(sandbox) == 10

    run(work)

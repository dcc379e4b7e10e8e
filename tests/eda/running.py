# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the installed event source in the test's own event loop. It is loaded as ansible-rulebook loads it."""

from __future__ import annotations

import asyncio
import os
import runpy
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox import Sandbox

COLLECTION = "yandex_cloud.managed_kafka"
INSTALLED = Path(os.environ["ANSIBLE_COLLECTIONS_PATH"]) / "ansible_collections" / COLLECTION.replace(".", "/")
FILE = INSTALLED / "extensions/eda/plugins/event_source/connector_status.py"
MODULE = runpy.run_path(str(FILE))
SOON = 10.0
"""Seconds. A test that waits longer fails."""
INTERVAL = 0.05
LIST = "Connector.List"


def polls(sandbox: Sandbox, cluster_id: str | None = None) -> int:
    """Return how often the connectors of a cluster, or of any, were read."""
    return sum(cluster_id in (None, call.message["cluster_id"]) for call in sandbox.requests_of(LIST))


def run(work: Any) -> None:
    """Run a coroutine function."""
    asyncio.run(work())


def arguments(sandbox: Sandbox, *cluster_ids: str, **more: Any) -> dict[str, Any]:
    """Return the arguments of a source; without a credential option, an IAM token of the sandbox is added."""
    token = {} if {"iam_token", "service_account_key"} & more.keys() else {"iam_token": sandbox.iam_token()}
    clusters = {"cluster_ids": list(cluster_ids)} if cluster_ids else {}
    return {"endpoint": sandbox.url, **token, **clusters, **more}


class Watched:
    """A running source and its queue."""

    def __init__(self, source: Any, queue: asyncio.Queue[Any], task: asyncio.Task[None]) -> None:
        self.source = source
        self.queue = queue
        self.task = task

    async def next(self) -> dict[str, Any]:
        """Return the next event, without its meta information."""
        event = await asyncio.wait_for(self.queue.get(), SOON)
        body: dict[str, Any] = event["connector_status"]
        return body

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for a condition, while the source runs."""
        end = time.monotonic() + SOON
        while not condition():
            if self.task.done():
                self.task.result()
            assert time.monotonic() < end, "timed out"
            await asyncio.sleep(0.01)


@asynccontextmanager
async def watching(
    args: dict[str, Any], *, room: int = 1, environ: dict[str, str] | None = None, **changed: Any
) -> AsyncIterator[Watched]:
    """Run a source with intervals that are shorter than a rulebook may set.

    :param room: size of the queue; ansible-rulebook has room for 1 event
    :param changed: other options
    """
    queue: asyncio.Queue[Any] = asyncio.Queue(room)
    source = MODULE["create"](queue, args, environ or {}, MODULE["Secrets"]())
    source.options = replace(source.options, **{"interval": INTERVAL, "clusters_interval": INTERVAL, **changed})
    task = asyncio.create_task(source.run())
    try:
        yield Watched(source, queue, task)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

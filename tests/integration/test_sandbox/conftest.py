# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox whose time is the clock of the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import Sandbox

from .api import TAKES, Api, Clock


@pytest.fixture(scope="session")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def _running(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_running: Sandbox) -> Sandbox:
    _running.reset()
    _running.behaviour.operation_seconds = TAKES
    return _running


@pytest.fixture
def cluster_id(sandbox: Sandbox) -> str:
    """A cluster with the running connector `mirror` and the paused connector `archive`."""
    cluster_id = sandbox.cloud.add_cluster("demo")
    sandbox.cloud.add_connector(cluster_id, "mirror", properties={"sync.topics.config.enabled": "true"})
    sandbox.cloud.add_connector(cluster_id, "archive", kind="s3_sink", status="PAUSED", tasks_max=7)
    return cluster_id


@pytest.fixture
def api(sandbox: Sandbox, cluster_id: str) -> Iterator[Api]:
    with Api(sandbox, cluster_id, sandbox.iam_token()) as api:
        yield api

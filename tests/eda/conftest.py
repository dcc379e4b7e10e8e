# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One sandbox for all tests of the event source, reset before each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import Sandbox


@pytest.fixture(scope="session")
def _running() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_running: Sandbox) -> Iterator[Sandbox]:
    """A cloud without clusters."""
    _running.reset()
    yield _running
    _running.reset()


@pytest.fixture
def cluster_id(sandbox: Sandbox) -> str:
    """A cluster with the running connector ``mirror``."""
    cluster_id = sandbox.cloud.add_cluster()
    sandbox.cloud.add_connector(cluster_id, "mirror")
    return cluster_id

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One sandbox for all tests, as good as new for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from faults.world import World
from hypothesis import settings

from sandbox import Sandbox

# the same examples on every run: a gate that opens and shuts by chance is none
settings.register_profile("gate", derandomize=True, deadline=None)
settings.load_profile("gate")


@pytest.fixture(scope="session")
def _running() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_running: Sandbox) -> Iterator[Sandbox]:
    """A cloud with nothing in it."""
    _running.reset()
    yield _running
    _running.reset()


@pytest.fixture
def cluster_id(sandbox: Sandbox) -> str:
    """A cluster with a connector that runs: `mirror`."""
    cluster_id = sandbox.cloud.add_cluster()
    sandbox.cloud.add_connector(cluster_id, "mirror")
    return cluster_id


@pytest.fixture(scope="module")
def _world() -> Iterator[World]:
    with World() as world:
        yield world


@pytest.fixture
def world(_world: World) -> World:
    """A sandbox for tasks in this process, in a time that passes faster."""
    _world.reset()
    return _world

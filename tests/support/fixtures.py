# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of all tests with the sandbox. A conftest.py imports the ones that its tests use."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from sandbox import Sandbox
from support.world import World

# The gate uses the same examples on every run, so that it does not fail by chance.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("matrix", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Iterator[Sandbox]:
    """An empty cloud."""
    running_sandbox.reset()
    yield running_sandbox
    running_sandbox.reset()


@pytest.fixture
def cluster_id(sandbox: Sandbox) -> str:
    """A cluster with the running connector `mirror`."""
    cluster_id = sandbox.cloud.add_cluster()
    sandbox.cloud.add_connector(cluster_id, "mirror")
    return cluster_id


@pytest.fixture(scope="module")
def running_world() -> Iterator[World]:
    with World() as world:
        yield world


@pytest.fixture
def world(running_world: World) -> World:
    """A sandbox for tasks in this process, in fast time."""
    running_world.reset()
    return running_world

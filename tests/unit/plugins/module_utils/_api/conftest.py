# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests in this directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from ansible_collections.yandex_cloud.managed_kafka.tests.support.raw_server import Server
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.clients import Serve


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that stop after the test."""
    with ExitStack() as running:
        yield lambda handler: running.enter_context(Server(handler))

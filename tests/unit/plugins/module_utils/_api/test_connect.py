# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shared options that no request needs to show: a default, and values that are rejected."""

from __future__ import annotations

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.endpoint import (
    DEFAULT_ENDPOINT,
    parse_endpoint,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.clients import client_for


def test_an_empty_endpoint_is_the_default_one() -> None:
    assert client_for("").endpoint == parse_endpoint(DEFAULT_ENDPOINT)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"request_timeout": 0}, "request_timeout must be more than 0."),
        ({"request_timeout": -1}, "request_timeout must be more than 0."),
        ({"request_retries": -1}, "request_retries is -1, which is less than 0. Set it to at least 0."),
    ],
)
def test_an_option_that_is_too_small_is_rejected(options: dict[str, float], message: str) -> None:
    with pytest.raises(InputError) as failure:
        client_for("api.test", **options)
    assert failure.value.msg == message

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments of a task as a result shows them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.secrets import MASK
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.options import shown_arguments
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector import TASK


def shown(**params: Any) -> dict[str, Any]:
    return shown_arguments(params, TASK.argument_spec)


def test_ordinary_arguments_are_shown() -> None:
    params: dict[str, Any] = {
        "cluster_id": "c9q",
        "names": ["a"],
        "wait": True,
        "service_account_key_file": "/etc/key.json",
        "tasks_max": None,
        "mirrormaker": {"topics": ["a"], "source_cluster": {"alias": "a"}},
    }
    assert shown(**params) == params


@pytest.mark.parametrize("name", ["iam_token", "service_account_key"])
def test_credentials_are_masked(name: str) -> None:
    assert shown(**{name: "secret"}) == {name: MASK}
    assert shown(**{name: None}) == {name: None}


def test_secret_properties_are_masked() -> None:
    assert shown(properties={"db.password": "hunter2", "a": "1"}) == {"properties": {"db.password": MASK, "a": "1"}}


@pytest.mark.parametrize(
    "params",
    [{"passwrod": "hunter2"}, {"properties": "db.password=hunter2"}, {"mirrormaker": {"sasl": "hunter2"}}],
    ids=["unknown_option", "text_instead_of_dict", "unknown_inner_option"],
)
def test_unknown_and_invalid_arguments_are_masked(params: dict[str, Any]) -> None:
    assert "hunter2" not in str(shown(**params))
    assert shown(**params).keys() == params.keys()


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [("https://gateway:8443", "https://gateway:8443"), ("https://user:hunter2@gateway", MASK)],
    ids=["plain", "with_password"],
)
def test_endpoint_with_a_password_is_masked(endpoint: str, expected: str) -> None:
    assert shown(endpoint=endpoint) == {"endpoint": expected}

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invalid options fail before any request, and the message says what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.world import World

SECRET = "hunter2"
KEY = json.dumps({"id": "aje0000key", "service_account_id": "aje0000account", "private_key": SECRET})

INVALID: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "name as a path": ({"name": "../../iam"}, ("is not a valid connector name. Use 1 to 256 of a-z, A-Z, 0-9",)),
    "one of several names": ({"names": ["mirror", "a/b"]}, ("'a/b' is not a valid connector name",)),
    "name and names": ({"name": "mirror", "names": ["mirror"]}, ("name|names", "mutually exclusive")),
    "no name": ({"name": None}, ("one of the following is required: name, names",)),
    "no cluster": ({"cluster_id": None}, ("cluster_id, cluster_name",)),
    "cluster ID and name": ({"cluster_name": "demo"}, ("cluster_id|cluster_name", "mutually exclusive")),
    "no folder": ({"cluster_id": None, "cluster_name": "demo"}, ("folder_id is missing", "YC_FOLDER_ID")),
    "cluster ID as a path": ({"cluster_id": "../x"}, ("'../x' is not a valid cluster ID",)),
    "negative retries": ({"request_retries": -1}, ("request_retries is -1, which is less than 0",)),
    "health of a pause": ({"wait_for_health": True}, ("wait_for_health requires state: running or restarted",)),
    "unknown state": ({"state": "stopped"}, ("state", "paused")),
    "unknown option": ({"task_max": 1}, ("task_max. Supported parameters include",)),
    "unknown suboption": (
        {"mirrormaker": {"source_cluster": {"external_cluster": {"password": SECRET}}}},
        ("mirrormaker.source_cluster.external_cluster.password. Supported parameters include",),
    ),
    "content of this_cluster": (
        {"mirrormaker": {"target_cluster": {"this_cluster": {"a": "b"}}}},
        ("mirrormaker.target_cluster.this_cluster.a",),
    ),
    "two types": (
        {"state": "present", "s3_sink": {"topics": "a"}, "mirrormaker": {"topics": "a"}},
        ("connector_config_mirrormaker and connector_config_s3_sink exclude each other.",),
    ),
    "list as a property": (
        {"state": "present", "properties": {"a": [1]}},
        ("roperties.a is not a string, a boolean or a number.",),
    ),
    "password in URL": ({"endpoint": f"https://user:{SECRET}@gateway"}, ("user name or a password",)),
    "missing CA bundle": ({"ca_path": "/nowhere/ca.pem"}, ("ca_path /nowhere/ca.pem", "No such file")),
    "no credential": (
        {"no_credential": True},
        ("iam_token", "service_account_key_file", "service_account_key", "YC_METADATA_ADDR"),
    ),
    "two credentials": (
        {"iam_token": f"t1.{SECRET}", "service_account_key": KEY},
        ("iam_token and service_account_key are two different credentials", "Set only one of them."),
    ),
    "OAuth": ({"iam_token": f"y0_{SECRET}"}, ("OAuth token", "yc iam create-token", "service account key")),
    "key without PEM": (
        {"service_account_key": KEY},
        ("he private key in service_account_key cannot sign", "yc iam key create"),
    ),
    "account without token": (
        {"no_credential": True, "service_account_id": "aje0000account"},
        ("service_account_id is set without identity_token", "or remove service_account_id"),
    ),
    "unreadable token file": (
        {"no_credential": True, "service_account_id": "aje0000account", "identity_token_file": "/nowhere/token"},
        ("annot read /nowhere/token: No such file or directory.",),
    ),
}


@pytest.mark.parametrize("case", INVALID)
def test_invalid_options_fail_before_any_request(world: World, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    for name in ("YC_FOLDER_ID", "YC_ENDPOINT", "YC_CA_PATH", "YC_AUTH_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    options, expected = INVALID[case]
    report = world.perform({"YC_METADATA_ADDR": "127.0.0.1:1"}, **options)
    assert report.failed
    assert not report.changed
    for text in expected:
        assert text in report.msg
    assert SECRET not in json.dumps(report.result)
    assert world.server.lines == []

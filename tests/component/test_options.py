# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot be is refused before anything is sent, and the message says what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from support.runner import connector, play

from sandbox import Sandbox

LONGEST_NAME = "a" * 256
CLUSTER_ID = "c9q00000000000000000"
NAMES = "Names have 1 to 256 of the characters"

Case = tuple[dict[str, Any], tuple[str, ...]]
"""Options, and what the message has to hold."""

CASES: dict[str, Case] = {
    **{
        f"name {name[:10]!r}": ({"name": name}, (NAMES,))
        for name in ("", ".", "..", "../../iam", "a b", "a?b", "a\n", LONGEST_NAME + "a")
    },
    "one of many": ({"names": ["mirror", "a/b"]}, (NAMES, "'a/b'")),
    "name and names": ({"name": "mirror", "names": ["mirror"]}, ("name|names", "mutually exclusive")),
    "no cluster": ({"cluster_id": None}, ("cluster_id, cluster_name",)),
    "both": ({"cluster_name": "demo"}, ("cluster_id|cluster_name", "mutually exclusive")),
    "no folder": ({"cluster_id": None, "cluster_name": "demo"}, ("folder_id", "YC_FOLDER_ID")),
    "long id": ({"cluster_id": "c" * 80}, ("is not the ID of a cluster", "(80 characters)", "1 to 50")),
    "name that filters": (
        {"cluster_id": None, "cluster_name": 'a" OR name="b', "folder_id": "b1g"},
        ("is not the name of a cluster",),
    ),
    "no time": ({"wait_timeout": 0}, ("wait_timeout must be at least 1", "wait: false")),
    "negative retries": ({"request_retries": -1}, ("request_retries must not be negative",)),
    "no request time": ({"request_timeout": 0}, ("request_timeout must be more than 0",)),
    "state": ({"state": "stopped"}, ("state", "paused")),
    "in the clear": ({"endpoint": "http://gateway.example:8080"}, ("in the clear", "https://")),
    "password": ({"endpoint": "https://user:hunter2@gateway"}, ("user name or a password",)),
    "no CA": ({"ca_path": "/nowhere/ca.pem"}, ("ca_path /nowhere/ca.pem", "No such file")),
}


def test_options_that_cannot_be(sandbox: Sandbox) -> None:
    assert_refused(sandbox, CASES, env={"YC_METADATA_ADDR": "127.0.0.1:1"})


def test_credentials_that_cannot_be(sandbox: Sandbox, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"id": "hunter2')
    missing = tmp_path / "missing.json"
    key = {"id": "aje0000key", "service_account_id": "aje0000account", "private_key": "hunter2"}
    create = "yc iam key create"
    cases: dict[str, Case] = {
        "none": ({}, ("iam_token", "service_account_key_file", "service_account_key", "YC_METADATA_ADDR")),
        "two": (
            {"iam_token": "t1.hunter2", "service_account_key": key},
            ("iam_token and service_account_key are set", "Set one of them"),
        ),
        "OAuth": ({"iam_token": "y0_hunter2"}, ("OAuth token", "yc iam create-token", "service account key")),
        "OAuth in the environment": ({"environment_": {"YC_TOKEN": "AQAAhunter2"}}, ("YC_TOKEN holds an OAuth",)),
        "two lines": ({"iam_token": "t1.hunter2\nX-Evil: 1"}, ("characters that no IAM token has",)),
        "no file": ({"service_account_key_file": str(missing)}, (str(missing), "No such file", create)),
        "broken file": ({"service_account_key_file": str(broken)}, (str(broken), "is not JSON", create)),
        "no PEM": ({"service_account_key": key}, ("holds no private key in PEM form", create)),
    }
    assert_refused(sandbox, cases, env={"YC_IAM_TOKEN": None, "YC_METADATA_ADDR": "127.0.0.1:1"})


def assert_refused(sandbox: Sandbox, cases: dict[str, Case], env: dict[str, str | None]) -> None:
    result = play(
        [
            connector(name, **{"cluster_id": CLUSTER_ID, "state": "paused", **options})
            for name, (options, _expected) in cases.items()
        ],
        sandbox,
        env=env,
    )
    for name, (_options, expected) in cases.items():
        refusal = result[name]
        assert refusal.failed, name
        assert not refusal.result.get("changed"), name
        for text in expected:
            assert text in refusal.msg, name
        assert "hunter2" not in json.dumps(refusal.result), name
    assert sandbox.requests == []
    assert sandbox.metadata.requests == []

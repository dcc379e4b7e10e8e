# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invalid options fail before any request, and the message says what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.world import World

LONGEST_NAME = "a" * 256
BAD_NAME = "is not a valid connector name. Use 1 to 256 of a-z, A-Z, 0-9"
CLOSED = "127.0.0.1:1"
SECRET = "hunter2"

INVALID: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    **{
        f"name {name[:10]!r}": ({"name": name}, (BAD_NAME,))
        for name in ("", ".", "..", "../../iam", "a b", "a?b", "a\n", LONGEST_NAME + "a")
    },
    "pattern as name": ({"name": "mirror-*"}, (BAD_NAME, "Use names for patterns.")),
    "one of several names": ({"names": ["mirror", "a/b"]}, ("'a/b' is not a valid connector name",)),
    "name and names": ({"name": "mirror", "names": ["mirror"]}, ("name|names", "mutually exclusive")),
    "no name": ({"name": None}, ("one of the following is required: name, names",)),
    "no cluster": ({"cluster_id": None}, ("cluster_id, cluster_name",)),
    "cluster ID and name": ({"cluster_name": "demo"}, ("cluster_id|cluster_name", "mutually exclusive")),
    "no folder": ({"cluster_id": None, "cluster_name": "demo"}, ("folder_id is missing", "YC_FOLDER_ID")),
    "long cluster ID": ({"cluster_id": "c" * 80}, ("is not a valid cluster ID", "(80 characters)", "cluster_name")),
    "cluster ID as a path": ({"cluster_id": "../x"}, ("'../x' is not a valid cluster ID",)),
    "wait_timeout 0": ({"wait_timeout": 0}, ("wait_timeout is 0, which is less than 1",)),
    "negative retries": ({"request_retries": -1}, ("request_retries is -1, which is less than 0",)),
    "request_timeout 0": ({"request_timeout": 0}, ("request_timeout must be more than 0",)),
    "negative limit": ({"max_changes": -1, "names": ["a"]}, ("max_changes is -1, which is less than 0",)),
    "limit without names": ({"max_changes": 1}, ("max_changes requires names",)),
    "health of a pause": ({"wait_for_health": True}, ("wait_for_health requires state: running or restarted",)),
    "health without wait": (
        {"wait_for_health": True, "wait": False, "state": "running"},
        ("wait_for_health requires wait: true",),
    ),
    "unknown state": ({"state": "stopped"}, ("state", "paused")),
    "without TLS": ({"endpoint": "http://gateway.example:8080"}, ("without encryption", "Use https")),
    "password in URL": ({"endpoint": f"https://user:{SECRET}@gateway"}, ("user name or a password",)),
    "missing CA bundle": ({"ca_path": "/nowhere/ca.pem"}, ("ca_path /nowhere/ca.pem", "No such file")),
}


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("YC_FOLDER_ID", "YC_ENDPOINT", "YC_CA_PATH", "YC_AUTH_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)


def check_refused(
    world: World, options: dict[str, Any], expected: tuple[str, ...], environ: dict[str, str] | None = None
) -> None:
    report = world.perform({"YC_METADATA_ADDR": CLOSED, **(environ or {})}, **options)
    assert report.failed
    assert not report.changed
    for text in expected:
        assert text in report.msg
    assert SECRET not in json.dumps(report.result)
    assert world.server.lines == []


@pytest.mark.parametrize("case", INVALID)
def test_invalid_options_fail_before_any_request(world: World, case: str) -> None:
    options, expected = INVALID[case]
    check_refused(world, options, expected)


KEY = {"id": "aje0000key", "service_account_id": "aje0000account", "private_key": SECRET}
CREATE_KEY = "yc iam key create"
CREDENTIALS: dict[str, tuple[dict[str, Any], dict[str, str], tuple[str, ...]]] = {
    "none": ({}, {}, ("iam_token", "service_account_key_file", "service_account_key", "YC_METADATA_ADDR")),
    "two": (
        {"iam_token": f"t1.{SECRET}", "service_account_key": json.dumps(KEY)},
        {},
        ("iam_token and service_account_key are two different credentials", "Set only one of them."),
    ),
    "OAuth": ({"iam_token": f"y0_{SECRET}"}, {}, ("OAuth token", "yc iam create-token", "service account key")),
    "OAuth in the environment": ({}, {"YC_TOKEN": f"AQAA{SECRET}"}, ("YC_TOKEN contains an OAuth token",)),
    "two lines": ({"iam_token": f"t1.{SECRET}\nX-Evil: 1"}, {}, ("characters that no IAM token has",)),
    "key without PEM": (
        {"service_account_key": json.dumps(KEY)},
        {},
        ("he private key in service_account_key cannot sign", CREATE_KEY),
    ),
    "account without token": (
        {"service_account_id": "aje0000account"},
        {},
        ("service_account_id is set without identity_token", "or remove service_account_id"),
    ),
}


@pytest.mark.parametrize("case", CREDENTIALS)
def test_invalid_credentials_fail_before_any_request(world: World, case: str) -> None:
    options, environ, expected = CREDENTIALS[case]
    check_refused(world, {"no_credential": True, **options}, expected, environ)


@pytest.mark.parametrize(
    ("content", "cause", "advice"),
    [
        pytest.param(None, "No such file", "Check the path and the file.", id="missing"),
        pytest.param(f'{{"id": "{SECRET}', "is not a service account key", CREATE_KEY, id="broken"),
        pytest.param("{}", "is not a service account key", CREATE_KEY, id="another file"),
    ],
)
def test_invalid_key_file_fails_before_any_request(
    world: World, tmp_path: Path, content: str | None, cause: str, advice: str
) -> None:
    file = tmp_path / "key.json"
    if content is not None:
        file.write_text(content)
        file.chmod(0o600)
    options = {"no_credential": True, "service_account_key_file": str(file)}
    check_refused(world, options, (str(file), cause, advice))

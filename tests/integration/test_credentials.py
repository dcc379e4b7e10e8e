# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each credential works in playbooks, as an option and in the environment, and is never shown."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from support.runner import Result, connector, play

from sandbox import Sandbox

NO_CREDENTIAL: dict[str, str | None] = {"YC_IAM_TOKEN": None}
CLOSED = "127.0.0.1:1"


def secret_parts(key: dict[str, str]) -> list[str]:
    """Return the parts of a key that must not be shown: the start of each line."""
    lines = [line for line in key["private_key"].splitlines() if "-----" not in line and "PLEASE" not in line]
    return [line[:24] for line in lines if len(line) >= 24]


def write_key(folder: Path, key: dict[str, str], mode: int = 0o600) -> str:
    file = folder / f"{key['id']}.json"
    file.touch(mode=mode)
    file.write_text(json.dumps(key))
    return str(file)


def subjects(sandbox: Sandbox) -> list[str]:
    """Return the accounts that read a connector, in order."""
    return [call.subject.id for call in sandbox.requests_of("Connector.Get")]


def test_every_credential_works_and_is_hidden(sandbox: Sandbox, cluster_id: str, tmp_path: Path) -> None:
    keys = [sandbox.service_account_key() for dummy in range(5)]
    tokens = [sandbox.iam_token() for dummy in range(3)]
    file, open_file = write_key(tmp_path, keys[0]), write_key(tmp_path, keys[1], mode=0o644)
    every: dict[str, dict[str, Any]] = {
        "token": {"iam_token": tokens[0]},
        "YC_TOKEN": {"environment_": {"YC_TOKEN": tokens[1]}},
        "YC_IAM_TOKEN": {"environment_": {"YC_IAM_TOKEN": tokens[2], "YC_TOKEN": "t1.not-this-one"}},
        "file": {"service_account_key_file": file},
        "YC_SERVICE_ACCOUNT_KEY_FILE": {"environment_": {"YC_SERVICE_ACCOUNT_KEY_FILE": open_file}},
        "text": {"service_account_key": "{{ key_text }}"},
        "dict": {"service_account_key": keys[3]},
        "YC_SERVICE_ACCOUNT_KEY": {"environment_": {"YC_SERVICE_ACCOUNT_KEY": "{{ environment_key }}"}},
        # The metadata service is requested without a proxy.
        "instance": {"environment_": {"HTTP_PROXY": f"http://{CLOSED}", "http_proxy": f"http://{CLOSED}"}},
    }
    result = play(
        [connector(name, cluster_id=cluster_id, state="running", **options) for name, options in every.items()],
        sandbox,
        verbosity=5,
        env={**NO_CREDENTIAL, "YC_METADATA_ADDR": sandbox.metadata_address},
        vars={"key_text": json.dumps(keys[2]), "environment_key": json.dumps(keys[4])},
    )
    for name in every:
        assert not result[name].failed, result[name].msg
    assert len(set(subjects(sandbox))) == len(every)
    assert subjects(sandbox)[3:8] == [key["service_account_id"] for key in keys]
    assert len(sandbox.requests_of("IamToken.Create")) == len(keys)
    assert len(sandbox.metadata.requests) == 1
    assert f"Run: chmod 600 {open_file}" in " ".join(result.output.split())
    assert f"{file} can be read" not in result.output
    assert_nothing_shown(result, sandbox, keys, tokens)


def assert_nothing_shown(result: Result, sandbox: Sandbox, keys: list[dict[str, str]], tokens: list[str]) -> None:
    used = {call.headers["authorization"].removeprefix("Bearer ") for call in sandbox.requests_of("Connector.Get")}
    jwts = {call.message["jwt"] for call in sandbox.requests_of("IamToken.Create")}
    assert used
    assert_no_secret(result, [*used, *jwts, *tokens, *(part for key in keys for part in secret_parts(key))])


def test_failing_credentials_are_explained(sandbox: Sandbox, cluster_id: str) -> None:
    key = sandbox.service_account_key()
    stranger = {**sandbox.service_account_key(), "id": "aje00000000000000000"}
    swapped = {**key, "private_key": sandbox.service_account_key()["private_key"]}
    every: dict[str, dict[str, Any]] = {
        "unknown key": {"service_account_key": stranger},
        "another's key": {"service_account_key": swapped},
        "unknown token": {"iam_token": "t1.nobody-knows-this-one.signature"},
        "no credential": {"environment_": {"YC_METADATA_ADDR": CLOSED}},
        "instance in trouble": {"environment_": {"YC_METADATA_ADDR": sandbox.metadata_address}},
    }
    sandbox.metadata.status = 500
    result = play(
        [connector(name, cluster_id=cluster_id, state="paused", **options) for name, options in every.items()],
        sandbox,
        env=NO_CREDENTIAL,
    )
    for name in every:
        assert result[name].failed
        assert not result[name].changed
    for name in ("unknown key", "another's key"):
        assert "no IAM token for service account" in result[name].msg
        assert "yc iam key create" in result[name].msg
        assert result[name]["error"]["status"] == "UNAUTHENTICATED"
    assert "yc iam create-token" in result["unknown token"].msg
    for name in ("no credential", "instance in trouble"):
        for way in ("iam_token", "service_account_key_file", "service_account_key", "YC_METADATA_ADDR"):
            assert way in result[name].msg
    assert sandbox.cloud.operations() == []
    assert_no_secret(result, [*secret_parts(key), "nobody-knows-this-one"])


def assert_no_secret(result: Result, secrets: list[str]) -> None:
    # Ansible itself shows the environment of a task at -vvv, in the command that it runs.
    lines = [line for line in result.output.splitlines() if " EXEC " not in line]
    shown = "\n".join(lines) + json.dumps([task.result for task in result.tasks])
    for secret in secrets:
        assert secret not in shown


def test_missing_libraries_are_named(sandbox: Sandbox, cluster_id: str, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True, timeout=60)
    # A library that cannot be imported hides the installed one.
    (tmp_path / "without_jwt").mkdir()
    (tmp_path / "without_jwt" / "jwt.py").write_text("raise ImportError")
    without_jwt = {"PYTHONPATH": str(tmp_path / "without_jwt")}
    result = play(
        [
            connector(
                "requests",
                cluster_id=cluster_id,
                state="running",
                vars_={
                    "ansible_python_interpreter": str(bare / "bin" / "python"),
                    "yandex_cloud_in_process": False,
                },
            ),
            connector(
                "PyJWT",
                cluster_id=cluster_id,
                state="running",
                service_account_key=sandbox.service_account_key(),
                environment_=without_jwt,
            ),
            connector("token", cluster_id=cluster_id, state="running", environment_=without_jwt),
        ],
        sandbox,
    )
    for library in ("requests", "PyJWT"):
        assert result[library].failed
        assert f"has no library {library}. Install it: " in result[library].msg
    # A token needs no library for keys.
    assert not result["token"].failed
    assert len(sandbox.requests) == 1

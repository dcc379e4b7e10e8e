# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs playbooks as a user would: the real ansible-playbook, the built and installed collection, and nothing else."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import Sandbox
from sandbox.calls import Call
from support import warm

COLLECTION = "yandex_cloud.managed_kafka"
SECONDS = 120
"""A play that takes longer hangs."""

RECORD = "record.jsonl"
KEPT = ("PATH", "LANG", "LC_ALL", "SSL_CERT_FILE", "SYSTEMROOT")


@dataclass(frozen=True)
class Task:
    """The result of a task, or of one item of its loop."""

    name: str
    status: str
    """`ok`, `failed`, `skipped`, or `unreachable`."""

    is_item: bool
    result: dict[str, Any]

    @property
    def failed(self) -> bool:
        return self.status == "failed"

    @property
    def changed(self) -> bool:
        return bool(self.result["changed"])

    @property
    def msg(self) -> str:
        return str(self.result["msg"])

    def __getitem__(self, key: str) -> Any:
        return self.result[key]


@dataclass(frozen=True)
class Result:
    """The result of a play."""

    returncode: int
    tasks: list[Task]
    output: str
    """All that was written to the terminal."""

    def __getitem__(self, name: str) -> Task:
        (task,) = [task for task in self.tasks if task.name == name and not task.is_item]
        return task

    def items(self, name: str) -> list[Task]:
        """Return the result of each item of a loop."""
        return [task for task in self.tasks if task.name == name and task.is_item]


def connector(task: str, **options: Any) -> dict[str, Any]:
    """Return a task of kafka_connector that may fail, for the connector `mirror` unless it is said otherwise.

    :param task: its name
    :param options: of the module; those with a `_` at their end are keywords of the task
    """
    module = {key: value for key, value in options.items() if not key.endswith("_") and value is not None}
    keywords = {key.rstrip("_"): value for key, value in options.items() if key.endswith("_")}
    return {
        "name": task,
        f"{COLLECTION}.kafka_connector": {**({} if "names" in module else {"name": "mirror"}), **module},
        "ignore_errors": True,
        **keywords,
    }


def play(
    tasks: Sequence[Mapping[str, Any]] | Path,
    sandbox: Sandbox,
    *,
    check: bool = False,
    diff: bool = False,
    verbosity: int = 0,
    limit: str | None = None,
    inventory: Path | None = None,
    options: Sequence[str] = (),
    env: Mapping[str, str | None] | None = None,
    extra_vars: Mapping[str, Any] | None = None,
    **keywords: Any,
) -> Result:
    """Run a playbook, or tasks in a play of their own, against a sandbox.

    The environment contains only the variables of ``environment``.

    :param options: other options of ansible-playbook
    :param env: other environment variables; None: without a usual one. With other settings of Ansible, a play starts
        more slowly
    :param keywords: of the play
    """
    with tempfile.TemporaryDirectory(prefix="play-") as folder:
        home = Path(folder)
        playbook = tasks if isinstance(tasks, Path) else write_playbook(home, tasks, **keywords)
        client = warm.client(program("ansible-playbook"), settings()) / "ansible-playbook"
        command = [str(client), str(playbook), *options]
        command += ["--inventory", str(inventory)] if inventory else []
        command += ["--check"] * check + ["--diff"] * diff + ["-" + "v" * verbosity] * bool(verbosity)
        command += ["--limit", limit] if limit else []
        command += ["--extra-vars", json.dumps(extra_vars)] if extra_vars else []
        finished = subprocess.run(
            command,
            env=environment(home, sandbox, env),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        lines = [json.loads(line) for line in (home / RECORD).read_text(encoding="utf-8").splitlines()]
    result = Result(finished.returncode, [Task(**line) for line in lines], finished.stdout + finished.stderr)
    assert result.tasks or result.returncode, result.output
    assert "Traceback" not in result.output, result.output
    return result


def write_playbook(home: Path, tasks: Sequence[Mapping[str, Any]], **keywords: Any) -> Path:
    """Write a playbook with one play on localhost."""
    whole = {"hosts": "localhost", "connection": "local", "gather_facts": False, **keywords, "tasks": tasks}
    playbook = home / "playbook.yml"
    playbook.write_text(json.dumps([whole]), encoding="utf-8")
    return playbook


def environment(home: Path, sandbox: Sandbox, env: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Return the environment of a program of Ansible, and write the files that it names.

    The credential is an editor's token in YC_IAM_TOKEN.
    """
    (home / RECORD).touch()
    environ: dict[str, str | None] = {
        **{name: os.environ.get(name) for name in KEPT},
        **settings(),
        "HOME": str(home),
        "RECORDER_FILE": str(home / RECORD),
        "YC_ENDPOINT": sandbox.url,
        "YC_IAM_TOKEN": sandbox.iam_token(),
        **(env or {}),
    }
    return {name: value for name, value in environ.items() if value is not None}


@functools.cache
def settings() -> Mapping[str, str]:
    """Return the settings of Ansible that all plays share."""
    home = Path(tempfile.mkdtemp(prefix="ansible-"))
    (home / "ansible.cfg").touch()
    return {
        "ANSIBLE_CALLBACKS_ENABLED": "recorder",
        "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "callback_plugins"),
        "ANSIBLE_COLLECTIONS_PATH": collections_path(),
        "ANSIBLE_CONFIG": str(home / "ansible.cfg"),
        "ANSIBLE_HOME": str(home / ".ansible"),
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_PIPELINING": "true",
        "ANSIBLE_RETRY_FILES_ENABLED": "false",
        "ANSIBLE_SHOW_CUSTOM_STATS": "true",
    }


def program(name: str) -> Path:
    """Return a program of the environment that the tests run in."""
    return Path(sys.executable).parent / name


def collections_path() -> str:
    """Return where the collection is installed."""
    try:
        return os.environ["ANSIBLE_COLLECTIONS_PATH"]
    except KeyError:
        raise RuntimeError("ANSIBLE_COLLECTIONS_PATH must name where the collection is installed") from None


def calls(sandbox: Sandbox, cluster_id: str) -> list[Call]:
    """Return the calls that concern a cluster, its connectors, or its operations."""
    operations = {operation.id for operation in sandbox.cloud.operations(cluster_id)}
    return [
        call
        for call in sandbox.requests
        if call.message.get("cluster_id") == cluster_id or call.message.get("operation_id") in operations
    ]


def story(sandbox: Sandbox, cluster_id: str) -> list[str]:
    """Return the names of the calls that concern a cluster; polls that follow each other are told once."""
    names = [call.short_name for call in calls(sandbox, cluster_id)]
    return [name for name, before in zip(names, ["", *names]) if not name == before == "Operation.Get"]

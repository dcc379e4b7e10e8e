# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which tasks run in Ansible's worker process, and what a worker process does not load again."""

from __future__ import annotations

import os
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from support.runner import connector, play

from sandbox import Sandbox

SUDO = '#!/bin/sh\nwhile [ "$1" != /bin/sh ]; do shift; done\nexec "$@"\n'
CONNECTION = """
    from ansible.plugins.connection.local import Connection as Local

    DOCUMENTATION = "{name: other, short_description: Like local, description: For this test, author: Tests}"

    class Connection(Local):
        transport = "other"
"""
# Each task, with whether it runs as a module.
TASKS: dict[str, tuple[dict[str, Any], bool]] = {
    "plain": ({}, False),
    "delegated": ({"delegate_to_": "localhost"}, False),
    "full name of the connection": ({"vars_": {"ansible_connection": "ansible.builtin.local"}}, False),
    "empty environment": ({"environment_": {}}, False),
    "variable is true": ({"vars_": {"yandex_cloud_in_process": "yes"}}, False),
    "become": ({"become_": True}, True),
    "async": ({"async_": 30, "poll_": 1}, True),
    "environment": ({"environment_": {"ANY": "value"}}, True),
    "variable is false": ({"vars_": {"yandex_cloud_in_process": False}}, True),
    "variable is a template": ({"vars_": {"yandex_cloud_in_process": "{{ 1 > 2 }}"}}, True),
    "variable is text": ({"vars_": {"yandex_cloud_in_process": "no"}}, True),
    "other connection": ({"vars_": {"ansible_connection": "other"}}, True),
}


def write_program(file: Path, text: str) -> str:
    file.write_text(text)
    file.chmod(0o755)
    return str(file)


def test_conditions_decide_where_a_task_runs(sandbox: Sandbox, cluster_id: str, tmp_path: Path) -> None:
    """Each task has an interpreter of its own that writes the task's name when a module starts."""
    log = tmp_path / "log"
    log.touch()
    (tmp_path / "other.py").write_text(textwrap.dedent(CONNECTION))
    sudo = write_program(tmp_path / "sudo", SUDO)
    tasks = []
    for number, (name, (keywords, _is_module)) in enumerate(TASKS.items()):
        script = f'#!/bin/sh\necho "{name}" >> {log}\nexec {sys.executable} "$@"\n'
        interpreter = write_program(tmp_path / f"python-{number}", script)
        variables = {"ansible_python_interpreter": interpreter, **keywords.get("vars_", {})}
        options = {"cluster_id": cluster_id, "state": "running", **keywords, "vars_": variables}
        tasks.append(connector(name, **options))
    env = {"ANSIBLE_CONNECTION_PLUGINS": str(tmp_path), "ANSIBLE_ASYNC_DIR": str(tmp_path)}
    result = play(tasks, sandbox, env=env, vars={"ansible_become_exe": sudo, "ansible_become_method": "sudo"})
    assert {task.name: task.status for task in result.tasks} == dict.fromkeys(TASKS, "ok"), result.output
    started = set(log.read_text().splitlines())
    assert started == {name for name, (_keywords, is_module) in TASKS.items() if is_module}
    assert len(sandbox.requests) == len(TASKS)


COUNTER = """
    import os, ssl

    usual = ssl.SSLContext.load_verify_locations

    def load_verify_locations(self, *args, **options):
        with open(os.environ["LOADS"], "a") as file:
            file.write(f"{os.getppid()}\\n")
        return usual(self, *args, **options)

    ssl.SSLContext.load_verify_locations = load_verify_locations
"""


@pytest.mark.every_core
def test_workers_load_no_certificates(sandbox: Sandbox, cluster_id: str, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(textwrap.dedent(COUNTER))
    loads = tmp_path / "loads"
    env = {"PYTHONPATH": str(tmp_path), "LOADS": str(loads)}
    tasks = [connector(state, cluster_id=cluster_id, state=state) for state in ("paused", "running", "restarted")]
    result = play(tasks, sandbox, env=env)
    assert [task.status for task in result.tasks] == ["ok"] * 3
    # Only the main process, a child of this one, loads them.
    assert set(loads.read_text().splitlines()) == {str(os.getpid())}

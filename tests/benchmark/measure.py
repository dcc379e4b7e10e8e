# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs playbooks and processes, and measures them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

HERE = Path(__file__).parent


class Usage(NamedTuple):
    """Resources of a process: seconds, seconds of CPU, and the peak of its memory in MiB."""

    time: float
    cpu: float
    memory: float


def play(
    tasks: list[dict[str, Any]], environ: Mapping[str, str], files: Mapping[str, Any] | None = None
) -> list[tuple[str, float]]:
    """Run tasks in one play, and return the name and the seconds of each, in order.

    :param files: YAML files next to the playbook, by name
    :raises RuntimeError: a task failed
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        common = {"hosts": "localhost", "connection": "local", "gather_facts": False}
        interpreter = {"ansible_python_interpreter": sys.executable}
        whole = [{**common, "vars": interpreter, "tasks": tasks}]
        for name, content in {"play.yml": whole, **(files or {})}.items():
            (folder / name).write_text(yaml.safe_dump(content, sort_keys=False))
        config, log = folder / "ansible.cfg", folder / "times.jsonl"
        config.touch()
        run = subprocess.run(
            [Path(sys.executable).with_name("ansible-playbook"), "play.yml"],
            cwd=folder,
            env={
                **os.environ,
                **environ,
                "ANSIBLE_CONFIG": str(config),
                "ANSIBLE_ACTION_PLUGINS": str(HERE / "action_plugins"),
                "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
                "ANSIBLE_LIBRARY": str(HERE / "library"),
                "ANSIBLE_LOCALHOST_WARNING": "false",
                "BENCHMARK_LOG": str(log),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise RuntimeError(run.stdout[-3000:] + run.stderr[-1000:])
        return [tuple(json.loads(line)) for line in log.read_text().splitlines()]


# A process starts with the memory of its parent, so the parent has to be small.
_LAUNCHER = """
import json, os, sys, time
start = time.monotonic()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.monotonic() - start
print(json.dumps([status, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
"""


def process(command: list[str], environ: Mapping[str, str]) -> tuple[Usage, str]:
    """Run a process, and return its resources and its output.

    :raises RuntimeError: it failed
    """
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _LAUNCHER, *command],
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    output, _newline, measured = run.stdout.rstrip().rpartition("\n")
    status, *usage = json.loads(measured)
    if status:
        raise RuntimeError(output[-3000:] + run.stderr[-3000:])
    return Usage(*usage), output

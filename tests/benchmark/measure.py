# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How things are measured: tasks of a playbook by a callback, processes by what the kernel counts."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CALLBACKS = Path(__file__).with_name("callback_plugins")
LIBRARY = Path(__file__).with_name("library")


@dataclass(frozen=True)
class Usage:
    """What a process took: seconds, seconds of CPU, MiB of memory at its peak."""

    seconds: float
    cpu: float
    memory: float


def play(tasks: list[dict[str, Any]], environ: Mapping[str, str], files: Mapping[str, Any] | None = None) -> list[Any]:
    """Run tasks in one play; return a (name, seconds) for each that began, in order.

    :param files: YAML files beside the playbook, by name
    :raises RuntimeError: a task failed
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, content in (files or {}).items():
            (folder / name).write_text(yaml.safe_dump(content, sort_keys=False))
        common = {"hosts": "localhost", "connection": "local", "gather_facts": False}
        interpreter = {"ansible_python_interpreter": sys.executable}
        (folder / "play.yml").write_text(yaml.safe_dump([{**common, "vars": interpreter, "tasks": tasks}]))
        log = folder / "times.jsonl"
        run = subprocess.run(
            [Path(sys.executable).with_name("ansible-playbook"), "play.yml"],
            cwd=folder,
            env={
                **os.environ,
                **environ,
                "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
                "ANSIBLE_LIBRARY": str(LIBRARY),
                "BENCHMARK_LOG": str(log),
                "ANSIBLE_LOCALHOST_WARNING": "false",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise RuntimeError(run.stdout[-3000:] + run.stderr[-1000:])
        return [tuple(json.loads(line)) for line in log.read_text().splitlines()]


# a process begins with the memory of the one that it is split off from: this one is small
_LAUNCHER = """
import json, os, sys, time
began = time.monotonic()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
_, status, usage = os.wait4(child, 0)
seconds = time.monotonic() - began
print(json.dumps([status, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]))
"""


def process(command: list[str], environ: Mapping[str, str]) -> Usage:
    """Run a process and return what it took.

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
    status, *usage = json.loads(run.stdout)
    if status:
        raise RuntimeError(run.stderr[-3000:])
    return Usage(*usage)


def result(command: list[str], environ: Mapping[str, str]) -> dict[str, Any]:
    """Run a module as a process and return its result.

    :raises subprocess.CalledProcessError: it failed
    """
    run = subprocess.run(
        command, env={**os.environ, **environ}, stdin=subprocess.DEVNULL, capture_output=True, check=True
    )
    shown: dict[str, Any] = json.loads(run.stdout)
    del shown["invocation"]
    return shown


def medians(times: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the median of each name's seconds."""
    by_name: dict[str, list[float]] = {}
    for name, seconds in times:
        by_name.setdefault(name, []).append(seconds)
    return {name: statistics.median(seconds) for name, seconds in by_name.items()}

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a waiting task prints, and how it ends when it is interrupted."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.runner import COLLECTION, RECORD, connector, environment, program, write_playbook

from sandbox import Sandbox

pytestmark = pytest.mark.every_core

MODULE = f"{COLLECTION}.kafka_connector"
SECONDS = 60
"""A process that takes longer hangs."""


@contextmanager
def running(sandbox: Sandbox, home: Path, *command: str | Path) -> Iterator[subprocess.Popen[str]]:
    """Run a program of Ansible in a process group of its own."""
    home.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [program(str(command[0])), *command[1:]],
        env=environment(home, sandbox),
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        for pid in left_processes(home):
            os.kill(pid, signal.SIGKILL)
        process.kill()
        process.communicate()


def left_processes(home: Path) -> list[int]:
    """Return the processes of a run. All of them inherit the name of its record."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environ = (folder / "environ").read_bytes()
        except OSError:
            continue
        if str(home / RECORD).encode() in environ:
            found.append(int(folder.name))
    return found


def playbook(home: Path, **options: Any) -> Path:
    home.mkdir()
    return write_playbook(home, [connector("pause", state="paused", **options)])


# Progress


def arguments(cluster_id: str, **options: Any) -> str:
    given = {"cluster_id": cluster_id, "state": "paused", **options}
    return " ".join(f"{name}={value}" for name, value in given.items())


def test_progress_is_printed_after_ten_seconds(sandbox: Sandbox, tmp_path: Path) -> None:
    """All cases at once, because each of them waits for ten seconds."""
    sandbox.behaviour.operation_seconds = 10.5
    clusters = {}
    for name in ("playbook", "command", "names", "off", "no_log", "module"):
        clusters[name] = sandbox.cloud.add_cluster(name)
        sandbox.cloud.add_connector(clusters[name], "mirror")
    sandbox.cloud.add_connector(clusters["names"], "mirror-2")
    options: dict[str, dict[str, Any]] = {
        "playbook": {},
        "names": {"names": ["mirror*"]},
        "off": {"vars_": {"yandex_cloud_progress": False}},
        "no_log": {"no_log_": True},
        "module": {"vars_": {"yandex_cloud_in_process": False}},
    }
    commands: dict[str, tuple[str | Path, ...]] = {
        name: ("ansible-playbook", playbook(tmp_path / name, cluster_id=clusters[name], **given))
        for name, given in options.items()
    }
    adhoc = arguments(clusters["command"], name="mirror")
    commands["command"] = ("ansible", "localhost", "-m", MODULE, "-a", adhoc)
    outputs: dict[str, list[str]] = {}

    def execute(name: str) -> None:
        with running(sandbox, tmp_path / name, *commands[name]) as process:
            outputs[name] = process.communicate(timeout=SECONDS)[0].splitlines()

    threads = [threading.Thread(target=execute, args=(name,)) for name in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    line = re.compile(r"mirror: pausing, 1\d s \(operation mqq\w{17}\)")
    several = re.compile(r"pausing 2 connectors: 0 done, \d in progress, \d waiting, 1\d s")
    expected = {"playbook": line, "command": line, "names": several}
    for name, output in outputs.items():
        found = [text for text in output if ": pausing" in text or text.startswith("pausing")]
        if name in expected:
            assert found, (name, output)
            assert expected[name].fullmatch(found[0]), found
        else:
            assert found == [], (name, output)
        assert any("changed" in text.lower() for text in output), (name, output)


# Interruption


@pytest.mark.parametrize(
    ("signum", "whole_group"),
    [
        # Ctrl-C reaches all processes of the terminal.
        pytest.param(signal.SIGINT, True, id="Ctrl-C"),
        pytest.param(signal.SIGTERM, True, id="SIGTERM to the process group"),
        pytest.param(signal.SIGTERM, False, id="SIGTERM to the main process"),
    ],
)
def test_interrupted_task_ends_at_once_and_names_its_operation(
    sandbox: Sandbox, cluster_id: str, tmp_path: Path, signum: int, whole_group: bool
) -> None:
    sandbox.behaviour.operation_seconds = 3600
    polled = threading.Event()
    sandbox.on_request("Operation.Get", lambda call: polled.set())
    home = tmp_path / "home"
    with running(sandbox, home, "ansible-playbook", playbook(home, cluster_id=cluster_id)) as process:
        assert polled.wait(SECONDS)
        start = time.monotonic()
        if whole_group:
            os.killpg(process.pid, signum)
        else:
            process.send_signal(signum)
        # It also waits for the workers, because they keep the stream open.
        output = process.communicate(timeout=SECONDS)[0]
        assert time.monotonic() - start < 10
        assert process.returncode != 0
        assert left_processes(home) == []
    (operation,) = sandbox.cloud.operations()
    wait = f"ansible localhost -m {COLLECTION}.operation_info -a 'operation_id={operation.id} wait=true'"
    expected = f"mirror: operation {operation.id} continues on the service. Wait for it: {wait}"
    assert output.splitlines()[-1] == expected, output
    assert output.count(expected) == 1
    assert not operation.done


def test_command_in_the_last_line_waits_for_the_operation(sandbox: Sandbox, cluster_id: str, tmp_path: Path) -> None:
    operation_id = sandbox.cloud.begin("pause", cluster_id, "mirror")
    task = f"operation_id={operation_id} wait=true"
    command = "ansible", "localhost", "-m", f"{COLLECTION}.operation_info", "-a", task
    with running(sandbox, tmp_path / "home", *command) as process:
        output = process.communicate(timeout=SECONDS)[0]
    assert process.returncode == 0, output
    assert f'"msg": "Operation {operation_id} ' in output

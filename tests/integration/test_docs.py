# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the guides and README.md show works: each command is run, and prints what the page says that it prints.

- A page is one terminal: a shell in a folder of its own, in a cloud with one cluster and its connectors.
- In a ```console block, a command follows `$ `; what is under it are lines of its output, in their order, others
  between them. `...` is for the reader. Without any `$ `, each line is a command. IDs of operations, and
  numbers of seconds and of tasks, may be others than shown. A command fails exactly when what is shown of it says
  `failed=1` or `FAILED!`.
- A ```yaml block that begins with `# NAME.yml` is saved under that name, and a later command has to use it. Another one
  holds tasks, which are run.
- CLUSTER and the API's hosts stand for those of the sandbox. `<!-- test: status NAME STATUS -->` before a block
  gives a connector a status, as nothing that can be typed would.
- Programs in STUBS are not what they are elsewhere.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import textwrap
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml  # type: ignore[import-untyped]
from runner import COLLECTION, KEPT, collections_path, play, program

from sandbox import Sandbox

ROOT = Path(__file__).parents[2]
# The rulebooks of events.md need ansible-rulebook: tests/eda runs them.
PAGES = [ROOT / "README.md", *sorted(page for page in ROOT.glob("docs/*.md") if page.name != "events.md")]
CLUSTER = "c9q0ktrria41dv9e5v51"
HOSTS = re.compile(r"https://[a-z]+\.api\.cloud\.yandex\.net")
FAILURES = ROOT / "docs/failures.md"

# Programs that cannot be run here, and what is done instead.
STUBS = {
    # the vendor's tool needs an account: the sandbox's token and key, for the commands that the guides use
    "yc": """
        case "$*" in
            "iam create-token") printf '%s\\n' "$SANDBOX_TOKEN" ;;
            "iam key create --service-account-name "*" --output "*) printf '%s' "$SANDBOX_KEY" > "${@: -1}" ;;
            "iam service-account create --name "*) ;;
            "resource-manager folder add-access-binding "*" --role managed-kafka.editor --service-account-name "*) ;;
            *) echo "yc $*: not known here" >&2; exit 1 ;;
        esac""",
    # would change the environment that the tests run in: the libraries are there
    "pip": """
        [ "$1" = install ] && shift && for name in "$@"; do
            "$SANDBOX_PYTHON" -c 'import importlib.metadata, sys; importlib.metadata.version(sys.argv[1])' "$name"
        done""",
    # would set up environments and run these very tests: that there is such a target; and the archive, where it will be
    "make": """
        grep -q "^[a-z ]*\\b$1\\b[a-z ]*:" "$SANDBOX_ROOT/Makefile" || { echo "make: no target $1" >&2; exit 2; }
        [ "$1" != build ] ||
            ansible-galaxy collection build "$SANDBOX_ROOT" --output-path .work/built/build""",
}


class Step(NamedTuple):
    """Something to do on a page.

    :param kind: command, file, tasks, or status
    :param text: the command, the content, or NAME STATUS
    :param shown: lines of the command's output
    """

    kind: str
    text: str
    shown: tuple[str, ...] = ()


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """Yield the fenced blocks of a page, and what it says to the test: a language, or `test`, and the text."""
    text = page.read_text(encoding="utf-8")
    fenced = r"^(?P<indent> *)```(?P<language>[a-z{}]+)\n(?P<body>.*?)^(?P=indent)```$|^ *<!-- test: (?P<test>.+) -->$"
    for found in re.finditer(fenced, text, re.DOTALL | re.MULTILINE):
        yield ("test", found["test"]) if found["test"] else (found["language"], textwrap.dedent(found["body"]))


def steps(page: Path) -> Iterator[Step]:
    """Yield what is to be done on a page."""
    for language, text in blocks(page):
        if language == "test":
            yield Step("status", text.removeprefix("status "))
        elif language == "yaml":
            yield Step("file" if text.startswith("# ") else "tasks", text)
        elif language == "console":
            prompt = re.compile(r"^\$ " if re.search(r"^\$ ", text, re.MULTILINE) else r"^", re.MULTILINE)
            for part in prompt.split(text.rstrip("\n"))[1:] if prompt.pattern != "^" else text.splitlines():
                command, *shown = part.splitlines()
                yield Step("command", command, tuple(line for line in shown if line.strip() != "..."))


class Terminal:
    """A shell that goes on from command to command.

    :param home: the folder that it begins in, and its HOME
    """

    END = "\x1e"

    def __init__(self, home: Path, environ: dict[str, str]) -> None:
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            env=environ,
            cwd=home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, command: str) -> tuple[int, str]:
        """Return a command's exit status, and all that it wrote."""
        assert self._shell.stdin
        assert self._shell.stdout
        self._shell.stdin.write(f"{{ {command}\n}} </dev/null\nprintf '{self.END}%s\\n' $?\n")
        self._shell.stdin.flush()
        output = ""
        while self.END not in output:
            line = self._shell.stdout.readline()
            assert line, f"the shell has ended: {output}"
            output += line
        written, status = output.rsplit(self.END, 1)
        return int(status), written

    def close(self) -> None:
        self._shell.kill()
        self._shell.communicate()


@contextmanager
def terminal(sandbox: Sandbox, page: Path, folder: Path) -> Iterator[Terminal]:
    """Open a terminal for a page, whose home is the folder `home` in the one given."""
    home, stubs = folder / "home", folder / "stubs"
    home.mkdir()
    stubs.mkdir()
    for name, script in STUBS.items():
        stubs.joinpath(name).write_text(f"#!/bin/bash\n{textwrap.dedent(script)}\n")
        stubs.joinpath(name).chmod(0o755)
    programs = program("ansible-playbook").parent
    # what a page installs is what it uses; and it never goes to where the others take it from
    installs = "ansible-galaxy collection install" in page.read_text(encoding="utf-8")
    running = Terminal(
        home,
        {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "PATH": os.pathsep.join(map(str, (stubs, programs, os.environ["PATH"]))),
            "HOME": str(home),
            "ANSIBLE_COLLECTIONS_PATH": f"{home}/.ansible/collections" if installs else collections_path(),
            "ANSIBLE_NOCOLOR": "true",
            "ANSIBLE_PIPELINING": "true",
            "YC_ENDPOINT": sandbox.url,
            "YC_IAM_TOKEN": sandbox.iam_token(),
            "SANDBOX_KEY": json.dumps(sandbox.service_account_key()),
            "SANDBOX_PYTHON": str(programs / "python"),
            "SANDBOX_ROOT": str(ROOT),
            "SANDBOX_TOKEN": sandbox.iam_token(),
        },
    )
    try:
        yield running
    finally:
        running.close()


def add_cluster(sandbox: Sandbox) -> str:
    """Return the ID of a cluster such as the guides are about."""
    cluster_id = sandbox.cloud.add_cluster("prod-payments")
    for name in ("mirror-orders", "mirror-payments"):
        sandbox.cloud.add_connector(cluster_id, name)
    sandbox.cloud.add_connector(cluster_id, "archive-orders", kind="s3_sink")
    # one operation to look at; it changes nothing
    sandbox.cloud.finish(sandbox.cloud.begin("resume", cluster_id, "archive-orders"))
    return cluster_id


def bare(text: str) -> str:
    """Return a text without what is different each time."""
    for pattern, plain in (
        (r"\bmqq[a-z0-9]{17}\b", "OPERATION"),
        (r"\b\d+\.\d\b", "SECONDS"),
        (r"\bok=\d+", "ok=TASKS"),
        (r"\s+", " "),
    ):
        text = re.sub(pattern, plain, text)
    return text.strip()


def follow(sandbox: Sandbox, page: Path, folder: Path) -> None:
    """Do all that is to be done on a page, in a cluster of its own."""
    cluster = add_cluster(sandbox)

    def here(text: str) -> str:
        text = re.sub(r"\bmqq[a-z0-9]{17}\b", sandbox.cloud.operations(cluster)[-1].id, text)
        return HOSTS.sub(sandbox.url, text.replace(CLUSTER, cluster))

    unused: set[str] = set()
    with terminal(sandbox, page, folder) as shell:
        for step in steps(page):
            if step.kind == "status":
                name, status = step.text.split()
                sandbox.cloud.set_status(cluster, name, status)
            elif step.kind == "file":
                name = step.text.splitlines()[0].removeprefix("# ")
                folder.joinpath("home", name).write_text(here(step.text), encoding="utf-8")
                unused.add(name)
            elif step.kind == "tasks":
                result = play(yaml.safe_load(here(step.text)), sandbox)
                assert result.returncode == 0, result.output
                sandbox.cloud.set_status(cluster, "mirror-orders", "RUNNING")
            else:
                code, output = shell.run(here(step.text))
                compare(step, code, output.replace(cluster, CLUSTER))
                unused -= {name for name in unused if name in step.text}
    assert not unused, "shown, but not used by any command"


def compare(step: Step, code: int, output: str) -> None:
    """Check that a command did what the page shows."""
    fails = any(sign in line for line in step.shown for sign in ("failed=1", "FAILED!"))
    assert (code != 0) == fails, f"$ {step.text}\nended with {code}:\n{output}"
    said = bare(output)
    at = 0
    for line in step.shown:
        found = said.find(bare(line), at)
        assert found >= 0, f"$ {step.text}\ndoes not show, in this place: {line}\n{output}"
        at = found + len(bare(line))


@pytest.fixture(scope="module")
def followed(_running: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Path, Future[None]]]:
    """Follow all pages, side by side, the longest first: most of the time goes into starting Ansible."""
    _running.reset()
    longest_first = sorted(PAGES, key=lambda page: -len(list(steps(page))))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {page: pool.submit(follow, _running, page, tmp_path_factory.mktemp(page.stem)) for page in longest_first}
        pool.shutdown(cancel_futures=True)


@pytest.mark.timeout(300)  # the first ones wait for the longest page
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_shows_works(followed: dict[Path, Future[None]], page: Path) -> None:
    followed[page].result()


# --- the page of failures


def templates(path: Path) -> Iterator[str]:
    """Yield the messages that a file may raise or warn with; `…` for what is filled in."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and node.args and _reports(ast.unparse(node.func)):
                yield from _texts(node.args[0], function)
            elif isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["warnings"]:
                yield from _texts(node.value, function)


def _reports(callee: str) -> bool:
    """Tell whether what is called takes a message: the exceptions, and lists of warnings."""
    return bool(re.search(r"^(Input|Api|Deadline)?Error$|^super\(\)\.__init__$|\bwarnings\.(append|extend)$", callee))


def _texts(node: ast.AST, function: ast.FunctionDef) -> Iterator[str]:
    """Yield the texts that an expression may stand for."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts = [str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values]
        yield re.sub("…+", "…", "".join(parts))
    elif isinstance(node, ast.Call) and node.args:
        yield from _texts(node.args[0], function)
    elif isinstance(node, ast.ListComp):
        yield from _texts(node.elt, function)
    elif isinstance(node, ast.Name):
        for other in ast.walk(function):
            if isinstance(other, ast.Assign) and node.id in {ast.unparse(target) for target in other.targets}:
                yield from _texts(other.value, function)


def plugin_messages() -> set[str]:
    found = {text for path in ROOT.glob("plugins/**/*.py") for text in templates(path)}
    # a reason that is handed on, with nothing of its own
    return {text for text in found if re.search(r"[a-z]{2}", text)}


def role_messages() -> set[str]:
    """Return what the roles say: what their assertions fail with, and sentences in Jinja."""
    found: set[str] = set()
    for path in [*ROOT.glob("roles/*/tasks/*.yml"), *ROOT.glob("roles/*/vars/*.yml")]:
        for key, value in _values(yaml.safe_load(path.read_text(encoding="utf-8"))):
            jinja = re.findall(r"\{\{.*?\}\}", value, re.DOTALL)
            found.update(words for part in jinja for words in re.findall(r"'([A-Z][a-z]*\b[^']*)'", part))
            if key == "fail_msg":
                found.add(re.sub(r"\{\{.*?\}\}", "…", value, flags=re.DOTALL))
    return {longest(" ".join(text.split())) for text in found if " " in text.strip()}


def _values(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts in YAML, each with its key."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _values(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from _values(value, key)
    elif isinstance(node, str):
        yield key, node


def terms() -> set[str]:
    """Return the messages that the page explains."""
    return set(re.findall(r"^`([^`]+)`\n: ", FAILURES.read_text(encoding="utf-8"), re.MULTILINE))


def longest(text: str) -> str:
    """Return the longest part of a message that is always the same."""
    return max((part.strip(" .,:;()") for part in text.split("…")), key=len)


def test_the_page_of_failures_has_every_message_of_the_plugins() -> None:
    assert len(plugin_messages()) > 50
    assert plugin_messages() - terms() == set()


def test_the_page_of_failures_has_every_message_of_the_roles() -> None:
    page = " ".join(FAILURES.read_text(encoding="utf-8").split())
    assert {text for text in role_messages() if text not in page} == set()


def test_the_page_of_failures_explains_nothing_that_is_never_said() -> None:
    sources = [
        path for glob in ("roles/*/*/*.yml", "playbooks/**/*.yml", "plugins/filter/*.py") for path in ROOT.glob(glob)
    ]
    said = " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in sources)
    assert {text for text in terms() - plugin_messages() if longest(text) not in said} == set()


def test_what_ansible_says_of_wrong_options_is_on_the_page(sandbox: Sandbox) -> None:
    page = FAILURES.read_text(encoding="utf-8")
    module = f"{COLLECTION}.kafka_connector"
    wrong = {
        "parameters are mutually exclusive": {"cluster_id": CLUSTER, "name": "mirror", "names": ["mirror"]},
        "one of the following is required": {"name": "mirror"},
        "Unsupported parameters": {"cluster_id": CLUSTER, "name": "mirror", "paused": True},
        "value of": {"cluster_id": CLUSTER, "name": "mirror", "state": "stopped"},
    }
    tasks = [{"name": words, module: options, "ignore_errors": True} for words, options in wrong.items()]
    result = play(tasks, sandbox)
    for words in wrong:
        assert words in result[words].msg
        assert f"*{words}" in page


# --- the guides name what there is


def test_each_option_variable_and_playbook_that_is_named_exists() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    for name in set(re.findall(rf"ansible-playbook {re.escape(COLLECTION)}\.(\w+)", text)):
        assert ROOT.joinpath("playbooks", f"{name}.yml").is_file(), name
    source = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("plugins/**/*.py"))
    for variable in set(re.findall(r"\bYC_[A-Z_]+\b", text)):
        assert variable in source, variable


def test_no_command_hides_from_the_test() -> None:
    for page in PAGES:
        for language, text in blocks(page):
            assert language in ("console", "yaml", "test") or "{" in language, f"{page.name}: {language}: {text}"
            if language == "console":
                for step in (step for step in steps(page) if step.kind == "command"):
                    shlex.split(step.text)

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the guide to events shows works: its files are saved, its rulebooks run, and they print what the page shows."""

from __future__ import annotations

import re
import shlex
import subprocess
import textwrap
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from ansible_rulebook.validators import Validate  # type: ignore[import-untyped]
from rulebook import BIN, environment, running
from running import FILE, INSTALLED, MODULE

from sandbox import Sandbox

PAGE = Path(__file__).parents[2] / "docs/events.md"
CLUSTER = "c9q0ktrria41dv9e5v51"
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


def blocks(language: str) -> list[str]:
    found = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    return [textwrap.dedent(text) for dummy, name, text in found if name == language]


def files() -> dict[str, str]:
    """Return the files of the page by name."""
    return {text.partition("\n")[0].removeprefix("# "): text for text in blocks("yaml")}


def command(program: str) -> list[str]:
    """Return the first command of a program."""
    lines = [line for text in blocks("shell") for line in text.splitlines()]
    return next(shlex.split(line) for line in lines if line.startswith(program))


def test_first_rulebook_prints_what_the_page_shows(sandbox: Sandbox, tmp_path: Path) -> None:
    cluster_id = sandbox.cloud.add_cluster()
    sandbox.cloud.add_connector(cluster_id, "mirror-orders")
    for name, text in files().items():
        (tmp_path / name).write_text(text.replace(CLUSTER, cluster_id).replace("interval: 5", "interval: 1"))
    ending = ["--inventory", "inventory.yml", "--verbose"]
    assert command("ansible-rulebook --rulebook paused.yml")[3:] == ending
    with running("paused.yml", sandbox, tmp_path, {}) as rulebook:
        rulebook.until(lambda: len(sandbox.requests_of("Connector.List")) > 1)
        pause = [word.replace(CLUSTER, cluster_id) for word in command("ansible-playbook")]
        env = environment(sandbox, tmp_path)
        subprocess.run([BIN / pause[0], *pause[1:]], env=env, cwd=tmp_path, check=True, capture_output=True)
        assert "mirror-orders was paused by aje" in rulebook.until_output(r"^mirror-orders was paused")
    assert "mirror-orders was paused by aje...\n" in blocks("text")


def test_rulebooks_of_the_page_are_those_of_the_collection() -> None:
    shipped = {path.stem for path in (INSTALLED / "extensions/eda/rulebooks").glob("*.yml")}
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)) == shipped
    assert set(yaml.safe_load(files()["vars.yml"])) == {"cluster_ids", "connectors", "keep_paused"}
    assert command("ansible-rulebook --rulebook yandex_cloud")[-4:-1] == ["inventory.yml", "--vars", "vars.yml"]


def test_condition_and_action_of_the_page_are_valid() -> None:
    condition, action = (text for text in blocks("text") if "event" in text)
    ruleset = yaml.safe_load(files()["paused.yml"])
    ruleset[0]["rules"] = [{"name": "Page", "condition": condition.strip(), **yaml.safe_load(action)}]
    Validate.rulebook(ruleset)


@pytest.mark.parametrize("number", [0, 1])
def test_examples_of_the_source_are_valid(number: int) -> None:
    rulesets = yaml.safe_load(MODULE["EXAMPLES"])
    Validate.rulebook(rulesets)
    (source,) = rulesets[number]["sources"]
    documented = yaml.safe_load(MODULE["DOCUMENTATION"])["options"]
    options = MODULE["options"]
    assert options.check(options.convert(source[f"yandex_cloud.managed_kafka.{FILE.stem}"], documented), {})

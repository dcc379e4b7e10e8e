# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The source is imported where no ansible-core is, and from every place where a collection can be installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from running import FILE, INSTALLED

LOAD = """
import runpy, sys
sys.modules["ansible"] = None  # any import of it fails
before = list(sys.path)
for file in sys.argv[1:]:
    module = runpy.run_path(file)
    assert module["main"].__name__ == "main"
assert sys.path[: len(before)] == before
print(sys.path[len(before) :])
"""


def load(*files: Path) -> str:
    # Isolated: no PYTHONPATH and no current directory, as in a service.
    command = [sys.executable, "-I", "-c", LOAD, *map(str, files)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """The source in a checkout that a link puts into a directory of collections."""
    link = tmp_path / "ansible_collections/yandex_cloud/managed_kafka"
    link.parent.mkdir(parents=True)
    link.symlink_to(INSTALLED)
    return link / FILE.relative_to(INSTALLED)


def test_installed_source_adds_the_directory_of_its_collections_at_the_end() -> None:
    assert load(FILE) == str([str(INSTALLED.parents[2])])


def test_source_behind_a_link_uses_the_directory_of_the_link(linked: Path, tmp_path: Path) -> None:
    assert load(linked) == str([str(tmp_path)])


def test_several_sources_in_one_process_add_the_directory_once() -> None:
    assert load(FILE, FILE) == str([str(INSTALLED.parents[2])])

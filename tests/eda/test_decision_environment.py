# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The decision environment is one that ansible-builder accepts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import yaml  # type: ignore[import-untyped]
from running import INSTALLED

FILE = INSTALLED / "extensions/eda/decision-environment.yml"


def builder(*arguments: str | Path, home: Path) -> str:
    programs = Path(sys.executable).parent
    env = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "HOME": str(home), "LC_ALL": "C.UTF-8"}
    command = [programs / "ansible-builder", *arguments]
    ended = subprocess.run(command, env=env, cwd=home, capture_output=True, text=True, timeout=100, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_create_makes_a_context_for_the_image(tmp_path: Path) -> None:
    context = tmp_path / "context"
    file = shutil.copy(FILE, tmp_path)
    (tmp_path / "managed_kafka.tar.gz").touch()
    builder("create", "--file", file, "--output-filename", "Containerfile", "--context", context, home=tmp_path)
    assert "de-minimal" in (context / "Containerfile").read_text()
    galaxy = yaml.safe_load((context / "_build/requirements.yml").read_text())
    assert galaxy == {"collections": [{"name": "managed_kafka.tar.gz", "type": "file"}]}
    assert (context / "_build/managed_kafka.tar.gz").exists()


def test_introspect_finds_what_the_source_imports(tmp_path: Path) -> None:
    found = yaml.safe_load(builder("introspect", INSTALLED.parents[2], home=tmp_path))
    names = {line.partition(">")[0] for line in found["python"]}
    assert {"requests", "PyJWT", "cryptography"} <= names

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The built archive tells ansible-builder all that an execution environment with the collection needs."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from packaging.requirements import Requirement
from support.runner import program

PROJECT = Path(__file__).parents[2]
NEEDED = {"requests", "PyJWT", "cryptography"}


def command(*arguments: str | Path, home: Path) -> str:
    # ansible-builder runs programs by the same Python
    path = f"{program('ansible-galaxy').parent}{os.pathsep}{os.environ['PATH']}"
    env = {"PATH": path, "HOME": str(home), "LC_ALL": "C.UTF-8"}
    name, *rest = map(str, arguments)
    ended = subprocess.run(
        [program(name), *rest], env=env, cwd=home, capture_output=True, text=True, timeout=100, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("built")
    command("ansible-galaxy", "collection", "build", PROJECT, "--output-path", home, home=home)
    (archive,) = home.glob("*.tar.gz")
    return archive


def test_introspect_finds_the_python_libraries(archive: Path, tmp_path: Path) -> None:
    installed = tmp_path / "collections"
    command("ansible-galaxy", "collection", "install", "--offline", "-p", installed, archive, home=tmp_path)
    found = yaml.safe_load(command("ansible-builder", "introspect", installed, home=tmp_path))
    requirements = [line.partition("  # from collection ") for line in found["python"]]
    assert {Requirement(line).name for line, dummy, dummy in requirements} == NEEDED
    assert {collection for dummy, dummy, collection in requirements} == {"yandex_cloud.managed_kafka"}


def test_create_makes_a_context_for_an_image(archive: Path, tmp_path: Path) -> None:
    environment = {
        "version": 3,
        "images": {"base_image": {"name": "quay.io/centos/centos:stream9"}},
        "dependencies": {
            "ansible_core": {"package_pip": "ansible-core>=2.18"},
            "ansible_runner": {"package_pip": "ansible-runner"},
            "galaxy": {"collections": [{"name": str(archive), "type": "file"}]},
        },
    }
    (tmp_path / "execution-environment.yml").write_text(json.dumps(environment))
    create = "create", "--output-filename", "Containerfile", "--context", tmp_path / "context"
    command("ansible-builder", *create, home=tmp_path)
    assert "introspect" in (tmp_path / "context/Containerfile").read_text()
    galaxy = yaml.safe_load((tmp_path / "context/_build/requirements.yml").read_text())
    assert galaxy == environment["dependencies"]["galaxy"]  # type: ignore[index]

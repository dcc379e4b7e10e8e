# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image of the AWX kit contains the collection and its libraries, and not awx.awx."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml  # type: ignore[import-untyped]
from awx_kit import KIT
from packaging.requirements import Requirement
from test_execution_environment import NEEDED, archive, command

__all__ = ["archive"]  # the fixture


def test_image_contains_the_collection_and_its_libraries(archive: Path, tmp_path: Path) -> None:
    image = tmp_path / "image"
    image.mkdir()
    shutil.copy2(KIT / "execution-environment.yml", image)
    shutil.copy2(archive, image / "managed_kafka.tar.gz")
    definition, context = image / "execution-environment.yml", image / "context"
    command("ansible-builder", "create", "--file", definition, "--context", context, home=tmp_path)
    assert "introspect" in next(path for path in context.iterdir() if path.is_file()).read_text()
    assert not [path for path in context.rglob("*") if path.suffix != ".gz" and path.is_file() and _names_awx(path)]

    # What the image runs in the directory _build
    built = context / "_build"
    install = "ansible-galaxy", "collection", "install", "--offline", "-r", built / "requirements.yml", "-p"
    command(*install, tmp_path / "collections", home=built)
    assert [path.name for path in tmp_path.glob("collections/ansible_collections/*/*")] == ["managed_kafka"]
    found = yaml.safe_load(command("ansible-builder", "introspect", tmp_path / "collections", home=tmp_path))
    assert {Requirement(line.partition("  #")[0]).name for line in found["python"]} == NEEDED


def _names_awx(path: Path) -> bool:
    return b"awx.awx" in path.read_bytes()

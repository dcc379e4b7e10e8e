# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as it is installed, for tests that look into it: where Ansible finds it, Python does too."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

NAME = "yandex_cloud.managed_kafka"
ROOT = next(
    root
    for folder in os.environ["ANSIBLE_COLLECTIONS_PATH"].split(os.pathsep)
    if (root := Path(folder, "ansible_collections", *NAME.split("."))).is_dir()
)
sys.path.append(str(ROOT.parents[2]))


def modules() -> list[str]:
    """Return the names of all modules."""
    return sorted(path.stem for path in ROOT.glob("plugins/modules/*.py") if not path.stem.startswith("_"))


def documentation(module: str, part: str) -> Any:
    """Return a part of a module's documentation: DOCUMENTATION, EXAMPLES or RETURN."""
    source = ast.parse(ROOT.joinpath("plugins", "modules", f"{module}.py").read_text())
    (text,) = (
        ast.literal_eval(node.value)
        for node in source.body
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [part]
    )
    return yaml.safe_load(text)

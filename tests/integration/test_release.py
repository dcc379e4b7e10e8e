# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is released fits together."""

from __future__ import annotations

import json
import re
from pathlib import Path

from support.runner import collections_path

INSTALLED = Path(collections_path()) / "ansible_collections/yandex_cloud/managed_kafka"


def test_one_place_holds_the_version() -> None:
    """A module, whose User-Agent names the version, does not see galaxy.yml: `make version` writes what it sees."""
    manifest = INSTALLED / "MANIFEST.json"
    if manifest.exists():
        released = json.loads(manifest.read_text())["collection_info"]["version"]
    else:
        released = re.findall(r"^version: *(\S+)", (INSTALLED / "galaxy.yml").read_text(), re.MULTILINE)[0]
    code = (INSTALLED / "plugins/module_utils/_api/version.py").read_text()
    assert re.findall(r'^VERSION = "(.+)"', code, re.MULTILINE) == [released]

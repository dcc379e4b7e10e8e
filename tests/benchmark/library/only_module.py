# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The minimum of a module with a result: it returns the result in a file."""

from __future__ import annotations

import json
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            # Ansible searches the result of every module for its secrets.
            "token": {"type": "str", "required": True, "no_log": True},
        }
    )
    module.exit_json(**json.loads(Path(module.params["path"]).read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()

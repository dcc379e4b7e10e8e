# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The minimum of a module that uses requests: one GET."""

from __future__ import annotations

import requests
from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec={
            "url": {"type": "str", "required": True},
            "token": {"type": "str", "required": True, "no_log": True},
            "ca_path": {"type": "path", "required": True},
        }
    )
    answer = requests.get(
        module.params["url"],
        headers={"Authorization": f"Bearer {module.params['token']}"},
        verify=module.params["ca_path"],
        timeout=30,
    )
    answer.raise_for_status()
    module.exit_json(changed=False, connector=answer.json())


if __name__ == "__main__":
    main()

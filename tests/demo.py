# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pause a connector twice, as a user would, against the sandbox."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sandbox import Sandbox


def main() -> None:
    """Start the sandbox, run the playbook twice, and say what there was to see."""
    with Sandbox() as sandbox:
        cluster_id = sandbox.cloud.add_cluster(name="demo")
        sandbox.cloud.add_connector(cluster_id, "mirror-orders", kind="mirrormaker")
        sandbox.behaviour.operation_seconds = 2
        quiet = {"ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false"}
        environ = {**os.environ, **quiet, "YC_ENDPOINT": sandbox.url, "YC_IAM_TOKEN": sandbox.iam_token()}
        playbook = Path(sys.executable).with_name("ansible-playbook")
        pause = [
            *("yandex_cloud.managed_kafka.pause", "-e", f"cluster_id={cluster_id}", "-e", "connectors=mirror-orders"),
        ]
        for heading in ("The connector runs: it is paused.", "It is paused already: nothing is sent."):
            print(f"\n### {heading}\n$ ansible-playbook {' '.join(pause)} --diff\n", flush=True)
            subprocess.run([playbook, *pause, "--diff"], env=environ, check=True)
        calls = ", ".join(call.name for call in sandbox.requests)
        print(f"### What the API was asked: {calls}")


if __name__ == "__main__":
    main()

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Show the collection at work against the sandbox: a pause, a fleet, and maintenance whose work fails."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from sandbox import Sandbox

# Long enough for one line of progress.
OPERATION_SECONDS = 11
FOLDER = "b1gvmob95yysaplct532"
WORK = """
- name: Migrate the target
  ansible.builtin.fail:
    msg: The target does not answer
"""
INVENTORY = f"""
plugin: yandex_cloud.managed_kafka.kafka_clusters
folder_ids: [{FOLDER}]
"""
# Lines of Ansible that say nothing about the collection: headings, results, source lines, the recap.
NOISE = re.compile(
    r"PLAY|TASK|(ok|changed|skipping|fatal|included): |\.\.\.ignoring|Origin|\[WARNING|"
    r'\d+ +(---|- name)|\^ |\S+ +: ok=|[][{}",]*$'
)


def main() -> None:
    """Run the scenes of the demo."""
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        (home / "work.yml").write_text(f"---{WORK}")
        (home / "demo.kafka_clusters.yml").write_text(INVENTORY)
        one = sandbox.cloud.add_cluster("orders", folder_id=FOLDER)
        for name in ("mirror-orders", "mirror-refunds"):
            sandbox.cloud.add_connector(one, name)
        stage = Stage(sandbox, home)
        sandbox.behaviour.operation_seconds = OPERATION_SECONDS
        stage.show("Pause a connector.", "pause", f"cluster_id={one}", "connectors=mirror-orders")
        sandbox.behaviour.operation_seconds = 1
        stage.show("Pause it again: one request.", "pause", f"cluster_id={one}", "connectors=mirror-orders")
        stage.show(
            "Maintenance whose work fails.", "maintenance", f"cluster_id={one}", "connectors=?*", "tasks_file=work.yml"
        )
        for cluster in ("payments", "archive"):
            sandbox.cloud.add_connector(sandbox.cloud.add_cluster(cluster, folder_id=FOLDER), f"mirror-{cluster}")
        stage.show("Pause a fleet of three clusters.", "pause", "target=kafka_clusters", "connectors=mirror-*")


class Stage:
    """Runs playbooks, and shows what they print and what the API received.

    :param home: directory of the work and the inventory
    """

    def __init__(self, sandbox: Sandbox, home: Path) -> None:
        self._sandbox = sandbox
        self._home = home
        self._environ = {
            **os.environ,
            "ANSIBLE_FORCE_COLOR": "false",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_DEPRECATION_WARNINGS": "false",
            "YC_ENDPOINT": sandbox.url,
            "YC_IAM_TOKEN": sandbox.iam_token(),
        }

    def show(self, heading: str, playbook: str, *variables: str) -> None:
        """Run a playbook of the collection."""
        self._sandbox.forget()
        inventory = ["-i", "demo.kafka_clusters.yml"] if any("target=" in variable for variable in variables) else []
        options = [*inventory, *(part for variable in variables for part in ("-e", variable))]
        command = ["ansible-playbook", f"yandex_cloud.managed_kafka.{playbook}", *options]
        print(f"\n### {heading}\n$ {' '.join(command)}", flush=True)
        program = Path(sys.executable).with_name(command[0])
        run = subprocess.Popen(
            [program, *command[1:]],
            cwd=self._home,
            env=self._environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )
        for line in run.stdout or ():
            text = line.strip().removeprefix('"msg": ').strip('",')
            if not NOISE.match(text):
                print(f"  {text}", flush=True)
        run.wait()
        calls = Counter(call.short_name for call in self._sandbox.requests)
        print(f"  Requests: {', '.join(f'{count} x {name}' for name, count in calls.items())}", flush=True)


if __name__ == "__main__":
    main()

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox in the foreground, to try things out by hand: `python -m sandbox`, with `tests` on PYTHONPATH."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from sandbox import Sandbox
from sandbox.cloud import FOLDER

DEFAULT_PORT = 18085
OPERATION_SECONDS = 5.0

GUIDE = """\
The sandbox listens at {url}. In another terminal:

export YC_ENDPOINT={url}
export YC_IAM_TOKEN={token}
export YC_FOLDER_ID={folder}

Clusters and their connectors:
{clusters}

Look:
curl -sH "Authorization: Bearer $YC_IAM_TOKEN" $YC_ENDPOINT/managed-kafka/v1/clusters/{cluster}/connectors

Pause by hand, then follow the operation whose id comes back:
curl -sH "Authorization: Bearer $YC_IAM_TOKEN" -X POST \\
  $YC_ENDPOINT/managed-kafka/v1/clusters/{cluster}/connectors/pause/orders-mirror
curl -sH "Authorization: Bearer $YC_IAM_TOKEN" $YC_ENDPOINT/operations/ID

Pause with Ansible; a second time nothing is left to do:
ansible-playbook /dev/stdin <<'END'
- hosts: localhost
  gather_facts: false
  tasks:
    - yandex_cloud.managed_kafka.kafka_connector:
        cluster_id: {cluster}
        name: orders-mirror
        state: paused
END

An operation takes {seconds:g} s. Ctrl-C ends the sandbox.
"""


def seed(sandbox: Sandbox) -> dict[str, str]:
    """Fill the cloud; return the clusters' names by id."""
    cloud = sandbox.cloud
    production = cloud.add_cluster("production", labels={"env": "production"})
    cloud.add_connector(production, "orders-mirror", properties={"sync.topics.config.enabled": "true"})
    cloud.add_connector(production, "orders-archive", kind="s3_sink", status="PAUSED")
    cloud.add_connector(production, "events-lake", kind="iceberg_sink", status="ERROR", health="DEAD")
    staging = cloud.add_cluster("staging", labels={"env": "staging"}, brokers=1)
    for number in range(1, 6):
        cloud.add_connector(staging, f"mirror-{number}")
    empty = cloud.add_cluster("empty", brokers=1)
    return {production: "production", staging: "staging", empty: "empty"}


def describe(sandbox: Sandbox, clusters: dict[str, str]) -> str:
    lines = []
    for cluster_id, name in clusters.items():
        lines.append(f"  {cluster_id}  {name}")
        for connector in sandbox.cloud.list_connectors(cluster_id, page_size=0, page_token="").connectors:
            kind = str(connector.WhichOneof("connector_config")).removeprefix("connector_config_")
            lines.append(f"    {connector.name:20} {kind:12} {connector.Status.Name(connector.status)}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port on loopback, 0 for any (%(default)s)")
    parser.add_argument(
        "--operation-seconds", type=float, default=OPERATION_SECONDS, help="how long an operation takes (%(default)s)"
    )
    arguments = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *dummy: ended.set())
    try:
        with Sandbox(port=arguments.port) as sandbox:
            sandbox.behaviour.operation_seconds = arguments.operation_seconds
            clusters = seed(sandbox)
            guide = GUIDE.format(
                url=sandbox.url,
                token=sandbox.iam_token(),
                folder=FOLDER,
                cluster=next(iter(clusters)),
                clusters=describe(sandbox, clusters),
                seconds=arguments.operation_seconds,
            )
            print(guide, flush=True)
            ended.wait()
    except RuntimeError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

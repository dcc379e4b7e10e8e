#!/usr/bin/python

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: kafka_connector
short_description: Pause, resume and restart a connector of Managed Service for Apache Kafka
version_added: 0.1.0
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
description:
  - Brings a connector (MirrorMaker, S3 sink, Iceberg sink) of a Yandex Managed Service for Apache Kafka cluster to the
    state that the task names, waits until it is in that state, and returns it.
  - The connector is read first. When it is in the wanted state already, nothing is sent. Otherwise the change is asked
    for, its operation is followed until it ends, and the connector must then have the wanted status, or the task fails.
  - B(A pause breaks the connection to the target and deletes the data in the connector's service topics.) That is why
    the module never sends one that is not needed.
  - Changes to one cluster exclude each other. When another one is under way, the module waits for its end, reads the
    connector again, and asks for the change only if it is still needed.
extends_documentation_fragment:
  - yandex_cloud.managed_kafka.attributes
  - yandex_cloud.managed_kafka.cluster
  - yandex_cloud.managed_kafka.connection
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - With O(state=restarted) every run restarts the connector.
options:
  name:
    description:
      - Name of the connector.
    type: str
    required: true
  state:
    description:
      - V(paused) pauses the connector unless its status is PAUSED.
      - V(running) resumes the connector unless its status is RUNNING.
      - V(restarted) pauses the connector unless it is paused, and then resumes it.
    type: str
    choices:
      - paused
      - running
      - restarted
    required: true
  wait:
    description:
      - Wait until the operation has ended and the connector is in the wanted state.
      - With V(false) the task returns as soon as the last change that is needed has been accepted. The pause of a
        restart, and another change that is in the way, are waited for in any case.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds that the whole task may take, with tokens, repeated requests, other changes, the operation and the
        verification.
      - When they are over the task fails. An operation that was begun goes on at the server.
    type: int
    default: 1200
seealso:
  - name: Pausing a connector
    description: The call of the API that pauses a connector.
    link: https://yandex.cloud/en/docs/managed-kafka/api-ref/Connector/pause
"""

EXAMPLES = r"""
- name: Pause a connector for maintenance
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: mirror-orders
    state: paused
  register: pause

- name: Show what became of it
  ansible.builtin.debug:
    msg: "{{ pause.connector.name }} is {{ pause.connector.status }}"

- name: Resume it, and wait no longer than five minutes
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: mirror-orders
    state: running
    wait_timeout: 300

- name: Restart a connector of a cluster that is known by its name, with a service account key
  yandex_cloud.managed_kafka.kafka_connector:
    service_account_key_file: "{{ key_file }}"
    folder_id: "{{ folder_id }}"
    cluster_name: "{{ cluster_name }}"
    name: archive-orders
    state: restarted

- name: Pause a connector and go on while the operation runs
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: mirror-orders
    state: paused
    wait: false
"""

RETURN = r"""
connector:
  description:
    - The connector as it is after the task, or in check mode as it would be. Keys are those of the API in snake_case.
    - Values of C(properties) whose keys name a secret are shown as C(********).
    - After a failure, the connector as it was last read.
  returned: when the connector could be read
  type: dict
operation:
  description:
    - The operation of the last change that was sent. C(done) may be false with O(wait=false), and after a failure.
  returned: when a change was sent
  type: dict
ansible_facts:
  description: Facts to go on with.
  returned: success
  type: dict
  contains:
    kafka_connector:
      description: The same as RV(connector).
      returned: success
      type: dict
diff:
  description:
    - The managed fields that differ, before and after; for a pause that is C(status).
  returned: success
  type: dict
error:
  description:
    - What the API said. What is not known is null.
  returned: failure
  type: dict
  contains:
    http_status:
      description: HTTP status of the answer.
      type: int
      returned: failure
    code:
      description: Number of the gRPC code.
      type: int
      returned: failure
    status:
      description: Name of the gRPC code.
      type: str
      returned: failure
    message:
      description: The message of the API.
      type: str
      returned: failure
    details:
      description: Details as the API gave them.
      type: list
      elements: dict
      returned: failure
    request_id:
      description: ID of the request, for the vendor's support.
      type: str
      returned: failure
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._apply import Converger
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._cluster import check_cluster, find_cluster
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector import Wanted, check_name
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._module import (
    CLUSTER_OPTIONS,
    ONE_CLUSTER,
    WAIT_TIMEOUT_OPTION,
    run,
)

OPTIONS: dict[str, dict[str, Any]] = {
    **CLUSTER_OPTIONS,
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["paused", "running", "restarted"], "required": True},
    "wait": {"type": "bool", "default": True},
    **WAIT_TIMEOUT_OPTION,
}


def check(params: Mapping[str, Any]) -> None:
    """Refuse what cannot be, before anything is sent."""
    check_cluster(params)
    check_name(params["name"])


def manage(params: Mapping[str, Any], client: Client, check_mode: bool) -> dict[str, Any]:
    """Bring one connector to the state that the task wants; return the result."""
    cluster = find_cluster(client, params)
    wanted = Wanted(params["state"])
    converger = Converger(client, cluster, wanted, check_mode=check_mode, wait=params["wait"])
    facts = converger.converge(params["name"], cluster.read(params["name"])).facts()
    return {**facts, "ansible_facts": {"kafka_connector": facts["connector"]}}


def main() -> None:
    """Run the module."""
    run(manage, OPTIONS, check=check, **ONE_CLUSTER)


if __name__ == "__main__":
    main()

#!/usr/bin/python

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: kafka_connector_info
short_description: List connectors of a cluster
version_added: 0.1.0
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
description:
  - Returns the connectors of a Yandex Managed Service for Apache Kafka cluster. You can select connectors by
    name, by pattern and by status.
  - You can use the returned settings as options of M(yandex_cloud.managed_kafka.kafka_connector).
  - With O(name), the module sends one request if the connector exists. Otherwise, it sends one list request per 1000
    connectors.
extends_documentation_fragment:
  - yandex_cloud.managed_kafka.attributes
  - yandex_cloud.managed_kafka.attributes.info
  - yandex_cloud.managed_kafka.cluster
  - yandex_cloud.managed_kafka.connection
options:
  name:
    description:
      - Name of one connector. A name that does not exist is not an error.
      - O(name) and O(names) are mutually exclusive. Without both, the module returns all connectors.
    type: str
  names:
    description:
      - Names or shell patterns of connectors, for example V(mirror-*).
      - A name or pattern without a match is not an error.
    type: list
    elements: str
  status:
    description:
      - Return only connectors with one of these statuses, for example V(RUNNING), V(PAUSED), V(ERROR) or
        V(STATUS_UNKNOWN). The module ignores case.
    type: list
    elements: str
  include_last_operation:
    description:
      - Return also the last operation of each connector. It shows who paused a connector, and when.
      - The module then also reads the operations of the cluster.
    type: bool
    default: false
seealso:
  - module: yandex_cloud.managed_kafka.kafka_connector
  - module: yandex_cloud.managed_kafka.kafka_cluster_info
"""

EXAMPLES = r"""
- name: List all connectors of a cluster
  yandex_cloud.managed_kafka.kafka_connector_info:
    cluster_id: "{{ cluster_id }}"
  register: found

- name: Show the status of each connector
  ansible.builtin.debug:
    msg: "{{ found.connectors | items2dict(key_name='name', value_name='status') }}"

- name: List failed mirrors
  yandex_cloud.managed_kafka.kafka_connector_info:
    cluster_id: "{{ cluster_id }}"
    names: mirror-*
    status: ERROR

- name: Read one connector and its last operation
  yandex_cloud.managed_kafka.kafka_connector_info:
    cluster_id: "{{ cluster_id }}"
    name: mirror-orders
    include_last_operation: true
  register: history

- name: Show who changed the connector last
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.last_operation.created_by | default('no operation') }}"
  loop: "{{ history.connectors }}"
  loop_control:
    label: "{{ item.name }}"

- name: Use the returned settings in a task that changes nothing
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: "{{ item.name }}"
    tasks_max: "{{ item.tasks_max | default(omit) }}"
    properties: "{{ item.properties }}"
    placement: "{{ item.placement | default(omit) }}"
    connector_config_mirrormaker: "{{ item.connector_config_mirrormaker | default(omit) }}"
    connector_config_s3_sink: "{{ item.connector_config_s3_sink | default(omit) }}"
    connector_config_iceberg_sink: "{{ item.connector_config_iceberg_sink | default(omit) }}"
  loop: "{{ found.connectors }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
connectors:
  description:
    - The selected connectors, sorted by name. If no connector matches, the list is empty.
    - Each connector has the form of RV(yandex_cloud.managed_kafka.kafka_connector#module:connector).
    - With O(include_last_operation=true), each connector also has the following key.
  returned: success
  type: list
  elements: dict
  contains:
    last_operation:
      description:
        - The newest operation of the cluster that names this connector. Null if the cluster has no such operation.
        - It has the form of RV(yandex_cloud.managed_kafka.kafka_connector#module:operation).
      type: dict
      returned: with O(include_last_operation=true)
      sample:
        id: mqq6dgk6ppoqet621re6
        description: Pause Apache Kafka connector
        created_at: "2026-11-22T15:10:48.365595Z"
        created_by: ajek2f2kfrmkjcpm914o
        modified_at: "2026-11-22T15:10:53.365595Z"
        done: true
        metadata:
          "@type": type.googleapis.com/yandex.cloud.mdb.kafka.v1.PauseConnectorMetadata
          cluster_id: c9q0ktrria41dv9e5v51
          connector_name: mirror-orders
error:
  description: Error of the API, in the form of RV(yandex_cloud.managed_kafka.kafka_connector#module:error).
  returned: failure, if the API answered
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._api.errors import attempting
from ..module_utils._api.secrets import mask
from ..module_utils._connector.names import check_cluster, check_name, check_names, matching
from ..module_utils._run.cluster import Missing, find_cluster
from ..module_utils._run.execute import Context, Task
from ..module_utils._run.module import run_module
from ..module_utils._run.options import CLUSTER_OPTIONS, ONE_CLUSTER, ONE_OR_SEVERAL


def parse(params: Mapping[str, Any]) -> None:
    """Check the options before anything is sent."""
    check_cluster(params)
    if params["name"] is not None:
        check_name(params["name"])
    check_names(params["names"] or ())


def run(context: Context, params: Mapping[str, Any], _wanted: None) -> dict[str, Any]:
    """Return the matching connectors."""
    with attempting(f"list connectors of cluster {params['cluster_id'] or params['cluster_name']}"):
        cluster = find_cluster(context.client, params)
        if params["name"] is not None:
            one = cluster.read(params["name"])
            found = [] if isinstance(one, Missing) else [one]
        else:
            found = cluster.connectors()
        if params["names"] is not None:
            found = matching(params["names"], found)
        if params["status"] is not None:
            statuses = {status.upper() for status in params["status"]}
            found = [connector for connector in found if str(connector["status"]).upper() in statuses]
        if params["include_last_operation"] and found:
            last = cluster.last_operations()
            found = [{**connector, "last_operation": last.get(connector["name"])} for connector in found]
    return {"changed": False, "connectors": mask(found)}


TASK = Task(
    options={
        **CLUSTER_OPTIONS,
        "name": {"type": "str"},
        "names": {"type": "list", "elements": "str"},
        "status": {"type": "list", "elements": "str"},
        "include_last_operation": {"type": "bool", "default": False},
    },
    parse=parse,
    run=run,
    constraints={"mutually_exclusive": [ONE_CLUSTER, ONE_OR_SEVERAL], "required_one_of": [ONE_CLUSTER]},
)


def main() -> None:
    """Run the module."""
    run_module(TASK)


if __name__ == "__main__":
    main()

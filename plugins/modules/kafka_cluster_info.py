#!/usr/bin/python

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: kafka_cluster_info
short_description: List clusters in a folder
version_added: 0.1.0
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
description:
  - Returns the Yandex Managed Service for Apache Kafka clusters of a folder.
  - You can select clusters by name, by pattern and by label.
extends_documentation_fragment:
  - yandex_cloud.managed_kafka.attributes
  - yandex_cloud.managed_kafka.attributes.info
  - yandex_cloud.managed_kafka.connection
options:
  folder_id:
    description:
      - ID of the folder that contains the clusters.
      - If this option is not set, the module uses the environment variable E(YC_FOLDER_ID). One of them
        is required.
    type: str
  names:
    description:
      - Names or shell patterns of clusters, for example V(prod-*).
      - Without this option, the module returns all clusters.
      - A name or pattern without a match is not an error.
    type: list
    elements: str
  labels:
    description:
      - Return only clusters that have all these labels with these values.
    type: dict
seealso:
  - module: yandex_cloud.managed_kafka.kafka_connector_info
"""

EXAMPLES = r"""
- name: List the production clusters of a team
  yandex_cloud.managed_kafka.kafka_cluster_info:
    folder_id: "{{ folder_id }}"
    names: prod-*
    labels:
      team: payments
  register: found

- name: List the connectors of each cluster
  yandex_cloud.managed_kafka.kafka_connector_info:
    cluster_id: "{{ item.id }}"
  loop: "{{ found.clusters }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
clusters:
  description:
    - The selected clusters, sorted by name. If no cluster matches, the list is empty.
    - Each cluster has all fields that the API returns. Keys are those of the API in snake_case.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the cluster.
      type: str
      returned: always
      sample: c9q0ktrria41dv9e5v51
    name:
      description: Name of the cluster.
      type: str
      returned: always
      sample: prod-payments
    folder_id:
      description: ID of the folder that contains the cluster.
      type: str
      returned: always
      sample: b1gfolder
    labels:
      description: Labels of the cluster. The keys are unchanged.
      type: dict
      returned: if the cluster has labels
      sample:
        team: payments
    status:
      description: Status of the cluster, for example V(RUNNING), V(STOPPED) or V(UPDATING).
      type: str
      returned: if the API returns it
      sample: RUNNING
    health:
      description: Health of the cluster, for example V(ALIVE), V(DEGRADED) or V(DEAD).
      type: str
      returned: if the API returns it
      sample: ALIVE
error:
  description: Error of the API, in the form of RV(yandex_cloud.managed_kafka.kafka_connector#module:error).
  returned: failure, if the API answered
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._api.errors import attempting
from ..module_utils._connector.names import check_folder, matching
from ..module_utils._connector.parse import as_text
from ..module_utils._run.cluster import clusters
from ..module_utils._run.execute import Context, Task
from ..module_utils._run.module import run_module
from ..module_utils._run.options import FOLDER_OPTION


def parse(params: Mapping[str, Any]) -> dict[str, str]:
    """Check the options before anything is sent, and return the labels."""
    check_folder(params)
    return {str(key): as_text(value, f"labels.{key}") for key, value in (params["labels"] or {}).items()}


def run(context: Context, params: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    """Return the matching clusters."""
    with attempting(f"list clusters of folder {params['folder_id']}"):
        found = clusters(context.client, params["folder_id"])
    if params["names"] is not None:
        found = matching(params["names"], found)
    found = [cluster for cluster in found if labels.items() <= (cluster.get("labels") or {}).items()]
    return {"changed": False, "clusters": found}


TASK = Task(
    options={**FOLDER_OPTION, "names": {"type": "list", "elements": "str"}, "labels": {"type": "dict"}},
    parse=parse,
    run=run,
)


def main() -> None:
    """Run the module."""
    run_module(TASK)


if __name__ == "__main__":
    main()

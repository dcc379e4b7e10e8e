#!/usr/bin/python

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: kafka_cluster_info
short_description: Show clusters of Managed Service for Apache Kafka
version_added: 0.1.0
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
description:
  - Returns the clusters of a folder, all of them or those that match.
extends_documentation_fragment:
  - yandex_cloud.managed_kafka.attributes
  - yandex_cloud.managed_kafka.attributes.info
  - yandex_cloud.managed_kafka.connection
options:
  folder_id:
    description:
      - ID of the folder that has the clusters.
      - The environment variable E(YC_FOLDER_ID) is used when the option is not set. One of the two is needed.
    type: str
  names:
    description:
      - Names of clusters; shell patterns such as V(prod-*) stand for all that match.
    type: list
    elements: str
  labels:
    description:
      - Only clusters that have all these labels with these values.
    type: dict
seealso:
  - module: yandex_cloud.managed_kafka.kafka_connector_info
"""

EXAMPLES = r"""
- name: Find the production clusters of a folder
  yandex_cloud.managed_kafka.kafka_cluster_info:
    folder_id: "{{ folder_id }}"
    names: prod-*
    labels:
      team: payments
  register: found

- name: Look at the connectors of each
  yandex_cloud.managed_kafka.kafka_connector_info:
    cluster_id: "{{ item.id }}"
  loop: "{{ found.clusters }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
clusters:
  description:
    - The clusters, sorted by name, with all fields that the API returns. Keys are those of the API in snake_case.
    - None that matches is an empty list, not an error.
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
      description: ID of the folder that has it.
      type: str
      returned: always
      sample: b1gfolder
    labels:
      description: Its labels, keys as they are.
      type: dict
      returned: when it has labels
      sample:
        team: payments
    status:
      description: Such as V(RUNNING), V(STOPPED), V(UPDATING).
      type: str
      returned: when the API says it
      sample: RUNNING
    health:
      description: Such as V(ALIVE), V(DEGRADED), V(DEAD).
      type: str
      returned: when the API says it
      sample: ALIVE
error:
  description:
    - What the API said, as in RV(yandex_cloud.managed_kafka.kafka_connector#module:error).
  returned: failure
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

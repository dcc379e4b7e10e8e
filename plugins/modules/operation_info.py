#!/usr/bin/python

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: operation_info
short_description: Show an operation, or wait for its end
version_added: 0.1.0
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
description:
  - Returns an operation, such as one that a task with O(yandex_cloud.managed_kafka.kafka_connector#module:wait=false)
    or a task that timed out has left to the server.
extends_documentation_fragment:
  - yandex_cloud.managed_kafka.attributes
  - yandex_cloud.managed_kafka.attributes.info
  - yandex_cloud.managed_kafka.connection
options:
  operation_id:
    description:
      - ID of the operation.
    type: str
    required: true
  wait:
    description:
      - Wait until the operation has ended, and fail when it ended in an error.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds that the whole task may take. When they are over it fails.
    type: int
    default: 1200
seealso:
  - module: yandex_cloud.managed_kafka.kafka_connector
"""

EXAMPLES = r"""
- name: Begin to pause a connector
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: mirror-orders
    state: paused
    wait: false
  register: begun

- name: Wait until it is done
  yandex_cloud.managed_kafka.operation_info:
    operation_id: "{{ begun.operation.id }}"
    wait: true
  when: begun.operation is defined
"""

RETURN = r"""
operation:
  description:
    - The operation. Keys are those of the API in snake_case.
    - After a failure, the operation as it was last read.
  returned: when it could be read
  type: dict
  contains:
    id:
      description: ID of the operation.
      type: str
      returned: always
      sample: mqq6dgk6ppoqet621re6
    description:
      description: What it does.
      type: str
      returned: always
      sample: Pause Apache Kafka connector
    created_at:
      description: When it began.
      type: str
      returned: always
      sample: "2026-11-22T15:10:48.365595Z"
    created_by:
      description: ID of the user or service account that began it.
      type: str
      returned: always
      sample: ajek2f2kfrmkjcpm914o
    modified_at:
      description: When it was last modified.
      type: str
      returned: always
      sample: "2026-11-22T15:10:48.565595Z"
    done:
      description: Whether it has ended.
      type: bool
      returned: always
      sample: true
    metadata:
      description: What it works on.
      type: dict
      returned: always
      sample:
        "@type": type.googleapis.com/yandex.cloud.mdb.kafka.v1.PauseConnectorMetadata
        cluster_id: c9q0ktrria41dv9e5v51
        connector_name: mirror-orders
    error:
      description: Its error, with C(code), C(message) and C(details).
      type: dict
      returned: when it has failed
    response:
      description: Its result, which for a connector is the connector itself.
      type: dict
      returned: when it has ended without an error
error:
  description:
    - What the API said, as in RV(yandex_cloud.managed_kafka.kafka_connector#module:error).
  returned: failure
  type: dict
"""

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector import operation_from_api
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import Error, InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import masked
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._module import WAIT_TIMEOUT_OPTION, run
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._operation import read, wait

OPTIONS: dict[str, dict[str, Any]] = {
    "operation_id": {"type": "str", "required": True},
    "wait": {"type": "bool", "default": False},
    **WAIT_TIMEOUT_OPTION,
}


def check(params: Mapping[str, Any]) -> None:
    """Refuse what cannot be, before anything is sent."""
    if not re.fullmatch(r"[-_a-zA-Z0-9]{1,50}", params["operation_id"]):
        raise InputError(f"{params['operation_id'][:60]!r} is not the ID of an operation")


def manage(params: Mapping[str, Any], client: Client, check_mode: bool) -> dict[str, Any]:  # noqa: ARG001
    """Return the operation, ended if the task waits for that."""
    known: list[Mapping[str, Any]] = []
    try:
        if params["wait"]:
            wait(client, {"id": params["operation_id"]}, known.append)
        else:
            known.append(read(client, params["operation_id"]).body)
    except Error as error:
        if known:
            error.facts["operation"] = masked(operation_from_api(known[-1]))
        raise error.during(f"{'wait for' if params['wait'] else 'read'} operation {params['operation_id']}") from None
    return {"changed": False, "operation": masked(operation_from_api(known[-1]))}


def main() -> None:
    """Run the module."""
    run(manage, OPTIONS, check=check)


if __name__ == "__main__":
    main()

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

from collections.abc import Mapping
from typing import Any

from ..module_utils._api.errors import Error, attempting
from ..module_utils._api.operation import read, wait
from ..module_utils._connector.names import check_id
from ..module_utils._connector.parse import check_minimum
from ..module_utils._run.execute import Context, Task
from ..module_utils._run.explain import with_facts
from ..module_utils._run.module import run_module
from ..module_utils._run.options import WAIT_TIMEOUT_OPTION
from ..module_utils._run.result import operation_result


def parse(params: Mapping[str, Any]) -> None:
    """Check the options before anything is sent."""
    check_id(params["operation_id"], "operation ID")
    check_minimum("wait_timeout", params["wait_timeout"], 1)


def run(context: Context, params: Mapping[str, Any], _wanted: None) -> dict[str, Any]:
    """Return the operation, finished if the task waits for it."""
    client, operation_id = context.client, params["operation_id"]
    known: dict[str, Any] = {}
    with attempting(f"{'wait for' if params['wait'] else 'read'} operation {operation_id}"):
        try:
            if params["wait"]:
                wait(client, {"id": operation_id}, client.deadline.now(), known.update, interval=0.0)
            else:
                known.update(read(client, operation_id))
        except Error as error:
            raise with_facts(error, operation_result(known)) from None
    return operation_result(known)


TASK = Task(
    options={
        "operation_id": {"type": "str", "required": True},
        "wait": {"type": "bool", "default": False},
        **WAIT_TIMEOUT_OPTION,
    },
    parse=parse,
    run=run,
)


def main() -> None:
    """Run the module."""
    run_module(TASK)


if __name__ == "__main__":
    main()

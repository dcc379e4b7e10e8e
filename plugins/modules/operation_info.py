#!/usr/bin/python

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: operation_info
short_description: Show an operation or wait for it to finish
version_added: 0.1.0
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
description:
  - Returns an operation. The module can also wait until the operation finishes.
  - Use this module after a task with O(yandex_cloud.managed_kafka.kafka_connector#module:wait=false), or after a task
    that timed out.
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
      - Wait until the operation finishes. The task fails if the operation failed.
      - With V(false), the task also succeeds if the operation failed. RV(operation) then contains the error.
    type: bool
    default: false
  wait_timeout:
    description:
      - Maximum duration of the task in seconds.
      - On timeout the task fails, but the operation continues on the service.
    type: int
    default: 1200
notes:
  - While the module waits, it polls the operation every 0.5 seconds at first. Later, the interval is a tenth of the
    time waited, at most 5 seconds.
seealso:
  - module: yandex_cloud.managed_kafka.kafka_connector
"""

EXAMPLES = r"""
- name: Pause a connector without waiting for the operation
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: mirror-orders
    state: paused
    wait: false
  register: pause

- name: Wait until the operation finishes
  yandex_cloud.managed_kafka.operation_info:
    operation_id: "{{ pause.operation.id }}"
    wait: true
  when: pause.operation is defined
"""

RETURN = r"""
msg:
  description:
    - The state of the operation in one line.
    - In a failure, the cause, and what to do.
  returned: always
  type: str
  sample: Operation mqq6dgk6ppoqet621re6 (Pause Apache Kafka connector) finished in 5.0 s
operation:
  description:
    - The operation, in the form of RV(yandex_cloud.managed_kafka.kafka_connector#module:operation).
    - In a failure, the operation as it was last read.
  returned: success, in a failure only if the operation could be read
  type: dict
error:
  description:
    - Error of the API or of the operation, in the form of
      RV(yandex_cloud.managed_kafka.kafka_connector#module:error).
  returned: failure, if the API answered or the operation failed
  type: dict
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._api.errors import Error, attempting
from ..module_utils._api.operation import read, wait
from ..module_utils._api.secrets import mask
from ..module_utils._connector.model import operation_from_api
from ..module_utils._connector.names import check_id
from ..module_utils._connector.parse import check_minimum
from ..module_utils._run.execute import Context, Task
from ..module_utils._run.module import run_module
from ..module_utils._run.options import WAIT_TIMEOUT_OPTION
from ..module_utils._run.times import took


def parse(params: Mapping[str, Any]) -> None:
    """Check the options before anything is sent."""
    check_id(params["operation_id"], "operation ID")
    check_minimum("wait_timeout", params["wait_timeout"], 1)


def result(operation: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of the task.

    :param operation: as the API returned it; empty: it is not known
    """
    if not operation:
        return {"changed": False}
    what = f" ({operation['description']})" if operation.get("description") else ""
    ended = f"finished{took(operation)}" if operation.get("done") else "is running"
    if operation.get("error") is not None:
        ended = "failed"
    msg = f"Operation {operation['id']}{what} {ended}"
    return {"changed": False, "msg": msg, "operation": mask(operation_from_api(operation))}


def run(context: Context, params: Mapping[str, Any], _wanted: None) -> dict[str, Any]:
    """Return the operation, finished if the task waits for it."""
    client, operation_id = context.client, params["operation_id"]
    known: dict[str, Any] = {}
    with attempting(f"{'wait for' if params['wait'] else 'read'} operation {operation_id}"):
        try:
            if params["wait"]:
                wait(client, {"id": operation_id}, client.deadline.now(), known.update, interval=0.0)
            else:
                known.update(read(client, operation_id).body)
        except Error as error:
            raise error.with_facts(result(known)) from None
    return result(known)


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

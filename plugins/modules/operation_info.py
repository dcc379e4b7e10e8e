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

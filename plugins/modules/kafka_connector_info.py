#!/usr/bin/python

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: kafka_connector_info
short_description: Show connectors of a Managed Service for Apache Kafka cluster
version_added: 0.1.0
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
description:
  - Returns the connectors of a cluster, all of them or those that match, in the form that
    M(yandex_cloud.managed_kafka.kafka_connector) takes.
  - One name costs one request; anything else costs the pages of one list, of 1000 connectors each.
extends_documentation_fragment:
  - yandex_cloud.managed_kafka.attributes
  - yandex_cloud.managed_kafka.attributes.info
  - yandex_cloud.managed_kafka.cluster
  - yandex_cloud.managed_kafka.connection
options:
  name:
    description:
      - Name of one connector. Excludes O(names).
    type: str
  names:
    description:
      - Names of connectors; shell patterns such as V(mirror-*) stand for all that match.
      - A name that there is not is no error.
    type: list
    elements: str
  status:
    description:
      - Only connectors with one of these statuses, such as V(RUNNING), V(PAUSED), V(ERROR) and V(STATUS_UNKNOWN).
    type: list
    elements: str
seealso:
  - module: yandex_cloud.managed_kafka.kafka_connector
"""

EXAMPLES = r"""
- name: Look at all connectors of a cluster
  yandex_cloud.managed_kafka.kafka_connector_info:
    cluster_id: "{{ cluster_id }}"
  register: found

- name: Show their statuses
  ansible.builtin.debug:
    msg: "{{ dict(found.connectors | map(attribute='name') | zip(found.connectors | map(attribute='status'))) }}"

- name: Find the mirrors that have failed
  yandex_cloud.managed_kafka.kafka_connector_info:
    cluster_id: "{{ cluster_id }}"
    names: mirror-*
    status: ERROR

- name: Give what was returned back to a task, which changes nothing
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

- name: Look at one connector
  yandex_cloud.managed_kafka.kafka_connector_info:
    cluster_id: "{{ cluster_id }}"
    name: mirror-orders
"""

RETURN = r"""
connectors:
  description:
    - The connectors, sorted by name. Keys are those of the API in snake_case.
      Fields that the API adds later are returned too.
    - None that matches is an empty list, not an error.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the connector.
      type: str
      returned: always
      sample: mirror-orders
    cluster_id:
      description: ID of the cluster that it belongs to.
      type: str
      returned: always
      sample: c9q0ktrria41dv9e5v51
    status:
      description: V(RUNNING), V(PAUSED), V(ERROR), or V(STATUS_UNKNOWN) when the API does not say.
      type: str
      returned: always
      sample: PAUSED
    health:
      description: V(ALIVE), V(DEAD), or V(HEALTH_UNKNOWN) when the API does not say.
      type: str
      returned: always
      sample: ALIVE
    tasks_max:
      description: How many tasks it may run at most.
      type: int
      returned: when the API says it
      sample: 3
    properties:
      description:
        - Properties of the connector, keys as they are.
        - Values whose keys name a secret (C(password), C(token), C(jaas) and the like) are shown as C(********).
      type: dict
      returned: always
      sample:
        refresh.topics.interval.seconds: "60"
    placement:
      description: Where it runs.
      type: dict
      returned: when the API says it
      contains:
        dedicated:
          description: Whether it runs on hosts of its own.
          type: bool
          returned: when true
          sample: true
    connector_config_mirrormaker:
      description: Of a MirrorMaker connector.
      type: dict
      returned: for this type
      contains:
        source_cluster:
          description: Where it reads.
          type: dict
          returned: always
          contains: &cluster_connection
            alias:
              description: Name of the cluster in the connector.
              type: str
              returned: when the API says it
              sample: source
            this_cluster:
              description: Empty; the cluster that the connector belongs to.
              type: dict
              returned: when it is that one
              sample: {}
            external_cluster:
              description: Another cluster. Its C(sasl_password) and C(ssl_truststore_certificates) are never returned.
              type: dict
              returned: when it is another one
              contains:
                bootstrap_servers:
                  description: Addresses of brokers, separated by commas.
                  type: str
                  returned: when the API says it
                  sample: kafka-1.example.com:9091,kafka-2.example.com:9091
                sasl_username:
                  description: User name.
                  type: str
                  returned: when the API says it
                  sample: mirror
                sasl_mechanism:
                  description: SASL mechanism.
                  type: str
                  returned: when the API says it
                  sample: SCRAM-SHA-512
                security_protocol:
                  description: Security protocol.
                  type: str
                  returned: when the API says it
                  sample: SASL_SSL
        target_cluster:
          description: Where it writes.
          type: dict
          returned: always
          contains: *cluster_connection
        topics:
          description: Topics, separated by commas.
          type: str
          returned: when the API says it
          sample: orders.*
        replication_factor:
          description: Replication factor of topics that it creates.
          type: int
          returned: when the API says it
          sample: 3
    connector_config_s3_sink:
      description: Of an S3 sink connector.
      type: dict
      returned: for this type
      contains:
        topics:
          description: Topics, separated by commas.
          type: str
          returned: when the API says it
          sample: orders,payments
        file_compression_type:
          description: How files are compressed.
          type: str
          returned: when the API says it
          sample: gzip
        file_max_records:
          description: How many records a file holds at most.
          type: int
          returned: when the API says it
          sample: 10000
        s3_connection:
          description: Where it writes.
          type: dict
          returned: always
          contains:
            bucket_name:
              description: Name of the bucket.
              type: str
              returned: when the API says it
              sample: archive
            external_s3:
              description: The storage. Its C(secret_access_key) is never returned.
              type: dict
              returned: when the API says it
              contains: &external_s3
                access_key_id:
                  description: ID of the access key.
                  type: str
                  returned: when the API says it
                  sample: archive-key-id
                endpoint:
                  description: Address of the storage.
                  type: str
                  returned: when the API says it
                  sample: storage.yandexcloud.net
                region:
                  description: Region of the storage.
                  type: str
                  returned: when the API says it
                  sample: ru-central1
    connector_config_iceberg_sink:
      description: Of an Iceberg sink connector.
      type: dict
      returned: for this type
      contains:
        topics:
          description: Topics, separated by commas.
          type: str
          returned: when topics are named
          sample: events
        topics_regex:
          description: Regular expression of topics.
          type: str
          returned: when topics are not named
          sample: events-.*
        control_topic:
          description: Topic by which the connector's tasks agree on commits.
          type: str
          returned: always
          sample: iceberg-control
        metastore_connection:
          description: Where the catalog is.
          type: dict
          returned: always
          contains:
            catalog_uri:
              description: Address of the catalog.
              type: str
              returned: when the API says it
              sample: thrift://metastore.example.com:9083
            warehouse:
              description: Place of the tables.
              type: str
              returned: when the API says it
              sample: s3a://lake/
        s3_connection:
          description: Where it writes.
          type: dict
          returned: always
          contains:
            external_s3:
              description: The storage. Its C(secret_access_key) is never returned.
              type: dict
              returned: when the API says it
              contains: *external_s3
        static_tables:
          description: Tables that are named.
          type: dict
          returned: when there are such
          contains:
            tables:
              description: Names of tables, separated by commas.
              type: str
              returned: when the API says it
              sample: lake.events
        dynamic_tables:
          description: Tables that records name.
          type: dict
          returned: when there are such
          contains:
            route_field:
              description: Field of a record that names its table.
              type: str
              returned: when the API says it
              sample: table
        tables_config:
          description: How tables are written.
          type: dict
          returned: when the API says it
          contains:
            default_commit_branch:
              description: Branch that commits go to.
              type: str
              returned: when the API says it
              sample: main
            default_id_columns:
              description: Columns that identify a row, separated by commas.
              type: str
              returned: when the API says it
              sample: id
            default_partition_by:
              description: Columns that tables are partitioned by, separated by commas.
              type: str
              returned: when the API says it
              sample: day
            evolve_schema_enabled:
              description: Whether a table's schema follows the records.
              type: bool
              returned: when true
              sample: true
            schema_force_optional:
              description: Whether all columns are optional.
              type: bool
              returned: when true
              sample: true
            schema_case_insensitive:
              description: Whether names of columns are compared regardless of case.
              type: bool
              returned: when true
              sample: true
        control_config:
          description: How commits are made.
          type: dict
          returned: when the API says it
          contains:
            group_id_prefix:
              description: Prefix of the consumer group of the control topic.
              type: str
              returned: when the API says it
              sample: cg-control
            commit_interval_ms:
              description: Milliseconds between commits.
              type: int
              returned: when the API says it
              sample: 300000
            commit_timeout_ms:
              description: Milliseconds that a commit may take.
              type: int
              returned: when the API says it
              sample: 30000
            commit_threads:
              description: Threads for commits.
              type: int
              returned: when the API says it
              sample: 4
            transactional_prefix:
              description: Prefix of the transactional IDs of the producers of the control topic.
              type: str
              returned: when the API says it
              sample: lake-
error:
  description:
    - What the API said, as in RV(yandex_cloud.managed_kafka.kafka_connector#module:error).
  returned: failure
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

#!/usr/bin/python

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: kafka_connector
short_description: Pause, resume, create, update and delete a connector of Managed Service for Apache Kafka
version_added: 0.1.0
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
description:
  - Brings a connector (MirrorMaker, S3 sink, Iceberg sink) of a Yandex Managed Service for Apache Kafka cluster to the
    state that the task names, waits until it is in that state, and returns it.
  - The connector is read first. When it is in the wanted state already, nothing is sent. Otherwise the change is asked
    for, its operation is followed until it ends, and the connector must then have the wanted status, or the task fails.
  - B(A pause breaks the connection to the target and deletes the data in the connector's service topics.) That is why
    the module looks first, and does not pause what is paused.
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
      - With O(state=restarted) every run restarts the connector, and with O(update_secrets=true) every run sends them.
options:
  name:
    description:
      - Name of the connector. Exactly one of O(name) and O(names) is needed.
    type: str
  names:
    description:
      - Names of many connectors, for the states V(paused), V(running), V(restarted) and V(absent).
        Shell patterns such as V(mirror-*) stand for all that match.
      - A name that there is not is an error before anything is changed, except that V(absent) has nothing to do there.
        A pattern that matches nothing is a warning.
      - All are read by one list of the cluster's connectors. Changes are sent side by side, up to 16 at once, until
        the service answers that they exclude each other, and from then on one at a time. A connector that has waited
        for its turn is read again before it is changed.
      - What fails in one does not keep the others.
    type: list
    elements: str
  state:
    description:
      - V(present) creates the connector, or updates what differs from the task. Only what the task names is managed,
        everything else stays as it is, whether the connector runs or is paused included.
      - V(paused) pauses the connector unless its status is PAUSED.
      - V(running) resumes the connector unless its status is RUNNING.
      - With V(paused) and V(running) the task may name a specification, which is then seen to first as with V(present).
      - V(restarted) pauses the connector unless it is paused, and then resumes it.
      - V(absent) deletes the connector.
    type: str
    choices:
      - present
      - absent
      - paused
      - running
      - restarted
    default: present
  tasks_max:
    description:
      - How many tasks the connector may run at most. The API's default is the number of brokers.
    type: int
  properties:
    description:
      - Properties of the connector. The keys named are managed; others stay as they are.
      - Values are strings; a boolean becomes V(true) or V(false), a number its digits.
      - A value C(********), as results show secrets, means to leave the connector's value as it is.
    type: dict
  purge_properties:
    description:
      - Remove the properties that O(properties) does not name.
    type: bool
    default: false
  placement:
    description:
      - Where the connector runs. Cannot be changed after the creation.
    type: dict
    suboptions:
      dedicated:
        description:
          - Whether it runs on hosts of its own.
        type: bool
  connector_config_mirrormaker:
    description:
      - Makes it a MirrorMaker connector, which copies topics from one cluster to another.
      - The type of a connector cannot be changed. At most one of the three types can be named.
    type: dict
    aliases:
      - mirrormaker
    suboptions:
      source_cluster:
        description:
          - Where it reads. Needed to create one.
        type: dict
        suboptions: &cluster_connection
          alias:
            description:
              - Name of the cluster in the connector, such as V(source) or V(target).
            type: str
          this_cluster:
            description:
              - The cluster that the connector belongs to; an empty dictionary. Excludes C(external_cluster).
            type: dict
            suboptions: {}
          external_cluster:
            description:
              - Another cluster. Excludes C(this_cluster).
            type: dict
            suboptions:
              bootstrap_servers:
                description:
                  - Addresses of brokers, as a list or separated by commas. Needed to create one.
                type: list
                elements: str
              sasl_username:
                description:
                  - User name.
                type: str
              sasl_password:
                description:
                  - Password. It is write-only, see O(update_secrets).
                type: str
              sasl_mechanism:
                description:
                  - SASL mechanism, such as V(SCRAM-SHA-512).
                type: str
              security_protocol:
                description:
                  - Security protocol, such as V(SASL_SSL).
                type: str
              ssl_truststore_certificates:
                description:
                  - CA certificates to trust, in PEM form. They are write-only, see O(update_secrets).
                type: str
      target_cluster:
        description:
          - Where it writes. Needed to create one.
        type: dict
        suboptions: *cluster_connection
      topics:
        description:
          - Topics or patterns of their names, as a list or separated by commas. Needed to create one.
            Spaces around them do not count, their order does.
        type: list
        elements: str
      replication_factor:
        description:
          - Replication factor of topics that it creates.
        type: int
  connector_config_s3_sink:
    description:
      - Makes it an S3 sink connector, which writes records to files in a bucket.
    type: dict
    aliases:
      - s3_sink
    suboptions:
      topics:
        description:
          - Topics, as a list or separated by commas. Needed to create one.
        type: list
        elements: str
      file_compression_type:
        description:
          - V(gzip), V(snappy), V(zstd) or V(none), which is the API's default. Cannot be changed after the creation.
        type: str
      file_max_records:
        description:
          - How many records a file holds at most.
        type: int
      s3_connection:
        description:
          - Where it writes. Needed to create one.
        type: dict
        suboptions:
          bucket_name:
            description:
              - Name of the bucket. Needed to create one.
            type: str
          external_s3:
            description:
              - The storage.
            type: dict
            suboptions: &external_s3
              access_key_id:
                description:
                  - ID of the access key.
                type: str
              secret_access_key:
                description:
                  - The access key's secret. It is write-only, see O(update_secrets).
                type: str
              endpoint:
                description:
                  - Address of the storage.
                type: str
              region:
                description:
                  - Region of the storage. The API's default is V(us-east-1).
                type: str
  connector_config_iceberg_sink:
    description:
      - Makes it an Iceberg sink connector, which writes records to Apache Iceberg tables.
    type: dict
    aliases:
      - iceberg_sink
    suboptions:
      topics:
        description:
          - Topics, as a list or separated by commas. Excludes C(topics_regex); one of the two is needed to create one.
        type: list
        elements: str
      topics_regex:
        description:
          - Regular expression of the topics' names.
        type: str
      control_topic:
        description:
          - Topic by which the connector's tasks agree on commits. Needed to create one.
        type: str
      metastore_connection:
        description:
          - Where the catalog is. Needed to create one.
        type: dict
        suboptions:
          catalog_uri:
            description:
              - Address of the catalog. Needed to create one.
            type: str
          warehouse:
            description:
              - Place of the tables. Needed to create one.
            type: str
      s3_connection:
        description:
          - Where it writes. Needed to create one.
        type: dict
        suboptions:
          external_s3:
            description:
              - The storage.
            type: dict
            suboptions: *external_s3
      static_tables:
        description:
          - Tables that are named. Excludes C(dynamic_tables). Cannot be changed after the creation.
        type: dict
        suboptions:
          tables:
            description:
              - Names of tables, as a list or separated by commas.
            type: list
            elements: str
      dynamic_tables:
        description:
          - Tables that records name. Excludes C(static_tables). Cannot be changed after the creation.
        type: dict
        suboptions:
          route_field:
            description:
              - Field of a record that names its table.
            type: str
      tables_config:
        description:
          - How tables are written.
        type: dict
        suboptions:
          default_commit_branch:
            description:
              - Branch that commits go to.
            type: str
          default_id_columns:
            description:
              - Columns that identify a row, as a list or separated by commas.
            type: list
            elements: str
          default_partition_by:
            description:
              - Columns that tables are partitioned by, as a list or separated by commas.
            type: list
            elements: str
          evolve_schema_enabled:
            description:
              - Whether a table's schema follows the records.
            type: bool
          schema_force_optional:
            description:
              - Whether all columns are optional.
            type: bool
          schema_case_insensitive:
            description:
              - Whether names of columns are compared regardless of case.
            type: bool
      control_config:
        description:
          - How commits are made.
        type: dict
        suboptions:
          group_id_prefix:
            description:
              - Prefix of the consumer group of the control topic.
            type: str
          commit_interval_ms:
            description:
              - Milliseconds between commits.
            type: int
          commit_timeout_ms:
            description:
              - Milliseconds that a commit may take.
            type: int
          commit_threads:
            description:
              - Threads for commits.
            type: int
          transactional_prefix:
            description:
              - Prefix of the transactional IDs of the producers of the control topic.
            type: str
  update_secrets:
    description:
      - Send the write-only fields that the task names to a connector that exists, too. Such a task always changes
        something, since the API never returns these fields and nobody can compare them.
      - Without it they are sent only when the connector, or the part that holds them, is created.
    type: bool
    default: false
  wait:
    description:
      - Wait until the operation has ended and the connector is in the wanted state.
      - With V(false) the task returns as soon as the last change that is needed has been accepted. The pause of a
        restart, the creation before a pause, and another change that is in the way, are waited for in any case.
      - RV(connector) is then what was read last, which is null after a creation.
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

- name: Pause all mirrors and one more connector
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    names:
      - mirror-*
      - archive-orders
    state: paused

- name: Create a MirrorMaker connector, or update what differs
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: mirror-payments
    tasks_max: 3
    properties:
      refresh.topics.enabled: true
      refresh.topics.interval.seconds: 60
    mirrormaker:
      topics:
        - payments
        - refunds
      replication_factor: 3
      source_cluster:
        alias: source
        external_cluster:
          bootstrap_servers:
            - kafka-1.example.com:9091
            - kafka-2.example.com:9091
          sasl_username: mirror
          sasl_password: "{{ sasl_password }}"
          sasl_mechanism: SCRAM-SHA-512
          security_protocol: SASL_SSL
      target_cluster:
        alias: target
        this_cluster: {}

- name: Create an S3 sink connector, and leave it paused
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: archive-payments
    state: paused
    s3_sink:
      topics: payments,refunds
      file_compression_type: gzip
      file_max_records: 10000
      s3_connection:
        bucket_name: archive
        external_s3:
          endpoint: storage.yandexcloud.net
          region: ru-central1
          access_key_id: "{{ access_key_id }}"
          secret_access_key: "{{ secret_access_key }}"

- name: Create an Iceberg sink connector
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: lake-payments
    iceberg_sink:
      topics_regex: payments-.*
      control_topic: iceberg-control
      metastore_connection:
        catalog_uri: thrift://metastore.example.com:9083
        warehouse: s3a://lake/
      s3_connection:
        external_s3:
          endpoint: https://storage.yandexcloud.net
          region: ru-central1
          access_key_id: "{{ access_key_id }}"
          secret_access_key: "{{ secret_access_key }}"
      dynamic_tables:
        route_field: table

- name: Send a new password, which cannot be compared with the old one
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: mirror-payments
    update_secrets: true
    mirrormaker:
      source_cluster:
        external_cluster:
          sasl_password: "{{ sasl_password }}"

- name: Delete a connector
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: archive-payments
    state: absent
"""

RETURN = r"""
connector:
  description:
    - The connector as it is after the task, or in check mode as it would be. Keys are those of the API in snake_case.
      Fields that the API adds later are returned too.
    - Null after O(state=absent).
    - After a failure, the connector as it was last read.
  returned: with O(name), when the connector could be read
  type: dict
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
operation:
  description:
    - The operation of the last change that was accepted. C(done) may be false with O(wait=false), and after a failure.
  returned: with O(name), when a change was accepted
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
connectors:
  description:
    - The connectors that O(names) stands for, each as RV(connector), sorted by name.
    - Deleted ones are not among them, unless the deletion was not waited for (O(wait=false)).
  returned: with O(names)
  type: list
  elements: dict
operations:
  description:
    - The last operation of each connector that a change of was accepted, as RV(operation).
  returned: with O(names), when a change was accepted
  type: list
  elements: dict
failed_connectors:
  description:
    - The connectors that could not be brought to the wanted state. The others were seen to all the same.
  returned: with O(names), failure
  type: list
  elements: dict
  contains:
    name:
      description: Name of the connector.
      type: str
      returned: always
    msg:
      description: What went wrong, as a line to act on.
      type: str
      returned: always
    error:
      description: What the API said, as RV(error).
      type: dict
      returned: always
ansible_facts:
  description: Facts to go on with.
  returned: success
  type: dict
  contains:
    kafka_connector:
      description: The same as RV(connector).
      returned: with O(name)
      type: dict
    kafka_connectors:
      description: The same as RV(connectors), by name.
      returned: with O(names)
      type: dict
diff:
  description:
    - The managed fields that differ, before and after; for a pause that is C(status). With O(names), by connector.
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

from ..module_utils._connector.fields import options
from ..module_utils._connector.parse import parse_wanted
from ..module_utils._connector.plan import GOALS
from ..module_utils._run.execute import Task
from ..module_utils._run.manage import manage
from ..module_utils._run.module import run_module
from ..module_utils._run.options import CLUSTER_OPTIONS, ONE_CLUSTER, ONE_OR_SEVERAL, WAIT_TIMEOUT_OPTION

TASK = Task(
    options={
        **CLUSTER_OPTIONS,
        "name": {"type": "str"},
        "names": {"type": "list", "elements": "str"},
        "state": {"type": "str", "choices": list(GOALS), "default": "present"},
        **options(),
        "purge_properties": {"type": "bool", "default": False},
        "update_secrets": {"type": "bool", "default": False, "no_log": False},
        "wait": {"type": "bool", "default": True},
        **WAIT_TIMEOUT_OPTION,
        "wait_for_health": {"type": "bool", "default": False},
        "max_changes": {"type": "int"},
    },
    parse=parse_wanted,
    run=manage,
    constraints={
        "mutually_exclusive": [ONE_CLUSTER, ONE_OR_SEVERAL],
        "required_one_of": [ONE_CLUSTER, ONE_OR_SEVERAL],
    },
)


def main() -> None:
    """Run the module."""
    run_module(TASK)


if __name__ == "__main__":
    main()

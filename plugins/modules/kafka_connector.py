#!/usr/bin/python

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: kafka_connector
short_description: Manage connectors of Yandex Managed Service for Apache Kafka
version_added: 0.1.0
author:
  - yandex_cloud.managed_kafka contributors (@yandex-cloud-managed-kafka)
description:
  - Pauses, resumes, restarts, creates, updates or deletes connectors of a cluster. A connector is a MirrorMaker, an S3
    sink or an Iceberg sink.
  - B(A pause breaks the connection to the target and deletes the data in the connector's service topics.)
    A resume does not restore this data.
  - The module reads the connector first. If the connector already has the desired state, the module sends no change.
  - Otherwise, the module requests the change and waits for the operation. The task succeeds only if the connector then
    has the desired status.
  - If another operation on the cluster blocks the change, the module waits for that operation. Then it reads the
    connector again, and sends the change only if it is still required.
  - The settings of a connector are O(tasks_max), O(properties), O(placement), O(connector_config_mirrormaker),
    O(connector_config_s3_sink) and O(connector_config_iceberg_sink). You can use the settings that
    M(yandex_cloud.managed_kafka.kafka_connector_info) returns.
extends_documentation_fragment:
  - yandex_cloud.managed_kafka.attributes
  - yandex_cloud.managed_kafka.cluster
  - yandex_cloud.managed_kafka.connection
attributes:
  check_mode:
    support: full
    details:
      - The module sends the same read requests, but no change. RV(connector) and RV(connectors) are the predicted ones.
      - O(wait_for_health) has no effect.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - Each run with O(state=restarted) restarts the connector.
      - Each run with O(update_secrets=true) sends the write-only fields of the task.
options:
  name:
    description:
      - Name of one connector.
      - Exactly one of O(name) and O(names) is required.
    type: str
  names:
    description:
      - Names or shell patterns of several connectors, for example V(mirror-*).
      - The states V(paused), V(running), V(restarted) and V(absent) support this option. The task cannot also contain
        settings.
      - A name that does not exist fails the task before any change. With O(state=absent), the module ignores such a
        name. If no connector matches a pattern, the module returns a warning.
      - The module reads all connectors with one list request per 1000 connectors.
      - The module sends the next change without waiting for the operations in progress. The maximum is 16 operations.
        After a conflict, and with O(state=restarted), it changes one connector at a time.
      - A failure of one connector does not stop the others. RV(failed_connectors) contains the failures.
    type: list
    elements: str
  state:
    description:
      - Desired state of the connector.
      - With V(paused) and V(running), the task can also contain settings. The module then first creates or updates the
        connector, as with V(present).
      - If the connector does not exist, the task fails unless it contains the settings to create the connector. With
        V(absent), a missing connector is not an error.
    type: str
    choices:
      present:
        - Create the connector, or update the settings that differ.
        - The module manages only the settings that the task contains. Other settings stay unchanged.
        - A paused connector stays paused, and a running connector stays running.
        - If the task changes an immutable setting, the task fails before any change.
      absent:
        - Delete the connector.
      paused:
        - Pause the connector, unless its status is C(PAUSED).
      running:
        - Resume the connector, unless its status is C(RUNNING).
      restarted:
        - Pause the connector, unless its status is C(PAUSED). Then resume the connector.
        - The task cannot also contain settings.
    default: present
  tasks_max:
    description:
      - Maximum number of tasks. The service defaults to the number of brokers.
    type: int
  properties:
    description:
      - Connector properties to set. Other properties stay unchanged unless O(purge_properties=true).
      - A value is a string, a boolean or a number. The module sends a boolean as V(true) or V(false), and a number as
        its digits.
      - Results show secrets as C(********). A property with this value stays unchanged.
    type: dict
  purge_properties:
    description:
      - Remove the properties that are not listed in O(properties).
    type: bool
    default: false
  placement:
    description:
      - Placement of the connector. Immutable.
    type: dict
    suboptions:
      dedicated:
        description:
          - Run the connector on dedicated hosts.
        type: bool
  connector_config_mirrormaker:
    description:
      - MirrorMaker settings. MirrorMaker copies topics between clusters.
      - The task can contain the settings of one connector type. The type of a connector is immutable.
    type: dict
    aliases:
      - mirrormaker
    suboptions:
      source_cluster:
        description:
          - Cluster to read from. Required to create a connector.
        type: dict
        suboptions: &cluster_connection
          alias:
            description:
              - Alias of the cluster in the connector, for example V(source) or V(target).
            type: str
          this_cluster:
            description:
              - The connector's own cluster. The value is an empty dictionary.
              - C(this_cluster) and C(external_cluster) are mutually exclusive. One of them is required to create a
                connector.
            type: dict
            suboptions: {}
          external_cluster:
            description:
              - A cluster at other addresses.
            type: dict
            suboptions:
              bootstrap_servers:
                description:
                  - Broker addresses, as a list or as text with commas. Required to create a connector.
                type: list
                elements: str
              sasl_username:
                description:
                  - SASL user name.
                type: str
              sasl_password:
                description:
                  - SASL password. Write-only, see O(update_secrets).
                type: str
              sasl_mechanism:
                description:
                  - SASL mechanism, for example V(SCRAM-SHA-512).
                type: str
              security_protocol:
                description:
                  - Security protocol, for example V(SASL_SSL).
                type: str
              ssl_truststore_certificates:
                description:
                  - Trusted CA certificates in PEM format. Write-only, see O(update_secrets).
                type: str
      target_cluster:
        description:
          - Cluster to write to. Required to create a connector.
        type: dict
        suboptions: *cluster_connection
      topics:
        description:
          - Topics or patterns to copy, as a list or as text with commas. Required to create a connector.
          - The order is significant. The module ignores spaces around the topics.
        type: list
        elements: str
      replication_factor:
        description:
          - Replication factor of the topics that MirrorMaker creates.
        type: int
  connector_config_s3_sink:
    description:
      - S3 sink settings. An S3 sink writes records to objects in a bucket.
    type: dict
    aliases:
      - s3_sink
    suboptions:
      topics:
        description:
          - Topics to read, as a list or as text with commas. Required to create a connector.
        type: list
        elements: str
      file_compression_type:
        description:
          - File compression, V(none), V(gzip), V(snappy) or V(zstd). The service defaults to V(none). Immutable.
        type: str
      file_max_records:
        description:
          - Maximum number of records in a file.
        type: int
      s3_connection:
        description:
          - Storage to write to. Required to create a connector.
        type: dict
        suboptions:
          bucket_name:
            description:
              - Name of the bucket. Required to create a connector.
            type: str
          external_s3:
            description:
              - S3-compatible storage.
            type: dict
            suboptions: &external_s3
              access_key_id:
                description:
                  - Access key ID.
                type: str
              secret_access_key:
                description:
                  - Secret access key. Write-only, see O(update_secrets).
                type: str
              endpoint:
                description:
                  - Host of the storage.
                type: str
              region:
                description:
                  - Region of the storage. The service defaults to V(us-east-1).
                type: str
  connector_config_iceberg_sink:
    description:
      - Iceberg sink settings. An Iceberg sink writes records to Apache Iceberg tables.
    type: dict
    aliases:
      - iceberg_sink
    suboptions:
      topics:
        description:
          - Topics to read, as a list or as text with commas.
          - C(topics) and C(topics_regex) are mutually exclusive. One of them is required to create a connector.
        type: list
        elements: str
      topics_regex:
        description:
          - Regular expression that selects the topics to read.
        type: str
      control_topic:
        description:
          - Topic that coordinates commits. Required to create a connector.
        type: str
      metastore_connection:
        description:
          - Iceberg catalog. Required to create a connector.
        type: dict
        suboptions:
          catalog_uri:
            description:
              - Address of the catalog. Required to create a connector.
            type: str
          warehouse:
            description:
              - Location of the tables. Required to create a connector.
            type: str
      s3_connection:
        description:
          - Storage to write to. Required to create a connector.
        type: dict
        suboptions:
          external_s3:
            description:
              - S3-compatible storage.
            type: dict
            suboptions: *external_s3
      static_tables:
        description:
          - Fixed list of target tables. Immutable.
          - C(static_tables) and C(dynamic_tables) are mutually exclusive.
        type: dict
        suboptions:
          tables:
            description:
              - Names of the tables, as a list or as text with commas.
            type: list
            elements: str
      dynamic_tables:
        description:
          - Target tables that the records name. Immutable.
        type: dict
        suboptions:
          route_field:
            description:
              - Record field that contains the table name.
            type: str
      tables_config:
        description:
          - Table settings.
        type: dict
        suboptions:
          default_commit_branch:
            description:
              - Branch to commit to.
            type: str
          default_id_columns:
            description:
              - Identifier columns of a row, as a list or as text with commas.
            type: list
            elements: str
          default_partition_by:
            description:
              - Partition columns, as a list or as text with commas.
            type: list
            elements: str
          evolve_schema_enabled:
            description:
              - Update the table schema from the records.
            type: bool
          schema_force_optional:
            description:
              - Make all columns optional.
            type: bool
          schema_case_insensitive:
            description:
              - Ignore case in column names.
            type: bool
      control_config:
        description:
          - Commit settings.
        type: dict
        suboptions:
          group_id_prefix:
            description:
              - Prefix of the control consumer group.
            type: str
          commit_interval_ms:
            description:
              - Time between commits in milliseconds.
            type: int
          commit_timeout_ms:
            description:
              - Maximum duration of a commit in milliseconds.
            type: int
          commit_threads:
            description:
              - Number of commit threads.
            type: int
          transactional_prefix:
            description:
              - Prefix of the transactional IDs.
            type: str
  update_secrets:
    description:
      - Send write-only fields to an existing connector. The task then always reports a change, because the API never
        returns these fields.
      - With V(false), the module sends write-only fields only when it creates the connector or the part that contains
        them.
    type: bool
    default: false
  wait:
    description:
      - Wait until the operation finishes and the connector has the desired state.
      - With V(false), the task ends when the service accepts the last required change. RV(operation.done) can then be
        V(false).
      - With V(false), the module still waits for blocking operations and for changes that the last change depends on.
        Examples are the pause of a restart, and the creation of a connector before its pause.
    type: bool
    default: true
  wait_timeout:
    description:
      - Maximum duration of the task in seconds. It includes retries, blocking operations, the operation and the
        verification.
      - On timeout the task fails, but the operation continues on the service. The message contains the command that
        waits for the operation.
      - If another operation blocks the change until the timeout, the module sends no change. The message then
        contains the ID, description, author and age of the blocking operation.
    type: int
    default: 1200
  wait_for_health:
    description:
      - Wait also until RV(connector.health) is V(ALIVE), at most until O(wait_timeout) expires.
      - The module also waits for a connector whose status is already C(RUNNING). It sends no change to this connector.
      - On timeout the task fails and reports the health.
      - Requires O(wait=true), and O(state=running) or O(state=restarted).
    type: bool
    default: false
  max_changes:
    description:
      - Maximum number of connectors to change. If more connectors require a change, the task fails and sends no change.
      - The message contains the number of connectors that require a change, and the first ten names.
      - Use this option to guard against a pattern that matches too many connectors.
      - Requires O(names).
    type: int
notes:
  - Changes require the role C(managed-kafka.editor) on the cluster or its folder. Check mode requires the role
    C(managed-kafka.viewer).
  - While the module waits, it polls the operation every 0.5 seconds at first. Later, the interval is a tenth of the
    time waited, at most 5 seconds.
  - The module retries temporary errors and lost responses. All retries of a change have the same idempotency key, so
    the service runs the change only once.
  - In a failure, C(changed=true) means that the service accepted a change. If the response to a change was lost, the
    message says that the service may have accepted the change.
  - After a failure, run the same task again to complete the work. The module reads the connector first, and sends only
    the changes that are still required.
  - Do not run a failed task with O(state=restarted) again if the connector is already paused. Use O(state=running) to
    resume the connector without another pause.
seealso:
  - module: yandex_cloud.managed_kafka.kafka_connector_info
  - module: yandex_cloud.managed_kafka.operation_info
  - name: Pausing a connector
    description: Reference of the API request that pauses a connector.
    link: https://yandex.cloud/en/docs/managed-kafka/api-ref/Connector/pause
"""

EXAMPLES = r"""
- name: Pause a connector
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: mirror-orders
    state: paused
  register: pause

- name: Show the result
  ansible.builtin.debug:
    msg: "{{ pause.msg }}"

- name: Resume a connector within five minutes
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: mirror-orders
    state: running
    wait_timeout: 300

- name: Pause all mirrors and one more connector, but no more than ten connectors
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    names:
      - mirror-*
      - archive-orders
    state: paused
    max_changes: 10
  register: pause

- name: Resume only the connectors that the previous task paused
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    names: "{{ pause.affected }}"
    state: running

- name: Restart a connector and wait until it is healthy
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: mirror-orders
    state: restarted
    wait_for_health: true

- name: Pause a connector without waiting for the operation
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: mirror-orders
    state: paused
    wait: false

- name: Resume a connector, with the name of the cluster and a service account key
  yandex_cloud.managed_kafka.kafka_connector:
    service_account_key_file: "{{ key_file }}"
    folder_id: "{{ folder_id }}"
    cluster_name: "{{ cluster_name }}"
    name: mirror-orders
    state: running

- name: Create a MirrorMaker connector, or update the settings that differ
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

- name: Send a new password to an existing connector
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: mirror-payments
    update_secrets: true
    mirrormaker:
      source_cluster:
        external_cluster:
          sasl_password: "{{ sasl_password }}"

- name: Create an S3 sink connector and pause it
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

- name: Delete a connector
  yandex_cloud.managed_kafka.kafka_connector:
    cluster_id: "{{ cluster_id }}"
    name: archive-payments
    state: absent
"""

RETURN = r"""
msg:
  description:
    - The result in one line.
    - With O(names), the numbers of connectors by result, and their names.
    - In a failure, the attempted change, the cause, and what to do. If a command can help, the line ends with it.
  returned: always
  type: str
  sample: "mirror-orders: RUNNING -> PAUSED in 5.0 s (operation mqq6dgk6ppoqet621re6)"
connector:
  description:
    - The connector after the task. In check mode, this is the predicted connector.
    - Keys are those of the API in snake_case. Fields that the API adds later are also returned.
    - With O(wait=false), the connector as it was last read. Null for a new connector.
    - Null after O(state=absent), if the deletion has finished.
    - In a failure, only C(name), C(cluster_id), C(status) and C(health), as they were last read.
  returned: with O(name), in a failure only if the connector could be read
  type: dict
  contains:
    name:
      description: Name of the connector.
      type: str
      returned: always
      sample: mirror-orders
    cluster_id:
      description: ID of the cluster.
      type: str
      returned: always
      sample: c9q0ktrria41dv9e5v51
    status:
      description: V(RUNNING), V(PAUSED), V(ERROR), or V(STATUS_UNKNOWN) if the API returns no status.
      type: str
      returned: always
      sample: PAUSED
    health:
      description: V(ALIVE), V(DEAD), or V(HEALTH_UNKNOWN) if the API returns no health.
      type: str
      returned: always
      sample: ALIVE
    tasks_max:
      description: Maximum number of tasks.
      type: int
      returned: if set
      sample: 3
    properties:
      description:
        - Properties of the connector. The keys are unchanged.
        - If a key names a secret (C(password), C(token), C(jaas) and similar), the value is C(********).
      type: dict
      returned: success
      sample:
        refresh.topics.interval.seconds: "60"
    placement:
      description: Placement of the connector.
      type: dict
      returned: if set
      contains:
        dedicated:
          description: The connector runs on dedicated hosts.
          type: bool
          returned: if true
          sample: true
    connector_config_mirrormaker:
      description: MirrorMaker settings.
      type: dict
      returned: for MirrorMaker connectors
      contains:
        source_cluster:
          description: Cluster to read from.
          type: dict
          returned: always
          contains: &cluster_connection
            alias:
              description: Alias of the cluster in the connector.
              type: str
              returned: if set
              sample: source
            this_cluster:
              description: The connector's own cluster. The value is an empty dictionary.
              type: dict
              returned: if it is the connector's own cluster
              sample: {}
            external_cluster:
              description:
                - A cluster at other addresses.
                - The API never returns C(sasl_password) and C(ssl_truststore_certificates).
              type: dict
              returned: if it is another cluster
              contains:
                bootstrap_servers:
                  description: Broker addresses, separated by commas.
                  type: str
                  returned: if set
                  sample: kafka-1.example.com:9091,kafka-2.example.com:9091
                sasl_username:
                  description: SASL user name.
                  type: str
                  returned: if set
                  sample: mirror
                sasl_mechanism:
                  description: SASL mechanism.
                  type: str
                  returned: if set
                  sample: SCRAM-SHA-512
                security_protocol:
                  description: Security protocol.
                  type: str
                  returned: if set
                  sample: SASL_SSL
        target_cluster:
          description: Cluster to write to.
          type: dict
          returned: always
          contains: *cluster_connection
        topics:
          description: Topics or patterns to copy, separated by commas.
          type: str
          returned: if set
          sample: orders.*
        replication_factor:
          description: Replication factor of the topics that MirrorMaker creates.
          type: int
          returned: if set
          sample: 3
    connector_config_s3_sink:
      description: S3 sink settings.
      type: dict
      returned: for S3 sink connectors
      contains:
        topics:
          description: Topics to read, separated by commas.
          type: str
          returned: if set
          sample: orders,payments
        file_compression_type:
          description: File compression.
          type: str
          returned: if set
          sample: gzip
        file_max_records:
          description: Maximum number of records in a file.
          type: int
          returned: if set
          sample: 10000
        s3_connection:
          description: Storage to write to.
          type: dict
          returned: always
          contains:
            bucket_name:
              description: Name of the bucket.
              type: str
              returned: if set
              sample: archive
            external_s3:
              description:
                - S3-compatible storage.
                - The API never returns C(secret_access_key).
              type: dict
              returned: if set
              contains: &external_s3
                access_key_id:
                  description: Access key ID.
                  type: str
                  returned: if set
                  sample: archive-key-id
                endpoint:
                  description: Host of the storage.
                  type: str
                  returned: if set
                  sample: storage.yandexcloud.net
                region:
                  description: Region of the storage.
                  type: str
                  returned: if set
                  sample: ru-central1
    connector_config_iceberg_sink:
      description: Iceberg sink settings.
      type: dict
      returned: for Iceberg sink connectors
      contains:
        topics:
          description: Topics to read, separated by commas.
          type: str
          returned: if the connector has a list of topics
          sample: events
        topics_regex:
          description: Regular expression that selects the topics to read.
          type: str
          returned: if the connector has no list of topics
          sample: events-.*
        control_topic:
          description: Topic that coordinates commits.
          type: str
          returned: always
          sample: iceberg-control
        metastore_connection:
          description: Iceberg catalog.
          type: dict
          returned: always
          contains:
            catalog_uri:
              description: Address of the catalog.
              type: str
              returned: if set
              sample: thrift://metastore.example.com:9083
            warehouse:
              description: Location of the tables.
              type: str
              returned: if set
              sample: s3a://lake/
        s3_connection:
          description: Storage to write to.
          type: dict
          returned: always
          contains:
            external_s3:
              description:
                - S3-compatible storage.
                - The API never returns C(secret_access_key).
              type: dict
              returned: if set
              contains: *external_s3
        static_tables:
          description: Fixed list of target tables.
          type: dict
          returned: if set
          contains:
            tables:
              description: Names of the tables, separated by commas.
              type: str
              returned: if set
              sample: lake.events
        dynamic_tables:
          description: Target tables that the records name.
          type: dict
          returned: if set
          contains:
            route_field:
              description: Record field that contains the table name.
              type: str
              returned: if set
              sample: table
        tables_config:
          description: Table settings.
          type: dict
          returned: if set
          contains:
            default_commit_branch:
              description: Branch to commit to.
              type: str
              returned: if set
              sample: main
            default_id_columns:
              description: Identifier columns of a row, separated by commas.
              type: str
              returned: if set
              sample: id
            default_partition_by:
              description: Partition columns, separated by commas.
              type: str
              returned: if set
              sample: day
            evolve_schema_enabled:
              description: The connector updates the table schema from the records.
              type: bool
              returned: if true
              sample: true
            schema_force_optional:
              description: All columns are optional.
              type: bool
              returned: if true
              sample: true
            schema_case_insensitive:
              description: The connector ignores case in column names.
              type: bool
              returned: if true
              sample: true
        control_config:
          description: Commit settings.
          type: dict
          returned: if set
          contains:
            group_id_prefix:
              description: Prefix of the control consumer group.
              type: str
              returned: if set
              sample: cg-control
            commit_interval_ms:
              description: Time between commits in milliseconds.
              type: int
              returned: if set
              sample: 300000
            commit_timeout_ms:
              description: Maximum duration of a commit in milliseconds.
              type: int
              returned: if set
              sample: 30000
            commit_threads:
              description: Number of commit threads.
              type: int
              returned: if set
              sample: 4
            transactional_prefix:
              description: Prefix of the transactional IDs.
              type: str
              returned: if set
              sample: lake-
operation:
  description:
    - The operation of the last accepted change. Keys are those of the API in snake_case.
    - RV(operation.done) can be false with O(wait=false) and in a failure.
  returned: with O(name), if the service accepted a change
  type: dict
  contains:
    id:
      description: ID of the operation.
      type: str
      returned: always
      sample: mqq6dgk6ppoqet621re6
    description:
      description: Description of the operation.
      type: str
      returned: always
      sample: Pause Apache Kafka connector
    created_at:
      description: Time when the operation started.
      type: str
      returned: always
      sample: "2026-11-22T15:10:48.365595Z"
    created_by:
      description: ID of the user or service account that started the operation.
      type: str
      returned: always
      sample: ajek2f2kfrmkjcpm914o
    modified_at:
      description: Time of the last modification.
      type: str
      returned: always
      sample: "2026-11-22T15:10:53.365595Z"
    done:
      description: The operation has finished.
      type: bool
      returned: always
      sample: true
    metadata:
      description: Cluster and connector of the operation.
      type: dict
      returned: always
      sample:
        "@type": type.googleapis.com/yandex.cloud.mdb.kafka.v1.PauseConnectorMetadata
        cluster_id: c9q0ktrria41dv9e5v51
        connector_name: mirror-orders
    error:
      description: Error of the operation, with C(code), C(message) and C(details).
      type: dict
      returned: if the operation failed
    response:
      description:
        - Result of the operation.
        - If the result is a connector, this key is left out. RV(connector) contains the connector.
      type: dict
      returned: if the operation succeeded and its result is not a connector
connectors:
  description:
    - The selected connectors, sorted by name. Each connector has the form of RV(connector), also in a failure.
    - Deleted connectors are not in the list. With O(wait=false), the list contains a connector until its deletion has
      finished.
  returned: with O(names)
  type: list
  elements: dict
operations:
  description: The last accepted operation of each connector, in the form of RV(operation).
  returned: with O(names), if the service accepted a change
  type: list
  elements: dict
affected:
  description:
    - Sorted names of the connectors for which the service accepted a change of this task. After a lost response, this
      list also contains the connectors for which the service may have accepted a change.
    - Use this list in a C(rescue) section to undo the change.
    - In check mode, names of the connectors that would change.
  returned: with O(names)
  type: list
  elements: str
  sample:
    - mirror-orders
    - mirror-payments
failed_connectors:
  description:
    - The connectors that did not reach the desired state. The module finished the work on all other connectors.
  returned: with O(names), if connectors failed
  type: list
  elements: dict
  contains:
    name:
      description: Name of the connector.
      type: str
      returned: always
      sample: mirror-refunds
    status:
      description: Last known status of the connector.
      type: str
      returned: if known
      sample: RUNNING
    msg:
      description: The attempted change, the cause, and what to do, in one line.
      type: str
      returned: always
      sample: >-
        Could not pause connector mirror-refunds in cluster c9q0ktrria41dv9e5v51: the service reported an error:
        Connector worker did not stop (INTERNAL, operation mqqm5bkn2t1sd7tsbdqf). Fix the cause and run the task again.
    operation_id:
      description: ID of the last accepted operation.
      type: str
      returned: if the service accepted a change
      sample: mqqm5bkn2t1sd7tsbdqf
    error:
      description: Error of the API or of the operation, in the form of RV(error).
      type: dict
      returned: if the API answered or the operation failed
ansible_facts:
  description:
    - Facts for the next tasks.
    - With O(wait=false), the facts do not contain a connector whose operation is still running.
  returned: success
  type: dict
  contains:
    kafka_connector:
      description: The same as RV(connector).
      returned: with O(name), unless the operation is still running
      type: dict
    kafka_connectors:
      description: The same connectors as in RV(connectors), as a dictionary by name.
      returned: with O(names)
      type: dict
diff:
  description: Differences between the connector before and after the task.
  returned: success
  type: dict
  contains:
    before:
      description:
        - Managed fields that differ, before the task. For a pause, this is C(status). Empty for a new connector.
        - With O(names), the first level contains the names of the connectors.
      returned: always
      type: dict
      sample:
        status: RUNNING
    after:
      description: The same fields after the task. Empty for a deleted connector.
      returned: always
      type: dict
      sample:
        status: PAUSED
    before_header:
      description: Header of RV(diff.before). With O(name), it contains the name of the connector.
      returned: always
      type: str
      sample: connector mirror-orders in cluster c9q0ktrria41dv9e5v51 (before)
    after_header:
      description: Header of RV(diff.after). With O(name), it contains the name of the connector.
      returned: always
      type: str
      sample: connector mirror-orders in cluster c9q0ktrria41dv9e5v51 (after)
error:
  description: Error of the API, or of the operation. Unknown parts are null.
  returned: failure, if the API answered or an operation failed
  type: dict
  contains:
    http_status:
      description: HTTP status of the response. Null for the error of an operation.
      type: int
      returned: always
      sample: 404
    code:
      description: Number of the gRPC code.
      type: int
      returned: always
      sample: 5
    status:
      description: Name of the gRPC code.
      type: str
      returned: always
      sample: NOT_FOUND
    message:
      description: Message of the API.
      type: str
      returned: always
      sample: Connector not found
    details:
      description: Details of the API.
      type: list
      elements: dict
      returned: always
    request_id:
      description: ID of the request, for the vendor's support.
      type: str
      returned: always
"""

from ..module_utils._connector.fields import options
from ..module_utils._connector.parse import parse_wanted
from ..module_utils._connector.plan import STATES
from ..module_utils._run.execute import Task
from ..module_utils._run.manage import manage
from ..module_utils._run.module import run_module
from ..module_utils._run.options import CLUSTER_OPTIONS, ONE_CLUSTER, ONE_OR_SEVERAL, WAIT_TIMEOUT_OPTION

TASK = Task(
    options={
        **CLUSTER_OPTIONS,
        "name": {"type": "str"},
        "names": {"type": "list", "elements": "str"},
        "state": {"type": "str", "choices": list(STATES), "default": "present"},
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
    # No change was accepted before the task knows its connectors.
    in_failures=lambda params: {} if params["names"] is None else {"affected": []},
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

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every message about names and specifications."""

from __future__ import annotations

from .._api.messages import Message

# Names
BAD_NAME = Message("{value} is not a valid {what} name", "Use 1 to 256 of a-z, A-Z, 0-9, '-', '_' and '.'.{hint}")
PATTERN_HINT = " Use names for patterns."
BAD_PATTERN = Message("{value} is not a pattern for {what} names", "Use letters, digits, '-', '_', '.' and *?[].")
BAD_ID = Message("{value} is not a valid {what}", "Use letters, digits, '-' and '_'.{hint}")
CLUSTER_HINT = " Use cluster_name for the name of a cluster."
NO_FOLDER_ID = Message("folder_id is missing", "Set folder_id or YC_FOLDER_ID to the ID of the clusters' folder.")
CLUSTER_CLASH = Message(
    "two clusters have the name {name} ({ids})", "Set hostname: kafka_cluster_name ~ '.' ~ kafka_cluster_folder_id"
)
HOST_CLASH = Message("cluster {id} and another host have the name {name}", "Set hostname to another expression.")
TEMPLATE_AS_NAME = Message("the host of cluster {id} has a template as its name: {name}", "Set hostname differently.")

# Options that exclude each other
RESTART_WITH_SETTINGS = Message("state: restarted allows no connector settings", "Use state: present first.")
NAMES_WITH_SETTINGS = Message(
    "names allows no connector settings and no state: present", "Use name and a loop to create or update connectors."
)
MAX_CHANGES_WITHOUT_NAMES = Message("max_changes requires names", "Remove max_changes, or use names.")
HEALTH_WITHOUT_RUNNING = Message("wait_for_health requires state: running or restarted", "Remove it, or change state.")
HEALTH_WITHOUT_WAIT = Message("wait_for_health requires wait: true", "Remove wait_for_health, or set wait: true.")

# Values
EXCLUSIVE = Message("{names} exclude each other", "Set only one of them.")
MASKED_VALUE = Message("{where} is {value}, which hides a secret in a result", "Set it to the secret itself.")
UNKNOWN_MASKED_VALUE = Message("property {key} has no current value to keep", "Set the value instead of {mask}.")
BAD_KEY = Message("{where} has a key that is not a string: {key!r}", "Put the key in quotes.")
BAD_VALUE = Message("{where} is not a string, a boolean or a number", "Put the value in quotes, or remove it.")

# Changes that are impossible
NO_CONNECTOR = Message("no such connector", "List the connectors with the module kafka_connector_info.")
NO_SETTINGS = Message(
    "no such connector, and the task has no settings to create it", "To create it, set one of {types}."
)
INCOMPLETE = Message("no such connector, and creating it requires {fields}", "Set them, or check the name.")
INCOMPLETE_UPDATE = Message("the change requires {fields}", "Set them too.")
DELETED = Message("the connector was deleted during the task", "Check who deleted it.")
IMMUTABLE = Message("immutable fields differ: {fields}", "Remove them, or delete the connector and create it again.")
OTHER_TYPE = Message(
    "the type {current} cannot change to {desired}", "Use another name, or delete the connector first."
)

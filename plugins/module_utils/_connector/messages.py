# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every message about names and specifications."""

from __future__ import annotations

from .._api.messages import Message

# Names
BAD_NAME = Message(
    "{name} is not a valid connector name",
    "Names have 1 to 256 of the characters a-z, A-Z, 0-9, '-', '_' and '.', and are not '.' or '..'. "
    "Use names for patterns.",
)
BAD_PATTERN = Message(
    "{name} is not a pattern that a connector name can match", "Use letters, digits, '*', '?', '[' and ']'."
)
BAD_CLUSTER_ID = Message(
    "{value} is not a valid cluster ID",
    "IDs have 1 to 50 letters, digits, '-' and '_'. Use cluster_name for the name of a cluster.",
)
BAD_CLUSTER_NAME = Message("{value} is not a valid cluster name", "Names have 1 to 63 letters, digits, '-' and '_'.")
BAD_FOLDER_ID = Message("{value} is not a valid folder ID", "IDs have 1 to 50 letters, digits, '-' and '_'.")
NO_FOLDER_ID = Message("folder_id is missing", "Set folder_id or YC_FOLDER_ID to the ID of the clusters' folder.")
BAD_OPERATION_ID = Message("{value} is not a valid operation ID", "IDs have 1 to 50 letters, digits, '-' and '_'.")

# Options that exclude each other
RESTART_WITH_SETTINGS = Message(
    "state: restarted cannot be combined with connector settings", "Use state: present first, then restart."
)
NAMES_WITH_SETTINGS = Message(
    "names can only be used with the states paused, running, restarted and absent, and without connector settings",
    "Use name and a loop to create or update several connectors.",
)
MAX_CHANGES_WITHOUT_NAMES = Message("max_changes requires names", "Remove max_changes, or use names.")
BAD_MAX_CHANGES = Message("max_changes must not be negative")
HEALTH_WITHOUT_RUNNING = Message(
    "wait_for_health requires state: running or state: restarted", "Remove wait_for_health, or change state."
)
HEALTH_WITHOUT_WAIT = Message("wait_for_health requires wait: true", "Remove wait_for_health, or set wait: true.")
BAD_WAIT_TIMEOUT = Message("wait_timeout must be at least 1", "Use wait: false for a task that does not wait.")

# Values
EXCLUSIVE = Message("{where}{names} exclude each other", "Set only one of them.")
TOO_SMALL = Message("{where} is {value}, which is less than {minimum}", "Set it to at least {minimum}.")
MASKED_VALUE = Message("{where} is {value}, which hides a secret in a result", "Set it to the secret itself.")
UNKNOWN_MASKED_VALUE = Message(
    "the value of property {key} is {mask}, which means the current value, but the connector has no such property",
    "Set it to the value itself.",
)
BAD_KEY = Message("{where} has a key that is not a string: {key!r}", "Put the key in quotes.")
BAD_VALUE = Message("{where} is not a string, a boolean or a number", "Put the value in quotes, or remove it.")

# Changes that are impossible
NO_CONNECTOR = Message("no such connector", "List the connectors with the module kafka_connector_info.")
NO_CONNECTOR_AND_NO_SETTINGS = Message(
    "no such connector, and the task has no settings to create it",
    "To create it, set one of {types}, with its required fields.",
)
DELETED = Message("the connector was deleted during the task", "Check who deleted it.")
INCOMPLETE = Message(
    "no such connector, and the task cannot create it without {fields}",
    "Set these fields, or check the name with kafka_connector_info.",
)
INCOMPLETE_UPDATE = Message("the change also requires {fields}", "Set these fields too.")
IMMUTABLE = Message("{fields} is immutable", "Remove it from the task, or delete the connector and create it again.")
OTHER_TYPE = Message(
    "the connector has the type {current}, the task sets {desired}, and the type is immutable",
    "Use another name, or delete the connector first.",
)

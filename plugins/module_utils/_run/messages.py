# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every message about a task: clusters, waiting, several connectors."""

from __future__ import annotations

from .._api.messages import Message

# Clusters and connectors
NO_CLUSTER = Message("cluster {cluster} was not found, or your account cannot see it", "Check the ID and the account.")
NOT_ONE_CLUSTER = Message("folder {folder} contains {count} clusters named {name}", "Use cluster_id.")
NO_CONNECTORS = Message("connectors not found: {names}", "No change was sent. Check the names, or use a pattern.")
TOO_MANY_CHANGES = Message(
    "{count} connectors need a change, which is more than max_changes ({limit}): {names}",
    "No change was sent. Check the patterns in names, or increase max_changes.",
)

# Waiting
NOT_SENT = Message("timed out after {seconds:g} s before the change was sent", "Increase wait_timeout and run again.")
BLOCKED = Message(
    "blocked by operation {operation}{details} for {seconds:g} s",
    "The change was not sent. Run the task again when that operation is done.",
)
WRONG_STATUS = Message(
    "operation {operation} succeeded, but the status is {status} instead of {desired} after {seconds:g} s",
    "Check the connector's health and log before you continue.",
)
UNHEALTHY = Message(
    "status {status}, health {health} instead of ALIVE after {seconds:g} s", "Check the connector's log."
)
HEALTH_UNREADABLE = Message("the health cannot be read: {cause}", "{advice}")

# Several connectors
SOME_FAILED = Message("{failed} of {total} connectors failed: {causes}", "{succeeded}Fix the cause and {then}.")
RUN_ALL_AGAIN = "run the task again; it skips finished connectors"
RUN_FAILED_AGAIN = "follow the advice in failed_connectors; do not run the whole task again"

# Sentences that are added to the advice of an error
MAY_BE_ACCEPTED = "The response was lost, so the change may have been accepted."
RUN_AGAIN = "Run the task again; it checks first."
CONTINUES = "Operation {operation} continues on the service."
ACCEPTED = "The change was accepted; the status is still {status}."
HALF_RESTARTED = "Use state: running to resume the connector; do not run state: restarted again."
NEAREST = "Did you mean {name}?"

# Warnings
NO_MATCH = "No connector of the cluster matches the pattern {name}."
NO_NAMES = "The option names is empty, so the task does nothing."
NOT_SHOWN = "Operation {operation} succeeded, but {name} does not show all settings. Compare them with --check --diff."

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every message of the event source about its options and its state file."""

from __future__ import annotations

from .._api.messages import Message

UNKNOWN_OPTION = Message("unknown option {name}{hint}", "The options are: {known}.")
WRONG_TYPE = Message("{name} is not {expected}", "Fix the argument in the rulebook, or the variable that it contains.")
TOO_SMALL = Message("{name} must be at least {minimum:g}")
BAD_EVENT = Message("{value} is not a type of event", "The types are: {known}.")
NO_CLUSTERS = Message(
    "neither cluster_ids nor folder_id is set", "Set one of them, or the environment variable YC_FOLDER_ID."
)
TWO_SELECTIONS = Message("cluster_ids cannot be combined with {names}", "Use either cluster_ids, or folder_id.")
STATE_FILE_NOT_WRITABLE = Message("cannot write state_file {path}: {cause}", "Check the directory and its permissions.")
BAD_STATE = Message("it is not a state of this event source")
OTHER_STATE = Message("it has the version {version}")

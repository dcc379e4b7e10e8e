# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each run has to keep, whatever happened in it."""

from __future__ import annotations

from .world import WAIT_TIMEOUT, Client, World

DESIRED = {"paused": "PAUSED", "running": "RUNNING", "restarted": "RUNNING"}
# Seconds after the deadline: the longest time between two polls.
SLACK = 5.0


def judge(world: World) -> list[str]:
    """Return the promises that were broken, in words."""
    return [f"client {client.number}: {broken}" for client in world.clients for broken in _broken(world, client)]


def _broken(world: World, client: Client) -> list[str]:
    ended = client.ended
    if ended is None:
        return ["it has not ended"]
    result, state = ended.result, client.options["state"]
    names = [client.options["name"]] if "name" in client.options else list(world.cloud.status)
    failed = {entry["name"] for entry in result.get("failed_connectors", ())}
    broken = []
    for name in names:
        is_failed = ended.failed and (name in failed or not failed)
        if not is_failed and client.shown.get(name) != DESIRED[state]:
            broken.append(f"success, but {name} was last shown as {client.shown.get(name)}")
        own = [operation for operation in client.accepted if operation.name == name]
        for action in ("pause", "resume"):
            effective = [one for one in own if one.action == action and one.has_effect and not one.fails]
            if len(effective) > 1 and not _was_undone(world, client, name, action):
                broken.append(f"{name}: {len(effective)} changes to {action}")
    if "bug" in str(result.get("msg")):
        broken.append(str(result["msg"]))
    # After a lost response, a refusal of the retry leaves it open whose change was found.
    if result["changed"] != bool(client.accepted) and not client.lost:
        broken.append(f"changed is {result['changed']}, accepted were {len(client.accepted)}")
    if client.unread:
        broken.append(f"changed without a fresh read: {client.unread}")
    if client.time > WAIT_TIMEOUT + SLACK:
        broken.append(f"ended after {client.time:.1f} s")
    return broken


def _was_undone(world: World, client: Client, name: str, action: str) -> bool:
    """Return whether another client's change made the same change necessary again."""
    return any(
        operation.name == name and operation.action != action and operation.client != client.number
        for operation in world.cloud.operations.values()
    )

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run: clients in greenlets, each a real task. The explorer decides which one continues and which fault strikes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from greenlet import getcurrent, greenlet

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api import messages
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import ApiError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.transport import Request, Response
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.execute import Ended, execute
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector import TASK

from .cloud import Cloud, Operation, Variant, good, refused
from .explorer import Choices

# Seconds: long enough for a change to show, and short, because each read while a client waits multiplies the orders.
WAIT_TIMEOUT = 12
# Seconds: a change that is sent later after the read counts as sent without a read.
FRESH = 1.0
# After so many requests at the latest an operation ends.
LONGEST_OPERATION = 3


@dataclass
class Client:
    """A task, and what it was shown.

    :param time: on its clock
    :param slept_at: when its last wait ended
    :param read_at: when it last read the connector, by name
    :param shown: the status that it was last shown, by name
    :param accepted: operations that were started by its requests
    :param unread: operations that it started without having read the connector since its last wait
    :param keys: idempotency keys that it has sent
    :param lost: whether the response to a change was lost
    """

    number: int
    options: Mapping[str, Any]
    time: float = 0.0
    slept_at: float = 0.0
    read_at: dict[str, float] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    accepted: list[Operation] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    lost: bool = False
    ended: Ended | None = None

    def monotonic(self) -> float:
        """Return the time of the client's clock."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let the client's time pass. The others go on at its next request."""
        self.time += seconds
        self.slept_at = self.time

    def __call__(self, request: Request, timeout: float, proxies: Mapping[str, str]) -> Response:
        """Hand a request to the explorer, and wait for the response."""
        answer = getcurrent().parent.switch(request)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]


class World:
    """One run.

    :param tasks: the options of each client
    :param faults: how many faults may strike
    """

    def __init__(
        self,
        choices: Choices,
        tasks: Sequence[Mapping[str, Any]],
        variant: Variant,
        *,
        faults: int = 0,
        status: str = "RUNNING",
        names: Sequence[str] = ("mirror",),
    ) -> None:
        self._choices = choices
        self._faults = faults
        self.cloud = Cloud(variant, dict.fromkeys(names, status))
        self.clients = [Client(number, options) for number, options in enumerate(tasks)]
        self.strikes: list[str] = []
        self._now = 0.0

    def run(self) -> World:
        """Run all clients to their end."""
        waiting: list[tuple[Client, greenlet, Request]] = []
        for client in self.clients:
            worker = greenlet(_work)
            self._go_on(waiting, client, worker, client)
        while waiting:
            client, worker, request = waiting.pop(self._choices.choose(len(waiting)))
            self._now = max(self._now, client.time)
            answer = self._serve(client, request)
            client.time = self._now
            self._go_on(waiting, client, worker, answer)
        return self

    @staticmethod
    def _go_on(waiting: list[tuple[Client, greenlet, Request]], client: Client, worker: greenlet, value: Any) -> None:
        request = worker.switch(value)
        if not worker.dead:
            waiting.append((client, worker, request))

    def _serve(self, client: Client, request: Request) -> Response | Exception:
        """Answer a request, after what may happen before it."""
        for operation in self.cloud.running():
            operation.requests += 1
            if operation.requests >= LONGEST_OPERATION or self._choices.choose(2):
                self.cloud.end(operation)
        strike = self._strike(request)
        if strike is None:
            answer: Response | Exception = self.carry_out(client, request)
        else:
            self.strikes.append(strike.__name__)
            answer = strike(self, client, request)
        key = request.headers.get("Idempotency-Key")
        # An operation that a known key finds can be an old one: its response shows nothing new. The response of another
        # client's operation, which blocks a change, is not a read of the connector either.
        own = {operation.id for operation in client.accepted}
        foreign = _kind(request) == "poll" and request.url.rpartition("/")[2] not in own
        if isinstance(answer, Response) and key not in client.keys and not foreign:
            self._show(client, json.loads(answer.body))
        client.keys.update([key] if key else [])
        return answer

    def _strike(self, request: Request) -> Callable[[World, Client, Request], Response | Exception] | None:
        if not self._faults:
            return None
        chosen = self._choices.choose(len(possible := STRIKES[_kind(request)]) + 1)
        if not chosen:
            return None
        self._faults -= 1
        return possible[chosen - 1]

    def carry_out(self, client: Client, request: Request) -> Response:
        """Let the cloud answer, and note what the client learns."""
        known = set(self.cloud.operations)
        response = self.cloud.answer(request, client.number)
        key = request.headers.get("Idempotency-Key", "")
        for operation in (self.cloud.operations[new] for new in self.cloud.operations.keys() - known):
            client.accepted.append(operation)
            read_at = client.read_at.get(operation.name, -1.0)
            # A retry has the key of the first attempt. Nothing tells whether that one was accepted.
            if key not in client.keys and (read_at < client.slept_at or client.time - read_at > FRESH):
                client.unread.append(operation.id)
        return response

    def _show(self, client: Client, body: Mapping[str, Any]) -> None:
        """Note which connectors a response shows."""
        for connector in [*body.get("connectors", ()), body.get("response", body)]:
            if "status" in connector:
                client.shown[connector["name"]] = connector["status"]
                client.read_at[connector["name"]] = max(self._now, client.slept_at)


def _work(client: Client) -> None:
    """Run the task of a client."""
    options = {"cluster_id": "c9q", "iam_token": "t1.a.b", "wait_timeout": WAIT_TIMEOUT, **client.options}
    params = ArgumentSpecValidator(TASK.argument_spec).validate(options).validated_parameters
    client.ended = execute(
        TASK, params, {}, False, lambda subjects, waited: float("inf"), clock=client, transport=client
    )


def _kind(request: Request) -> str:
    if request.method == "POST":
        return "change"
    return "poll" if "/operations/" in request.url else "read"


def unavailable(world: World, client: Client, request: Request) -> Response:
    """503 before the request is carried out. The client cannot know that."""
    client.lost = client.lost or request.method == "POST"
    return refused(503, 14, "unavailable")


def lost(world: World, client: Client, request: Request) -> Exception:
    """The request is carried out, its response is lost. The client cannot know whether it was accepted."""
    world.carry_out(client, request)
    client.lost = client.lost or request.method == "POST"
    return ApiError(messages.BROKEN, host="cloud", cause="reset", transient=True, response_lost=True)


def unauthenticated(world: World, client: Client, request: Request) -> Response:
    """401, for once."""
    return refused(401, 16, "token")


def failing(world: World, client: Client, request: Request) -> Response:
    """The operation that the request starts fails."""
    response = world.carry_out(client, request)
    for operation in world.cloud.running():
        if operation.client == client.number:
            operation.fails = True
    return response


def without_effect(world: World, client: Client, request: Request) -> Response:
    """The operation that the request starts succeeds, but has no effect."""
    response = world.carry_out(client, request)
    for operation in world.cloud.running():
        if operation.client == client.number:
            operation.has_effect = False
    return response


def stale(world: World, client: Client, request: Request) -> Response:
    """A read shows the status before the last change."""
    name = request.url.rpartition("/")[2]
    if name not in world.cloud.status:
        return world.carry_out(client, request)
    status = world.cloud.status[name]
    world.cloud.status[name] = "RUNNING" if status == "PAUSED" else status
    try:
        return world.carry_out(client, request)
    finally:
        world.cloud.status[name] = status


def no_response(world: World, client: Client, request: Request) -> Response:
    """The operation has ended, but shows no response."""
    operation = world.cloud.operations.get(request.url.rpartition("/")[2])
    return good(operation.json()) if operation else world.carry_out(client, request)


def unknown(world: World, client: Client, request: Request) -> Response:
    """A replica does not know the operation yet."""
    return refused(404, 5, "no such operation")


STRIKES: dict[str, list[Callable[[World, Client, Request], Response | Exception]]] = {
    "change": [unavailable, lost, unauthenticated, failing, without_effect],
    "poll": [unavailable, unauthenticated, no_response, unknown],
    "read": [unavailable, unauthenticated, stale],
}

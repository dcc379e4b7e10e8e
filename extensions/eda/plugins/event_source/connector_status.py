# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An event source of ansible-rulebook: events when the status of a connector changes."""

from __future__ import annotations

DOCUMENTATION = r"""
module: connector_status
short_description: Events when the status of a connector changes
version_added: 0.1.0
description:
  - Polls the connectors of Managed Service for Apache Kafka and sends an event when the status or the health of a
    connector changes.
  - A change is a difference between two polls. A status that comes and goes between two polls is not seen.
  - The first poll of a cluster is the basis for later polls and sends no event, unless O(snapshot) or O(state_file) is
    set.
  - Temporary errors never end the source. Invalid options, a credential that the service rejects and a cluster that
    does not exist end the source when it starts.
  - Events contain no settings, no properties and no secrets of a connector.
author:
  - yandex_cloud.managed_kafka contributors
options:
  cluster_ids:
    description:
      - IDs of the clusters to watch.
      - Either O(cluster_ids) or O(folder_id) is required. They are mutually exclusive.
    type: list
    elements: str
  folder_id:
    description:
      - ID of the folder whose clusters are watched, including clusters that are created later.
      - The environment variable E(YC_FOLDER_ID) is used if neither O(cluster_ids) nor O(folder_id) is set.
    type: str
  cluster_names:
    description:
      - Names of clusters, or shell patterns. Other clusters of the folder are ignored.
    type: list
    elements: str
  labels:
    description:
      - Labels that a cluster of the folder must have. All must match.
    type: dict
  names:
    description:
      - Names of connectors, or shell patterns. Other connectors are ignored.
      - A name that does not exist causes a warning.
    type: list
    elements: str
  events:
    description:
      - Types of events to send.
      - By default all types except V(created), V(deleted) and V(snapshot).
      - "V(failed): the status changed to C(ERROR). V(recovered): from C(ERROR) to C(RUNNING)."
      - "V(paused): the status changed to C(PAUSED). V(resumed): from C(PAUSED) to C(RUNNING)."
      - "V(changed): any other change of the status. V(health): the health changed, the status did not."
      - "V(paused_too_long): see O(paused_longer_than). V(snapshot): see O(snapshot)."
      - "V(created), V(deleted): the connector is new, or does not exist any more."
      - "V(unreachable), V(reachable): see O(unreachable_after)."
    type: list
    elements: str
    choices:
      - failed
      - recovered
      - paused
      - resumed
      - health
      - changed
      - paused_too_long
      - created
      - deleted
      - unreachable
      - reachable
      - snapshot
  interval:
    description:
      - Seconds between two polls of a cluster, at least 1. The source varies them by up to 10 %.
    type: float
    default: 30
  clusters_interval:
    description:
      - Seconds between two reads of the folder's clusters, at least 1.
    type: float
    default: 300
  paused_longer_than:
    description:
      - Seconds after which a pause causes the event V(paused_too_long), once for each pause.
      - A pause that started before the source counts from the end of its operation. If that is not known, it counts
        from the first poll.
    type: int
  unreachable_after:
    description:
      - Seconds without a successful poll of a cluster after which the event V(unreachable) is sent, once. The event
        V(reachable) follows the next successful poll.
      - A cluster that is deleted is V(unreachable) at once.
    type: int
    default: 300
  snapshot:
    description:
      - Whether the first poll of a cluster sends one event of type V(snapshot) for each connector.
    type: bool
    default: false
  state_file:
    description:
      - Path of a file in which the source keeps the last known status of each connector. With this file, changes that
        happen while the source does not run cause events when it starts again.
      - The directory must exist, and should be on a local disk. Only the owner can read the file.
    type: path
  find_operation:
    description:
      - Whether to find the operation that led to a change, with the account that started it. That is one more request
        for each poll that finds a change.
    type: bool
    default: true
  iam_token:
    description:
      - IAM token. It lives at most 12 hours and cannot be renewed, so use a service account key instead.
      - Without any credential option, the environment variables E(YC_IAM_TOKEN), E(YC_TOKEN),
        E(YC_SERVICE_ACCOUNT_KEY_FILE), E(YC_SERVICE_ACCOUNT_KEY) and E(YC_WORKLOAD_SA_ID) are used in this order.
        Without these, the metadata service of the instance is used.
      - The credential options are mutually exclusive.
    type: str
  service_account_key_file:
    description:
      - Path of the authorized key of a service account. Requires the Python libraries PyJWT and cryptography.
    type: path
  service_account_key:
    description:
      - The same key as text or as a dictionary.
    type: json
  service_account_id:
    description:
      - ID of a service account, for workload identity federation. The source exchanges a JWT of a job or a pod for an
        IAM token of this account.
      - Requires O(identity_token_file) or O(identity_token).
      - The environment variable E(YC_WORKLOAD_SA_ID) is used if this option is not set.
    type: str
  identity_token_file:
    description:
      - Path of a file with the JWT. The source reads the file before each exchange.
      - The environment variable E(YC_WORKLOAD_TOKEN_FILE) is used if this option is not set.
    type: path
  identity_token:
    description:
      - The JWT. The environment variable E(YC_WORKLOAD_TOKEN) is used if this option is not set.
    type: str
  auth_endpoint:
    description:
      - Host of the token exchange, or a base URL. The environment variable E(YC_AUTH_ENDPOINT) is used if this
        option is not set.
    type: str
  endpoint:
    description:
      - Host of the API, or a base URL such as V(https://gateway:8443).
      - The environment variable E(YC_ENDPOINT) is used if this option is not set. The default is
        V(api.cloud.yandex.net).
    type: str
  validate_certs:
    description:
      - Whether TLS certificates are verified.
    type: bool
    default: true
  ca_path:
    description:
      - Path of a file with the CA certificates to trust. The environment variable E(YC_CA_PATH) is used if this option
        is not set.
    type: path
  request_timeout:
    description:
      - Seconds for one HTTP request to connect, and to get a response. A request is not retried. The next poll is the
        retry.
    type: float
    default: 10
requirements:
  - python >= 3.9
  - requests
  - PyJWT and cryptography, only with a service account key
"""

EXAMPLES = r"""
- name: Report connectors that fail
  hosts: localhost
  sources:
    - yandex_cloud.managed_kafka.connector_status:
        cluster_ids: c9q0ktrria41dv9e5v51
  rules:
    - name: Report a connector that failed
      condition: event.connector_status.type == "failed"
      action:
        debug:
          msg: "{{ event.connector_status.connector.name }} failed"

- name: Report pauses by other accounts in all production clusters of a folder
  hosts: localhost
  sources:
    - yandex_cloud.managed_kafka.connector_status:
        folder_id: b1g0ktrria41dv9e5v51
        labels:
          env: production
        names: mirror-*
        events: [paused, paused_too_long]
        paused_longer_than: 3600
        state_file: /var/lib/rulebook/connectors.json
  rules:
    - name: Report a pause
      condition: event.connector_status.operation.created_by != vars.my_service_account
      action:
        debug:
          msg: "{{ event.connector_status.connector.name }} is paused"
"""

import asyncio
import json
import logging
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import yaml  # type: ignore[import-untyped]

# ansible-rulebook runs this file by its path and knows no collections. The directory is appended, so that it hides no
# other module. A symbolic link is not resolved: it can point to a directory outside of ansible_collections.
_ROOT = str(Path(os.path.abspath(__file__)).parents[7])  # noqa: PTH100
if _ROOT not in sys.path:
    sys.path.append(_ROOT)

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.clock import Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.connect import connect
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import (
    Error,
    InputError,
    InternalError,
    attempting,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.secrets import Secrets
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.token import StaticToken
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.version import VERSION
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.names import is_pattern
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.cluster import Cluster, clusters
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch import (
    changes,
    failures,
    options,
    pace,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch.changes import Place, Seen
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch.failures import Failures
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch.memory import Memory, State
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch.messages import STATE_FILE_NOT_WRITABLE
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch.moment import Moment

Result = TypeVar("Result")

LOGGER = logging.getLogger("yandex_cloud.managed_kafka.connector_status")

_REQUESTS_AT_ONCE = 4
_MANY_REQUESTS = 300


class SourceError(Exception):
    """The event source cannot start, or cannot continue."""


async def main(queue: Any, args: dict[str, Any]) -> None:
    """Watch connectors until the task is cancelled. ansible-rulebook calls this function.

    :param queue: takes events
    :param args: options of the source, as the rulebook sets them
    """
    secrets = Secrets()
    try:
        with attempting("start the event source connector_status"):
            source = create(queue, args, os.environ, secrets)
        await source.run()
    except Error as error:
        # ansible-rulebook writes the text to its log.
        raise SourceError(secrets.redact(error.msg)) from None


def create(queue: Any, args: Mapping[str, Any], environ: Mapping[str, str], secrets: Secrets) -> Source:
    """Return the source that the arguments describe, with the memory of its state file. No request is sent.

    :raises InputError: an argument is invalid
    """
    documented = yaml.safe_load(DOCUMENTATION)["options"]
    # ansible-rulebook can add its own argument.
    values = options.convert({name: args[name] for name in args if name != "eda_feedback_queue"}, documented)
    chosen = options.check(values, environ)
    values = {
        **values,
        "endpoint": values["endpoint"] or environ.get("YC_ENDPOINT"),
        "ca_path": values["ca_path"] or environ.get("YC_CA_PATH"),
        "auth_endpoint": values["auth_endpoint"] or environ.get("YC_AUTH_ENDPOINT"),
        "request_retries": 0,
    }
    agent = f"yandex_cloud.managed_kafka/{VERSION}"
    client = connect(values, environ, Deadline(0), secrets, LOGGER.warning, user_agent=agent)
    source = Source(queue, chosen, client)
    source.load()
    return source


class Source:
    """Polls clusters, and sends events. Polls never wait for the queue: events wait in ``state``."""

    def __init__(self, queue: Any, chosen: options.Options, client: Client) -> None:
        self.options = chosen
        self.client = client
        self.state = State()
        self.slots = asyncio.Semaphore(_REQUESTS_AT_ONCE)
        self.busy_until = 0.0
        """When the next request may be sent: the service limits requests."""
        self._missing = {name for name in chosen.names if not is_pattern(name)}
        self._unread: set[str] = set()
        self._queue = queue
        self._arrived = asyncio.Event()
        self._tasks: set[asyncio.Future[None]] = set()
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._file_works = True

    async def run(self) -> None:
        """Watch until the task is cancelled.

        :raises Error: at the start, a request failed for good; or the same bug occurred again and again
        """
        if isinstance(self.client.credential, StaticToken):
            LOGGER.warning("The IAM token lives at most 12 hours. Use a service account key for a rulebook.")
        try:
            self.start(self._send())
            if self.options.folder_id:
                self.start(_FolderPoller(self, self.options.folder_id).run())
            else:
                self.state.keep(self.options.cluster_ids)
                self.watch([Place(cluster_id) for cluster_id in self.options.cluster_ids], required=True)
                self.log_rate(len(self.options.cluster_ids))
            await self._ended
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self.save()

    def start(self, work: Any) -> asyncio.Future[None]:
        """Run a coroutine until the source ends. If the coroutine fails, the source fails."""
        task: asyncio.Future[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._note_end)
        return task

    def _note_end(self, task: asyncio.Future[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not self._ended.done():
            self._ended.set_exception(error)

    def watch(self, places: list[Place], *, required: bool) -> dict[str, tuple[_ClusterPoller, asyncio.Future[None]]]:
        """Poll more clusters."""
        self._unread |= {place.id for place in places}
        pollers = [_ClusterPoller(self, place, required=required) for place in places]
        return {poller.place.id: (poller, self.start(poller.run())) for poller in pollers}

    def log_rate(self, count: int) -> None:
        """Log how many requests the source sends."""
        folder = 60 / self.options.clusters_interval if self.options.folder_id else 0
        rate = count * 60 / self.options.interval + folder
        level = logging.WARNING if rate > _MANY_REQUESTS else logging.INFO
        LOGGER.log(level, "Clusters: %d. Requests per minute: %.0f", count, rate)

    def note_names(self, cluster_id: str, names: set[str]) -> None:
        """Warn about names that no cluster has, after each cluster has been read once."""
        self._missing -= names
        if self._unread:
            self._unread.discard(cluster_id)
            if not self._unread and self._missing:
                LOGGER.warning("These connectors do not exist: %s", ", ".join(sorted(self._missing)))

    def update(self, cluster_id: str, seen: Seen) -> None:
        """Remember a cluster, and send events."""
        if self.state.update(cluster_id, seen.memory, self.client.http.secrets.redact(seen.events)):
            self.save()
        self._arrived.set()

    async def _send(self) -> None:
        while True:
            while not self.state.events:
                self._arrived.clear()
                await self._arrived.wait()
            event = self.state.events[0]
            await self._queue.put(event)
            self.state.taken(event)
            self.save()

    def load(self) -> None:
        """Read the state file.

        :raises InputError: it cannot be written
        """
        if not self.options.state_file:
            return
        path = Path(self.options.state_file)
        try:
            text = path.read_text(encoding="utf-8") if path.exists() else ""
            if text:
                self.state = State.load(json.loads(text), _now())
        except (OSError, ValueError, RecursionError, InputError) as error:
            LOGGER.warning("Starting without the state file %s: %s", path, error)
        try:
            self._write(path)
        except OSError as error:
            raise InputError(STATE_FILE_NOT_WRITABLE, path=path, cause=error.strerror) from None

    def save(self) -> None:
        """Write the state file. Nothing else survives the end of the process."""
        if not self.options.state_file:
            return
        try:
            self._write(Path(self.options.state_file))
            self._file_works = True
        except OSError as error:
            if self._file_works:
                LOGGER.warning("Could not write the state file %s: %s", self.options.state_file, error.strerror)
            self._file_works = False

    def _write(self, path: Path) -> None:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(self.state.dump(), file)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink()
            raise


class _Poller:
    """Sends a request at intervals, for ever. Temporary errors do not end it.

    :param what: for messages
    :param required: whether an error that is not temporary ends the source before the first answer
    """

    def __init__(self, source: Source, what: str, interval: float, *, required: bool) -> None:
        self.source = source
        self.client = source.client
        self._what = what
        self._interval = interval
        self._required = required
        self._failures = Failures()

    async def run(self) -> None:
        # The second poll comes after a part of the interval, so that many clusters are not polled at the same time.
        due = time.monotonic() - self._interval * random.random()  # noqa: S311
        while True:
            while (seconds := max(due, self.source.busy_until) - time.monotonic()) > 0:
                await asyncio.sleep(seconds)
            try:
                async with self.source.slots:
                    with attempting(f"poll {self._what}"):
                        result = await _in_thread(self.ask)
                self.take(result)
            except Error as error:
                due = self._fail(error)
            except Exception as error:
                due = self._fail(InternalError(error))
            else:
                if self._failures.count:
                    LOGGER.info("Polls of %s succeed again after %d failures", self._what, self._failures.count)
                self._failures = Failures()
                self._required = False
                due = pace.after_success(due, time.monotonic(), self._interval, random.random)

    def ask(self) -> Any:
        """Send the request, in a thread."""
        raise NotImplementedError

    def take(self, result: Any) -> None:
        """Use the answer."""
        raise NotImplementedError

    def note_failure(self, error: Error) -> float | None:
        """Remember a failure. Return when the next poll is due at the latest, if there is such a time."""
        raise NotImplementedError

    def _fail(self, error: Error) -> float:
        """Return when the next request is due."""
        if self._required and failures.is_permanent(error):
            raise error
        now = time.monotonic()
        if self._failures.add(error, now):
            LOGGER.warning("%s", self.client.http.secrets.redact(error.msg))
        alarm = self.note_failure(error)
        due = pace.after_failure(
            now,
            self.source.options.interval,
            self._failures.count,
            random.random,
            gone=failures.is_gone(error),
            retry_after=failures.retry_after(error),
            alarm=alarm,
        )
        if failures.is_limit(error):
            self.source.busy_until = max(self.source.busy_until, due)
        return due

    def patient(self) -> Client:
        """Return the client with time for one poll."""
        return self.client.within(Deadline(6 * self.client.http.timeout))


class _ClusterPoller(_Poller):
    """Polls the connectors of a cluster."""

    def __init__(self, source: Source, place: Place, *, required: bool) -> None:
        super().__init__(source, f"cluster {place.id}", source.options.interval, required=required)
        self.place = place
        self._memory = source.state.memories.get(place.id) or Memory(_now())

    def ask(self) -> Seen:
        cluster = Cluster(self.patient(), self.place.id)
        found = cluster.connectors()
        return changes.after_poll(
            self._memory, self.place, found, _now(), self.source.options, partial(_operations, cluster)
        )

    def take(self, result: Seen) -> None:
        self._memory = result.memory
        self.source.update(self.place.id, result)
        self.source.note_names(self.place.id, set(result.memory.connectors))

    def note_failure(self, error: Error) -> float | None:
        said, gone = failures.describe(error), failures.is_gone(error)
        seen = changes.after_failure(self._memory, self.place, said, _now(), self.source.options, gone=gone)
        self._memory = seen.memory
        self.source.update(self.place.id, seen)
        reached = self._memory.reached.steady
        return None if self._memory.unreachable else reached + self.source.options.unreachable_after


class _FolderPoller(_Poller):
    """Finds the clusters of a folder."""

    def __init__(self, source: Source, folder_id: str) -> None:
        super().__init__(source, f"folder {folder_id}", source.options.clusters_interval, required=True)
        self._folder_id = folder_id
        self._watched: dict[str, tuple[_ClusterPoller, asyncio.Future[None]]] = {}

    def ask(self) -> list[Place]:
        return changes.places(clusters(self.patient(), self._folder_id), self.source.options)

    def take(self, result: list[Place]) -> None:
        places = {place.id: place for place in result}
        self.source.state.keep(places)
        for cluster_id in self._watched.keys() - places.keys():
            LOGGER.info("Cluster %s is not watched any more", cluster_id)
            self._watched.pop(cluster_id)[1].cancel()
        for cluster_id in self._watched.keys() & places.keys():
            self._watched[cluster_id][0].place = places[cluster_id]
        new = [place for place in result if place.id not in self._watched]
        self._watched.update(self.source.watch(new, required=False))
        if new:
            self.source.log_rate(len(places))

    def note_failure(self, error: Error) -> float | None:  # noqa: ARG002
        return None


def _operations(cluster: Cluster) -> list[Any]:
    """Return the newest operations of a cluster; none if they cannot be read."""
    with suppress(Error):
        return cluster.operations()
    return []


def _now() -> Moment:
    return Moment(time.time(), time.monotonic())


async def _in_thread(call: Callable[[], Result]) -> Result:
    """Return the result of a call that blocks.

    The thread is a daemon: neither a cancelled task nor the end of the process waits for a request.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Result] = loop.create_future()

    def finish(setter: Callable[[Any], None], value: Any) -> None:
        if not future.done():
            setter(value)

    def work() -> None:
        try:
            outcome: tuple[Callable[[Any], None], Any] = future.set_result, call()
        except Exception as error:
            outcome = future.set_exception, error
        # The loop can be closed by now.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(finish, *outcome)

    threading.Thread(target=work, daemon=True).start()
    return await future

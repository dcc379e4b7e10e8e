# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to the services with an IAM token: read, change, list."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlencode

from . import messages
from .clock import Deadline
from .endpoint import Endpoint, path
from .errors import ApiError, DeadlineError
from .http import JSON, Answer, Expected, Http, retried
from .token import Credential
from .transport import Request

_PAGE_SIZE = 1000
_POLL_INTERVAL = "x-operation-poll-interval"
# Seconds. A shorter interval would make a busy loop.
_SHORTEST_INTERVAL = 0.1


class Accepted(NamedTuple):
    """The service accepted a change.

    :param operation: as the API returned it
    :param interval: seconds until the first poll that the service asks for; None: it does not ask
    :param after_loss: an earlier response was lost, so the operation can be an older one
    """

    operation: JSON
    interval: float | None
    after_loss: bool


class Refused(NamedTuple):
    """The service refused a change.

    :param error: its reason; ``response_lost`` tells whether an earlier attempt may have been accepted
    :param blocker: ID of the operation that blocks the change; None: the reason is another one
    """

    error: ApiError
    blocker: str | None


@dataclass(frozen=True)
class Client:
    """The services, for one credential, within one deadline."""

    http: Http
    endpoint: Endpoint
    credential: Credential
    deadline: Deadline

    def within(self, deadline: Deadline) -> Client:
        """Return the client with another deadline, for callers that live longer than a task."""
        return replace(self, deadline=deadline)

    def retrying(self, retries: float) -> Client:
        """Return the client with another maximum number of retries; infinite: until the deadline."""
        return replace(self, http=replace(self.http, retries=retries))

    def get(self, service: str, *segments: str, expected: Expected, query: Mapping[str, str] | None = None) -> Answer:
        """Read a resource.

        :param service: ``mdb``, ``operation`` or ``iam``
        :param segments: of the path
        :param expected: tells whether a JSON object is the resource
        :raises ApiError: no response, an unexpected one, or an error
        """
        url = self.endpoint.url(service) + path(*segments) + (f"?{urlencode(query)}" if query else "")
        return self._send(Request("GET", url), expected)

    def change(self, method: str, *segments: str, body: JSON | None, key: str) -> Accepted | Refused:
        """Send a change to managed-kafka.

        :param key: idempotency key, one for each intended change: a repeat with the same key cannot act twice
        :raises ApiError: ``response_lost`` tells whether the service may have accepted the change
        """
        headers = {"Idempotency-Key": key, **({"Content-Type": "application/json"} if body is not None else {})}
        data = None if body is None else json.dumps(body).encode()
        request = Request(method, self.endpoint.url("mdb") + path(*segments), headers, data)
        try:
            answer = self._send(request, is_operation)
        except ApiError as error:
            if error.is_refusal and error.http_status != 401:
                return Refused(error, error.blocking_operation)
            raise
        return Accepted(answer.body, poll_interval(answer), answer.after_loss)

    def pages(
        self,
        *segments: str,
        items: str,
        query: Mapping[str, str] | None = None,
        is_item: Expected = lambda item: True,  # noqa: ARG005
    ) -> Iterator[JSON]:
        """Yield the items of a list of managed-kafka, page by page.

        :param items: the key that contains them
        :param is_item: tells whether a JSON object can be one of them
        :raises ApiError: as ``get``; also if the service returns the same page again
        :raises DeadlineError: the list has no end within the deadline
        """

        def is_page(body: JSON) -> bool:
            found = body.get(items, [])
            good = isinstance(found, list) and all(isinstance(item, dict) and is_item(item) for item in found)
            return good and isinstance(body.get("nextPageToken", ""), str)

        token = ""
        seen = {token}
        while True:
            page = {"pageSize": str(_PAGE_SIZE), **(query or {}), **({"pageToken": token} if token else {})}
            body = self.get("mdb", *segments, query=page, expected=is_page).body
            yield from body.get(items, [])
            token = body.get("nextPageToken", "")
            if not token:
                return
            if token in seen:
                raise ApiError(messages.ENDLESS_LIST, items=items, transient=False)
            seen.add(token)
            if self.deadline.passed:
                raise DeadlineError(messages.SLOW_LIST, seconds=self.deadline.seconds, items=items)

    def _send(self, request: Request, expected: Expected) -> Answer:
        """Send a request with an IAM token, and once with a fresh one if the service rejects the first."""
        renewed = False

        def attempt() -> Answer:
            nonlocal renewed
            token = self.credential.token(self.deadline)
            headers = {**request.headers, "Authorization": f"Bearer {token}"}
            try:
                return self.http.attempt(request._replace(headers=headers), self.deadline, expected)
            except ApiError as error:
                if error.http_status != 401:
                    raise
                if renewed or not self.credential.renew(token):
                    raise self.credential.rejected(error) from None
            renewed = True
            return attempt()

        return retried(attempt, self.deadline, self.http.retries)


def is_operation(body: JSON) -> bool:
    """Return whether JSON is an Operation."""
    return isinstance(body.get("id"), str) and bool(body["id"])


def poll_interval(answer: Answer) -> float | None:
    """Return the seconds until the next poll that the service asks for; None: it does not ask."""
    try:
        seconds = float(answer.headers.get(_POLL_INTERVAL) or "nan")
    except ValueError:
        return None
    return max(seconds, _SHORTEST_INTERVAL) if math.isfinite(seconds) and seconds >= 0 else None

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP to the services: timeouts, retries, idempotency keys, paging and errors. Knows nothing of Ansible modules."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import Deadline, backoff
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._endpoint import Endpoint, is_loopback, path
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import (
    ApiError,
    DeadlineError,
    InputError,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import (
    MASK,
    SHORTEST_SECRET,
    secret_values,
    without,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._transport import bounded_adapter

try:
    import requests
    import requests.utils
    import urllib3
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

JSON = dict[str, Any]

_PAGE_SIZE = 1000
# levels of JSON; Python itself could not walk through many more
_DEEPEST = 50
# connections to a host that are kept open, for requests side by side
_CONNECTIONS = 16


class Credential(Protocol):
    """Where IAM tokens come from."""

    description: str

    def token(self) -> str:
        """Return an IAM token."""

    def renew(self, failed: str) -> bool:
        """Take note that a token is no longer valid; tell whether ``token`` can give another one."""


class Answer(NamedTuple):
    """What a service answered."""

    body: JSON
    headers: Mapping[str, str]


def is_operation(body: JSON) -> bool:
    """Tell whether an answer is an Operation."""
    return isinstance(body.get("id"), str) and bool(body["id"])


class Client:
    """Requests to the services, within one deadline.

    :param endpoint: where the services are
    :param deadline: of the whole task; no try begins after it
    :param verify: path of a CA bundle, True for the built-in one, False for no verification
    :param timeout: seconds for one request
    :param retries: how often one request is tried again
    :param user_agent: the header's value
    """

    credential: Credential

    def __init__(
        self,
        endpoint: Endpoint,
        deadline: Deadline,
        *,
        verify: bool | str = True,
        timeout: float = 30.0,
        retries: int = 5,
        user_agent: str = "",
    ) -> None:
        self.endpoint = endpoint
        self.deadline = deadline
        self.retries = retries
        self.secrets: set[str] = set()
        self._hidden: set[str] = set()
        self.warnings: list[str] = []
        # the last token that a service took
        self._taken = ""
        self._verify = verify
        self._timeout = timeout
        self.session = requests.Session()
        # neither ~/.netrc nor a proxy for loopback: what the environment may say is looked up in _proxies
        self.session.trust_env = False
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, bounded_adapter(_CONNECTIONS))
        # nor cookies: requests side by side would change them under each other's hands
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        # nor is a redirect even looked at: requests would read the whole of its body, however long that takes
        self.session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]  # noqa: ARG005
        self.session.headers.update({"User-Agent": user_agent, "Accept": "application/json"})

    def get(
        self,
        service: str,
        *segments: str,
        query: Mapping[str, str] | None = None,
        expected: Callable[[JSON], bool],
        retries: int | None = None,
        patient: bool = False,
    ) -> Answer:
        """Read a resource.

        :param service: ``mdb``, ``operation`` or ``iam``
        :param segments: of the path
        :param query: parameters
        :param expected: tells whether a JSON object is the resource
        :param retries: instead of the client's own number
        :param patient: try until the deadline, whatever ``retries`` says
        :raises ApiError: no answer, one that cannot be understood, or an error
        """
        url = self.endpoint.url(service) + path(*segments)
        return self._authorized("GET", url, query=query, expected=expected, retries=retries, patient=patient)

    def change(self, method: str, *segments: str, body: JSON | None, idempotency_key: str) -> Answer:
        """Ask managed-kafka for a change; the answer is an Operation.

        :param idempotency_key: one for each intended change: a repeat with the same key cannot act twice
        :raises ApiError: its ``lost`` tells whether the change may have been accepted all the same
        """
        self.hide(secret_values(body))
        url = self.endpoint.url("mdb") + path(*segments)
        return self._authorized(
            method, url, body=body, expected=is_operation, headers={"Idempotency-Key": idempotency_key}
        )

    def pages(
        self,
        *segments: str,
        items: str,
        query: Mapping[str, str] | None = None,
        each: Callable[[JSON], bool] = lambda item: True,  # noqa: ARG005
    ) -> Iterator[JSON]:
        """Yield the items of a list of managed-kafka, page by page.

        :param items: the key that holds them
        :param each: tells whether a JSON object is one of them
        :raises ApiError: as ``get``; also when the service hands out the same page again and again
        :raises DeadlineError: the list goes on and on
        """
        token = ""
        seen = set()
        while True:
            seen.add(token)
            page = {"pageSize": str(_PAGE_SIZE), **(query or {}), **({"pageToken": token} if token else {})}
            body = self.get(
                "mdb",
                *segments,
                query=page,
                expected=lambda body: (
                    isinstance(body.get(items, []), list)
                    and all(isinstance(item, dict) and each(item) for item in body.get(items, []))
                    and isinstance(body.get("nextPageToken", ""), str)
                ),
            ).body
            yield from body.get(items, [])
            token = body.get("nextPageToken", "")
            if not token:
                return
            if token in seen:
                raise ApiError(f"the list of {items} goes round in a circle", transient=False)
            if self.deadline.passed:
                seconds = self.deadline.seconds
                raise DeadlineError(f"timed out: the list of {items} has not ended within {seconds:g} s (wait_timeout)")

    def _authorized(self, method: str, url: str, **options: Any) -> Answer:
        """Send with an IAM token, and once with a fresh one when the service does not take it."""
        headers = options.pop("headers", {})
        token = self.credential.token()
        try:
            answer = self.send(method, url, headers={**headers, "Authorization": f"Bearer {token}"}, **options)
        except ApiError as error:
            if error.http_status != 401:
                raise
            if not self.credential.renew(token):
                if token == self._taken:
                    error.advice = f"The token has expired meanwhile, for it was taken before. {error.advice}"
                raise
            lost = error.lost
        else:
            self._taken = token
            return answer
        try:
            token = self.credential.token()
            return self.send(method, url, headers={**headers, "Authorization": f"Bearer {token}"}, **options)
        except ApiError as error:
            error.lost = error.lost or lost
            raise

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: JSON | None = None,
        expected: Callable[[JSON], bool],
        retries: int | None = None,
        patient: bool = False,
        timeout: float | None = None,
        proxies: bool = True,
    ) -> Answer:
        """Send one request, again and again while that is worth it.

        :param timeout: seconds for one try, instead of the client's own
        :param proxies: False: never through a proxy, whatever the environment says
        :raises ApiError: as ``get``
        """
        retries = self.retries if retries is None else retries
        request = requests.Request(method, url, headers=dict(headers or {}), params=query, json=body)
        failed = 0
        lost = False
        while True:
            try:
                return self._try(request, expected, timeout or self._timeout, proxies)
            except ApiError as error:
                failed += 1
                # a later refusal does not tell what became of an earlier try
                lost = error.lost = error.lost or lost
                delay = backoff(failed, error.retry_after)
                worth_it = error.passing if patient else error.transient
                if not worth_it or (failed > retries and not patient):
                    raise self._counted(error, failed) from None
                if delay >= self.deadline.remaining():
                    error.advice = error.advice or "No time is left within wait_timeout for another try."
                    raise self._counted(error, failed) from None
            self.deadline.sleep(delay)

    @staticmethod
    def _counted(error: ApiError, tries: int) -> ApiError:
        if tries > 1:
            error.reason = f"{error.reason} (tried {tries} times)"
        return error

    def _try(
        self, request: requests.Request, expected: Callable[[JSON], bool], timeout: float, proxies: bool
    ) -> Answer:
        """Send a request once."""
        host = urlsplit(request.url).netloc
        # a try that begins just before the deadline still gets a second, or it could never succeed
        timeout = min(timeout, max(self.deadline.remaining(), 1.0))
        writes = request.method != "GET"
        try:
            with self.session.send(
                self.session.prepare_request(request),
                timeout=(timeout, timeout),
                verify=self._verify,
                proxies=self._proxies(request.url) if proxies else {},
                allow_redirects=False,
                stream=True,
            ) as response:
                text = self.redact(response.raw.read(decode_content=True).decode("utf-8", "replace"))
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            # most tasks meet no failure, and need not pay for importing what explains it
            from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._failure import unanswered

            raise unanswered(error, host, timeout, writes=writes, redact=self.redact) from None
        body = _parsed(text)
        self.hide(secret_values(body))
        if 200 <= response.status_code < 300 and isinstance(body, dict) and expected(body):
            if "error" in body:
                # that of an operation
                body["error"] = self.quoted(body["error"])
            return Answer(body, response.headers)
        from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._failure import rejection

        raise rejection(
            host,
            response.status_code,
            {name.lower(): self.redact(value) for name, value in response.headers.items()},
            self.quoted(text),
            self.quoted(body),
            writes=writes,
            credential=getattr(getattr(self, "credential", None), "description", "none"),
        )

    def _proxies(self, url: str) -> dict[str, str]:
        """Return the proxies that the environment names; what stays on this machine never goes through one."""
        if is_loopback(urlsplit(url).hostname or ""):
            return {}
        proxies: dict[str, str] = requests.utils.get_environ_proxies(url)
        proxy = requests.utils.select_proxy(url, proxies)
        if proxy and not _is_proxy(proxy):
            # it may hold a password, so it is not shown
            raise InputError("the proxy that the environment names is not a URL", "Check HTTPS_PROXY and ALL_PROXY.")
        return proxies

    def hide(self, values: Iterable[str]) -> None:
        """Learn secrets of the task or of a connector, which are not to be seen in what a service says."""
        self._hidden.update(value for value in values if len(value) >= SHORTEST_SECRET)

    def quoted(self, said: Any) -> Any:
        """Return something that a service said, text or JSON, without all the secrets that are known."""
        return without(self.secrets | self._hidden, said)

    def redact(self, text: str) -> str:
        """Return a text without the secrets that this client knows."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, MASK)
        return text


def _parsed(text: str) -> Any:
    """Return the JSON that a text is; None when it is none, or nested more deeply than anything that the API means."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return None if _is_deep(body) else body


def _is_proxy(proxy: str) -> bool:
    try:
        return bool(urllib3.util.parse_url(proxy if "://" in proxy else f"http://{proxy}").host)
    except urllib3.exceptions.LocationParseError:
        return False


def _is_deep(value: Any) -> bool:
    """Tell whether JSON is nested more deeply than anything that the API means."""
    layer = [value]
    for _level in range(_DEEPEST):
        layer = [
            inner
            for item in layer
            if isinstance(item, (dict, list))
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
    return bool(layer)

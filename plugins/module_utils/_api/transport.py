# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP request with the requests library: no redirects, no cookies, no ~/.netrc, no system proxy settings."""

from __future__ import annotations

import functools
import ssl
import time
from collections.abc import Callable, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from . import messages
from .errors import ApiError, InputError, LibraryMissingError

try:
    import requests
    import requests.certs
    import requests.utils
    import urllib3
    from requests.adapters import HTTPAdapter
    from urllib3 import exceptions as urllib3_errors
except ImportError:
    HAS_REQUESTS = False
    HTTPAdapter = object  # type: ignore[misc,assignment]
else:
    HAS_REQUESTS = True

_LARGEST_PIECE = 65536


class Request(NamedTuple):
    """A request to a service.

    :param body: None: without a body
    """

    method: str
    url: str
    headers: Mapping[str, str] = {}
    body: bytes | None = None

    @property
    def host(self) -> str:
        """Host and port of the URL, for messages."""
        return urlsplit(self.url).netloc

    @property
    def changes(self) -> bool:
        """Whether the request can change something on the service."""
        return self.method != "GET"


class Response(NamedTuple):
    """A complete response.

    :param headers: names in lower case
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


Transport = Callable[[Request, float, Mapping[str, str]], Response]
"""Makes one attempt of a request: (request, seconds, proxies by scheme) -> complete response, or ``ApiError``."""


class RequestsTransport:
    """The transport of the collection.

    :param context: TLS settings, from ``tls_context``
    :param redact: hides secrets in the text of exceptions
    """

    def __init__(self, context: ssl.SSLContext, redact: Callable[[str], str]) -> None:
        self._redact = redact
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        # Otherwise requests would read the whole body of a redirect, which can take any time.
        self._session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]  # noqa: ARG005
        self._session.headers.clear()
        self._session.verify = context.verify_mode is ssl.CERT_REQUIRED
        self._session.stream = True
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _Adapter(context))

    def __call__(self, request: Request, timeout: float, proxies: Mapping[str, str]) -> Response:
        """Send a request once.

        :param timeout: seconds to connect, and seconds to respond
        :raises ApiError: there was no complete response
        """
        _check_proxy(request.url, proxies)
        started = time.monotonic()
        body = bytearray()
        try:
            plain = requests.Request(request.method, request.url, dict(request.headers), data=request.body)
            prepared = self._session.prepare_request(plain)
            with self._session.send(
                prepared, timeout=(timeout, timeout), proxies=dict(proxies), allow_redirects=False
            ) as response:
                # Before version 2, urllib3 does not check it by default.
                response.raw.enforce_content_length = True
                # Each piece is at most as long as all before it together, so a sender of single bytes is noticed too.
                while piece := response.raw.read(min(max(len(body), 1), _LARGEST_PIECE), decode_content=False):
                    body += piece
                    if time.monotonic() - started > timeout:
                        raise requests.Timeout
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Response(response.status_code, headers, bytes(body))
        except (requests.RequestException, urllib3_errors.HTTPError, OSError, ValueError) as error:
            raise _no_response(error, request, timeout, self._redact) from None


class _Adapter(HTTPAdapter):
    """Uses one TLS context for all connections. Without it, requests loads its CA bundle again for each client."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Create the pools of direct connections."""
        super().init_poolmanager(*args, ssl_context=self._context, **options)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Create the pools of connections through a proxy."""
        return super().proxy_manager_for(proxy, ssl_context=self._context, **options)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Leave the settings of a connection to the context."""


def tls_context(validate_certs: bool, ca_path: str | None) -> ssl.SSLContext:
    """Return TLS settings.

    :param ca_path: CA bundle; None: the one of the requests library
    :raises InputError: the CA bundle cannot be read
    :raises LibraryMissingError: the requests library is missing
    """
    if not HAS_REQUESTS:
        raise LibraryMissingError("requests")
    if not validate_certs:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    try:
        return _context_with(ca_path or requests.certs.where())  # type: ignore[attr-defined]
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or error
        raise InputError(messages.BAD_CA, path=ca_path, cause=cause) from None


@functools.cache
def _context_with(ca_path: str) -> ssl.SSLContext:
    """Return TLS settings with a CA bundle. Loading the usual one takes about 20 ms."""
    # Before version 2, urllib3 checks the name of the host itself, and fails for addresses if Python does.
    context = urllib3.util.ssl_.create_urllib3_context()
    context.load_verify_locations(cafile=ca_path)
    return context


def _check_proxy(url: str, proxies: Mapping[str, str]) -> None:
    """Check the proxy of a request, because the libraries fail in many ways for an invalid one.

    :raises ApiError: it is not a URL; the message does not show it, because it can contain a password
    """
    proxy = requests.utils.select_proxy(url, proxies)
    try:
        host = urllib3.util.parse_url(proxy if "://" in proxy else f"http://{proxy}").host if proxy else "none"
    except urllib3_errors.LocationParseError:
        host = None
    if not host:
        raise ApiError(messages.BAD_PROXY, transient=False)


def _no_response(error: Exception, request: Request, timeout: float, redact: Callable[[str], str]) -> ApiError:
    """Return the error for a request without a complete response."""
    chain = _chain(error)
    cause = chain[-1]
    said = getattr(cause, "verify_message", None) or getattr(cause, "strerror", None) or cause or type(cause).__name__
    host, text = request.host, redact(str(said))
    # ssl.SSLCertVerificationError and urllib3's CertificateError are both a ValueError.
    if isinstance(error, requests.exceptions.SSLError) and isinstance(cause, ValueError):
        return ApiError(messages.UNTRUSTED, host=host, cause=text, transient=False)
    never_sent = (urllib3_errors.NewConnectionError, urllib3_errors.ConnectTimeoutError, urllib3_errors.ProxyError)
    # A request that cannot be built (invalid header) cannot succeed later.
    invalid = isinstance(error, ValueError)
    sent = not invalid and not any(isinstance(item, never_sent) for item in chain)
    timed_out = isinstance(error, (requests.Timeout, urllib3_errors.TimeoutError)) or "timed out" in str(error)
    if timed_out:
        message = messages.TIMEOUT
    elif isinstance(error, requests.exceptions.ProxyError):
        message = messages.PROXY_FAILED
    else:
        message = messages.BROKEN if sent else messages.NO_CONNECTION
    lost = request.changes and sent
    return ApiError(message, host=host, cause=text, seconds=timeout, transient=not invalid, response_lost=lost)


def _chain(error: BaseException) -> list[BaseException]:
    """Return an exception and those inside it. The last one is the cause: requests and urllib3 wrap it."""
    chain = [error]
    for outer in chain:
        # The exception that was being handled is not always the cause.
        context = None if outer.__suppress_context__ or isinstance(outer, OSError) else outer.__context__
        inner = [getattr(outer, "reason", None), *outer.args, outer.__cause__, context]
        chain += [item for item in inner if isinstance(item, BaseException) and item not in chain][:1]
    return chain

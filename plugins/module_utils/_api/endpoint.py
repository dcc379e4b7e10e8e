# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where requests go: from the option ``endpoint`` and checked names to URLs. Pure."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import quote

from . import messages
from .errors import InputError

DEFAULT_ENDPOINT = "api.cloud.yandex.net"
DEFAULT_AUTH_ENDPOINT = "auth.yandex.cloud"

_LABEL = "[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?"
# A name, or an IPv6 address in brackets, with or without a port.
_AUTHORITY = re.compile(rf"(?:({_LABEL}(?:\.{_LABEL})*)|\[([0-9a-fA-F.]*:[0-9a-fA-F:.]*)\])(?::([0-9]{{1,5}}))?")
_BAD_PATH = re.compile(r"[^-._~/a-zA-Z0-9]|/\.{1,2}(?:/|\Z)")


class Endpoint(NamedTuple):
    """The API's address.

    :param host: the domain that contains a host for each service; None with a base URL
    :param base_url: the one URL of all services, without a slash at the end; None with a host
    """

    host: str | None
    base_url: str | None

    def url(self, service: str) -> str:
        """Return the base URL of a service: ``mdb``, ``operation`` or ``iam``."""
        return self.base_url or f"https://{service}.{self.host}"

    @property
    def exact_url(self) -> str:
        """The URL of exactly this host."""
        return self.base_url or f"https://{self.host}"

    @property
    def token_audience(self) -> str:
        """The claim ``aud`` of a JWT. A gateway behind a base URL passes the JWT on, so it has to be the public one."""
        return f"https://iam.{self.host or DEFAULT_ENDPOINT}/iam/v1/tokens"


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, judged by its name or address alone."""
    address = _address(host)
    return host.lower() == "localhost" or (address is not None and address.is_loopback)


def parse_endpoint(value: str) -> Endpoint:
    """Return the address that the option ``endpoint`` names.

    :param value: a host, with or without a port, or a URL
    :raises InputError: the value is neither, or the URL would send a token without encryption
    """
    text = value.strip().rstrip("/")
    scheme, is_url, rest = text.rpartition("://")
    authority, slash, inner = rest.partition("/")
    if "@" in authority:
        raise InputError(messages.URL_WITH_PASSWORD)
    host = _host(authority)
    if is_url:
        is_valid = host and scheme.lower() in ("http", "https") and not _BAD_PATH.search(slash + inner)
    else:
        is_valid = host and ":" not in host and not slash
    if not is_valid:
        raise InputError(messages.BAD_ENDPOINT, value=value[:60])
    if scheme.lower() == "http" and not is_loopback(host):
        raise InputError(messages.PLAIN_HTTP, value=value[:60])
    return Endpoint(None, text) if is_url else Endpoint(text.removesuffix(":443"), None)


def _host(authority: str) -> str:
    """Return the host in the authority of a URL: a name or an address; empty: the authority is invalid."""
    found = _AUTHORITY.fullmatch(authority)
    if not found or len(found[1] or "") > 253 or not 0 < int(found[3] or 443) < 65536:
        return ""
    return found[1] or (found[2] if _address(found[2]) else "")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def path(*segments: str) -> str:
    """Join segments to the path of a URL.

    :raises InputError: a segment is empty or would change the path (``.``, ``..``)
    """
    for segment in segments:
        if segment in ("", ".", ".."):
            raise InputError(messages.BAD_PATH, segment=segment)
    return "/" + "/".join(quote(segment, safe="") for segment in segments)

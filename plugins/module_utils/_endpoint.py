# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where requests go: from the option ``endpoint`` and checked names to URLs. Pure."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import InputError

DEFAULT_ENDPOINT = "api.cloud.yandex.net"

_HOST = re.compile(r"(?=.{1,253}\Z)[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*\Z")


class Endpoint(NamedTuple):
    """The API's address.

    :param host: the domain under which each service has a host of its own; None with a base URL
    :param base_url: the one URL of all services, without a slash at the end; None with a host
    """

    host: str | None
    base_url: str | None

    def url(self, service: str) -> str:
        """Return the base URL of a service: ``mdb``, ``operation`` or ``iam``."""
        return self.base_url or f"https://{service}.{self.host}"

    @property
    def token_audience(self) -> str:
        """The claim ``aud`` of a JWT. A gateway behind a base URL passes it on, so there it is the public one."""
        return f"https://iam.{self.host or DEFAULT_ENDPOINT}/iam/v1/tokens"


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, judged by its name alone (no look-up)."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def parse_endpoint(value: str) -> Endpoint:
    """Return the address that the option ``endpoint`` names.

    :param value: a host, perhaps with a port, or a URL
    :raises InputError: neither, or a URL over which a token would travel in the clear
    """
    advice = f"Set endpoint to a host such as {DEFAULT_ENDPOINT}, or to a base URL such as https://gateway:8443."
    text = value.strip().rstrip("/")
    if "://" not in text:
        host, colon, port = text.partition(":")
        if not _HOST.match(host) or (colon and not _is_port(port)):
            raise InputError(f"endpoint is not a host: {value[:60]!r}", advice)
        return Endpoint(host=host if port in ("", "443") else text, base_url=None)
    try:
        parts = urlsplit(text)
        hostname, port_zero = parts.hostname or "", parts.port == 0
    except ValueError:
        raise InputError("endpoint is not a URL", advice) from None
    if "@" in parts.netloc:
        raise InputError("endpoint holds a user name or a password", advice)
    # urlsplit leaves out line breaks and tabs, which the text still has
    if parts.scheme not in ("http", "https") or not hostname or port_zero or re.search(r"[^!-~]|[?#]", text):
        raise InputError(f"endpoint is not a base URL: {value[:60]!r}", advice)
    if not _is_authority(parts.netloc) or re.search(r"[^-._~/a-zA-Z0-9]|/\.{1,2}(/|\Z)", parts.path):
        raise InputError(f"endpoint is not a base URL: {value[:60]!r}", advice)
    if parts.scheme == "http" and not is_loopback(hostname):
        raise InputError(
            f"endpoint {value[:60]!r} would send the IAM token in the clear", "Use https://, or a loopback address."
        )
    return Endpoint(host=None, base_url=text)


def _is_authority(text: str) -> bool:
    """Tell whether a text is a host name or an address, IPv6 in brackets, perhaps with a port."""
    found = re.fullmatch(r"(?:\[([0-9a-fA-F:.]+)\]|([^:\[\]]+))(?::([0-9]+))?", text)
    if not found or not _is_port(found[3] or "443"):
        return False
    if found[2]:
        return bool(_HOST.match(found[2]))
    try:
        return bool(ipaddress.IPv6Address(found[1]))
    except ValueError:
        return False


def _is_port(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,5}", text)) and 0 < int(text) < 65536


def path(*segments: str) -> str:
    """Join segments to the path of a URL, each kept in its place.

    :raises InputError: a segment is empty, or walks the path (``.``, ``..``)
    """
    for segment in segments:
        if segment in ("", ".", ".."):
            raise InputError(f"{segment!r} cannot be a part of a URL")
    return "/" + "/".join(quote(segment, safe="") for segment in segments)

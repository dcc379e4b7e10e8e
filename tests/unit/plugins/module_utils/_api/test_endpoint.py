# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""URLs: no option and no name can send a request or a token to another place."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.endpoint import (
    DEFAULT_ENDPOINT,
    is_loopback,
    parse_endpoint,
    path,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import InputError

LOOPBACK = ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.10", "::1"]
ELSEWHERE = [
    "api.cloud.yandex.net",
    "10.0.0.1",
    "127.0.0.1.example.com",
    "localhost.example.com",
    "0x7f.1",
    "2001:db8::1",
]

segments = st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda text: text not in (".", ".."))
awkward = st.text(st.sampled_from("abc:/.@?#%\\ \t\n\r[]-_~0129²٣é\x00"), max_size=30)


@pytest.mark.parametrize("service", ["mdb", "operation", "iam"])
def test_a_host_contains_a_host_for_each_service(service: str) -> None:
    assert parse_endpoint(DEFAULT_ENDPOINT).url(service) == f"https://{service}.api.cloud.yandex.net"
    assert parse_endpoint(" api.yandexcloud.kz/ ").url(service) == f"https://{service}.api.yandexcloud.kz"
    assert parse_endpoint("api.test:8443").url(service) == f"https://{service}.api.test:8443"
    assert parse_endpoint("api.test:443").url(service) == f"https://{service}.api.test"


@pytest.mark.parametrize("service", ["mdb", "operation", "iam"])
@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("https://gateway:8443", "https://gateway:8443"),
        ("https://gateway/kafka/", "https://gateway/kafka"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_a_base_url_is_the_url_of_all_services(value: str, url: str, service: str) -> None:
    assert parse_endpoint(value).url(service) == url


def test_the_audience_of_a_base_url_is_the_public_one() -> None:
    assert parse_endpoint("api.yandexcloud.kz").token_audience == "https://iam.api.yandexcloud.kz/iam/v1/tokens"
    for value in (DEFAULT_ENDPOINT, "https://gateway:8443", "http://127.0.0.1:1"):
        assert parse_endpoint(value).token_audience == "https://iam.api.cloud.yandex.net/iam/v1/tokens"


@pytest.mark.parametrize("host", ELSEWHERE)
def test_plain_http_to_another_host_is_rejected(host: str) -> None:
    assert not is_loopback(host)
    for scheme in ("http", "HTTP"):
        with pytest.raises(InputError) as failure:
            parse_endpoint(f"{scheme}://[{host}]:80" if ":" in host else f"{scheme}://{host}:80")
        assert "would send the token without encryption. Use https or a loopback address." in failure.value.msg


@pytest.mark.parametrize("host", LOOPBACK)
def test_loopback_is_recognized_by_name_or_address(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "host/path",
        "host:",
        "host:99999",
        "host:²",
        "-host",
        "a..b",
        pytest.param("h" * 254, id="too long"),
        "::1",
        "ftp://host",
        "https:///path",
        "https://[::1",
        "https://[::1]x",
        "https://[::::]",
        "https://[localhost]",
        "https://host?",
        "https://host#fragment",
        "https://host/a/..",
        "https://host/./a",
        "https://host/%2e%2e",
        "https://ho\nst",
        "https://host\\path",
    ],
)
def test_an_invalid_endpoint_is_rejected(value: str) -> None:
    with pytest.raises(InputError) as failure:
        parse_endpoint(value)
    assert failure.value.msg == (
        f"Endpoint is not a host or a base URL: {value[:60]!r}. "
        "Set endpoint to a host such as api.cloud.yandex.net, or to a base URL such as https://gateway:8443."
    )


@pytest.mark.parametrize(
    "value",
    [
        "https://user:hunter2@host",
        "https://hunter2@host",
        "user:hunter2@host",
        "https://good\\@hunter2.example",
    ],
)
def test_a_password_is_rejected_and_not_shown(value: str) -> None:
    with pytest.raises(InputError) as failure:
        parse_endpoint(value)
    assert "hunter2" not in failure.value.msg
    assert failure.value.msg.startswith("Endpoint contains a user name or a password. Set endpoint to a host ")


@given(value=awkward.map(lambda text: f"http://{text}") | awkward.map(lambda text: f"https://{text}") | awkward)
@example(value="https://ho\nst")
@example(value="host:²")
@example(value="https://][0")
def test_an_accepted_endpoint_is_where_requests_go(value: str) -> None:
    try:
        endpoint = parse_endpoint(value)
    except InputError:
        return
    for service in ("mdb", "operation", "iam"):
        url = endpoint.url(service)
        parts = urlsplit(url)
        sent = urlsplit(requests.Request("GET", url + "/a").prepare().url)
        assert url.isascii()
        assert url.isprintable()
        assert (sent.scheme, sent.hostname, sent.port) == (parts.scheme, parts.hostname, parts.port)
        assert sent.path == f"{parts.path}/a"
        assert sent.scheme == "https" or is_loopback(sent.hostname or "")
        if endpoint.host:
            assert (sent.hostname or "").endswith(endpoint.host.partition(":")[0].lower())


@given(names=st.lists(segments, min_size=1, max_size=5))
@example(names=["../../iam", "a/b", "%2e%2e", "a?b", "a#b", "a;b", "a\\b", "//evil.example", "a b", "\x00"])
def test_a_name_stays_one_segment_of_the_path(names: list[str]) -> None:
    url = requests.Request("GET", "https://mdb.api.cloud.yandex.net" + path(*names)).prepare().url
    parts = urlsplit(url)
    assert parts.hostname == "mdb.api.cloud.yandex.net"
    assert (parts.query, parts.fragment) == ("", "")
    assert [unquote(segment) for segment in parts.path.split("/")] == ["", *names]


@pytest.mark.parametrize("segment", ["", ".", ".."])
@pytest.mark.parametrize("before", [(), ("clusters", "c9q")])
def test_a_segment_that_changes_the_path_is_rejected(segment: str, before: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="cannot be a part of a URL"):
        path(*before, segment, "connectors")

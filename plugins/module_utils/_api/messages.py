# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every message about requests, credentials and operations. Errors fill in the fields in braces."""

from __future__ import annotations

from typing import NamedTuple


class Message(NamedTuple):
    """The text of an error.

    :param reason: the cause, a clause without a full stop
    :param advice: what to do, one or two sentences; empty if that is not known
    """

    reason: str
    advice: str = ""


_NEW_IAM = "Get one: yc iam create-token"
_NEW_KEY = "Create a key: yc iam key create --service-account-name NAME --output key.json"
_HOST_OR_URL = "Set endpoint to a host such as api.cloud.yandex.net, or to a base URL such as https://gateway:8443."

# The collection and its libraries
BUG = Message("this is a bug in yandex_cloud.managed_kafka {version} ({kind} in {place})", "Please report it.")
LIBRARY_MISSING = Message("{python} has no library {library}", "Install it: {python} -m pip install {library}")

# Options of the connection
BAD_ENDPOINT = Message("endpoint is not a host or a base URL: {value!r}", _HOST_OR_URL)
URL_WITH_PASSWORD = Message("endpoint contains a user name or a password", _HOST_OR_URL)
PLAIN_HTTP = Message("endpoint {value!r} would send the token without encryption", "Use https or a loopback address.")
BAD_PATH = Message("{segment!r} cannot be a part of a URL")
BAD_CA = Message("ca_path {path} is not a readable CA bundle: {cause}", "Check the path and the file.")
BAD_PROXY = Message("the proxy that the environment names is not a URL", "Check HTTPS_PROXY and ALL_PROXY.")
TOO_SMALL = Message("{where} is {value}, which is less than {minimum}", "Set it to at least {minimum}.")
BAD_REQUEST_TIMEOUT = Message("request_timeout must be more than 0")

# Requests without a response
UNTRUSTED = Message("untrusted TLS certificate from {host}: {cause}", "If the host is right, set ca_path to its CA.")
TIMEOUT = Message("{host} did not respond within {seconds:g} s", "Check the network, the proxy and endpoint.")
PROXY_FAILED = Message("the proxy could not connect to {host}: {cause}", "Check HTTPS_PROXY and NO_PROXY.")
NO_CONNECTION = Message("could not connect to {host}: {cause}", "Check endpoint, the firewall and the proxy.")
BROKEN = Message("the connection to {host} broke: {cause}", "Check the network, the proxy and endpoint.")

# Responses
NO_JSON = Message("{host} did not return the expected JSON (HTTP {status}): {text}", "{advice}")
NO_JSON_ADVICE = "A proxy or a login page may be in between. Check endpoint and HTTPS_PROXY."
REDIRECT = Message("{host} returned HTTP {status}, a redirect, which is not followed", "Check endpoint.")
REJECTED = Message("{host} returned HTTP {status}{code}: {text}")
FORBIDDEN = Message("{host} returned HTTP {status}{code}: {text}", "Grant your account the role {role} on the folder.")
LIMITED = Message("{host} limits the number of requests (HTTP {status}): {text}", "Wait a few minutes.")
ENDLESS_LIST = Message("the list of {items} repeats a page", "Report it to the vendor if it happens again.")
NO_TIME = "No time is left for a retry. Increase wait_timeout."
SLOW_LIST = Message("timed out after {seconds:g} s in the list of {items}", "Increase wait_timeout and run again.")

# Credentials
TWO_CREDENTIALS = Message("{names} are two different credentials", "Set only one of them.")
OAUTH_TOKEN = Message("{source} contains an OAuth token", "Use yc iam create-token, or a service account key.")
BAD_TOKEN = Message("{source} contains no IAM token, or characters that no IAM token has", _NEW_IAM)
TOKEN_REJECTED = Message("the IAM token {origin} is invalid or expired (HTTP {status}): {text}", "{advice}")
NO_TOKEN = Message("no IAM token for {owner}: {cause}", "{advice}")
NO_TOKEN_ADVICE = f"Check that the account is active and that the key still exists. {_NEW_KEY}"
NO_CREDENTIAL = Message(
    "no credential found: none is set, and the metadata service did not provide a token ({cause})",
    "Set iam_token (YC_IAM_TOKEN, YC_TOKEN), service_account_key_file (YC_SERVICE_ACCOUNT_KEY_FILE), "
    "service_account_key (YC_SERVICE_ACCOUNT_KEY) or service_account_id (YC_WORKLOAD_SA_ID) with identity_token_file "
    "(YC_WORKLOAD_TOKEN_FILE), or run on an instance with a service account (YC_METADATA_ADDR).",
)
BAD_METADATA_ADDRESS = Message("YC_METADATA_ADDR is not a host: {value!r}", "Set it to a host, or unset it.")
FILE_NOT_READABLE = Message("cannot read {file}: {cause}", "Check the path and the file.")
KEY_FILE_EXPOSED = "Other users can read the key file {file}. Run: chmod 600 {file}"
KEY_INCOMPLETE = Message("{source} is not a service account key: it has no {parts}", _NEW_KEY)
KEY_CANNOT_SIGN = Message("the private key in {source} cannot sign", _NEW_KEY)
ONE_PART = Message("{given} is set without {missing}", "Set {missing} too, or remove {given}.")
NO_JWT = Message("{source} contains no JWT", "Set it to the identity token of the job or the pod.")
FEDERATION_ADVICE = "Check the federation, its audience, and that the token's subject is bound to the service account."

# Operations
OPERATION_FAILED = Message(
    "the service reported an error: {text} ({code}operation {operation}{rollback})",
    "Fix the cause and run the task again.",
)
OPERATION_TIMEOUT = Message(
    "timed out after {seconds:g} s. Operation {operation} has not finished and continues on the service{problem}",
    "Wait for it: ansible localhost -m yandex_cloud.managed_kafka.operation_info "
    "-a 'operation_id={operation} wait=true'",
)

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that every module shares: the credential, and how requests are sent."""

from __future__ import annotations


class ModuleDocFragment:
    """The options of CONNECTION_OPTIONS in module_utils/_module.py."""

    DOCUMENTATION = r"""
options:
  iam_token:
    description:
      - An IAM token, as C(yc iam create-token) prints it. It lives up to 12 hours and cannot be renewed by the module.
      - An OAuth token (one that begins with C(y0_) or C(AQAA)) is refused.
      - When none of O(iam_token), O(service_account_key_file) and O(service_account_key) is set, the first of these
        environment variables that is set and not empty is used, E(YC_IAM_TOKEN), E(YC_TOKEN),
        E(YC_SERVICE_ACCOUNT_KEY_FILE), E(YC_SERVICE_ACCOUNT_KEY); when there is none, the metadata service of the
        instance is asked, at the address in E(YC_METADATA_ADDR) or the usual one, for at most a second.
      - The three are mutually exclusive.
    type: str
  service_account_key_file:
    description:
      - Path of a service account's authorized key, as C(yc iam key create --output) writes it.
      - The module gets IAM tokens with it, and renews them when a wait outlives one.
      - Needs the Python libraries PyJWT and cryptography.
    type: path
  service_account_key:
    description:
      - The same key as text or as a dictionary, for vaults.
    type: json
  endpoint:
    description:
      - The host of the API, under which each service has a host of its own. Use V(api.yandexcloud.kz) for Kazakhstan.
      - A base URL (with V(https://)) is the one address of all services, such as a gateway.
        V(http://) is allowed to a loopback address only, since an IAM token never travels in the clear.
      - The environment variable E(YC_ENDPOINT) is used when the option is not set.
    type: str
    default: api.cloud.yandex.net
  validate_certs:
    description:
      - Whether TLS certificates are verified.
    type: bool
    default: true
  ca_path:
    description:
      - Path of a file with the CA certificates to trust, instead of those that come with the requests library.
      - The environment variable E(YC_CA_PATH) is used when the option is not set.
    type: path
  request_timeout:
    description:
      - Seconds that one HTTP request may take to connect, and to be answered.
    type: float
    default: 30
  request_retries:
    description:
      - How often one request is tried again after a connection error, an HTTP status 429, 500, 502, 503, 504 or
        an answer with the code ABORTED.
      - Delays between the tries grow, vary at random, and are at least as long as a C(Retry-After) header asks.
      - Polls of an operation that was begun do not count here. They go on until the task's time is over.
    type: int
    default: 5
requirements:
  - python >= 3.9
  - requests
  - PyJWT and cryptography, only with a service account key
notes:
  - Credentials in environment variables are those of the process that runs the module. Run it on the control node
    (C(connection=local) or C(delegate_to=localhost)) when they are set there, as AWX does.
  - Proxies are taken from E(HTTPS_PROXY) and E(NO_PROXY), except for loopback addresses and the metadata service.
"""

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that every module has: the credential, and how the module sends requests."""

from __future__ import annotations


class ModuleDocFragment:
    """Documentation of the options that every module has."""

    DOCUMENTATION = r"""
options:
  iam_token:
    description:
      - IAM token, as C(yc iam create-token) prints it. The token is valid for up to 12 hours. The module cannot renew a
        token.
      - The module rejects OAuth tokens, which start with C(y0_) or C(AQAA).
      - At most one of O(iam_token), O(service_account_key_file), O(service_account_key) and O(service_account_id)
        can be set.
      - If none of them is set, the module uses the first of these environment variables that is not empty,
        E(YC_IAM_TOKEN), E(YC_TOKEN), E(YC_SERVICE_ACCOUNT_KEY_FILE), E(YC_SERVICE_ACCOUNT_KEY), E(YC_WORKLOAD_SA_ID).
      - Without any of these, the module requests a token from the metadata service of the instance, with a timeout of
        1 second. The environment variable E(YC_METADATA_ADDR) overrides the address of the metadata service.
    type: str
  service_account_key_file:
    description:
      - Path of the authorized key of a service account, as C(yc iam key create --output) writes it.
      - The module creates IAM tokens with the key. If a token expires during the task, the module creates a new one.
      - Requires the Python libraries PyJWT and cryptography.
    type: path
  service_account_key:
    description:
      - The same key as text or as a dictionary, for example from a vault.
    type: json
  service_account_id:
    description:
      - ID of a service account, for workload identity federation. The module exchanges a JWT of a job or a pod for an
        IAM token of this service account, so no secret has to be stored.
      - Requires O(identity_token_file) or O(identity_token).
      - If this option is not set, the module uses the environment variable E(YC_WORKLOAD_SA_ID).
    type: str
  identity_token_file:
    description:
      - Path of a file that contains the JWT. The module reads the file again before each exchange, because Kubernetes
        replaces the JWT.
      - Requires O(service_account_id). The environment variable is E(YC_WORKLOAD_TOKEN_FILE).
    type: path
  identity_token:
    description:
      - The JWT itself, for example of GitHub Actions or GitLab CI.
      - Requires O(service_account_id). The environment variable is E(YC_WORKLOAD_TOKEN).
    type: str
  auth_endpoint:
    description:
      - Host of the token exchange. By default, it is V(auth.yandex.cloud).
      - If O(endpoint) is a base URL, the default is the same base URL.
      - If this option is not set, the module uses the environment variable E(YC_AUTH_ENDPOINT).
    type: str
  endpoint:
    description:
      - Host of the API. Each service has its own host below this host. Use V(api.yandexcloud.kz) for Kazakhstan.
      - With V(https://), the value is a base URL for all services, for example the URL of a gateway.
      - V(http://) is allowed only for loopback addresses, because a network must not see the IAM token.
      - If this option is not set, the module uses the environment variable E(YC_ENDPOINT).
    type: str
    default: api.cloud.yandex.net
  validate_certs:
    description:
      - Verify TLS certificates.
    type: bool
    default: true
  ca_path:
    description:
      - Path of a file with CA certificates. They replace the default certificates of the requests library.
      - If this option is not set, the module uses the environment variable E(YC_CA_PATH).
    type: path
  request_timeout:
    description:
      - Timeout of one HTTP request in seconds. It applies to the connection, and to the response.
    type: float
    default: 30
  request_retries:
    description:
      - Maximum number of retries of one request.
      - The module retries after a connection error, after HTTP status 429, 500, 502, 503 or 504,
        and after the error code C(ABORTED).
      - The delays between retries grow and contain a random part. A C(Retry-After) header of the response sets the
        shortest delay.
      - While the module waits for an operation, it retries temporary errors regardless of this option, until the
        task times out.
    type: int
    default: 5
requirements:
  - python >= 3.9
  - requests
  - PyJWT and cryptography, only for service account keys
notes:
  - The module reads the environment variables of the host that runs the module. If the variables are set on the control
    node, for example by AWX, use C(connection=local) or C(delegate_to=localhost).
  - The module uses the proxies in E(HTTPS_PROXY) and E(NO_PROXY). It uses no proxy for loopback addresses and for
    the metadata service.
"""


# For plugins: they expand paths after templates, and read environment variables themselves. The tests of Ansible accept
# only literal texts in the class.
ModuleDocFragment.PLUGIN = (  # type: ignore[attr-defined]
    ModuleDocFragment.DOCUMENTATION.replace("type: path", "type: str")
    .replace("type: json", "type: raw")
    .replace("    default: api.cloud.yandex.net\n", "")
    .replace("the module", "the plugin")
    .replace("The module", "The plugin")
)

# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The token exchange: an identity token of a CI system or of Kubernetes becomes an IAM token."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from support.certificates import Authority

from sandbox import Sandbox
from sandbox.issuer import SYSTEMS, Issuer

from .api import TYPE, Api, Clock, error

AUDIENCE = "https://kafka.example.com"
FORM = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
    "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
}


@pytest.fixture(scope="module", params=list(SYSTEMS))
def issuer(_running: Sandbox, request: pytest.FixtureRequest) -> Issuer:
    return _running.issuer(request.param)


@pytest.fixture(scope="module")
def github(_running: Sandbox) -> Issuer:
    return _running.issuer("github")


@pytest.fixture(scope="module")
def account(_running: Sandbox, github: Issuer) -> str:
    return _running.federate(github, audience=AUDIENCE, role="viewer")


@pytest.fixture
def exchange(sandbox: Sandbox, account: str) -> Callable[..., requests.Response]:
    def exchange(token: str, **fields: Any) -> requests.Response:
        form = {**FORM, "audience": account, "subject_token": token, **fields}
        return requests.post(f"{sandbox.url}/oauth/token", data=form, timeout=10)

    return exchange


Exchange = Callable[..., requests.Response]


def test_identity_token_of_each_system_is_exchanged(api: Api, sandbox: Sandbox, issuer: Issuer) -> None:
    account = sandbox.federate(issuer, audience=AUDIENCE)
    form = {**FORM, "audience": account, "subject_token": issuer.token(AUDIENCE)}
    response = requests.post(f"{sandbox.url}/oauth/token", data=form, timeout=10)
    body = api.ok(response)
    assert (set(body), body["token_type"]) == ({"access_token", "token_type", "expires_in"}, "Bearer")
    assert body["expires_in"] == 12 * 3600
    assert response.headers["content-type"] == "application/json"
    paused = api.post("connectors/pause/mirror", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert paused.json()["createdBy"] == account


def test_exchanged_token_has_the_role_of_the_account(api: Api, github: Issuer, exchange: Exchange) -> None:
    token = exchange(github.token(AUDIENCE)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert api.get("connectors", headers=headers).status_code == 200
    assert api.post("connectors/pause/mirror", headers=headers).status_code == 403


def test_identity_tokens_have_the_claims_of_their_system(issuer: Issuer) -> None:
    claims = jwt.decode(issuer.token(AUDIENCE), options={"verify_signature": False})
    special = {
        "https://token.actions.githubusercontent.com": ("repository", AUDIENCE),
        "https://gitlab.com": ("project_path", AUDIENCE),
        "https://kubernetes.default.svc.cluster.local": ("kubernetes.io", [AUDIENCE]),
    }
    name, audience = special[claims["iss"]]
    assert name in claims
    assert claims["aud"] == audience


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        pytest.param({"iss": "https://example.com"}, "iss is not", id="another issuer"),
        pytest.param({"aud": "https://example.com"}, "Audience doesn't match", id="another audience"),
        pytest.param({"aud": None}, 'missing the "aud" claim', id="no audience"),
        pytest.param({"sub": None}, 'missing the "sub" claim', id="no subject"),
        pytest.param({"exp": None}, 'missing the "exp" claim', id="no exp"),
        pytest.param({"lifetime": 0}, "exp is in the past", id="expired"),
        pytest.param({"nbf": 10_000_000_000}, "nbf is in the future", id="not valid yet"),
        pytest.param({"iat": 10_000_000_000}, "iat is in the future", id="issued in the future"),
        pytest.param({"exp": "soon"}, "not supported between", id="claim of the wrong type"),
    ],
)
def test_invalid_identity_token_is_refused(
    github: Issuer, exchange: Exchange, claims: dict[str, Any], message: str
) -> None:
    response = exchange(github.token(AUDIENCE, **claims))
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert message in response.json()["error_description"]


def test_identity_token_expires_after_its_lifetime(github: Issuer, clock: Clock, exchange: Exchange) -> None:
    token = github.token(AUDIENCE)
    assert exchange(token).status_code == 200
    clock.advance(300)
    assert "exp is in the past" in exchange(token).json()["error_description"]


def test_token_that_another_key_signed_is_refused(sandbox: Sandbox, github: Issuer, exchange: Exchange) -> None:
    forger = sandbox.issuer("github")
    forger._key_id = github._key_id
    assert "Signature verification failed" in exchange(forger.token(AUDIENCE)).json()["error_description"]


def test_token_of_an_unpublished_key_is_refused(sandbox: Sandbox, exchange: Exchange) -> None:
    unknown = sandbox.issuer("github").token(AUDIENCE)
    assert "kid is not a key" in exchange(unknown).json()["error_description"]


def test_token_is_refused_after_the_key_is_replaced(sandbox: Sandbox) -> None:
    issuer = sandbox.issuer("kubernetes")
    account = sandbox.federate(issuer, audience=AUDIENCE)

    def status(token: str) -> int:
        form = {**FORM, "audience": account, "subject_token": token}
        return requests.post(f"{sandbox.url}/oauth/token", data=form, timeout=10).status_code

    old = issuer.token(AUDIENCE)
    assert status(old) == 200
    issuer.rotate()
    assert status(old) == 400
    assert status(issuer.token(AUDIENCE)) == 200


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(lambda claims, key: jwt.encode(claims, None, "none"), id="no signature"),
        pytest.param(lambda claims, key: jwt.encode(claims, "k" * 32, "HS256", {"kid": key}), id="symmetric key"),
        pytest.param(lambda claims, key: "garbage", id="not a JWT"),
    ],
)
def test_forged_token_is_refused(
    github: Issuer, exchange: Exchange, forged: Callable[[dict[str, Any], str], str]
) -> None:
    claims = jwt.decode(github.token(AUDIENCE), options={"verify_signature": False})
    assert exchange(forged(claims, github._key_id)).status_code == 400


def test_subject_without_a_binding_is_refused(github: Issuer, exchange: Exchange) -> None:
    response = exchange(github.token(AUDIENCE, sub="repo:example/fork:ref:refs/heads/main"))
    assert (response.status_code, response.json()["error"]) == (400, "invalid_target")


def test_unknown_service_account_is_refused(github: Issuer, exchange: Exchange) -> None:
    response = exchange(github.token(AUDIENCE), audience="ajeunknown")
    assert (response.status_code, response.json()["error"]) == (400, "invalid_target")


def test_several_subjects_act_as_one_account(sandbox: Sandbox, github: Issuer) -> None:
    federation_id = sandbox.federations.add(github, [AUDIENCE, "https://second.example.com"])
    account = sandbox.federations.bind(federation_id, "repo:example/a")
    assert sandbox.federations.bind(federation_id, "repo:example/b", service_account_id=account) == account
    for subject, audience in (("repo:example/a", AUDIENCE), ("repo:example/b", "https://second.example.com")):
        form = {**FORM, "audience": account, "subject_token": github.token(audience, sub=subject)}
        assert requests.post(f"{sandbox.url}/oauth/token", data=form, timeout=10).status_code == 200


@pytest.mark.parametrize("name", [*FORM, "audience", "subject_token"])
@pytest.mark.parametrize("value", [pytest.param(None, id="missing"), pytest.param(["a", "b"], id="twice")])
def test_form_field_is_required_once(github: Issuer, exchange: Exchange, name: str, value: list[str] | None) -> None:
    response = exchange(github.token(AUDIENCE), **{name: value})
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert name in response.json()["error_description"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("grant_type", "unsupported_grant_type"),
        ("requested_token_type", "invalid_request"),
        ("subject_token_type", "invalid_request"),
    ],
)
def test_form_field_with_another_value_is_refused(github: Issuer, exchange: Exchange, name: str, code: str) -> None:
    response = exchange(github.token(AUDIENCE), **{name: "urn:example:other"})
    assert (response.status_code, response.json()["error"]) == (400, code)


def test_json_body_is_refused(sandbox: Sandbox, account: str, github: Issuer) -> None:
    body = {**FORM, "audience": account, "subject_token": github.token(AUDIENCE)}
    response = requests.post(f"{sandbox.url}/oauth/token", json=body, timeout=10)
    assert response.json()["error_description"] == "The content type is application/json"


def test_get_is_not_allowed(sandbox: Sandbox) -> None:
    assert requests.get(f"{sandbox.url}/oauth/token", timeout=10).status_code == 405


def test_error_has_the_form_of_the_api_if_set(sandbox: Sandbox, exchange: Exchange) -> None:
    sandbox.behaviour.oauth_errors = False
    response = exchange("garbage")
    assert error(response) == (401, 16, "The subject token is not valid: Not enough segments")
    assert response.json()["details"][0]["@type"] == f"{TYPE}/google.rpc.RequestInfo"


@pytest.mark.parametrize(
    ("oauth_errors", "body"),
    [
        pytest.param(True, {"error": "server_error", "error_description": "try later"}, id="RFC 6749"),
        pytest.param(False, {"code": 14, "message": "try later"}, id="google.rpc.Status"),
    ],
)
def test_scripted_error_is_returned_in_both_forms(
    sandbox: Sandbox, github: Issuer, exchange: Exchange, oauth_errors: bool, body: dict[str, Any]
) -> None:
    sandbox.behaviour.oauth_errors = oauth_errors
    sandbox.faults.abort("OAuth.Exchange", "UNAVAILABLE", "try later", headers={"retry-after": "3"})
    response = exchange(github.token(AUDIENCE))
    assert (response.status_code, response.headers["retry-after"]) == (503, "3")
    assert {name: value for name, value in response.json().items() if name != "details"} == body
    assert exchange(github.token(AUDIENCE)).status_code == 200


def test_scripted_faults_of_connection_and_body(sandbox: Sandbox, github: Issuer, exchange: Exchange) -> None:
    sandbox.faults.reset("OAuth.Exchange")
    response = exchange(github.token(AUDIENCE))
    assert (response.status_code, response.headers["content-type"]) == (503, "text/plain")
    sandbox.faults.answer("OAuth.Exchange", "<html>", status=502)
    response = exchange(github.token(AUDIENCE))
    assert (response.status_code, response.text) == (502, "<html>")


def test_exchange_is_recorded(sandbox: Sandbox, github: Issuer, account: str, exchange: Exchange) -> None:
    token = github.token(AUDIENCE)
    exchange(token)
    exchange("garbage")
    first, second = sandbox.requests_of("OAuth.Exchange")
    assert first.message == {**FORM, "audience": account, "subject_token": token}
    assert (first.code, second.code) == ("OK", "UNAUTHENTICATED")
    assert "authorization" not in first.headers


def test_exchange_uses_tls_of_the_sandbox(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with Sandbox(tls=authority.issue()) as sandbox:
        issuer = sandbox.issuer("gitlab")
        account = sandbox.federate(issuer, audience=AUDIENCE)
        form = {**FORM, "audience": account, "subject_token": issuer.token(AUDIENCE)}
        url = f"{sandbox.url}/oauth/token"
        assert url.startswith("https://")
        assert requests.post(url, data=form, verify=authority.certificate, timeout=10).status_code == 200

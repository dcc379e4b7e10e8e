# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small AWX: the part of its public REST API that the kit uses, as a store of objects in memory.

It is stricter than AWX in one point: an object that others refer to cannot be deleted. AWX deletes a project or a
credential and leaves broken job templates behind, so that a wrong order would not be noticed.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Item = dict[str, Any]

PREFIX = "/api/v2/"
ENCRYPTED = "$encrypted$"

# The collections of the API, with the type of their objects, the fields that an object must have, and default values.
KINDS: dict[str, tuple[str, set[str], Item]] = {
    "organizations": ("organization", {"name"}, {}),
    "execution_environments": ("execution_environment", {"name", "image"}, {"pull": ""}),
    "credential_types": ("credential_type", {"name", "kind"}, {"inputs": {}, "injectors": {}}),
    "credentials": ("credential", {"name", "credential_type"}, {"inputs": {}}),
    "projects": ("project", {"name", "organization"}, {"scm_type": "", "scm_url": "", "scm_branch": ""}),
    "project_updates": ("project_update", set(), {}),
    "inventories": ("inventory", {"name", "organization"}, {"kind": "", "host_filter": None}),
    "inventory_sources": ("inventory_source", {"name", "inventory", "source"}, {"overwrite": False}),
    "notification_templates": ("notification_template", {"name", "notification_type"}, {}),
    "job_templates": ("job_template", {"name", "project", "playbook"}, {"extra_vars": "", "forks": 0}),
    "workflow_job_templates": ("workflow_job_template", {"name"}, {"extra_vars": ""}),
    "workflow_job_template_nodes": ("workflow_job_template_node", {"workflow_job_template"}, {"extra_data": {}}),
    "workflow_approval_templates": ("workflow_approval_template", {"name"}, {"timeout": 0}),
    "schedules": ("schedule", {"name", "rrule", "unified_job_template"}, {"extra_data": {}, "enabled": True}),
}
UNIFIED = "projects", "inventory_sources", "job_templates", "workflow_job_templates", "workflow_approval_templates"
REFERENCES = {
    *("organization", "execution_environment", "credential_type", "credential", "project", "inventory"),
    *("source_project", "unified_job_template", "workflow_job_template"),
}
# Objects that AWX deletes together with the object in this field.
OWNED = {
    "inventory_sources": "inventory",
    "workflow_job_template_nodes": "workflow_job_template",
    "schedules": "unified_job_template",
    "project_updates": "project",
}


class Rejected(Exception):
    """A request that the API refuses with the status 400."""


class Awx:
    """The objects and the rules of the API."""

    def __init__(self, token: str, playbooks: set[str]) -> None:
        self.token = token
        self.playbooks = playbooks
        """Files that an update of the project finds."""
        self.failing_updates = 0
        """How many of the next updates of projects fail."""
        self.store: dict[str, dict[int, Item]] = {kind: {} for kind in KINDS}
        self.links: dict[tuple[int, str], list[int]] = {}
        self.surveys: dict[int, Item] = {}
        self._last_id = 0
        self.create("organizations", {"name": "Default"})

    def all(self) -> Iterator[tuple[str, Item]]:
        for kind, items in self.store.items():
            for item in list(items.values()):
                yield kind, item

    def named(self, kind: str, name: str) -> Item:
        (item,) = [item for item in self.store[kind].values() if name in (item.get("name"), item.get("identifier"))]
        return item

    def linked(self, kind: str, name: str, association: str) -> set[str]:
        """Return the names of what an object is associated with."""
        by_id = {item["id"]: item.get("identifier") or item["name"] for _kind, item in self.all()}
        return {by_id[other] for other in self.links.get((self.named(kind, name)["id"], association), [])}

    # --- requests

    def create(self, kind: str, fields: Item) -> Item:
        kind_name, required, defaults = KINDS[kind]
        self._last_id += 1
        item = {**defaults, "description": "", **fields, "id": self._last_id, "type": kind_name}
        item["url"] = f"{PREFIX}{kind}/{item['id']}/"
        if missing := {field for field in required if item.get(field) in (None, "")}:
            raise Rejected(f"required: {sorted(missing)}")
        self._check(kind, item)
        self.store[kind][item["id"]] = item
        if kind == "projects":
            item["scm_revision"] = ""
            self.update_project(item)
        return item

    def change(self, kind: str, item: Item, fields: Item) -> Item:
        defaults = KINDS[kind][2]
        # null in a field that cannot be null is its default
        given: Item = {key: defaults.get(key) if value is None else value for key, value in fields.items()}
        self._check(kind, {**item, **given})
        item.update(given, type=item["type"])
        return item

    def delete(self, kind: str, item: Item) -> None:
        owned = [(other, it) for other, it in self.all() if it.get(OWNED.get(other, "")) == item["id"]]
        for other, each in owned:
            self.delete(other, each)
        if users := [each["url"] for _kind, each in self.all() if item["id"] in self._references(each)]:
            raise Rejected(f"{item['url']} is in use by {users}")
        del self.store[kind][item["id"]]
        self.links = {key: ids for key, ids in self.links.items() if key[0] != item["id"]}
        if kind == "workflow_job_template_nodes":
            self.store["workflow_approval_templates"].pop(item.get("unified_job_template") or 0, None)

    def find(self, kind: str, filters: dict[str, str]) -> list[Item]:
        kinds = UNIFIED if kind == "unified_job_templates" else (kind,)
        items = [item for each in kinds for item in self.store[each].values()]
        return [item for item in items if all(str(item.get(key)) == value for key, value in filters.items())]

    def update_project(self, project: Item) -> Item:
        failed, self.failing_updates = self.failing_updates > 0, max(0, self.failing_updates - 1)
        status = "failed" if failed else "successful"
        project["status"] = status
        project["scm_revision"] = project["scm_revision"] if failed else "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
        ended = {"project": project["id"], "status": status, "failed": failed, "finished": "2026-01-01T00:00:00Z"}
        update = self.create("project_updates", {**ended, "scm_revision": project["scm_revision"], "name": "update"})
        project["current_update"] = update["id"]
        return update

    def shown(self, item: Item) -> Item:
        """Return an object as the API shows it."""
        url = item["url"]
        related = {"survey_spec": f"{url}survey_spec/", "update": f"{url}update/"}
        if unified := item.get("unified_job_template"):
            (target,) = self.find("unified_job_templates", {"id": str(unified)})
            related["unified_job_template"] = target["url"]
        summary = {}
        if update := item.pop("current_update", None):  # it has ended by the time somebody asks again
            summary["current_update"] = {"id": update}
        shown = {**item, "related": related, "summary_fields": summary}
        if item["type"] == "credential":
            secret = self._secret_fields(item["credential_type"])
            shown["inputs"] = {key: ENCRYPTED if key in secret else value for key, value in item["inputs"].items()}
        return shown

    # --- rules

    def _check(self, kind: str, item: Item) -> None:
        known = {each["id"] for _kind, each in self.all()}
        if missing := {field for field in REFERENCES if item.get(field) is not None and item[field] not in known}:
            raise Rejected(f"no such object: {sorted(missing)}")
        if kind == "job_templates":
            project = self.store["projects"][item["project"]]
            if project["status"] != "successful" or item["playbook"] not in self.playbooks:
                raise Rejected(f"playbook not found for project: {item['playbook']}")
            if item.get("inventory") is None and not item.get("ask_inventory_on_launch"):
                raise Rejected("job templates must have an inventory, or ask for it")
        elif kind == "credentials":
            fields = self.store["credential_types"][item["credential_type"]]["inputs"].get("fields", [])
            if unknown := item["inputs"].keys() - {field["id"] for field in fields}:
                raise Rejected(f"the credential type has no {sorted(unknown)}")
        elif kind in ("workflow_job_template_nodes", "schedules") and item["extra_data"]:
            template = self.find("unified_job_templates", {"id": str(item["unified_job_template"])})[0]
            survey = {question["variable"] for question in self.surveys.get(template["id"], {}).get("spec", [])}
            unknown = item["extra_data"].keys() - survey
            if unknown and not template.get("ask_variables_on_launch"):
                raise Rejected(f"variables {sorted(unknown)} are not allowed on launch")

    def set_survey(self, item: Item, survey: Item) -> None:
        if not {"name", "description", "spec"} <= survey.keys():
            raise Rejected("name, description and spec are required in a survey")
        for question in survey["spec"]:
            if not {"type", "question_name", "variable", "required"} <= question.keys():
                raise Rejected(f"incomplete question: {question}")
            choices = question.get("choices")
            if choices and question.get("default", "") not in ["", *choices]:
                raise Rejected(f"the default is not a choice: {question}")
        self.surveys[item["id"]] = survey

    def _secret_fields(self, credential_type: int) -> set[str]:
        fields = self.store["credential_types"][credential_type]["inputs"].get("fields", [])
        return {field["id"] for field in fields if field.get("secret")}

    def _references(self, item: Item) -> set[int]:
        """Return the IDs of the objects that an object refers to or is associated with."""
        found = {item[field] for field in REFERENCES if isinstance(item.get(field), int)}
        return found.union(*(ids for (owner, _association), ids in self.links.items() if owner == item["id"]))


class Server:
    """Serves the API on a port of the loopback interface, as a context manager."""

    def __init__(self, awx: Awx) -> None:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"awx": awx}))
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Server:
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    awx: Awx

    def answer(self) -> tuple[int, Any]:
        """Return the status and the body for a request."""
        if self.headers.get("Authorization") != f"Bearer {self.awx.token}":
            return 401, {"detail": "Authentication credentials were not provided."}
        url = urlsplit(self.path)
        kind, *rest = url.path.removeprefix(PREFIX).strip("/").split("/")
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        if not rest:
            if self.command == "POST":
                return 201, self.awx.shown(self.awx.create(kind, body))
            return 200, self.listed(self.awx.find(kind, dict(parse_qsl(url.query))))
        item = self.awx.store.get(kind, {}).get(int(rest[0]))
        if item is None:
            return 404, {"detail": "Not found."}
        return self.answer_about(kind, item, body) if len(rest) == 1 else self.answer_below(item, rest[1], body)

    def answer_about(self, kind: str, item: Item, body: Item) -> tuple[int, Any]:
        if self.command == "PATCH":
            self.awx.change(kind, item, body)
        elif self.command == "DELETE":
            self.awx.delete(kind, item)
            return (202 if kind == "inventories" else 204), None
        return 200, self.awx.shown(item)

    def answer_below(self, item: Item, name: str, body: Item) -> tuple[int, Any]:
        if name == "survey_spec":
            if self.command == "POST":
                self.awx.set_survey(item, body)
            return 200, self.awx.surveys.get(item["id"], {})
        if name == "update":
            update = self.awx.update_project(item)
            item.pop("current_update")
            return 202, self.awx.shown(update)
        if name == "create_approval_template":
            approval = self.awx.create("workflow_approval_templates", body)
            item["unified_job_template"] = approval["id"]
            return 201, self.awx.shown(approval)
        ids = self.awx.links.setdefault((item["id"], name), [])
        if self.command == "POST":
            (ids.remove if body.get("disassociate") else ids.append)(body["id"])
            return 204, None
        return 200, self.listed([each for _kind, each in self.awx.all() if each["id"] in ids])

    def listed(self, items: list[Item]) -> Item:
        results = [self.awx.shown(item) for item in items]
        return {"count": len(items), "next": None, "previous": None, "results": results}

    def do(self) -> None:
        try:
            status, body = self.answer()
        except Rejected as reason:
            status, body = 400, {"__all__": [str(reason)], "error": str(reason)}
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("X-API-Product-Name", "AWX")
        self.send_header("X-API-Product-Version", "24.6.1")
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_DELETE = do  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        """Write no log."""

"""Each case changes one thing of a small contract and says whether a client breaks."""

from __future__ import annotations

import copy
import unittest
from typing import Any

from breaking import Comparison, Document

CONTRACT: dict[str, Any] = {
    "paths": {
        "/things/{id}": {
            "patch": {
                "operationId": "update_thing",
                "security": [{"bearer_auth": []}],
                "parameters": [
                    {"in": "path", "name": "id", "required": True, "schema": {"type": "string", "format": "uuid"}},
                    {"in": "query", "name": "sort", "schema": {"type": "string", "enum": ["name", "age"]}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Update"}}}},
                "responses": {
                    "200": {
                        "headers": {"ETag": {}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                    }
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Update": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"name": {"type": ["string", "null"], "maxLength": 100}, "age": {"type": "integer"}},
            },
            "Thing": {
                "type": "object",
                "required": ["name", "state", "parent"],
                "properties": {
                    "name": {"type": "string"},
                    "state": {"type": "string", "enum": ["open"]},
                    "parent": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Thing"}]},
                },
            },
        }
    },
}
OPERATION = ("paths", "/things/{id}", "patch")
UPDATE = ("components", "schemas", "Update")
THING = ("components", "schemas", "Thing")
GONE = object()

BREAKS = {
    "operation gone": (OPERATION, GONE),
    "renamed": ((*OPERATION, "operationId"), "change_thing"),
    "parameter gone": ((*OPERATION, "parameters", 1), GONE),
    "parameter required": ((*OPERATION, "parameters", 1, "required"), True),
    "parameter value gone": ((*OPERATION, "parameters", 1, "schema", "enum"), ["name"]),
    "path parameter of another type": ((*OPERATION, "parameters", 0, "schema", "type"), "integer"),
    "body required": ((*OPERATION, "requestBody", "required"), True),
    "media type gone": ((*OPERATION, "requestBody", "content"), {"text/plain": {}}),
    "other credentials": ((*OPERATION, "security"), [{"api_key_auth": []}]),
    "status gone": ((*OPERATION, "responses"), {"204": {}}),
    "header gone": ((*OPERATION, "responses", "200", "headers"), {}),
    "request member required": ((*UPDATE, "required"), ["age"]),
    "request member gone": ((*UPDATE, "properties", "age"), GONE),
    "request member shorter": ((*UPDATE, "properties", "name", "maxLength"), 50),
    "request member no longer null": ((*UPDATE, "properties", "name", "type"), "string"),
    "request member with a floor": ((*UPDATE, "properties", "age", "minimum"), 1),
    "request member with a pattern": ((*UPDATE, "properties", "name", "pattern"), "^a"),
    "answer member gone": ((*THING, "properties", "name"), GONE),
    "answer member optional": ((*THING, "required"), ["state", "parent"]),
    "answer member null": ((*THING, "properties", "name", "type"), ["string", "null"]),
    "answer without its values": ((*THING, "properties", "state", "enum"), GONE),
}
FINE = {
    "nothing": ((*OPERATION, "summary"), "x"),
    "public": ((*OPERATION, "security"), []),
    "another way in": ((*OPERATION, "security"), [{"bearer_auth": []}, {"api_key_auth": []}]),
    "parameter value added": ((*OPERATION, "parameters", 1, "schema", "enum"), ["name", "age", "size"]),
    "optional parameter added": ((*OPERATION, "parameters", 2), {"in": "query", "name": "q", "schema": {"type": "string"}}),
    "path parameter renamed": ((*OPERATION, "parameters", 0, "name"), "thing_id"),
    "request member added": ((*UPDATE, "properties", "size"), {"type": "integer"}),
    "request member longer": ((*UPDATE, "properties", "name", "maxLength"), 200),
    "answer member added": ((*THING, "properties", "size"), {"type": "integer"}),
    "answer value added": ((*THING, "properties", "state", "enum"), ["open", "closed"]),
    "operation added": (("paths", "/others"), {"get": {"operationId": "list_others", "responses": {}}}),
}


def changed(path: tuple[Any, ...], value: Any) -> Document:
    """The contract with the one thing at `path` set, added or taken out."""
    contract = copy.deepcopy(CONTRACT)
    node: Any = contract
    for step in path[:-1]:
        node = node[step]
    if value is GONE:
        del node[path[-1]]
    elif isinstance(node, list) and path[-1] == len(node):
        node.append(value)
    else:
        node[path[-1]] = value
    return Document(contract)


class BreakingChanges(unittest.TestCase):
    def test_breaks(self) -> None:
        for name, (path, value) in BREAKS.items():
            with self.subTest(name):
                self.assertTrue(Comparison(Document(CONTRACT), changed(path, value)).run().breaks)

    def test_fine(self) -> None:
        for name, (path, value) in FINE.items():
            with self.subTest(name):
                self.assertEqual({}, Comparison(Document(CONTRACT), changed(path, value)).run().breaks)


if __name__ == "__main__":
    unittest.main()

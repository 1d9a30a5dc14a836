"""Compares two OpenAPI documents: does a client made for the old one still work with the new one?

    python breaking.py OLD NEW

What a client sends may only be taken more widely, what it reads may only gain members. A new value in an answer's enum is
no break: docs/api-design.md tells clients to expect new ones. Exit status: 0 compatible, 1 broken, 2 unreadable.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Schema = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
FLOORS = ("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties")
CEILINGS = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")


class Document:
    """One version of the contract, with its references resolved on the way."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    @classmethod
    def read(cls, path: str) -> Document:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        if not isinstance(content, dict) or "paths" not in content:
            raise ValueError(f"{path} is no OpenAPI document")
        return cls(content)

    def follow(self, node: Any) -> dict[str, Any]:
        while isinstance(node, dict) and "$ref" in node:
            target: Any = self.content
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step.replace("~1", "/").replace("~0", "~")]
            node = target
        return node if isinstance(node, dict) else {}

    def operations(self) -> dict[tuple[str, str], tuple[str, dict[str, Any], dict[str, Any]]]:
        """By method and path, with the names of path parameters blanked: they are told apart by place."""
        return {
            (method, re.sub(r"\{.*?\}", "{}", path)): (path, item, item[method])
            for path, item in self.content["paths"].items()
            for method in METHODS
            if method in item
        }

    def parameters(self, item: dict[str, Any], operation: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
        found = {}
        place = 0
        for node in [*item.get("parameters", []), *operation.get("parameters", [])]:
            parameter = self.follow(node)
            name = parameter["name"]
            if parameter["in"] == "path":
                place, name = place + 1, f"number {place + 1}"
            found[parameter["in"], name.lower() if parameter["in"] == "header" else name] = parameter
        return found

    def security(self, operation: dict[str, Any]) -> list[dict[str, Any]]:
        return operation.get("security", self.content.get("security", []))

    def plain(self, node: Any) -> Schema:
        """A schema with `allOf` merged, and `oneOf` null-or-thing written as a thing whose types include null."""
        schema = dict(self.follow(node))
        for part in schema.pop("allOf", []):
            base = self.plain(part)
            schema["properties"] = {**base.get("properties", {}), **schema.get("properties", {})}
            schema["required"] = [*base.get("required", []), *schema.get("required", [])]
            schema = {**base, **schema}
        for word in ("oneOf", "anyOf"):
            variants = schema.get(word, [])
            things = [variant for variant in variants if self.follow(variant).get("type") != "null"]
            if len(things) == 1 and len(variants) == 2:
                del schema[word]
                schema = {**self.plain(things[0]), **schema}
                schema["type"] = sorted(types(schema) | {"null"})
        return schema


def types(schema: Schema) -> set[str]:
    """The JSON types a schema allows; a number may be an integer. Empty: any."""
    named = schema.get("type", [])
    found = {named} if isinstance(named, str) else set(named)
    if not found and "enum" in schema and all(isinstance(value, str) for value in schema["enum"]):
        found = {"string"}
    return found | {"integer"} if "number" in found else found


def reference(node: Any) -> str:
    """The references in a schema's place, null beside them told apart; empty when it is written out."""
    if not isinstance(node, dict):
        return ""
    variants = [node, *node.get("oneOf", []), *node.get("anyOf", [])]
    names = [variant["$ref"] for variant in variants if "$ref" in variant]
    return " ".join([*names, "null"] if names and len(variants) > 1 else names)


class Comparison:
    """Collects what breaks, and what only deserves a look."""

    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new
        self.breaks: dict[str, None] = {}
        self.notes: dict[str, None] = {}
        self.added: list[str] = []
        self.compared: set[tuple[str | bool, ...]] = set()

    def run(self) -> Comparison:
        before, after = self.old.operations(), self.new.operations()
        for key, was in before.items():
            label = f"{key[0].upper()} {was[0]}"
            if key in after:
                self.operation(label, was[1:], after[key][1:])
            else:
                self.breaks[f"{label}: gone"] = None
        self.added = [f"{key[0].upper()} {now[0]}" for key, now in after.items() if key not in before]
        return self

    def operation(self, label: str, was: tuple[Any, Any], now: tuple[Any, Any]) -> None:
        for fault in self.operation_faults(label, was, now):
            self.breaks[f"{label}: {fault}"] = None

    def operation_faults(self, label: str, was: tuple[Any, Any], now: tuple[Any, Any]) -> Iterator[str]:
        old, new = was[1], now[1]
        if old.get("operationId") != new.get("operationId"):
            yield f"operationId {old.get('operationId')} became {new.get('operationId')}"
        if old.get("tags", [])[:1] != new.get("tags", [])[:1]:
            self.notes[f"{label}: another tag, so another class in generated clients"] = None
        yield from self.login_faults(old, new)
        yield from self.parameter_faults(label, was, now)
        yield from self.body_faults(label, old, new)
        yield from self.answer_faults(label, old, new)

    def login_faults(self, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
        ways_before, ways_after = self.old.security(old), self.new.security(new)
        open_after = not ways_after or {} in ways_after
        if open_after:
            return
        if not ways_before or {} in ways_before:
            yield "needs a login now"
            return
        for way in ways_before:
            enough = any(all(set(need[name]) <= set(way.get(name, ())) for name in need if name in way)
                         and need.keys() <= way.keys() for need in ways_after)
            if not enough:
                yield f"no longer takes {' with '.join(way)}"

    def parameter_faults(self, label: str, was: tuple[Any, Any], now: tuple[Any, Any]) -> Iterator[str]:
        before, after = self.old.parameters(*was), self.new.parameters(*now)
        for (kind, name), parameter in before.items():
            successor = after.get((kind, name))
            if successor is None:
                yield f"{kind} parameter {name} is gone"
                continue
            if successor.get("required") and not parameter.get("required"):
                yield f"{kind} parameter {name} is required now"
            place = f"{label}, {kind} parameter {name}"
            self.schema(parameter.get("schema", {}), successor.get("schema", {}), place, sent=True)
        for (kind, name), parameter in after.items():
            if (kind, name) not in before and parameter.get("required"):
                yield f"{kind} parameter {name} is new and required"

    def body_faults(self, label: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
        before, after = self.old.follow(old.get("requestBody")), self.new.follow(new.get("requestBody"))
        if after.get("required") and not before.get("required"):
            yield "the body is required now"
        yield from self.media_faults(before, after, f"{label}, body", sent=True)

    def answer_faults(self, label: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
        before, after = old.get("responses", {}), new.get("responses", {})
        for status, node in before.items():
            if status not in after:
                if status.startswith("2"):
                    yield f"{status} is gone"
                else:
                    self.notes[f"{label}: {status} is gone"] = None
                continue
            answer, successor = self.old.follow(node), self.new.follow(after[status])
            yield from self.media_faults(answer, successor, f"{label}, {status}", sent=False)
            kept = {name.lower() for name in successor.get("headers", {})}
            for name in answer.get("headers", {}):
                if name.lower() not in kept:
                    yield f"{status} without header {name}"
        for status in after:
            if status.startswith("2") and status not in before:
                yield f"succeeds with {status} too"

    def media_faults(self, old: dict[str, Any], new: dict[str, Any], place: str, sent: bool) -> Iterator[str]:
        after = new.get("content", {})
        for media_type, body in old.get("content", {}).items():
            if media_type in after:
                self.schema(body.get("schema", {}), after[media_type].get("schema", {}), place, sent)
            else:
                yield f"{place.rpartition(', ')[2]}: {media_type} is gone"

    def schema(self, old: Any, new: Any, place: str, sent: bool) -> None:
        if (names := (reference(old), reference(new))) and all(names):
            once = (*names, sent, place.partition(",")[0])
            if once in self.compared:  # a schema may hold itself
                return
            self.compared.add(once)
        was, now = self.old.plain(old), self.new.plain(new)
        faults = [*type_faults(was, now, sent), *enum_faults(was, now, sent), *member_faults(was, now, sent)]
        if sent:
            faults += bound_faults(was, now)
        for fault in faults:
            self.breaks[f"{place}: {fault}"] = None
        self.note_new_values(was, now, place, sent)
        self.variants(was, now, place, sent)
        for name, member in was.get("properties", {}).items():
            if name in now.get("properties", {}):
                self.schema(member, now["properties"][name], f"{place}.{name}", sent)
        for word, mark in (("items", "[]"), ("additionalProperties", "{}")):
            if isinstance(was.get(word), dict) and isinstance(now.get(word), dict):
                self.schema(was[word], now[word], place + mark, sent)

    def note_new_values(self, was: Schema, now: Schema, place: str, sent: bool) -> None:
        fresh = [value for value in now.get("enum", []) if value not in was.get("enum", [])]
        if not sent and "enum" in was and fresh:
            self.notes[f"{place}: may be {fresh} too"] = None

    def variants(self, was: Schema, now: Schema, place: str, sent: bool) -> None:
        for word in ("oneOf", "anyOf"):
            before = {str(variant.get("$ref", variant)): variant for variant in was.get(word, [])}
            after = {str(variant.get("$ref", variant)): variant for variant in now.get(word, [])}
            if not before or not after:
                continue
            for name in before.keys() - after.keys() if sent else after.keys() - before.keys():
                verb = "no longer takes" if sent else "may be"
                self.breaks[f"{place}: {verb} {name.rpartition('/')[2]}"] = None
            for name in before.keys() & after.keys():
                self.schema(before[name], after[name], f"{place}({name.rpartition('/')[2]})", sent)


def type_faults(was: Schema, now: Schema, sent: bool) -> Iterator[str]:
    before, after = types(was), types(now)
    if sent:
        narrowed = before - after if before else after
        if after and narrowed:
            yield f"no longer takes {', '.join(sorted(narrowed))}" if before else f"takes only {', '.join(sorted(after))}"
    elif before and (not after or after - before):
        yield f"may be {', '.join(sorted(after - before)) or 'anything'}"
    old, new = was.get("format"), now.get("format")
    if old != new and (new if sent else old):
        yield f"format {old} became {new}"


def enum_faults(was: Schema, now: Schema, sent: bool) -> Iterator[str]:
    before, after = was.get("enum"), now.get("enum")
    if sent and after is not None:
        if before is None:
            yield f"takes only {after}"
        elif lost := [value for value in before if value not in after]:
            yield f"no longer takes {lost}"
    if not sent and before is not None and after is None:
        yield "is not limited to its values any more"


def bound_faults(was: Schema, now: Schema) -> Iterator[str]:
    for word in FLOORS:
        if now.get(word, 0) > was.get(word, 0) or (word in now and word not in was and now[word] != 0):
            yield f"{word} {was.get(word)} became {now[word]}"
    for word in CEILINGS:
        if word in now and (word not in was or now[word] < was[word]):
            yield f"{word} {was.get(word)} became {now[word]}"
    if now.get("pattern") not in (None, was.get("pattern")):
        yield f"pattern became {now['pattern']}"
    if now.get("uniqueItems") and not was.get("uniqueItems"):
        yield "items must be unique now"


def member_faults(was: Schema, now: Schema, sent: bool) -> Iterator[str]:
    before, after = was.get("properties", {}), now.get("properties", {})
    needed_before, needed_after = set(was.get("required", [])), set(now.get("required", []))
    closed = now.get("additionalProperties") is False
    if sent:
        for name in sorted(needed_after - needed_before):
            yield f"member {name} is required now"
        if closed and before and was.get("additionalProperties") is not False:
            yield "unknown members are refused now"
    else:
        for name in sorted((needed_before - needed_after) & after.keys()):
            yield f"member {name} may be absent"
    for name in before:
        if name not in after and (closed or not sent):
            yield f"member {name} is gone"


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print(__doc__)
        return 2
    try:
        result = Comparison(*map(Document.read, arguments)).run()
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        print(f"cannot compare: {type(error).__name__}: {error}")
        return 2
    for line in result.breaks:
        print(f"breaking: {line}")
    for line in result.notes:
        print(f"note: {line}")
    print(f"{len(result.breaks)} breaking changes, {len(result.notes)} notes, {len(result.added)} new operations")
    return 1 if result.breaks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What every answer owes beyond its schema: Steward's conventions as schemathesis checks.

docs/api-design.md gives the reasons. A check raises AssertionError with the fault as its text.
"""

from __future__ import annotations

import re
from typing import Any

import schemathesis

SNAKE_CASE = re.compile(r"[a-z][a-z0-9_]*")
PROBLEM_MEMBERS = {"type": str, "title": str, "status": int, "code": str, "request_id": str}
SYNTAX_CODES = frozenset({"malformed_json", "malformed_request", "validation_failed"})
STATUS_HEADERS = {401: "WWW-Authenticate", 405: "Allow", 429: "Retry-After", 503: "Retry-After"}
BODILESS = frozenset({204, 205, 304})
INTERNALS = re.compile(
    r"panicked at|stack backtrace|\.rs:\d+|/rustc/|/usr/|/home/"
    r"|diesel|SQLSTATE|syntax error at or near|UNIQUE constraint|no such (table|column)"
    r"|argon2|password_hash|PRIVATE KEY"
)


def header(response: Any, name: str) -> str:
    """The first value of a header, or an empty string."""
    return (response.headers.get(name.lower()) or [""])[0]


def problem_of(response: Any) -> dict[str, Any]:
    """The body as a JSON object, or an empty one."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


@schemathesis.check
def errors_are_problems(ctx: Any, response: Any, case: Any) -> None:
    """RFC 9457, with a stable code, a request id and a place for each fault."""
    if response.status_code < 400 or case.method.upper() == "HEAD":
        return
    media_type = header(response, "content-type").partition(";")[0].strip()
    assert media_type == "application/problem+json", f"an error of type {media_type or 'nothing'}"
    problem = problem_of(response)
    for member, kind in PROBLEM_MEMBERS.items():
        assert isinstance(problem.get(member), kind), f"problem without {member} ({kind.__name__})"
    assert problem["status"] == response.status_code, f"problem says {problem['status']}"
    assert SNAKE_CASE.fullmatch(problem["code"]), f"code {problem['code']!r}"
    assert problem["type"] == f"/problems/{problem['code']}", f"type {problem['type']!r} for {problem['code']!r}"
    for fault in problem.get("errors") or []:
        assert fault.get("code") and fault.get("detail"), f"a fault without code or detail: {fault}"
        assert fault.keys() & {"pointer", "parameter", "header"}, f"a fault without a place: {fault}"


@schemathesis.check
def statuses_bring_their_headers(ctx: Any, response: Any, case: Any) -> None:
    """RFC 9110 for 201, 401 and 405; RFC 6585 for 429."""
    needed = STATUS_HEADERS.get(response.status_code)
    if response.status_code == 201:
        needed = "Location"
    assert not needed or header(response, needed), f"{response.status_code} without {needed}"


@schemathesis.check
def answers_are_guarded(ctx: Any, response: Any, case: Any) -> None:
    """No content sniffing, an explicit cache rule, a request id, and silence about the software."""
    assert header(response, "x-content-type-options").lower() == "nosniff", "X-Content-Type-Options is not nosniff"
    assert header(response, "x-request-id"), "no X-Request-Id"
    if case.method.upper() == "GET" and response.status_code == 200:
        assert header(response, "cache-control"), "no Cache-Control"
    assert not header(response, "x-powered-by"), "X-Powered-By is sent"
    assert not re.search(r"\d", header(response, "server")), "Server tells a version"


@schemathesis.check
def errors_keep_internals_in(ctx: Any, response: Any, case: Any) -> None:
    """No path, query, crate or trace in what a client reads."""
    if response.status_code >= 400:
        found = INTERNALS.search(response.content.decode("utf-8", "replace"))
        assert not found, f"the answer shows {found.group(0)!r}"


@schemathesis.check
def valid_requests_are_not_malformed(ctx: Any, response: Any, case: Any) -> None:
    """The schema is the whole of the syntax: what fits it is not refused as syntax."""
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or not 400 <= response.status_code < 500:
        return
    problem = problem_of(response)
    assert problem.get("code") not in SYNTAX_CODES, f"refused as {problem.get('code')}: {problem.get('errors')}"


@schemathesis.check
def empty_statuses_are_empty(ctx: Any, response: Any, case: Any) -> None:
    """A status that has no body brings none."""
    assert response.status_code not in BODILESS or not response.content, f"{response.status_code} with a body"

// Tests of the scripts of the API reference, without a browser. `cargo xtask contract` runs them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Organization } from "../../steward/src/docs/organization.js";
import { finds } from "../../steward/src/docs/search.js";
import { Session } from "../../steward/src/docs/session.js";

const EMAIL = "rbt@sunrise.example";
const PASSWORD = "a long and quiet afternoon";
const FIRST = "01a1fe04-5d47-75e6-9dae-20b56bb9e924";
const OTHER = "01a1fe04-5d47-75e6-9dae-20b56bb9e925";

/** A `sessionStorage`. */
class Storage extends Map {
  getItem(key) {
    return this.get(key) ?? null;
  }
  setItem(key, value) {
    this.set(key, String(value));
  }
  removeItem(key) {
    this.delete(key);
  }
}

/** A session at a server with these answers, in order, by the path of the request. */
function start(answers = {}, storage = new Storage()) {
  const world = { storage, requests: [], time: 1_000_000, changes: 0 };
  const request = async (method, path, { body, token } = {}) => {
    world.requests.push({ method, path, body, token });
    const answer = answers[path]?.shift();
    if (!answer) throw new TypeError("Failed to fetch");
    return answer;
  };
  world.session = new Session({ request, storage, now: () => world.time });
  world.session.subscribe(() => (world.changes += 1));
  return world;
}

const pair = (name, status = 201) => ({
  status,
  body: { access_token: `access ${name}`, refresh_token: `refresh ${name}`, expires_in: 900 },
});
const problem = (status, code) => ({ status, body: { status, code, detail: `The detail of ${code}.` } });

test("a log-in stores the access token, and neither password nor refresh token", async () => {
  const { session, storage, requests } = start({ sessions: [pair("1")] });
  assert.equal(await session.logIn(EMAIL, PASSWORD), null);
  assert.deepEqual(requests[0].body, { email: EMAIL, password: PASSWORD });
  assert.equal(session.accessToken, "access 1");
  const stored = [...storage.values()].join();
  assert.match(stored, /access 1/);
  assert.doesNotMatch(stored, /afternoon|refresh/);
});

test("a refused log-in returns the problem and stores nothing", async () => {
  const { session, storage } = start({ sessions: [problem(401, "invalid_credentials")] });
  assert.equal((await session.logIn(EMAIL, PASSWORD)).detail, "The detail of invalid_credentials.");
  assert.equal(session.accessToken, null);
  assert.equal(storage.size, 0);
});

test("six digits are a code of a device, anything else is a recovery code", async () => {
  const { session, requests } = start({ sessions: [pair("1"), pair("2"), pair("3")] });
  for (const code of ["287082", "287 082", "aab80-77f39-53e12-dfea5"]) await session.logIn(EMAIL, PASSWORD, code);
  assert.deepEqual(
    requests.map(({ body }) => [body.totp_code, body.recovery_code]),
    [["287082", undefined], ["287 082", undefined], [undefined, "aab80-77f39-53e12-dfea5"]],
  );
});

test("an expired access token is renewed once for simultaneous requests", async () => {
  const world = start({ sessions: [pair("1")], "sessions/refresh": [pair("2", 200)] });
  await world.session.logIn(EMAIL, PASSWORD);
  assert.equal(await world.session.validToken(), "access 1");
  world.time += 900_000;
  const tokens = await Promise.all([world.session.validToken(), world.session.validToken()]);
  assert.deepEqual(tokens, ["access 2", "access 2"]);
  assert.deepEqual(world.requests.slice(1).map(({ body }) => body), [{ refresh_token: "refresh 1" }]);
});

test("a refused renewal ends the log-in, a failed one does not", async () => {
  const answers = { sessions: [pair("1")], "sessions/refresh": [problem(503, "unavailable"), problem(401, "token_revoked")] };
  const world = start(answers);
  await world.session.logIn(EMAIL, PASSWORD);
  world.time += 900_000;
  assert.equal(await world.session.validToken(), "access 1");
  assert.equal(await world.session.validToken(), null);
  assert.match(world.session.notice, /session has ended/);
  assert.equal(world.storage.size, 0);
});

test("after a reload the access token works until it expires", async () => {
  const before = start({ sessions: [pair("1")] });
  await before.session.logIn(EMAIL, PASSWORD);
  const world = start({}, before.storage);
  assert.equal(await world.session.validToken(), "access 1");
  world.time += 900_000;
  assert.equal(await world.session.validToken(), null);
  assert.match(world.session.notice, /expired/);
  assert.equal(world.requests.length, 0);
});

test("a log-out ends the session at the server, and here even without an answer", async () => {
  const world = start({ sessions: [pair("1")] });
  await world.session.logIn(EMAIL, PASSWORD);
  await world.session.logOut();
  assert.deepEqual(world.requests.at(-1), { method: "DELETE", path: "sessions/current", body: undefined, token: "access 1" });
  assert.equal(world.session.accessToken, null);
  assert.equal(world.storage.size, 0);
});

test("a log-out during a renewal ends the session by its new token", async () => {
  const world = start({ sessions: [pair("1")], "sessions/refresh": [pair("2", 200)] });
  await world.session.logIn(EMAIL, PASSWORD);
  world.time += 900_000;
  const renewal = world.session.validToken();
  await world.session.logOut();
  assert.equal(await renewal, "access 2");
  assert.equal(world.requests.at(-1).token, "access 2");
  assert.equal(world.session.accessToken, null);
});

test("a refused token is renewed if it expired and forgotten if it was revoked", async () => {
  const world = start({ sessions: [pair("1"), pair("3")], "sessions/refresh": [pair("2", 200)] });
  world.session.refused(null, "token_revoked");
  assert.equal(world.session.notice, "");
  await world.session.logIn(EMAIL, PASSWORD);
  world.session.refused("access 1", "token_expired");
  assert.equal(await world.session.validToken(), "access 2");
  // The answer to a request that was sent before.
  world.session.refused("access 1", "token_revoked");
  assert.equal(world.session.accessToken, "access 2");
  world.session.refused("access 2", "token_revoked");
  assert.equal(world.session.accessToken, null);
  assert.match(world.session.notice, /session has ended/);
});

test("a pasted token is used until the server refuses it", async () => {
  const world = start();
  world.session.use("pasted");
  world.time += 9_000_000;
  assert.equal(await world.session.validToken(), "pasted");
  world.session.refused("pasted", "token_expired");
  assert.equal(world.session.accessToken, null);
  assert.match(world.session.notice, /expired/);
  world.session.use("nonsense");
  world.session.refused("nonsense", "unauthenticated");
  assert.equal(world.session.accessToken, null);
  assert.match(world.session.notice, /not accept/);
});

test("only a whole org_id is remembered", () => {
  const organization = new Organization(new Storage());
  let changes = 0;
  organization.subscribe(() => (changes += 1));
  for (const typed of [null, "", FIRST.slice(0, -1), `${FIRST}0`, FIRST, FIRST]) organization.choose(typed);
  assert.equal(organization.id, FIRST);
  assert.equal(changes, 1);
});

test("a log-in chooses the first organization, unless one of them is chosen", () => {
  const organization = new Organization(new Storage());
  organization.chooseAmong([FIRST, OTHER]);
  assert.equal(organization.id, FIRST);
  organization.choose(OTHER);
  organization.chooseAmong([FIRST, OTHER]);
  assert.equal(organization.id, OTHER);
  organization.chooseAmong([FIRST]);
  assert.equal(organization.id, FIRST);
  organization.chooseAmong([]);
  assert.equal(organization.id, FIRST);
});

test("a search finds all words, in any text and order", () => {
  const texts = ["tickets", "patch", "/api/v1/orgs/{org_id}/tickets/{ticket_id}", "update_ticket", "assignee_id"];
  for (const phrase of ["assign", "ASSIGN ticket", "ticket patch", "  update_ticket ", ""]) assert.ok(finds(phrase, texts), phrase);
  for (const phrase of ["assign delete", "invitation"]) assert.ok(!finds(phrase, texts), phrase);
});

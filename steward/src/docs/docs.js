// The API reference: Swagger UI with a search for operations, a log-in by password, and one `org_id` for all.

import { SCHEME, logInPlugin } from "./log_in.js";
import { Organization, organizationPlugin } from "./organization.js";
import { searchPlugin } from "./search.js";
import { Session } from "./session.js";

const API = new URL("../api/v1/", document.baseURI);
const element = (id) => document.getElementById(id);

/** Calls the API. Resolves to the status and the body, which is empty if it is not JSON. */
async function request(method, path, { body, token } = {}) {
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  const sent = { method, headers, body: body && JSON.stringify(body), credentials: "omit", cache: "no-store" };
  const answer = await fetch(new URL(path, API), sent);
  return { status: answer.status, body: await answer.json().catch(() => ({})) };
}

const session = new Session({ request, storage: sessionStorage });
const organization = new Organization(sessionStorage);
/** The answer of `get_me`; null without a log-in. */
let me = null;

/** Shows the user and their organizations at the top of the page. */
function showUser() {
  const restrictions = me?.restrictions ?? [];
  const restricted = restrictions.length > 0 ? ` (restricted: ${restrictions.join(", ")})` : "";
  element("user").textContent = me ? `${me.name}, ${me.email}${restricted}` : session.notice;
  element("log-in").textContent = session.accessToken ? "Log out" : "Log in";
  const memberships = me?.memberships ?? [];
  const options = memberships.map(({ org_id: id, org_name: name }) => new Option(name, id));
  const isKnown = memberships.some(({ org_id: id }) => id === organization.id);
  if (organization.id && !isKnown) options.push(new Option(organization.id, organization.id));
  const select = element("organization").querySelector("select");
  select.replaceChildren(...options);
  select.value = organization.id;
  element("organization").hidden = memberships.length === 0;
}

/** Reads who is logged in. */
async function readUser() {
  const token = await session.validToken();
  const answer = token && (await request("GET", "me", { token }).catch(() => null));
  if (token !== session.accessToken) return;
  if (answer?.status === 401) session.refused(token, answer.body.code);
  me = answer?.status === 200 ? answer.body : null;
  organization.chooseAmong((me?.memberships ?? []).map(({ org_id: id }) => id));
  showUser();
}

/** The access token that Swagger UI sends. */
let sent = null;

/** Gives Swagger UI the access token of the session. */
function showSession() {
  const token = session.accessToken;
  if (token === sent) return showUser();
  const isRenewed = me && sent && token;
  sent = token;
  if (token) ui.preauthorizeApiKey(SCHEME, token);
  else if (ui.authSelectors.authorized().has(SCHEME)) ui.authActions.logout([SCHEME]);
  if (isRenewed) return undefined;
  me = null;
  showUser();
  return token ? readUser() : undefined;
}

/** The access token of the request that was sent last to each address. */
const sentTo = new Map();

async function withValidToken(outgoing) {
  if (outgoing.headers?.Authorization) {
    const token = await session.validToken().catch(() => null);
    if (token) outgoing.headers.Authorization = `Bearer ${token}`;
    sentTo.set(outgoing.url, token);
  } else sentTo.delete(outgoing.url);
  return outgoing;
}

function noteRefusal(answer) {
  if (answer.status === 401 && sentTo.has(answer.url)) session.refused(sentTo.get(answer.url), answer.body?.code);
  return answer;
}

function start() {
  session.subscribe(showSession);
  organization.subscribe(showUser);
  element("log-in").hidden = false;
  showSession();
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const setColors = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", setColors);
setColors();

element("log-in").addEventListener("click", () => {
  if (session.accessToken) session.logOut();
  else ui.authActions.showDefinitions(ui.authSelectors.definitionsToAuthorize());
});
element("organization").addEventListener("change", (event) => organization.choose(event.target.value));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") ui.authActions.showDefinitions(false);
});

const ui = SwaggerUIBundle({
  domNode: element("reference"),
  url: new URL("openapi.json", API).pathname,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  displayOperationId: true,
  deepLinking: true,
  filter: true,
  tryItOutEnabled: true,
  // Its default is a service of another origin.
  validatorUrl: null,
  // Swagger UI would write the token to localStorage.
  persistAuthorization: false,
  requestInterceptor: withValidToken,
  responseInterceptor: noteRefusal,
  plugins: [searchPlugin, logInPlugin(session), organizationPlugin(organization)],
  onComplete: start,
});

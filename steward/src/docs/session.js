// The log-in of this page: its tokens, and when they are renewed.
//
// The password is sent once and never stored. The access token is in sessionStorage: it survives a reload, belongs to
// this tab, and is valid for 15 minutes. In localStorage every tab could read it, and it would outlive the browser. The
// refresh token is in memory only: it is valid for days and works once. A duplicated tab gets a copy of
// sessionStorage; it would use the same refresh token again, and that ends the session.

const STORED = "steward-docs-session";
/** Milliseconds before its expiry at which an access token is renewed, so that it does not expire on the way. */
const MARGIN = 10_000;
const EXPIRED = "Your access token has expired. Log in again.";
const ENDED = "Your session has ended. Log in again.";
const UNKNOWN = "The server does not accept this token. Log in.";

export class Session {
  #request;
  #storage;
  #now;
  #current = null;
  #refreshToken = null;
  #renewal = null;
  #notice = "";
  #listeners = new Set();

  /** `request(method, path, {body, token})` calls the API and resolves to `{status, body}`. */
  constructor({ request, storage, now = Date.now }) {
    this.#request = request;
    this.#storage = storage;
    this.#now = now;
    const stored = JSON.parse(storage.getItem(STORED) ?? "null");
    if (stored && !this.#isExpired(stored)) this.#current = stored;
    else if (stored) this.end(EXPIRED);
  }

  /** The access token; null without a log-in. It may have expired. */
  get accessToken() {
    return this.#current?.token ?? null;
  }

  /** Why the log-in ended, if it ended by itself. */
  get notice() {
    return this.#notice;
  }

  /** Calls `listener` after each change. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Logs in. Resolves to the problem if the server refuses, else to null. */
  async logIn(email, password, code) {
    const body = { email, password };
    if (code) body[/^\d{3} ?\d{3}$/.test(code) ? "totp_code" : "recovery_code"] = code;
    const answer = await this.#request("POST", "sessions", { body });
    if (answer.status !== 201) return answer.body;
    this.#take(answer.body);
    return null;
  }

  /** Uses an access token that was obtained elsewhere. Its expiry is unknown. */
  use(token) {
    this.#set({ token, expiresAt: null }, null, "");
  }

  /** Ends the session at the server and forgets the tokens, even if the server does not answer. */
  async logOut() {
    // An expired token ends nothing.
    const token = await this.validToken().catch(() => this.accessToken);
    this.end("");
    if (token) await this.#request("DELETE", "sessions/current", { token }).catch(() => {});
  }

  /** Forgets the tokens. */
  end(notice) {
    this.#set(null, null, notice);
  }

  /** A valid access token, renewed if necessary; null without a log-in. Simultaneous callers share one renewal. */
  async validToken() {
    if (!this.#current || !this.#isExpired(this.#current)) return this.accessToken;
    if (!this.#refreshToken) {
      this.end(EXPIRED);
      return null;
    }
    this.#renewal ??= this.#renew().finally(() => (this.#renewal = null));
    return this.#renewal;
  }

  /** Handles a 401 response to a request with this access token; one that is no longer used says nothing. */
  refused(token, code) {
    if (!this.#current || token !== this.accessToken) return;
    if (code === "token_expired" && this.#refreshToken) this.#current.expiresAt = 0;
    else if (code === "token_expired") this.end(EXPIRED);
    else if (code === "token_revoked") this.end(ENDED);
    else if (code === "unauthenticated") this.end(UNKNOWN);
  }

  async #renew() {
    const before = this.#current;
    const answer = await this.#request("POST", "sessions/refresh", { body: { refresh_token: this.#refreshToken } });
    if (this.#current !== before) return this.accessToken;
    if (answer.status === 200) this.#take(answer.body);
    else if (answer.status === 401) this.end(ENDED);
    return this.accessToken;
  }

  #isExpired({ expiresAt }) {
    return expiresAt !== null && this.#now() >= expiresAt - MARGIN;
  }

  #take({ access_token: token, expires_in: seconds, refresh_token: refreshToken }) {
    this.#set({ token, expiresAt: this.#now() + seconds * 1000 }, refreshToken, "");
  }

  #set(current, refreshToken, notice) {
    this.#current = current;
    this.#refreshToken = refreshToken;
    this.#notice = notice;
    if (current) this.#storage.setItem(STORED, JSON.stringify(current));
    else this.#storage.removeItem(STORED);
    for (const listener of this.#listeners) listener();
  }
}

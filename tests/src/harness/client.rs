//! HTTP requests; every answer is checked against the document before a test gets it.

use std::cell::OnceCell;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use super::document::{self, Answered};
use super::reply::Reply;
use super::server::server;

static HTTP: LazyLock<reqwest::blocking::Client> = LazyLock::new(|| {
    let builder = reqwest::blocking::Client::builder().redirect(Policy::none()).no_proxy();
    builder.timeout(Duration::from_secs(90)).build().expect("an HTTP client")
});

/// A client of a server. Paths have no prefix (`/me`); one that starts with `!` begins at the root
/// (`!/healthz`).
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) base: String,
    pub(crate) token: Option<String>,
}

impl Client {
    /// An anonymous client of the shared server.
    pub(crate) fn anonymous() -> Self {
        Self { base: server().base.clone(), token: None }
    }

    /// A client with an access token, of the shared server.
    pub(crate) fn with_token(token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..Self::anonymous() }
    }

    /// A client that logs in to the shared server.
    pub(crate) fn log_in(email: &str, password: &str) -> Self {
        Self::anonymous().logged_in(email, password)
    }

    /// A client that logs in to the same server.
    pub(crate) fn logged_in(&self, email: &str, password: &str) -> Self {
        let nobody = Self { base: self.base.clone(), token: None };
        let tokens = nobody.post("/sessions", json!({ "email": email, "password": password })).expect(201);
        let token = tokens["access_token"].as_str().expect("an access token").to_owned();
        Self { token: Some(token), ..nobody }
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], None)
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Reply {
        self.send_json("POST", path, &[], &body)
    }

    /// Without a body and without a media type.
    pub(crate) fn post_empty(&self, path: &str) -> Reply {
        self.send("POST", path, &[], None)
    }

    pub(crate) fn patch(&self, path: &str, body: Value) -> Reply {
        self.send_json("PATCH", path, &[], &body)
    }

    pub(crate) fn put(&self, path: &str, body: Value) -> Reply {
        self.send_json("PUT", path, &[], &body)
    }

    pub(crate) fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &[], None)
    }

    /// JSON, or a merge patch when the method is PATCH and no header says otherwise.
    pub(crate) fn send_json(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Reply {
        let media_type = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
        let mut all = headers.to_vec();
        if !has(headers, CONTENT_TYPE.as_str()) {
            all.push(("Content-Type", media_type));
        }
        self.send(method, path, &all, Some(body.to_string().into_bytes()))
    }

    /// Uploads a file, as the part `file` of a form.
    pub(crate) fn upload(&self, org_id: &str, filename: &str, content_type: &str, bytes: &[u8]) -> Reply {
        let (media_type, body) = form("file", filename, content_type, bytes);
        self.send(
            "POST",
            &format!("/orgs/{org_id}/attachments"),
            &[("Content-Type", &media_type)],
            Some(body),
        )
    }

    /// Exactly these headers and bytes, with the client's token unless the headers contain an
    /// `Authorization`.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Reply {
        self.try_send(method, path, headers, body).unwrap_or_else(|error| {
            let log = if self.base == server().base { server().log() } else { String::new() };
            let end: Vec<&str> = log.lines().rev().take(20).collect();
            let end = end.into_iter().rev().collect::<Vec<_>>().join("\n");
            panic!("{method} {path}: no answer: {error}\n{end}")
        })
    }

    /// The same if the server may stop meanwhile: the error means that no complete answer came.
    pub(crate) fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<Reply, reqwest::Error> {
        let url = match path.strip_prefix('!') {
            Some(from_root) => format!("{}{from_root}", self.base),
            None => format!("{}/api/v1{path}", self.base),
        };
        let verb = method.parse().expect("a method");
        let mut request = HTTP.request(verb, &url);
        if let Some(token) = self.token.as_ref().filter(|_| !has(headers, AUTHORIZATION.as_str())) {
            request = request.bearer_auth(token);
        }
        if self.base == server().base && !has(headers, "X-Forwarded-For") {
            request = request.header("X-Forwarded-For", address());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let sent = body.as_deref().map(shown).unwrap_or_default();
        if let Some(body) = body {
            request = request.body(body);
        }
        let request = request.build()?;
        let place = request.url().path().to_owned();
        let response = HTTP.execute(request)?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes()?.to_vec();
        let reply = Reply::new(format!("{method} {path} {sent}"), status, headers, bytes);
        document::check(&Answered { method, path: &place, reply: &reply });
        if self.base == server().base && method != "GET" {
            server().require_short_writes();
        }
        Ok(reply)
    }
}

/// A multipart form of one file: its media type and its bytes.
pub(crate) fn form(part: &str, filename: &str, content_type: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    const BOUNDARY: &str = "steward-test-boundary-5d1c7a";
    let filename = filename.replace('"', "%22");
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"{filename}\"\r\nContent-Type: {content_type}\r\n\r\n"
    );
    let mut body = head.into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

/// A page outside the API: status and text.
pub(crate) fn reach(url: &str) -> Result<(u16, String), reqwest::Error> {
    let response = HTTP.get(url).send()?;
    Ok((response.status().as_u16(), response.text()?))
}

/// A change outside the API: status and text.
pub(super) fn put_outside(url: &str, body: &serde_json::Value) -> Result<(u16, String), reqwest::Error> {
    let request = HTTP.put(url).header("Content-Type", "application/json").body(body.to_string());
    let response = request.send()?;
    Ok((response.status().as_u16(), response.text()?))
}

/// The client address of this thread, that is, of this test.
fn address() -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    thread_local! { static OWN: OnceCell<String> = const { OnceCell::new() } }
    OWN.with(|own| {
        own.get_or_init(|| {
            let number = LAST.fetch_add(1, Ordering::Relaxed) + 1;
            format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255)
        })
        .clone()
    })
}

fn has(headers: &[(&str, &str)], name: &str) -> bool {
    headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name))
}

fn shown(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    if text.chars().count() > 600 {
        format!("{}... ({} bytes)", text.chars().take(600).collect::<String>(), body.len())
    } else {
        text.into_owned()
    }
}

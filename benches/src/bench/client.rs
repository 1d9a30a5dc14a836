//! The few requests that the driver makes itself.

use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::Outcome;
use crate::process::Server;
use crate::world::World;

/// Staff who see every ticket.
pub(crate) const STAFF: &str = "owner@sunrise.example";
/// A member with tickets of their own.
pub(crate) const REQUESTER: &str = "rbt@sunrise.example";
const PASSWORD: &str = "steward-demo-password";

/// Logs in and returns the access token. It is valid for 15 minutes, longer than any part of the run.
pub(crate) fn log_in(server: &Server, email: &str) -> Outcome<String> {
    let url = format!("{}/api/v1/sessions", server.url());
    let answer = send(client()?.post(url).json(&json!({ "email": email, "password": PASSWORD })))?;
    text(&answer, "access_token").ok_or("the log-in has no access_token".to_owned())
}

/// The cursor at which this page of the list begins; empty for the first page.
pub(crate) fn cursor_of_page(server: &Server, token: &str, world: &World, page: u32) -> Outcome<String> {
    let url = format!("{}/api/v1/orgs/{}/tickets", server.url(), world.org);
    let client = client()?;
    let mut cursor = String::new();
    for _ in 1..page {
        let from = if cursor.is_empty() { String::new() } else { format!("&cursor={cursor}") };
        let list = client.get(format!("{url}?status=open,in_progress&limit=25{from}")).bearer_auth(token);
        let answer = send(list)?;
        cursor = text(&answer, "next_cursor").ok_or("the list has too few pages")?;
    }
    Ok(cursor)
}

fn client() -> Outcome<Client> {
    let builder = Client::builder().no_proxy().timeout(Duration::from_secs(30));
    builder.build().map_err(|error| error.to_string())
}

fn send(request: RequestBuilder) -> Outcome<Value> {
    let answer = request.send().and_then(|answer| answer.error_for_status()).map_err(|e| e.to_string())?;
    answer.json().map_err(|error| error.to_string())
}

fn text(answer: &Value, member: &str) -> Option<String> {
    answer.get(member).and_then(Value::as_str).map(str::to_owned)
}

//! An answer that conforms to the document.

use std::collections::BTreeMap;
use std::fmt;

use reqwest::header::HeaderMap;
use serde_json::Value;

pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Null when there is none, or it is not JSON.
    pub(crate) body: Value,
    pub(crate) bytes: Vec<u8>,
    headers: HeaderMap,
    request: String,
}

impl Reply {
    pub(super) fn new(request: String, status: u16, headers: HeaderMap, bytes: Vec<u8>) -> Self {
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        let mut reply = Self { status, body, bytes, headers, request };
        if !reply.media_type().is_some_and(|name| name.ends_with("json")) {
            reply.body = Value::Null;
        }
        reply
    }

    /// The body, after asserting the status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert!(self.status == status, "expected {status}, got {self}");
        self.body
    }

    /// The problem, after asserting status and code.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Value {
        assert!(self.status == status && self.code() == code, "expected {status} {code}, got {self}");
        self.body
    }

    /// The problem's code; empty when it is no problem.
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().filter(|_| self.status >= 400).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    /// All its headers; names in lower case.
    pub(crate) fn headers(&self) -> BTreeMap<String, String> {
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        self.headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect()
    }

    /// Its `ETag`, which must be there.
    #[track_caller]
    pub(crate) fn etag(&self) -> String {
        self.header("ETag").unwrap_or_else(|| panic!("no ETag in {self}"))
    }

    /// The media type without its parameters.
    pub(crate) fn media_type(&self) -> Option<String> {
        let value = self.header("Content-Type")?;
        value.split(';').next().map(|name| name.trim().to_ascii_lowercase())
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n  -> {}", self.request, self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "  {name}: {}", String::from_utf8_lossy(value.as_bytes()))?;
        }
        match &self.body {
            Value::Null => write!(f, "{}", String::from_utf8_lossy(&self.bytes)),
            body => write!(f, "{body:#}"),
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

//! Reads bodies with limits on size and time. actix itself has no time limit.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::web::{Bytes, BytesMut};
use application::problem::Problem;
use application::problem_codes::Code;
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, timeout_at};

/// The largest JSON body, in bytes.
pub const MAX_JSON_BYTES: usize = 1_048_576;
const GRACE: Duration = Duration::from_secs(15);
/// The time limit for a JSON body.
const JSON_TIMEOUT: Duration = Duration::from_secs(25);
/// The minimum speed after the grace period, in bytes per second.
const MIN_BYTES_PER_SECOND: u64 = 16_384;

/// A body's chunks, each with a time limit. Ends with a problem if a chunk is late or the body is too large.
pub struct TimedBody {
    payload: Payload,
    started: Instant,
    received: u64,
    limit: u64,
    /// The time limit for the whole body, if any.
    longest: Option<Duration>,
    has_failed: bool,
}

impl TimedBody {
    /// Fails at once if the declared size is too large.
    pub fn new(request: &HttpRequest, payload: Payload, limit: u64) -> Result<Self, Problem> {
        declared_bytes(request, limit)?;
        Ok(Self { payload, started: Instant::now(), received: 0, limit, longest: None, has_failed: false })
    }

    /// The next chunk.
    pub async fn next_chunk(&mut self) -> Option<Result<Bytes, Problem>> {
        if self.has_failed {
            return None;
        }
        let fair = GRACE + Duration::from_secs(self.received / MIN_BYTES_PER_SECOND);
        let deadline = self.started + self.longest.map_or(fair, |longest| fair.min(longest));
        let chunk = match timeout_at(deadline, self.payload.next()).await {
            Err(_) => Err(Problem::new(Code::RequestTimeout, "The body did not arrive in time.")),
            Ok(None) => return None,
            Ok(Some(Err(_))) => Err(Problem::new(Code::MalformedRequest, "The body is incomplete.")),
            Ok(Some(Ok(chunk))) => {
                self.received += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
                if self.received > self.limit { Err(too_large()) } else { Ok(chunk) }
            }
        };
        self.has_failed = chunk.is_err();
        Some(chunk)
    }

    /// The chunks as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Problem>> {
        futures_util::stream::unfold(self, |mut body| async move {
            body.next_chunk().await.map(|chunk| (chunk, body))
        })
        .fuse()
    }
}

/// The declared size in bytes, if any. Fails if it is more than `limit`.
pub fn declared_bytes(request: &HttpRequest, limit: u64) -> Result<Option<u64>, Problem> {
    let length = request.headers().get(CONTENT_LENGTH).and_then(|v| v.to_str().ok());
    match length.and_then(|v| v.parse::<u64>().ok()) {
        Some(bytes) if bytes > limit => Err(too_large()),
        declared => Ok(declared),
    }
}

fn too_large() -> Problem {
    Problem::new(Code::PayloadTooLarge, "The body is larger than this operation accepts.")
}

/// A whole JSON body.
pub async fn read_json_bytes(request: &HttpRequest, payload: Payload) -> Result<Bytes, Problem> {
    let limit = u64::try_from(MAX_JSON_BYTES).unwrap_or(u64::MAX);
    let mut body = TimedBody { longest: Some(JSON_TIMEOUT), ..TimedBody::new(request, payload, limit)? };
    let mut bytes = BytesMut::new();
    while let Some(chunk) = body.next_chunk().await {
        bytes.extend_from_slice(&chunk?);
    }
    Ok(bytes.freeze())
}

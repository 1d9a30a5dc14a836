//! Headers that several operations take. Declaring one as a parameter of an operation also enables the mechanism.

use utoipa::IntoParams;

/// For POST operations that a client may retry.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its description is used")]
pub struct IdempotencyKey {
    /// Makes the request safe to send again: within 24 hours the same key with the same body gets the same answer, and
    /// nothing is done twice. Choose a random one for each new request.
    #[param(rename = "Idempotency-Key", required = false, nullable = false, value_type = String, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    key: Option<String>,
}

/// For changes of a resource that others may change as well.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its description is used")]
pub struct IfMatch {
    /// The `ETag` that you read. If the thing was changed since, the answer is 412 and nothing happens.
    #[param(rename = "If-Match", required = false, nullable = false, value_type = String, min_length = 1, max_length = 200, pattern = "^[!-~]([ -~]*[!-~])?$")]
    tag: Option<String>,
}

/// As [`IfMatch`], where the header is required.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its description is used")]
pub struct IfMatchRequired {
    /// The `ETag` that you read. If the thing was changed since, the answer is 412 and nothing happens; without it, 428.
    #[param(rename = "If-Match", required = true, value_type = String, min_length = 1, max_length = 200, pattern = "^[!-~]([ -~]*[!-~])?$")]
    tag: String,
}

/// For reads that a client caches.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its description is used")]
pub struct IfNoneMatch {
    /// The `ETag` of the copy that you have. If nothing changed, the answer is 304 without a body.
    #[param(rename = "If-None-Match", required = false, nullable = false, value_type = String, min_length = 1, max_length = 200, pattern = "^[!-~]([ -~]*[!-~])?$")]
    tag: Option<String>,
}

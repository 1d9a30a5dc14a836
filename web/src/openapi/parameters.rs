//! Headers that several operations take. Named as parameters of an operation, they also switch the mechanism on.

use utoipa::IntoParams;

/// For POST operations that may be sent twice by a careful client.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its description is used")]
pub struct IdempotencyKey {
    /// Makes the request safe to send again: within 24 hours the same key with the same body gets the same answer, and
    /// nothing is done twice. Choose a random one for each new request.
    #[param(rename = "Idempotency-Key", required = false, nullable = false, value_type = String, min_length = 1, max_length = 255, pattern = "^[!-~]+$")]
    key: Option<String>,
}

/// For changes of a thing that others may change as well.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its description is used")]
pub struct IfMatch {
    /// The `ETag` that you read. If the thing was changed since, the answer is 412 and nothing happens.
    #[param(rename = "If-Match", required = false, nullable = false, value_type = String, min_length = 1, max_length = 200, pattern = "^[!-~]([ -~]*[!-~])?$")]
    tag: Option<String>,
}

/// The same where it has to be sent.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its description is used")]
pub struct IfMatchRequired {
    /// The `ETag` that you read. If the thing was changed since, the answer is 412 and nothing happens; without it, 428.
    #[param(rename = "If-Match", required = true, value_type = String, min_length = 1, max_length = 200, pattern = "^[!-~]([ -~]*[!-~])?$")]
    tag: String,
}

/// For reads that a client keeps.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its description is used")]
pub struct IfNoneMatch {
    /// The `ETag` of the copy that you have. If nothing changed, the answer is 304 without a body.
    #[param(rename = "If-None-Match", required = false, nullable = false, value_type = String, min_length = 1, max_length = 200, pattern = "^[!-~]([ -~]*[!-~])?$")]
    tag: Option<String>,
}

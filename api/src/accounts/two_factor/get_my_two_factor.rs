use actix_web::get;
use application::clock::instant;
use serde::Serialize;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::is_required;

/// The state of your two-factor log-in.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"is_enabled": true, "enabled_at": "2026-11-22T14:05:00.000000Z", "recovery_codes_left": 10, "is_required": false}))]
pub(crate) struct MyTwoFactor {
    /// Whether log-in requires a code.
    is_enabled: bool,
    #[schema(value_type = Option<DateTime<Utc>>)]
    enabled_at: Option<String>,
    /// Recovery codes that were not used yet.
    recovery_codes_left: i32,
    /// Whether a role requires it; without it that role grants nothing.
    is_required: bool,
}

/// Reads the state of your two-factor log-in
#[utoipa::path(tag = "two_factor", responses((status = 200, description = "The state of two-factor log-in.", body = MyTwoFactor)))]
#[get("/me/two-factor")]
pub(super) async fn get_my_two_factor(call: Call) -> Reply {
    call.read_account(AccountScope::Own, |ctx, _| {
        let user = ctx.caller.user_id();
        let on = ctx.tx.two_factor(user)?.filter(users::TwoFactor::is_on);
        Answer::ok(&MyTwoFactor {
            is_enabled: on.is_some(),
            recovery_codes_left: on
                .as_ref()
                .map_or(0, |on| i32::try_from(on.recovery_hashes.len()).unwrap_or(i32::MAX)),
            enabled_at: on.and_then(|on| on.enabled_at).map(instant),
            is_required: is_required(ctx.tx, user, ctx.now)?,
        })
    })
    .await
}

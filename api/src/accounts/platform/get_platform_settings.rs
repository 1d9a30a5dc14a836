use actix_web::get;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IfNoneMatch;

use super::body::PlatformBody;

/// Reads the settings of the platform
#[utoipa::path(tag = "platform", params(IfNoneMatch), extensions(("x-required-permission" = json!("manage_platform"))),
    responses((status = 200, description = "The settings of the platform.", body = PlatformBody), (status = 304, description = "Not modified.")))]
#[get("/platform-settings")]
pub(super) async fn get_platform_settings(call: Call) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, _| {
        let platform = ctx.tx.platform_settings()?;
        Ok(Answer::ok(&PlatformBody::from(&platform))?.tagged(platform.version, "all"))
    })
    .await
}

use actix_web::get;

use super::body::InstallationBody;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IfNoneMatch;

/// Reads the settings of the installation
#[utoipa::path(tag = "installation", params(IfNoneMatch), extensions(("x-required-permission" = json!("manage_platform"))),
    responses((status = 200, description = "The settings.", body = InstallationBody), (status = 304, description = "You have them already.")))]
#[get("/installation")]
pub(super) async fn get_installation(call: Call) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, _| {
        let installation = ctx.tx.installation()?;
        Ok(Answer::ok(&InstallationBody::from(&installation))?.tagged(installation.version, "all"))
    })
    .await
}

use actix_web::get;
use application::problem::Problem;
use orgs::LocationId;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfNoneMatch;

use super::body::{AUDIENCE, LocationBody, LocationPath};

/// Reads a location
#[utoipa::path(tag = "locations", params(LocationPath, IfNoneMatch), extensions(("x-open-to-viewing-as" = json!(true))), responses(
    (status = 200, description = "The location.", body = LocationBody),
    (status = 304, description = "Not modified."),
))]
#[get("/orgs/{org_id}/locations/{location_id}")]
pub(super) async fn get_location(call: Call<LocationPath>) -> Reply {
    call.read(|ctx, input| {
        let found = ctx.tx.locations(ctx.caller.org_id).find(LocationId(input.path.location_id))?;
        let location = found.ok_or_else(Problem::not_found)?;
        Ok(Answer::ok(&LocationBody::from(&location))?.tagged(location.version, AUDIENCE))
    })
    .await
}

use actix_web::post;
use application::context::new_id;
use application::problem::Problem;
use orgs::{Location, LocationId, Name};
use serde::Deserialize;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{AUDIENCE, LocationBody, name_taken};
use crate::organizations::orgs::OrgPath;

/// A new location.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"name": "Hillside Clinic", "address": "4 Hill Road"}))]
pub(crate) struct CreateLocation {
    /// Its name; unique in the organization. One line; `://` is refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<name>")]
    name: String,
    /// Where it is.
    #[schema(min_length = 1, max_length = 300, pattern = "<lines>")]
    address: Option<String>,
}

/// Creates a location
///
/// Staff limited to some locations cannot create others (403).
#[utoipa::path(tag = "locations", params(OrgPath, IdempotencyKey), request_body = CreateLocation, extensions(("x-required-permission" = json!("manage_locations")),
        ("x-problem-codes" = json!(["already_exists", "rule_violated"]))),
    responses((status = 201, description = "The new location.", body = LocationBody)))]
#[post("/orgs/{org_id}/locations")]
pub(super) async fn create_location(call: Call<OrgPath, (), CreateLocation>) -> Reply {
    call.write(|ctx, input| {
        ctx.caller.require_all_locations()?;
        let name = Name::parse(&input.body.name).map_err(|e| Problem::rule("#/name", &e))?;
        let (location, event) =
            Location::create(LocationId(new_id()), name, input.body.address.clone(), ctx.now);
        let org = ctx.caller.org_id;
        ctx.tx.locations(org).add(&location).map_err(name_taken)?;
        ctx.record(event);
        let place = format!("/api/v1/orgs/{}/locations/{}", org.0, location.id.0);
        Ok(Answer::created(place, &LocationBody::from(&location))?.tagged(location.version, AUDIENCE))
    })
    .await
}

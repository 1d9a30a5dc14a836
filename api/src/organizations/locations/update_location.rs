use actix_web::patch;
use application::problem::Problem;
use orgs::{Location, LocationChange, LocationId, Name};
use serde::Deserialize;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfMatch;
use web::values::clearable;

use super::body::{AUDIENCE, LocationBody, LocationPath, name_taken};

/// Changes of a location.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"is_active": false}))]
pub(crate) struct UpdateLocation {
    /// A new name. One line; `://` is refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<name>", nullable = false)]
    name: Option<String>,
    /// A new address; null clears it.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(min_length = 1, max_length = 300, pattern = "<lines>", value_type = Option<String>)]
    address: Option<Option<String>>,
    /// Takes it out of use, or back in.
    #[schema(nullable = false)]
    is_active: Option<bool>,
}

/// Renames or deactivates a location
///
/// Staff limited to some locations can change only those (403).
#[utoipa::path(tag = "locations", params(LocationPath, IfMatch), request_body(content = UpdateLocation, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("manage_locations")),
        ("x-problem-codes" = json!(["already_exists", "rule_violated"]))), responses((status = 200, description = "The updated location.", body = LocationBody)))]
#[patch("/orgs/{org_id}/locations/{location_id}")]
pub(super) async fn update_location(call: Call<LocationPath, (), UpdateLocation>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        let mut location =
            ctx.tx.locations(org).find(LocationId(input.path.location_id))?.ok_or_else(Problem::not_found)?;
        ctx.caller.require_location(location.id)?;
        input.meta.require_match(location.version, AUDIENCE)?;
        let name = input
            .body
            .name
            .as_deref()
            .map(Name::parse)
            .transpose()
            .map_err(|e| Problem::rule("#/name", &e))?;
        let change =
            LocationChange { name, address: input.body.address.clone(), is_active: input.body.is_active };
        if let Some((changed, event)) = location.update(change, ctx.now) {
            ctx.tx.locations(org).save(&changed).map_err(name_taken)?;
            ctx.record(event);
            location = Location { version: changed.version + 1, ..changed };
        }
        Ok(Answer::ok(&LocationBody::from(&location))?.tagged(location.version, AUDIENCE))
    })
    .await
}

use actix_web::post;
use application::context::new_id;
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use orgs::Name;
use persistence::{Constraint, StoreError};
use serde::Deserialize;
use tickets::{Category, CategoryId};
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{AUDIENCE, CategoryBody};
use crate::organizations::orgs::OrgPath;

/// A new category.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"key": "billing", "name": "Billing"}))]
pub(crate) struct CreateCategory {
    /// The last part of its key, appended to the key of its parent and a dot.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    key: String,
    /// Its name. One line; `://` is refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<name>")]
    name: String,
    /// The category above it; none for a root.
    parent_id: Option<Uuid>,
}

/// Creates a category
#[utoipa::path(tag = "categories", params(OrgPath, IdempotencyKey), request_body = CreateCategory, extensions(("x-required-permission" = json!("manage_categories")),
        ("x-problem-codes" = json!(["already_exists", "reference_not_found", "rule_violated"]))),
    responses((status = 201, description = "The new category.", body = CategoryBody)))]
#[post("/orgs/{org_id}/categories")]
pub(super) async fn create_category(call: Call<OrgPath, (), CreateCategory>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        let name = Name::parse(&input.body.name).map_err(|e| Problem::rule("#/name", &e))?;
        let parent = match input.body.parent_id {
            Some(id) => Some(
                ctx.tx
                    .categories(org)
                    .find(CategoryId(id))?
                    .ok_or_else(|| Problem::no_such_reference("#/parent_id", "category"))?,
            ),
            None => None,
        };
        let (category, event) = Category::create(
            &ctx.caller,
            CategoryId(new_id()),
            &input.body.key,
            name,
            parent.as_ref(),
            ctx.now,
        )?;
        ctx.tx.categories(org).add(&category).map_err(key_taken)?;
        ctx.record(event);
        let place = format!("/api/v1/orgs/{}/categories", org.0);
        Ok(Answer::created(place, &CategoryBody::from(&category))?.tagged(category.version, AUDIENCE))
    })
    .await
}

fn key_taken(error: StoreError) -> Problem {
    match error {
        StoreError::Unique(Constraint::CategoryKey) => {
            let detail = "Another category has this key.";
            Problem::new(Code::AlreadyExists, detail).with_errors(vec![Fault::at(
                "#/key",
                "already_exists",
                detail,
            )])
        }
        other => other.into(),
    }
}

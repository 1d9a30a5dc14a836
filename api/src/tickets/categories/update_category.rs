use actix_web::patch;
use application::problem::Problem;
use orgs::Name;
use serde::Deserialize;
use tickets::{Category, CategoryChange, CategoryId};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfMatch;

use super::body::{AUDIENCE, CategoryBody};

/// Path parameters of a category.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct CategoryPath {
    /// The organization.
    #[expect(dead_code, reason = "read from the request itself")]
    org_id: Uuid,
    /// The category.
    category_id: Uuid,
}

/// Changes of a category.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"name": "Invoices"}))]
pub(crate) struct UpdateCategory {
    /// A new name. One line; `://` is refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<name>", nullable = false)]
    name: Option<String>,
    /// Takes it out of use, or back in.
    #[schema(nullable = false)]
    is_active: Option<bool>,
}

/// Renames or deactivates a category that the organization created
#[utoipa::path(tag = "categories", params(CategoryPath, IfMatch), request_body(content = UpdateCategory, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("manage_categories")),
        ("x-problem-codes" = json!(["rule_violated"]))), responses((status = 200, description = "The updated category.", body = CategoryBody)))]
#[patch("/orgs/{org_id}/categories/{category_id}")]
pub(super) async fn update_category(call: Call<CategoryPath, (), UpdateCategory>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        let mut category = ctx
            .tx
            .categories(org)
            .find(CategoryId(input.path.category_id))?
            .ok_or_else(Problem::not_found)?;
        input.meta.require_match(category.version, AUDIENCE)?;
        let name = input
            .body
            .name
            .as_deref()
            .map(Name::parse)
            .transpose()
            .map_err(|e| Problem::rule("#/name", &e))?;
        if let Some((changed, event)) =
            category.update(&ctx.caller, CategoryChange { name, is_active: input.body.is_active }, ctx.now)?
        {
            ctx.tx.categories(org).save(&changed)?;
            ctx.record(event);
            category = Category { version: changed.version + 1, ..changed };
        }
        Ok(Answer::ok(&CategoryBody::from(&category))?.tagged(category.version, AUDIENCE))
    })
    .await
}

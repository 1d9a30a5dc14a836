use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::call::{Call, Reply};
use web::paging::{PageQuery, Total};

use super::body::CategoryBody;
use crate::organizations::orgs::OrgPath;

/// Filters and paging of categories.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CategoriesQuery {
    /// Those in use, or those that are not.
    is_active: Option<bool>,
}

/// A page of categories.
#[derive(Serialize, ToSchema)]
pub(crate) struct CategoryPage {
    data: Vec<CategoryBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists categories by key, parents first
#[utoipa::path(tag = "categories", params(OrgPath, CategoriesQuery, PageQuery), extensions(("x-open-to-viewing-as" = json!(true))), responses((status = 200, description = "A page of categories.", body = CategoryPage)))]
#[get("/orgs/{org_id}/categories")]
pub(super) async fn list_categories(call: Call<OrgPath, CategoriesQuery>) -> Reply {
    call.read(|ctx, input| {
        let page = input.meta.list.page_of(|at| Some(at.to_owned()))?;
        let rows = ctx.tx.categories(ctx.caller.org_id).list(input.query.is_active, &page)?;
        input.meta.list.page(
            &page,
            rows,
            |c| c.key.clone(),
            |rows, next_cursor| {
                Ok(CategoryPage {
                    data: rows.iter().map(CategoryBody::from).collect(),
                    next_cursor,
                    total: None,
                })
            },
        )
    })
    .await
}

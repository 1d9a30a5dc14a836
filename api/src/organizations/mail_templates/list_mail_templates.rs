use std::collections::BTreeMap;

use actix_web::get;
use application::mail::shipped::shipped;
use mail::{MailKind, SHIPPED_LOCALES, TemplateOverride};
use serde::Serialize;
use utoipa::ToSchema;
use web::call::{Call, Reply};
use web::paging::{PageQuery, Total};

use super::body::{MailTemplateBody, Words};
use crate::organizations::orgs::OrgPath;

/// A page of mail templates.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailTemplatePage {
    data: Vec<MailTemplateBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists mail templates by kind and language
///
/// The organization's own take the place of those that ship with Steward.
#[utoipa::path(tag = "mail_templates", params(OrgPath, PageQuery), extensions(("x-required-permission" = json!("manage_mail"))),
    responses((status = 200, description = "A page of mail templates.", body = MailTemplatePage)))]
#[get("/orgs/{org_id}/mail-templates")]
pub(super) async fn list_mail_templates(call: Call<OrgPath, PageQuery>) -> Reply {
    call.read(|ctx, input| {
        let page = input.meta.list.page_of(|at| Some(at.to_owned()))?;
        let mut all = all_words(ctx.tx.mail_of(ctx.caller.org_id).templates()?);
        all.retain(|place, _| page.after.as_ref().is_none_or(|after| place > after));
        input.meta.list.page(&page, all.into_values().collect(), place_of, |rows, next_cursor| {
            Ok(MailTemplatePage {
                data: rows.iter().map(MailTemplateBody::from).collect(),
                next_cursor,
                total: None,
            })
        })
    })
    .await
}

fn place_of(words: &Words) -> String {
    format!("{}/{}", words.kind().as_str(), words.locale())
}

fn all_words(own: Vec<TemplateOverride>) -> BTreeMap<String, Words> {
    let kinds = MailKind::ALL.into_iter().flat_map(|kind| SHIPPED_LOCALES.map(|locale| (kind, locale)));
    let shipped = kinds
        .filter_map(|(kind, locale)| Some(Words::Shipped(kind, locale.to_owned(), shipped(kind, locale)?)));
    shipped.chain(own.into_iter().map(Words::Own)).map(|words| (place_of(&words), words)).collect()
}

use actix_web::get;
use mail::{Gap, gaps};
use serde::Serialize;
use utoipa::ToSchema;
use web::call::{Call, Reply};
use web::paging::{PageQuery, Total};

use crate::organizations::orgs::OrgPath;

/// Words that are missing in a language, or older than those of another.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"kind": "reset_password", "locale": "fr", "gap": "missing"}))]
pub(crate) struct MailTemplateGap {
    kind: String,
    locale: String,
    /// `missing`: readers of this language get another one's words. `outdated`: another language's words were changed later.
    gap: MailTemplateGapKind,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MailTemplateGapKind {
    Missing,
    Outdated,
}

/// A page of missing or outdated templates.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailTemplateGapPage {
    data: Vec<MailTemplateGap>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists missing and outdated mail templates
///
/// The languages checked are the organization's default, those that its members prefer, and those that it has templates of
/// its own in. Words for `es` serve `es-MX` as well.
#[utoipa::path(tag = "mail_templates", params(OrgPath, PageQuery), extensions(("x-required-permission" = json!("manage_mail"))),
    responses((status = 200, description = "A page of missing or outdated templates.", body = MailTemplateGapPage)))]
#[get("/orgs/{org_id}/mail-template-gaps")]
pub(super) async fn list_mail_template_gaps(call: Call<OrgPath, PageQuery>) -> Reply {
    call.read(|ctx, input| {
        let page = input.meta.list.page_of(|at| Some(at.to_owned()))?;
        let org = ctx.caller.org_id;
        let own = ctx.tx.mail_of(org).templates()?;
        let default = ctx.tx.mail_of(org).settings()?.default_locale;
        let mut wanted = ctx.tx.members(org).locales()?;
        wanted.push(default);
        let place = |kind: &str, locale: &str| format!("{kind}/{locale}");
        let mut rows = gaps(&own, &wanted);
        rows.retain(|(kind, locale, _)| {
            page.after.as_ref().is_none_or(|after| place(kind.as_str(), locale) > *after)
        });
        input.meta.list.page(
            &page,
            rows,
            |(kind, locale, _)| place(kind.as_str(), locale),
            |rows, next_cursor| {
                let data = rows.into_iter().map(|(kind, locale, gap)| MailTemplateGap {
                    kind: kind.as_str().to_owned(),
                    locale,
                    gap: match gap {
                        Gap::Missing => MailTemplateGapKind::Missing,
                        Gap::Outdated => MailTemplateGapKind::Outdated,
                    },
                });
                Ok(MailTemplateGapPage { data: data.collect(), next_cursor, total: None })
            },
        )
    })
    .await
}

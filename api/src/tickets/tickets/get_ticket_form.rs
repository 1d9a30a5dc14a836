use actix_web::get;
use persistence::Page;
use serde::Serialize;
use tickets::{Body, Details, MAX_ATTACHMENTS, MAX_FILE_BYTES, Priority, Subject};
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::values;

use crate::organizations::orgs::OrgPath;

/// The data for a form to file a request.
#[derive(Serialize, ToSchema)]
pub(crate) struct TicketForm {
    /// The locations in use that the caller may file for.
    locations: Vec<FormLocation>,
    /// The urgencies to choose from, the most pressing first.
    urgencies: Vec<FormUrgency>,
    /// The category tree, for staff to sort with; parents before children.
    categories: Vec<FormCategory>,
    limits: FormLimits,
    /// An obstacle to filing a request, or a consequence of it.
    warnings: Vec<FormWarning>,
}

/// A location to choose.
#[derive(Serialize, ToSchema)]
pub(crate) struct FormLocation {
    id: Uuid,
    name: String,
}

/// An urgency to choose.
#[derive(Serialize, ToSchema)]
pub(crate) struct FormUrgency {
    key: values::Priority,
    label: String,
    /// When to choose it.
    definition: String,
}

/// A category.
#[derive(Serialize, ToSchema)]
pub(crate) struct FormCategory {
    id: Uuid,
    key: String,
    name: String,
    parent_id: Option<Uuid>,
}

/// How much may be sent.
#[derive(Serialize, ToSchema)]
pub(crate) struct FormLimits {
    subject_max_chars: i32,
    details_max_chars: i32,
    message_max_chars: i32,
    /// Files with one request or message.
    max_attachments: i32,
    min_attachment_bytes: i64,
    max_attachment_bytes: i64,
}

/// An obstacle.
#[derive(Serialize, ToSchema)]
pub(crate) struct FormWarning {
    /// `no_location_available`, `approval_pending`.
    code: String,
    detail: String,
}

/// The maximum number of categories in a form. `list_categories` lists larger trees.
const MAX_FORM_CATEGORIES: i64 = 500;

/// Reads the choices and limits of the form for a new ticket
#[utoipa::path(tag = "tickets", params(OrgPath), extensions(("x-open-to-viewing-as" = json!(true)), ("x-required-permission" = json!("create_tickets"))), responses((status = 200, description = "The choices and limits of the form.", body = TicketForm)))]
#[get("/orgs/{org_id}/ticket-form")]
pub(super) async fn get_ticket_form(call: Call<OrgPath>) -> Reply {
    call.read(|ctx, _| {
        let org = ctx.caller.org_id;
        let own: Vec<_> = ctx.caller.locations.iter().copied().collect();
        let locations: Vec<_> = ctx
            .tx
            .locations(org)
            .among(&own)?
            .into_iter()
            .filter(|l| l.is_active)
            .map(|l| FormLocation { id: l.id.0, name: l.name.as_str().to_owned() })
            .collect();
        let all = Page { after: None, limit: MAX_FORM_CATEGORIES };
        let categories = ctx.tx.categories(org).list(Some(true), &all)?.into_iter().map(|c| FormCategory {
            id: c.id.0,
            key: c.key,
            name: c.name.as_str().to_owned(),
            parent_id: c.parent_id.map(|id| id.0),
        });
        let urgencies = Priority::ALL.into_iter().map(|p| FormUrgency {
            key: p.into(),
            label: p.label().to_owned(),
            definition: p.definition().to_owned(),
        });
        let no_location = FormWarning {
            code: "no_location_available".to_owned(),
            detail: "You have no location to file a request for; ask an organizer to give you one."
                .to_owned(),
        };
        let waits = FormWarning {
            code: "approval_pending".to_owned(),
            detail: "A representative must approve your request before staff work on it.".to_owned(),
        };
        let warnings = [(no_location, locations.is_empty()), (waits, !ctx.caller.opens_at_once)];
        let int = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        Answer::ok(&TicketForm {
            warnings: warnings.into_iter().filter_map(|(warning, holds)| holds.then_some(warning)).collect(),
            locations,
            urgencies: urgencies.collect(),
            categories: categories.collect(),
            limits: FormLimits {
                subject_max_chars: int(Subject::MAX_CHARS),
                details_max_chars: int(Details::MAX_CHARS),
                message_max_chars: int(Body::MAX_CHARS),
                max_attachments: int(MAX_ATTACHMENTS),
                min_attachment_bytes: 1,
                max_attachment_bytes: i64::try_from(MAX_FILE_BYTES).unwrap_or(i64::MAX),
            },
        })
    })
    .await
}

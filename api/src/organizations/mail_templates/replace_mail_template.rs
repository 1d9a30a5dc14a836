use actix_web::put;
use application::problem::{Fault, Problem, sentence};
use application::problem_codes::Code;
use mail::{MailKind, Template, TemplateFault, TemplateOverride, template_replaced};
use serde::Deserialize;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfMatch;

use super::body::{AUDIENCE, MailTemplateBody, MailTemplatePath, Words, mail_wording};

/// Words for one kind of mail in one language.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"subject": "Choose a new password", "text": "Hello {{ recipient_name }},\n\n{{ link }}\n\n{{ signature }}"}))]
pub(crate) struct ReplaceMailTemplate {
    /// Its subject, one line.
    #[schema(min_length = 1, max_length = 500, pattern = "<line>")]
    pub(super) subject: String,
    /// Its text, from which its HTML is made: a paragraph that is nothing but a link becomes a button, and
    /// one that is nothing but `{{ news }}` a list of links. Words may use
    /// `{{ name }}`, `{% if name %}`, `{% if name == "text" %}`, `{% elif ... %}`, `{% else %}` and `{% endif %}`.
    #[schema(min_length = 1, max_length = 20000, pattern = "<lines>")]
    pub(super) text: String,
}

impl ReplaceMailTemplate {
    pub(super) fn template(&self) -> Template {
        Template { subject: self.subject.clone(), text: self.text.clone() }
    }
}

/// Replaces a mail template in one language
///
/// `If-Match` has to be sent where there are words already, be it those that ship with Steward.
/// Unknown variables, and words that can't be filled in, are refused. The organization's own words for the same mail in
/// other languages are outdated from then on. Mails that warn of critical changes (`critical_change_pending`,
/// `approver_changed`) keep the words that ship with Steward.
#[utoipa::path(tag = "mail_templates", params(MailTemplatePath, IfMatch), request_body = ReplaceMailTemplate,
    extensions(("x-required-permission" = json!("manage_mail")),
        ("x-problem-codes" = json!(["conflict", "precondition_required", "rule_violated"]))),
    responses((status = 200, description = "The updated template.", body = MailTemplateBody)))]
#[put("/orgs/{org_id}/mail-templates/{kind}/{locale}")]
pub(super) async fn replace_mail_template(call: Call<MailTemplatePath, (), ReplaceMailTemplate>) -> Reply {
    call.write(|ctx, input| {
        let (kind, locale) = (input.path.kind()?, &input.path.locale);
        let org = ctx.caller.org_id;
        if !kind.may_be_reworded() {
            let detail =
                "Mails that warn of critical changes always use the templates that ship with Steward.";
            return Err(Problem::new(Code::Conflict, detail));
        }
        let version = match mail_wording(ctx, kind, locale)? {
            Some(words) => {
                input.meta.require_match_sent(words.version(), AUDIENCE)?;
                words.version()
            }
            None => 0,
        };
        let template = input.body.template();
        require_fillable(&template, kind)?;
        let own = TemplateOverride {
            kind,
            locale: locale.clone(),
            template,
            is_outdated: false,
            updated_at: ctx.now,
            version,
        };
        if version == 0 && ctx.tx.mail_of(org).languages(kind)? >= MAX_LANGUAGES {
            return Err(Problem::rule(
                "#",
                &format!("a kind of mail has templates in at most {MAX_LANGUAGES} languages"),
            ));
        }
        let version = ctx.tx.mail_of(org).save_template(&own)?;
        ctx.record(template_replaced(org, kind, locale));
        let words = Words::Own(TemplateOverride { version, ..own });
        Ok(Answer::ok(&MailTemplateBody::from(&words))?.tagged(words.version(), AUDIENCE))
    })
    .await
}

/// The maximum number of languages in which an organization may have its own template of one kind.
const MAX_LANGUAGES: i64 = 20;

/// Requires that the template renders with the variables of its kind (S000-50).
pub(super) fn require_fillable(template: &Template, kind: MailKind) -> Result<(), Problem> {
    let fault = |(part, why): (&'static str, TemplateFault)| {
        Fault::at(format!("#/{part}"), "rule_violated", sentence(&why))
    };
    let faults: Vec<Fault> = template.faults(kind).into_iter().map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Problem::rules(faults)) }
}

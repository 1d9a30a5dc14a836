use orgs::{Change, Event, EventKind, EventSubject, OrgId};

use crate::{MailKind, MailSettings};

/// The event for a change of an organization's mail settings.
pub fn settings_changed(org: OrgId, before: &MailSettings, after: &MailSettings) -> Event {
    let (was, is) = (&before.branding, &after.branding);
    Event::new(EventKind::MailSettingsChanged, EventSubject::Organization(org))
        .with_if_changed("default_locale", Some(&before.default_locale), Some(&after.default_locale))
        .with_if_changed("time_zone", Some(&before.time_zone), Some(&after.time_zone))
        .with_if_changed("brand_name", Some(&was.name), Some(&is.name))
        .with_if_changed("brand_colour", Some(was.colour.as_str()), Some(is.colour.as_str()))
        .with_if_changed("signature", Some(&was.signature), Some(&is.signature))
        .with_if_changed("contact_address", was.contact_address.as_deref(), is.contact_address.as_deref())
}

/// The event for a replaced template.
pub fn template_replaced(org: OrgId, kind: MailKind, locale: &str) -> Event {
    of_template(EventKind::MailTemplateReplaced, org, kind, locale)
}

/// The event for a return to the template that Steward ships.
pub fn template_removed(org: OrgId, kind: MailKind, locale: &str) -> Event {
    of_template(EventKind::MailTemplateRemoved, org, kind, locale)
}

fn of_template(what: EventKind, org: OrgId, kind: MailKind, locale: &str) -> Event {
    Event::new(what, EventSubject::Organization(org))
        .with(Change::set("kind", kind.as_str()))
        .with(Change::set("locale", locale))
}

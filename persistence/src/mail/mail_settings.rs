use ::mail::{Branding, Colour, MailKind, MailSettings, Template, TemplateOverride};
use ::orgs::OrgId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::{mail_settings as settings, mail_templates as templates, orgs};
use crate::db::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

/// The mail settings and templates of one organization.
pub struct MailOf<'t, 'c> {
    tx: &'t mut Tx<'c>,
    org: OrgId,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = settings, treat_none_as_null = true)]
struct SettingsRow {
    org_id: DbId,
    default_locale: String,
    time_zone: String,
    brand_name: Option<String>,
    brand_colour: Option<String>,
    signature: Option<String>,
    contact_address: Option<String>,
    updated_at: DbTime,
    version: i64,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = templates, treat_none_as_null = true)]
struct TemplateRow {
    org_id: DbId,
    kind: String,
    locale: String,
    subject: String,
    text_body: String,
    is_outdated: bool,
    updated_at: DbTime,
    version: i64,
}

impl TryFrom<TemplateRow> for TemplateOverride {
    type Error = StoreError;

    fn try_from(row: TemplateRow) -> Result<Self, StoreError> {
        Ok(Self {
            kind: MailKind::parse(&row.kind).ok_or(StoreError::Corrupt("mail_templates.kind"))?,
            locale: row.locale,
            template: Template { subject: row.subject, text: row.text_body },
            is_outdated: row.is_outdated,
            updated_at: row.updated_at.0,
            version: row.version,
        })
    }
}

impl<'c> Tx<'c> {
    /// The mail settings and templates of `org`.
    pub fn mail_of(&mut self, org: OrgId) -> MailOf<'_, 'c> {
        MailOf { tx: self, org }
    }
}

impl MailOf<'_, '_> {
    /// The settings; the defaults, with the organization's name, if nobody changed them.
    pub fn settings(&mut self) -> Result<MailSettings, StoreError> {
        let name: String = orgs::table.find(DbId(self.org.0)).select(orgs::name).first(self.tx.conn)?;
        let row: Option<SettingsRow> = settings::table
            .find(DbId(self.org.0))
            .select(SettingsRow::as_select())
            .first(self.tx.conn)
            .optional()?;
        let platform = self.tx.platform_settings()?;
        let first = MailSettings::of(&name, platform.default_locale, platform.time_zone);
        let Some(row) = row else { return Ok(first) };
        let colour = match row.brand_colour {
            Some(text) => Colour::parse(&text).ok_or(StoreError::Corrupt("mail_settings.brand_colour"))?,
            None => first.branding.colour,
        };
        Ok(MailSettings {
            default_locale: row.default_locale,
            time_zone: row.time_zone,
            branding: Branding {
                signature: row
                    .signature
                    .or_else(|| row.brand_name.clone())
                    .unwrap_or(first.branding.signature),
                name: row.brand_name.unwrap_or(first.branding.name),
                colour,
                contact_address: row.contact_address,
            },
            updated_at: Some(row.updated_at.0),
            version: row.version,
        })
    }

    /// Saves the settings. Returns `Stale` if they were changed meanwhile.
    pub fn save_settings(&mut self, changed: &MailSettings, now: DateTime<Utc>) -> Result<(), StoreError> {
        let row = SettingsRow {
            org_id: DbId(self.org.0),
            default_locale: changed.default_locale.clone(),
            time_zone: changed.time_zone.clone(),
            brand_name: Some(changed.branding.name.clone()),
            brand_colour: Some(changed.branding.colour.as_str().to_owned()),
            signature: Some(changed.branding.signature.clone()),
            contact_address: changed.branding.contact_address.clone(),
            updated_at: DbTime(now),
            version: changed.version + 1,
        };
        if changed.version == 0 {
            return match diesel::insert_into(settings::table).values(row).execute(self.tx.conn) {
                Ok(_) => Ok(()),
                Err(error) => match StoreError::from(error) {
                    StoreError::Unique(_) => Err(StoreError::Stale),
                    other => Err(other),
                },
            };
        }
        let unchanged = settings::table.find(DbId(self.org.0)).filter(settings::version.eq(changed.version));
        match diesel::update(unchanged).set(row).execute(self.tx.conn)? {
            1 => Ok(()),
            _ => Err(StoreError::Stale),
        }
    }

    /// The organization's template for a kind, in the first of these languages that it has.
    pub fn template(
        &mut self,
        kind: MailKind,
        locales: &[&str],
    ) -> Result<Option<TemplateOverride>, StoreError> {
        let rows: Vec<TemplateRow> = templates::table
            .filter(templates::org_id.eq(DbId(self.org.0)))
            .filter(templates::kind.eq(kind.as_str()))
            .filter(templates::locale.eq_any(locales.to_vec()))
            .select(TemplateRow::as_select())
            .load(self.tx.conn)?;
        let mut rows: Vec<TemplateOverride> =
            rows.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
        rows.sort_by_key(|own| locales.iter().position(|l| *l == own.locale));
        Ok(rows.into_iter().next())
    }

    /// Number of languages with an own template for a kind.
    pub fn languages(&mut self, kind: MailKind) -> Result<i64, StoreError> {
        let of_kind = templates::table
            .filter(templates::org_id.eq(DbId(self.org.0)))
            .filter(templates::kind.eq(kind.as_str()));
        Ok(of_kind.count().get_result(self.tx.conn)?)
    }

    /// All own templates, by kind and language.
    pub fn templates(&mut self) -> Result<Vec<TemplateOverride>, StoreError> {
        let rows: Vec<TemplateRow> = templates::table
            .filter(templates::org_id.eq(DbId(self.org.0)))
            .order((templates::kind, templates::locale))
            .select(TemplateRow::as_select())
            .load(self.tx.conn)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Saves an own template, and returns its new version; those of the same kind in other languages become
    /// outdated (S000-52).
    ///
    /// The first version is a time, so that a template never has the version of a removed one.
    pub fn save_template(&mut self, own: &TemplateOverride) -> Result<i64, StoreError> {
        let of_kind = templates::table
            .filter(templates::org_id.eq(DbId(self.org.0)))
            .filter(templates::kind.eq(own.kind.as_str()));
        diesel::update(of_kind.filter(templates::locale.ne(&own.locale)))
            .set(templates::is_outdated.eq(true))
            .execute(self.tx.conn)?;
        let version = if own.version == 0 { own.updated_at.timestamp_micros() } else { own.version + 1 };
        let row = TemplateRow {
            org_id: DbId(self.org.0),
            kind: own.kind.as_str().to_owned(),
            locale: own.locale.clone(),
            subject: own.template.subject.clone(),
            text_body: own.template.text.clone(),
            is_outdated: own.is_outdated,
            updated_at: DbTime(own.updated_at),
            version,
        };
        let unchanged =
            of_kind.filter(templates::locale.eq(&own.locale)).filter(templates::version.eq(own.version));
        let done = match own.version {
            0 => diesel::insert_into(templates::table).values(row).execute(self.tx.conn),
            _ => diesel::update(unchanged).set(row).execute(self.tx.conn),
        };
        match done.map_err(StoreError::from) {
            Ok(1) => Ok(version),
            Ok(_) | Err(StoreError::Unique(_)) => Err(StoreError::Stale),
            Err(other) => Err(other),
        }
    }

    /// Returns to the template that Steward ships; returns whether there was an own one.
    pub fn remove_template(&mut self, kind: MailKind, locale: &str) -> Result<bool, StoreError> {
        let row = templates::table.find((DbId(self.org.0), kind.as_str(), locale));
        Ok(diesel::delete(row).execute(self.tx.conn)? == 1)
    }
}

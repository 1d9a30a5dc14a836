//! Instants as text in mails.

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const SPANISH: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// An instant in a readable form: `22 November 2026, 14:05 (America/Chicago)`.
pub fn format_instant(instant: DateTime<Utc>, zone: &str, locale: &str) -> String {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let local = instant.with_timezone(&zone);
    let month = |names: [&'static str; 12]| {
        usize::try_from(local.month0()).ok().and_then(|m| names.get(m).copied()).unwrap_or_default()
    };
    let clock = local.format("%H:%M");
    match locale.split('-').next() {
        Some("es") => format!("{} de {} de {}, {clock} ({zone})", local.day(), month(SPANISH), local.year()),
        _ => format!("{} {} {}, {clock} ({zone})", local.day(), month(ENGLISH), local.year()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_the_persons_zone_and_language() {
        let instant = DateTime::from_timestamp(1_795_377_900, 0).unwrap();
        assert_eq!(
            format_instant(instant, "America/Chicago", "en"),
            "22 November 2026, 14:05 (America/Chicago)"
        );
        assert_eq!(format_instant(instant, "UTC", "es-MX"), "22 de noviembre de 2026, 20:05 (UTC)");
    }
}

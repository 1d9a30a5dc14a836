//! Mail: its kinds, what each may contain, and how delivery is retried.

mod branding;
mod delivery;
mod event;
mod gaps;
mod kind;
mod preferences;
mod secret;
mod settings;
mod template;
mod template_syntax;
mod variables;

pub use branding::{Branding, Colour};
pub use delivery::{Delivery, LEASE_MINUTES, MailId, MailStatus, Refusals};
pub use event::{settings_changed, template_removed, template_replaced};
pub use gaps::{Gap, gaps};
pub use kind::MailKind;
pub use preferences::{CLOCK_FORMAT, DeliveryTiming, NoHours, NotificationPreferences, QuietHours};
pub use secret::MailSecret;
pub use settings::MailSettings;
pub use template::{SHIPPED_LOCALES, Template, TemplateOverride, locales_to_try};
pub use template_syntax::TemplateFault;
pub use variables::{Recipient, TextSource, WITHHELD};

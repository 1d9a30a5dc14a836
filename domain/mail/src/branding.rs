/// A colour as `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colour(String);

impl Colour {
    /// The rule of [`Colour::parse`], for `openapi.yaml`.
    pub const PATTERN: &'static str = "^#[0-9a-f]{6}$";

    /// Takes `#` and six hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let fits =
            digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase());
        fits.then(|| Self(text.to_owned()))
    }

    /// The colour itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The appearance of an organization's mail, and its signature (S001-17).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branding {
    /// The name at the top; default: that of the organization.
    pub name: String,
    /// The colour of buttons.
    pub colour: Colour,
    /// The last paragraph.
    pub signature: String,
    /// The address for questions about the mail.
    pub contact_address: Option<String>,
}

impl Branding {
    /// The default branding of an organization with this name.
    pub fn of(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            colour: Colour("#1f5f8b".to_owned()),
            signature: name.to_owned(),
            contact_address: None,
        }
    }
}

/// A colour as `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colour(String);

impl Colour {
    /// The same rule as [`Colour::parse`], for the published contract.
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

/// How mail of an organization looks and who signs it (S001-17).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branding {
    /// The name at the top; that of the organization unless it has another.
    pub name: String,
    /// The colour of buttons.
    pub colour: Colour,
    /// The last paragraph.
    pub signature: String,
    /// Where people write to when something is wrong.
    pub contact_address: Option<String>,
}

impl Branding {
    /// What mail looks like until somebody says otherwise.
    pub fn of(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            colour: Colour("#1f5f8b".to_owned()),
            signature: name.to_owned(),
            contact_address: None,
        }
    }
}

/// Whether a character changes the direction of the text beside it, or controls another system. A text with
/// it looks like something that it is not.
///
/// Invisible characters that belong to how people write are not among them: U+200B between words of Khmer,
/// Thai, Lao and Myanmar, U+200C and U+200D in names in Persian and in the scripts of India, U+180E and
/// U+202F in Mongolian, U+00AD where a word may be divided, and U+FEFF at the beginning of texts pasted from
/// a file.
pub fn is_direction(character: char) -> bool {
    matches!(
        character,
        '\u{61c}'
            | '\u{200e}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fff9}'..='\u{fffb}'
    )
}

/// Whether a character is invisible inside a word and still allowed there.
pub(crate) fn shows_nothing(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{feff}')
}

/// Whether a character ends a line: everything that some software shows as a line end.
pub(crate) fn is_line_end(character: char) -> bool {
    matches!(character, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What [`is_direction`] refuses, line ends, and control characters, as members of a regular expression
/// class.
pub(crate) const REFUSED_IN_A_LINE: &str =
    r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufff9-\ufffb";
/// The same without tab, line feed and carriage return, which divide lines and columns.
pub(crate) const REFUSED_IN_LINES: &str =
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufff9-\ufffb";
/// White space and line ends, all that [`str::trim`] removes: they may surround a single line.
pub(crate) const AROUND_A_LINE: &str = r"\t-\r\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";
/// What shows nothing when it stands alone, beside what is refused: white space, and the characters of
/// [`shows_nothing`].
pub(crate) const BLANK: &str = r"\x20\xa0\xad\u1680\u180e\u2000-\u200d\u202f\u205f\u3000\ufeff";

/// A text as one line without control and direction characters: each of the former becomes a space, each of
/// the latter is removed.
///
/// For texts that are older than the rule.
pub fn cleaned(text: &str) -> String {
    let shown = text.chars().filter(|c| !is_direction(*c));
    let spaced: String = shown.map(|c| if c.is_control() || is_line_end(c) { ' ' } else { c }).collect();
    spaced.trim().to_owned()
}

use thiserror::Error;

use crate::characters::{
    AROUND_A_LINE, BLANK, REFUSED_IN_A_LINE, REFUSED_IN_LINES, is_direction, is_line_end, shows_nothing,
};

/// The purpose of a text, which decides on the characters that it may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The name of a person, by which mail greets: one line, no `://`, no `@`, no `www.`.
    PersonName,
    /// The name of an organization, a location, a role and the like: one line, no `://`.
    Name,
    /// A subject or a label: one line.
    Line,
    /// A greeting, a reason or a note: several lines.
    Lines,
}

/// Why a text does not have the required form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FormRefused {
    /// It has several lines.
    #[error("the text is more than one line")]
    SeveralLines,
    /// It contains a control or direction character.
    #[error("the text contains a control or direction character")]
    Invisible,
    /// It contains `://`, or `www.` in the name of a person.
    #[error("the text contains a link")]
    Link,
    /// The name of a person contains `@`.
    #[error("the text contains `@`")]
    Address,
}

impl Form {
    /// All values.
    pub const ALL: [Self; 4] = [Self::PersonName, Self::Name, Self::Line, Self::Lines];

    /// The text as it is saved: a single line without the white space and line ends around it, which pasted
    /// texts often have.
    pub fn trimmed(self, text: &str) -> &str {
        if self == Self::Lines { text } else { text.trim() }
    }

    /// Requires that a [`Form::trimmed`] text has this form. Does not check for blank or too long texts.
    pub fn judge(self, text: &str) -> Result<(), FormRefused> {
        let text = self.trimmed(text);
        if self != Self::Lines && text.contains(is_line_end) {
            return Err(FormRefused::SeveralLines);
        }
        let keeps = |c: char| self == Self::Lines && matches!(c, '\t' | '\n' | '\r');
        if text.chars().any(|c| (c.is_control() || is_line_end(c) || is_direction(c)) && !keeps(c)) {
            return Err(FormRefused::Invisible);
        }
        if self == Self::PersonName && text.contains('@') {
            return Err(FormRefused::Address);
        }
        // As people read it: invisible characters don't hide a link.
        let seen: String = text.chars().filter(|c| !shows_nothing(*c)).collect();
        let is_link = match self {
            Self::PersonName => seen.contains("://") || seen.to_lowercase().contains("www."),
            Self::Name => seen.contains("://"),
            Self::Line | Self::Lines => false,
        };
        if is_link { Err(FormRefused::Link) } else { Ok(()) }
    }

    /// The rule of [`Form::judge`] without links, as a regular expression for `openapi.yaml`; it also
    /// requires one visible character. Without look-around and character properties, so that every engine
    /// supports it.
    pub fn pattern(self) -> String {
        let refused = match self {
            Self::PersonName => format!("{REFUSED_IN_A_LINE}@"),
            Self::Name | Self::Line => REFUSED_IN_A_LINE.to_owned(),
            Self::Lines => REFUSED_IN_LINES.to_owned(),
        };
        if self == Self::Lines {
            return format!(r"^[^{refused}]*[^{refused}\t\n\r{BLANK}][^{refused}]*$");
        }
        format!("^[{AROUND_A_LINE}]*[^{refused}]*[^{refused}{BLANK}][^{refused}]*[{AROUND_A_LINE}]*$")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_all_scripts_are_accepted() {
        for name in [
            "Sam Field",
            "Anne-Marie O\u{2019}Neill",
            "Jean d'Arc, Jr.",
            "\u{645}\u{631}\u{6cc}\u{645}\u{200c}\u{633}\u{627}\u{62f}\u{627}\u{62a}",
            "\u{0915}\u{094d}\u{200d}\u{0937}",
            "\u{5c71}\u{7530}\u{3000}\u{592a}\u{90ce}",
            "e\u{301}ve \u{1f600}",
        ] {
            assert_eq!(Form::PersonName.judge(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn invisible_word_dividers_are_accepted() {
        for text in [
            "\u{1781}\u{17d2}\u{1798}\u{17c2}\u{179a}\u{200b}\u{1797}\u{17b6}\u{179f}\u{17b6}",
            "\u{e2a}\u{e27}\u{e31}\u{e2a}\u{e14}\u{e35}\u{200b}\u{e04}\u{e23}\u{e31}\u{e1a}",
            "Kinder\u{ad}garten",
            "\u{feff}Sam Field",
        ] {
            for form in Form::ALL {
                assert_eq!(form.judge(text), Ok(()), "{form:?} {text:?}");
            }
        }
    }

    #[test]
    fn a_name_contains_no_second_line_and_no_direction_character() {
        for text in ["a\nb", "a\r\nb", "a\u{85}b", "a\u{2028}b", "a\u{2029}b", "a\u{b}b", "a\u{c}b"] {
            for form in [Form::PersonName, Form::Name, Form::Line] {
                assert_eq!(form.judge(text), Err(FormRefused::SeveralLines), "{form:?} {text:?}");
            }
        }
        for text in [
            "a\0b",
            "a\tb",
            "a\u{1b}[31mb",
            "a\u{7f}b",
            "a\u{9f}b",
            "a\u{61c}b",
            "a\u{200e}b",
            "a\u{200f}b",
            "a\u{202a}b",
            "a\u{202e}b",
            "a\u{2060}b",
            "a\u{2066}b",
            "a\u{2069}b",
            "a\u{206f}b",
            "a\u{fff9}b",
        ] {
            for form in [Form::PersonName, Form::Name, Form::Line] {
                assert_eq!(form.judge(text), Err(FormRefused::Invisible), "{form:?} {text:?}");
            }
        }
    }

    #[test]
    fn a_single_line_may_come_with_white_space_and_line_ends_around_it() {
        for around in ["\n", "\r\n", " \t", "\u{85}", "\u{2028}", "\u{2029}", "\u{b}\u{c}", "\u{3000}"] {
            let text = format!("{around}Sam Field{around}{around}");
            for form in [Form::PersonName, Form::Name, Form::Line] {
                assert_eq!(
                    (form.judge(&text), form.trimmed(&text)),
                    (Ok(()), "Sam Field"),
                    "{form:?} {text:?}"
                );
            }
            assert_eq!(Form::Lines.trimmed(&text), text);
        }
        for text in ["Sam\n\u{200b}", "\u{200b}\nSam", "Sam\n\u{1}\n"] {
            assert!(Form::Line.judge(text).is_err(), "the line end is inside: {text:?}");
        }
    }

    #[test]
    fn a_note_contains_lines_and_no_other_control_characters() {
        assert_eq!(Form::Lines.judge("Dear Sam,\r\n\r\n\tfirst\nsecond"), Ok(()));
        for text in ["a\0b", "a\u{1b}b", "a\u{b}b", "a\u{85}b", "a\u{2028}b", "a\u{202e}b", "a\u{2066}b"] {
            assert_eq!(Form::Lines.judge(text), Err(FormRefused::Invisible), "{text:?}");
        }
    }

    #[test]
    fn a_name_contains_no_link_and_a_persons_name_no_address() {
        for text in ["a://b", "https://evil.example"] {
            assert_eq!(Form::PersonName.judge(text), Err(FormRefused::Link), "{text}");
            assert_eq!(Form::Name.judge(text), Err(FormRefused::Link), "{text}");
            assert_eq!(Form::Line.judge(text), Ok(()), "{text}");
        }
        assert_eq!(Form::PersonName.judge("WwW.evil.example"), Err(FormRefused::Link));
        for unseen in ['\u{ad}', '\u{180e}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{feff}'] {
            let hidden =
                [format!("https:{unseen}//evil.example"), format!("w{unseen}ww{unseen}.evil.example")];
            assert!(
                hidden.iter().all(|name| Form::PersonName.judge(name) == Err(FormRefused::Link)),
                "{unseen:?}"
            );
            assert_eq!(Form::Name.judge(&hidden[0]), Err(FormRefused::Link), "{unseen:?}");
        }
        assert_eq!(Form::PersonName.judge("eve@evil.example"), Err(FormRefused::Address));
        assert_eq!(Form::Name.judge("Care @ Home, www.care.example"), Ok(()));
    }

    #[test]
    fn texts_older_than_the_rule_are_cleaned() {
        let cleaned = crate::cleaned("Eve\r\n\u{202e}Call now\u{2060}\u{7}\n");
        assert_eq!(cleaned, "Eve  Call now");
        assert_eq!(Form::Line.judge(&cleaned), Ok(()));
    }
}

//! The words of a text, as they are indexed.

use std::collections::BTreeSet;

/// Lower case, letters and digits.
pub(crate) fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// With a space before and after each.
pub(crate) fn spaced(words: &BTreeSet<String>) -> String {
    words.iter().fold(" ".to_owned(), |all, word| all + word + " ")
}

/// The query of the index: tickets that contain all words, numbers whole and others by their beginning.
pub(crate) fn query(text: &str) -> String {
    let terms = words(text).into_iter().map(|word| {
        let star = if word.bytes().all(|b| b.is_ascii_digit()) { "" } else { " *" };
        format!("{{public_words staff_words}} : \"{word}\"{star}")
    });
    terms.collect::<Vec<_>>().join(" AND ")
}

use std::collections::BTreeSet;

/// Maximum number of different words of one ticket that search finds; further words are left out.
pub const MAX_SEARCH_WORDS: usize = 20_000;

const MAX_WORD_CHARS: usize = 60;

/// The different words of a text, as they are indexed and searched: lower case, letters and digits only.
///
/// Both databases index these words and not the text, so that both find the same.
pub fn search_words(text: &str) -> BTreeSet<String> {
    let word = |w: &str| w.chars().take(MAX_WORD_CHARS).flat_map(char::to_lowercase).collect::<String>();
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(word)
        .take(MAX_SEARCH_WORDS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_split() {
        let words = search_words("Can't LOG-in: Ärger #42, ann@example.org!");
        let found: Vec<_> = words.iter().map(String::as_str).collect();
        assert_eq!(found, ["42", "ann", "can", "example", "in", "log", "org", "t", "ärger"]);
    }
}

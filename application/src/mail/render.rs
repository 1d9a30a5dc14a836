//! Renders templates to subject, text and HTML.

use std::collections::BTreeMap;

use mail::{Branding, MailKind, Template, TextSource};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

/// The limit of template instructions. A shipped template uses a few hundred.
const FUEL: u64 = 20_000;

/// A rendered mail.
#[derive(Debug, Clone)]
pub struct RenderedMail {
    /// The subject, one line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML, with the organization's branding.
    pub html: String,
}

/// Template variables by name.
pub type Variables = BTreeMap<String, String>;

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_auto_escape_callback(|name| match name.ends_with(".html") {
        true => AutoEscape::Html,
        false => AutoEscape::None,
    });
    environment
}

/// Renders a template.
pub fn write(
    template: &Template,
    variables: &Variables,
    colour: &str,
    locale: &str,
) -> Result<RenderedMail, minijinja::Error> {
    let environment = environment();
    let fill = |name: &str, source: &str| environment.render_named_str(name, source, values_of(variables));
    let html = html_of(&template.text, continue_label(locale));
    let body = fill("mail.html", &html)?.replace("<p></p>\n", "");
    Ok(RenderedMail {
        subject: subject(template, variables)?,
        text: paragraphs(&fill("text", &template.text)?).collect::<Vec<_>>().join("\n\n") + "\n",
        html: LAYOUT.replace("{locale}", locale).replace("{colour}", colour).replace("{body}", &body),
    })
}

/// The subject of a mail, as one line.
pub(super) fn subject(template: &Template, variables: &Variables) -> Result<String, minijinja::Error> {
    environment()
        .render_named_str("subject", &template.subject, values_of(variables))
        .map(|filled| one_line(&filled))
}

/// The text as one line, for headers and list entries, which a line break would end.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn values_of(variables: &Variables) -> Value {
    Value::from_pairs(variables.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

/// A template rendered with sample data.
pub fn preview(
    template: &Template,
    kind: MailKind,
    branding: &Branding,
    locale: &str,
) -> Result<RenderedMail, minijinja::Error> {
    let mut variables = sample(kind);
    variables.insert("brand_name".to_owned(), branding.name.clone());
    variables.insert("signature".to_owned(), branding.signature.clone());
    variables.insert("contact_address".to_owned(), branding.contact_address.clone().unwrap_or_default());
    write(template, &variables, branding.colour.as_str(), locale)
}

/// Realistic values for every variable of a kind, to preview its template.
fn sample(kind: MailKind) -> Variables {
    let value = |name: &str| match name {
        "recipient_name" => "Sam Field",
        "brand_name" | "org_name" | "signature" => "Sunrise Therapy",
        "contact_address" => "help@sunrise.example",
        "link" | "login_link" | "reset_link" | "docs_link" | "cancel_link" => {
            "https://support.sunrise.example/open"
        }
        "email" => "sam@sunrise.example",
        "inviter_name" => "Olive Owner",
        "roles" => "RBT",
        "greeting" => "We are glad that you join us.",
        "code" => "q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y",
        "ticket_number" => "42",
        "ticket_subject" => "The front door does not lock",
        "status" => "resolved",
        "decision" => "approved",
        "matter" => "membership_request",
        "count" => "2",
        "news" => {
            "New reply to your request 42\nhttps://support.sunrise.example/requests/42\n\n\
             Your request 43 is resolved\nhttps://support.sunrise.example/requests/43"
        }
        "level" => "2",
        "permission" => "manage_members",
        "valid_from" | "valid_until" | "until" | "locked_until" | "due_on" | "next_update_at" => {
            "1 December 2026, 09:00 (UTC)"
        }
        _ => "A few words.",
    };
    kind.usable_variables().map(|name| (name.to_owned(), value(name).to_owned())).collect()
}

fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty())
}

fn continue_label(locale: &str) -> &'static str {
    match locale.split('-').next() {
        Some("es") => "Continuar",
        _ => "Continue",
    }
}

/// A text template as an HTML template. A paragraph that consists of a link becomes a button, one that consists of
/// news a list of links.
fn html_of(text: &str, label: &str) -> String {
    let paragraph = |source: &str| match only_variable(source) {
        Some("news") => news_of(label),
        Some(name) if TextSource::of(name) == TextSource::Link => format!(
            "<p><a class=\"button\" href=\"{{{{ {name} }}}}\">{label}</a></p>\n<p class=\"address\">{{{{ {name} }}}}</p>\n"
        ),
        _ => format!("<p>{}</p>\n", escaped(source).replace('\n', "<br>\n")),
    };
    paragraphs(text).map(paragraph).collect()
}

/// The variable that a paragraph consists of.
fn only_variable(paragraph: &str) -> Option<&str> {
    let name = paragraph.strip_prefix("{{")?.strip_suffix("}}")?.trim();
    name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_').then_some(name)
}

/// News as HTML: per item a line of text and a link. The text is written by people, and is never a link.
fn news_of(label: &str) -> String {
    NEWS.replace("LABEL", label)
}

const NEWS: &str = r#"{% for one in news | split("\n\n") %}{% set lines = one | split("\n") %}<p>{{ lines[0] }}<br>
<a href="{{ lines[1] }}">LABEL</a></p>
{% endfor %}"#;

/// Text with its markup characters escaped, outside of template tags.
fn escaped(source: &str) -> String {
    let mut rest = source;
    let mut out = String::with_capacity(source.len());
    while let Some(open) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let (before, tag) = rest.split_at(open);
        out.push_str(&plain(before));
        let close = if tag.starts_with("{{") { "}}" } else { "%}" };
        let end = tag.find(close).map_or(tag.len(), |at| at + close.len());
        let (tag, after) = tag.split_at(end);
        out.push_str(tag);
        rest = after;
    }
    out + &plain(rest)
}

fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The layout of every mail. Styles are inline, so that no mail loads anything from the network.
const LAYOUT: &str = r#"<!doctype html>
<html lang="{locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<style>
body { margin: 0; background: #f3f5f7; font: 16px/1.5 system-ui, sans-serif; color: #1d2733; }
main { max-width: 34em; margin: 2em auto; padding: 2em; background: #ffffff; border-top: 4px solid {colour}; border-radius: 4px; }
a.button { display: inline-block; padding: .6em 1.4em; border-radius: 4px; background: {colour}; color: #ffffff; text-decoration: none; }
p { overflow-wrap: anywhere; }
p.address { font-size: 13px; color: #5b6875; }
</style>
</head>
<body><main>
{body}</main></body>
</html>
"#;

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> Template {
        Template { subject: "To {{ recipient_name }}".to_owned(), text: text.to_owned() }
    }

    fn written(text: &str, name: &str) -> RenderedMail {
        let variables = Variables::from([
            ("recipient_name".to_owned(), name.to_owned()),
            ("link".to_owned(), "https://x.example/#token=a".to_owned()),
        ]);
        write(&template(text), &variables, "#000000", "en").unwrap()
    }

    #[test]
    fn the_layout_has_only_elements_of_html_and_closes_them_in_order() {
        let mut open = Vec::new();
        for tag in LAYOUT.split('<').skip(2).filter_map(|rest| rest.split(['>', ' ']).next()) {
            match tag.strip_prefix('/') {
                Some(tag) => assert_eq!(open.pop(), Some(tag)),
                None if tag == "meta" => {}
                None => open.push(tag),
            }
            let known = ["html", "head", "meta", "style", "body", "main"];
            assert!(known.contains(&tag.trim_start_matches('/')), "{tag}");
        }
        assert_eq!(open, Vec::<&str>::new());
    }

    #[test]
    fn a_name_opens_no_markup_and_no_second_header() {
        let mail = written("Hello {{ recipient_name }}", "<b>Eve</b>\r\nBcc: all");
        assert_eq!(mail.subject, "To <b>Eve</b> Bcc: all");
        assert!(mail.html.contains("&lt;b&gt;Eve"), "{}", mail.html);
    }

    #[test]
    fn a_link_alone_is_a_button_and_empty_paragraphs_vanish() {
        let mail =
            written("A & B\n\n{{ link }}\n\n{% if recipient_name == \"x\" %}Gone{% endif %}\n\nEnd", "Sam");
        assert!(mail.html.contains("class=\"button\" href=\"https:"), "{}", mail.html);
        assert!(mail.html.contains("A &amp; B") && !mail.html.contains("<p></p>"), "{}", mail.html);
        assert_eq!(mail.text, "A & B\n\nhttps://x.example/#token=a\n\nEnd\n");
    }
}

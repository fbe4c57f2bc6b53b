//! The parameters of art: CSS custom properties, `var(--name, fallback)`.
//!
//! In: the text of an SVG file and colours by name. Out: the text with each colour in place.

use std::collections::BTreeMap;

use crate::color::Color;
use crate::diag::Source;

/// The parameters that `source` names, each with whether it has a value of its own to fall back on. `color` stands for
/// `currentColor` and is always there.
pub(in super::super) fn parameters(source: &Source) -> BTreeMap<String, bool> {
    let mut parameters = BTreeMap::from([("color".to_owned(), true)]);
    for variable in variables(&source.text) {
        let has_fallback = parameters.entry(variable.name.to_owned()).or_insert(true);
        *has_fallback &= variable.fallback.is_some() || variable.name == "color";
    }
    parameters
}

/// A `var(--name, fallback)` in the text.
struct Variable<'t> {
    range: std::ops::Range<usize>,
    name: &'t str,
    fallback: Option<&'t str>,
}

fn variables(text: &str) -> Vec<Variable<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("var(--").map(|i| at + i) {
        let Some(end) = text[start..].find(')').map(|i| start + i) else { break };
        let inner = &text[start + "var(--".len()..end];
        let (name, fallback) = match inner.split_once(',') {
            Some((name, fallback)) => (name.trim(), Some(fallback.trim())),
            None => (inner.trim(), None),
        };
        found.push(Variable { range: start..end + 1, name, fallback });
        at = end + 1;
    }
    found
}

pub(super) fn css(color: Color) -> String {
    let Color { r, g, b, a } = color;
    if color.is_opaque() {
        format!("#{r:02x}{g:02x}{b:02x}")
    } else {
        format!("#{r:02x}{g:02x}{b:02x}{a:02x}")
    }
}

pub(super) fn filled_in(text: &str, colors: &BTreeMap<String, Color>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for Variable { range, name, fallback } in variables(text) {
        out.push_str(&text[at..range.start]);
        match colors.get(name) {
            Some(color) => out.push_str(&css(*color)),
            None => out.push_str(fallback.unwrap_or("currentColor")),
        }
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

//! What font files and their names say.

use ttf_parser::{Face, name_id};

/// The tag of a subset (ISO 32000-1, 9.6.4), and the name behind it.
pub(super) fn untagged(name: &str) -> (Option<String>, String) {
    match name.split_once('+') {
        Some((tag, rest)) if tag.len() == 6 && tag.bytes().all(|b| b.is_ascii_uppercase()) => {
            (Some(tag.to_owned()), rest.to_owned())
        }
        _ => (None, name.to_owned()),
    }
}

/// The PostScript name and the number of glyphs of a font file, as far as they can be read.
pub(super) fn program(data: &[u8]) -> (Option<String>, Option<u16>) {
    let Ok(face) = Face::parse(data, 0) else { return (None, None) };
    let name = face.names().into_iter().filter(|name| name.name_id == name_id::POST_SCRIPT_NAME);
    (name.filter_map(|name| name.to_string()).next(), Some(face.number_of_glyphs()))
}

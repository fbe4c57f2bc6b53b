//! The objects of a PDF: what each is, how large, and which of them are fonts and images.
//!
//! In: a [`View`]. Out: parts, fonts and images. Invariant: each stream is inflated once, and none after one that takes too much.

use std::collections::BTreeMap;

use crate::inspect::{Font, Image, Inspection, Part, font};
use crate::pdf::read::{Dictionary, Object, ReadError, View};

/// The keys whose values say what an object is that does not say it itself, and the word for it.
const ROLES: [(&str, &str); 9] = [
    ("FontFile", "FontFile"),
    ("FontFile2", "FontFile2"),
    ("FontFile3", "FontFile3"),
    ("ToUnicode", "ToUnicode"),
    ("Contents", "Contents"),
    ("DestOutputProfile", "ICCProfile"),
    ("Info", "Info"),
    ("AcroForm", "AcroForm"),
    ("EmbeddedFiles", "EmbeddedFiles"),
];

/// Reads all objects. What of them cannot be read is told once.
pub(super) fn read(view: &View<'_, '_>, found: &mut Inspection) {
    let mut numbers: Vec<u32> = view.numbers().collect();
    numbers.sort_unstable();
    let mut roles = BTreeMap::new();
    note(view.trailer(), &mut roles);
    let mut fonts = Vec::new();
    for &number in &numbers {
        match view.by_number(number) {
            Ok(object) => {
                let Some(entries) = object.dictionary() else { continue };
                note(entries, &mut roles);
                // A composite font is told by its descendant, which has the descriptor.
                if entries.is("Type", "Font") && !entries.is("Subtype", "Type0") {
                    fonts.push(entries.clone());
                }
            }
            Err(error) => {
                return found.unexplained.push(format!("object {number}, and those after it: {error}"));
            }
        }
    }
    let mut programs = BTreeMap::new();
    let mut inflates = true;
    for number in numbers {
        let part = part(view, number, &roles, &mut inflates, &mut programs, &mut found.images);
        let part = found.explained(part.map(Some));
        found.parts.extend(part);
    }
    for entries in &fonts {
        let font = self::font(view, entries, &programs, found);
        found.fonts.push(font);
    }
}

/// What the values of a dictionary are.
fn note(entries: &Dictionary, roles: &mut BTreeMap<u32, &'static str>) {
    for (key, role) in ROLES {
        match entries.get(key) {
            Some(Object::Reference(id)) => roles.extend([(id.number, role)]),
            Some(Object::Array(all)) => {
                roles.extend(all.iter().filter_map(Object::reference).map(|id| (id.number, role)));
            }
            _ => {}
        }
    }
}

/// What a font file says: its size, PostScript name and glyphs.
type Program = (usize, Option<String>, Option<u16>);

fn part(
    view: &View<'_, '_>,
    number: u32,
    roles: &BTreeMap<u32, &'static str>,
    inflates: &mut bool,
    programs: &mut BTreeMap<u32, Program>,
    images: &mut Vec<Image>,
) -> Result<Part, ReadError> {
    let object = view.by_number(number)?;
    let source = view.source(number)?;
    let mut part = Part { name: number.to_string(), ..Part::default() };
    part.stored = source.and_then(|(bytes, in_file)| in_file.then_some(bytes.len()));
    part.kind = kind(object.dictionary(), roles.get(&number).copied());
    let Object::Stream(stream) = object else { return Ok(part) };
    if *inflates {
        match view.data(&stream) {
            Ok(data) => {
                part.size = Some(data.len());
                if part.kind.starts_with("FontFile") {
                    let (name, glyphs) = font::program(&data);
                    programs.insert(number, (data.len(), name, glyphs));
                }
            }
            // JPEG and the like.
            Err(ReadError::Unsupported(_)) => {}
            Err(error) => {
                *inflates = false;
                return Err(error);
            }
        }
    }
    if stream.dictionary.is("Subtype", "Image") {
        let pixels = |key| u32::try_from(view.value(&stream.dictionary, key).ok()?.integer()?).ok();
        let filter = view.value(&stream.dictionary, "Filter")?;
        let filters = filter.array().unwrap_or(std::slice::from_ref(&filter)).iter().filter_map(Object::name);
        images.push(Image {
            part: part.name.clone(),
            encoding: filters.map(String::from_utf8_lossy).collect::<Vec<_>>().join(", "),
            width: pixels("Width"),
            height: pixels("Height"),
            size: stream.data.len(),
        });
    }
    Ok(part)
}

/// /Type and /Subtype, else the role that another object gives it.
fn kind(entries: Option<&Dictionary>, role: Option<&str>) -> String {
    let said = |key: &str| {
        let name = entries.and_then(|entries| entries.get(key)).and_then(Object::name);
        name.map(|name| String::from_utf8_lossy(name).into_owned())
    };
    match (said("Type"), said("Subtype"), role) {
        (None, _, Some(role)) => role.to_owned(),
        (Some(kind), Some(subtype), _) => format!("{kind}/{subtype}"),
        (Some(one), None, _) | (None, Some(one), None) => one,
        (None, None, None) => String::new(),
    }
}

/// What a font dictionary and its file say.
fn font(
    view: &View<'_, '_>,
    entries: &Dictionary,
    programs: &BTreeMap<u32, Program>,
    found: &mut Inspection,
) -> Font {
    let mut value =
        |entries, key| found.explained(view.value(entries, key).map(Some)).unwrap_or(Object::Null);
    let base = value(entries, "BaseFont");
    let descriptor = value(entries, "FontDescriptor");
    let (subset_tag, name) = font::untagged(&base.name().map(String::from_utf8_lossy).unwrap_or_default());
    let file = descriptor.dictionary().and_then(|descriptor| {
        let files = ["FontFile", "FontFile2", "FontFile3"].into_iter();
        files.filter_map(|key| descriptor.get(key)?.reference()).next()
    });
    let part = file.map(|file| file.number.to_string());
    match file.and_then(|file| programs.get(&file.number).cloned()) {
        Some((size, postscript_name, glyphs)) => {
            Font { name, subset_tag, postscript_name, part, size: Some(size), glyphs }
        }
        None => Font { name, subset_tag, part, ..Font::default() },
    }
}

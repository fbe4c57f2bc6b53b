//! A PDF: its revisions, its objects, and what they say. ISO 32000-1.

mod objects;

use super::{
    Attachment, Cover, Format, InspectError, Inspection, Page, Revision, Signature, entries, signature,
};
use crate::pdf::read::{self, File, Limits, Object, ReadError, View};
use crate::unit::Length;

/// Explains a PDF.
pub(super) fn inspect(bytes: &[u8]) -> Result<Inspection, InspectError> {
    let file = File::open(bytes, &Limits::default())?;
    let view = file.latest();
    let mut found = Inspection { format: Format::Pdf, bytes: bytes.len(), ..Inspection::default() };
    found.version = version(&view);
    found.revisions =
        file.revisions().iter().map(|r| Revision { end: r.end, objects: r.changed.len() }).collect();

    let document = found.explained(read::document(&view));
    let xmp = document.xmp.unwrap_or_default();
    let information = document.information.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    found.about = entries(information.chain([("dc:title", xmp.title.as_str())]));
    found.metadata = entries(xmp.custom.iter().map(|(name, value)| (name.as_str(), value.as_str())));

    objects::read(&view, &mut found);
    for id in document.pages {
        match read::tally(&view, id) {
            Ok(tally) => found.pages.push(Page {
                part: id.number.to_string(),
                width_mm: tally.size.map(|(width, _)| Length::pt(width).to_mm()),
                height_mm: tally.size.map(|(_, height)| Length::pt(height).to_mm()),
                texts: tally.texts,
                paths: tally.paths,
                images: tally.images,
                others: tally.others,
                templates: Vec::new(),
            }),
            Err(error) => {
                found.unexplained.push(format!("object {id}, a page, and those after it: {error}"));
                break;
            }
        }
    }
    for name in found.explained(read::attached_names(&view)) {
        let Some(file) = found.explained(read::attached(&view, &name)) else { continue };
        let media_type = Some(file.media_type).filter(|kind| !kind.is_empty());
        found.attachments.push(Attachment { name, part: None, media_type, size: file.data.len() });
    }
    for signature in found.explained(read::signatures(&view)) {
        signed(&signature, &mut found);
    }
    Ok(found)
}

/// The bytes of the object of this number.
pub(super) fn part(bytes: &[u8], name: &str) -> Result<Vec<u8>, InspectError> {
    let file = File::open(bytes, &Limits::default())?;
    let view = file.latest();
    let missing = || InspectError::Part(name.to_owned());
    let number =
        name.split_ascii_whitespace().next().and_then(|number| number.parse().ok()).ok_or_else(missing)?;
    let (source, _) = view.source(number)?.ok_or_else(missing)?;
    match view.by_number(number)? {
        Object::Stream(stream) => match view.data(&stream) {
            Err(ReadError::Unsupported(_)) => Ok(bytes.get(stream.data).unwrap_or_default().to_vec()),
            data => Ok(data?),
        },
        _ => Ok(source.to_vec()),
    }
}

/// The header's version; what the catalog says instead, if it says it (7.2.2).
fn version(view: &View<'_, '_>) -> String {
    let stated = read::catalog(view).ok().and_then(|(_, catalog)| view.value(&catalog, "Version").ok());
    let header = || view.file().bytes().get(b"%PDF-".len()..b"%PDF-1.7".len()).unwrap_or_default();
    let version = stated.as_ref().and_then(Object::name).unwrap_or_else(header);
    String::from_utf8_lossy(version).into_owned()
}

fn signed(description: &read::Signature, found: &mut Inspection) {
    let covered: i64 =
        description.byte_range.iter().skip(1).step_by(2).fold(0, |sum, n| sum.saturating_add(*n));
    let value =
        signature::read(&description.contents).map_err(|why| format!("object {}: {why}", description.id));
    found.signatures.push(Signature {
        id: description.fields.join(", "),
        part: description.id.number.to_string(),
        method: description.sub_filter.clone(),
        stated_time: description.time.map(|time| time.to_string()),
        covers: Cover::Bytes {
            byte_range: description.byte_range.clone(),
            outside: found.bytes.saturating_sub(usize::try_from(covered).unwrap_or(0)),
        },
        value: value.as_ref().ok().cloned(),
    });
    found.unexplained.extend(value.err());
}

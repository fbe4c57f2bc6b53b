//! An OFD: its entries, what each is, and what they say. GB/T 33190-2016.

use std::collections::BTreeMap;

use super::{
    Attachment, Cover, Font, Image, InspectError, Inspection, Page, Part, Signature, entries, font, signature,
};
use crate::ofd::read::{self, Inventory, Limits, Package, PageObjects, ReadError, Resource, SignatureEntry};
use crate::page;

/// Explains an OFD.
pub(super) fn inspect(bytes: &[u8]) -> Result<Inspection, InspectError> {
    let limits = Limits::default();
    let package = Package::open(bytes, &limits)?;
    let mut found = Inspection { bytes: bytes.len(), ..Inspection::default() };
    let mut kinds = BTreeMap::from([("OFD.xml".to_owned(), "OFD")]);

    let info = found.explained(read::info(&package));
    found.about = entries([
        ("DocID", info.id.as_str()),
        ("Title", &info.title),
        ("Author", &info.author),
        ("Subject", &info.subject),
        ("CreationDate", &info.created),
        ("Creator", &info.creator),
        ("CreatorVersion", &info.creator_version),
    ]);
    found.metadata = entries(info.custom.iter().map(|(name, value)| (name.as_str(), value.as_str())));

    match read::inventory(&package) {
        Ok(inventory) => {
            let version = [inventory.version.as_str(), &inventory.profile];
            found.version = version.join(" ").trim().to_owned();
            pages(&package, &inventory, &mut found);
            resources(&package, &inventory, &mut found, &mut kinds);
            name(&inventory, &mut kinds);
        }
        Err(error) => found.unexplained.push(error.to_string()),
    }
    for file in found.explained(read::attachments(&package)) {
        kinds.insert(file.part.clone(), "Attachment");
        let size = file.data.len();
        found.attachments.push(Attachment { name: file.name, part: Some(file.part), media_type: None, size });
    }
    for entry in found.explained(read::each_signature(&package)) {
        signed(&package, &entry, &mut found, &mut kinds);
    }
    found.parts = read::entries(bytes, &limits)?
        .into_iter()
        .map(|entry| Part {
            kind: kinds.get(&entry.name).copied().unwrap_or_default().to_owned(),
            stored: Some(entry.data.len()),
            size: Some(entry.size as usize),
            name: entry.name,
        })
        .collect();
    Ok(found)
}

/// The bytes of the entry `name`.
pub(super) fn part(bytes: &[u8], name: &str) -> Result<Vec<u8>, InspectError> {
    let limits = Limits::default();
    // One part is held however large it is.
    let package = Package::open(bytes, &Limits { held: limits.total, ..limits })?;
    let data = package.part(name.trim_start_matches('/'));
    Ok(data.ok_or_else(|| InspectError::Part(name.to_owned()))?.to_vec())
}

/// What the parts are that Document.xml and the lists name.
fn name(inventory: &Inventory, kinds: &mut BTreeMap<String, &'static str>) {
    let mut all = |parts: &[String], kind| kinds.extend(parts.iter().map(|part| (part.clone(), kind)));
    all(std::slice::from_ref(&inventory.document), "Document");
    all(&inventory.resources, "Res");
    all(&inventory.templates, "TemplatePage");
    all(&inventory.pages, "Page");
    all(inventory.attachments.as_slice(), "Attachments");
    all(inventory.tags.as_slice(), "CustomTags");
    all(&inventory.tag_files, "CustomTag");
    all(inventory.signatures.as_slice(), "Signatures");
}

fn pages(package: &Package<'_>, inventory: &Inventory, found: &mut Inspection) {
    let read = |part: &String| {
        let PageObjects { size, templates, objects } = inventory.objects(package, part)?;
        Ok::<_, ReadError>(Page {
            part: part.clone(),
            width_mm: size.map(|size| size.width.to_mm()),
            height_mm: size.map(|size| size.height.to_mm()),
            texts: objects.texts,
            paths: objects.paths,
            images: objects.images,
            others: objects.others,
            templates: templates.into_iter().filter_map(|at| inventory.templates.get(at).cloned()).collect(),
        })
    };
    for part in &inventory.templates {
        let page = found.explained(read(part).map(Some));
        found.templates.extend(page);
    }
    for part in &inventory.pages {
        let page = found.explained(read(part).map(Some));
        found.pages.extend(page);
    }
}

fn resources(
    package: &Package<'_>,
    inventory: &Inventory,
    found: &mut Inspection,
    kinds: &mut BTreeMap<String, &'static str>,
) {
    let mut pixels = 0;
    for Resource { font, part, .. } in found.explained(read::resources(package, inventory)) {
        let data = part.as_deref().and_then(|part| package.part(part));
        if let Some(name) = font {
            let (subset_tag, name) = font::untagged(&name);
            let (postscript_name, glyphs) = data.map(font::program).unwrap_or_default();
            let size = data.map(<[u8]>::len);
            kinds.extend(part.clone().map(|part| (part, "Font")));
            found.fonts.push(Font { name, subset_tag, postscript_name, part, size, glyphs });
        } else if let (Some(part), Some(data)) = (part, data) {
            // A PNG is decoded to be known; one of many that are large is enough.
            let image = (pixels <= page::MAX_PIXELS).then(|| page::Image::read(data));
            let image = match image {
                Some(Ok(image)) => Some(image),
                Some(Err(flaw)) => {
                    found.unexplained.push(format!("{part}: it {flaw}"));
                    None
                }
                None => None,
            };
            pixels += image.as_ref().map_or(0, |image| u64::from(image.width) * u64::from(image.height));
            kinds.insert(part.clone(), "MultiMedia");
            found.images.push(Image {
                part,
                encoding: image.as_ref().map_or("", |image| image.format.extension()).to_owned(),
                width: image.as_ref().map(|image| image.width),
                height: image.as_ref().map(|image| image.height),
                size: data.len(),
            });
        }
    }
}

fn signed(
    package: &Package<'_>,
    entry: &SignatureEntry,
    found: &mut Inspection,
    kinds: &mut BTreeMap<String, &'static str>,
) {
    let description = match &entry.description {
        Ok(description) => description,
        Err(error) => return found.unexplained.push(format!("signature {}: {error}", entry.id)),
    };
    kinds.insert(description.part.clone(), "Signature");
    kinds.insert(description.value.clone(), "SignedValue");
    kinds.extend(description.seal.clone().map(|part| (part, "Seal")));
    let parts: Vec<String> = description.references.iter().map(|reference| reference.part.clone()).collect();
    let outside =
        package.names().filter(|name| !parts.iter().any(|part| part == name)).map(str::to_owned).collect();
    let value = package.part(&description.value).unwrap_or_default();
    let value = signature::read(value).map_err(|why| format!("{}: {why}", description.value));
    found.signatures.push(Signature {
        id: description.id.clone(),
        part: description.part.clone(),
        method: method(&description.method),
        stated_time: Some(description.time.clone()).filter(|time| !time.is_empty()),
        covers: Cover::Parts { parts, outside },
        value: value.as_ref().ok().cloned(),
    });
    found.unexplained.extend(value.err());
}

/// SignatureMethod by its name where that is known.
fn method(oid: &str) -> String {
    der::oid::ObjectIdentifier::new(oid).map_or_else(|_| oid.to_owned(), |oid| signature::algorithm(&oid))
}

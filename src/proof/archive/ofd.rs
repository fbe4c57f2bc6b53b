//! OFD-A: what an OFD for archives holds and what it leaves out.
//!
//! In: an OFD. Out: the rules it breaks. GB/T 42133-2022, as far as its rules could be gathered; the prose was not at hand.

use std::collections::BTreeSet;

use roxmltree::{Document, Node, ParsingOptions};
use ttf_parser::Face;

use super::{Breach, Rule};
use crate::ofd::read::{Limits, Package};

/// The deepest nesting of page blocks.
const DEEPEST: usize = 3;

/// The parsed XML parts of a package.
pub(super) struct Parts<'a> {
    package: &'a Package<'a>,
    xml: Vec<(&'a str, Document<'a>)>,
}

type Check = fn(&Parts<'_>) -> Vec<String>;

/// The rules, and who checks them.
pub(super) const RULES: [(Rule, Check); 10] = [
    (Rule { id: "archive.ofd.document", says: "a package holds one document" }, document),
    (Rule { id: "archive.ofd.encryption", says: "nothing is encrypted" }, encryption),
    (Rule { id: "archive.ofd.external", says: "all that is named is in the package" }, external),
    (Rule { id: "archive.ofd.actions", says: "no actions, and so no scripts" }, actions),
    (Rule { id: "archive.ofd.extensions", says: "no permissions and no extensions" }, extensions),
    (Rule { id: "archive.ofd.media", says: "of media only pictures" }, media),
    (
        Rule { id: "archive.ofd.pictures", says: "pictures are BMP, JPEG, PNG, TIFF, JBIG2 or JPEG 2000" },
        pictures,
    ),
    (Rule { id: "archive.ofd.fonts", says: "every font is embedded, and named in PublicRes" }, fonts),
    (Rule { id: "archive.ofd.layers", says: "no two layers of a page have one name" }, layers),
    (Rule { id: "archive.ofd.blocks", says: "page blocks nest three deep at most" }, blocks),
];

/// The rules of OFD-A that `bytes` break.
pub fn ofd(bytes: &[u8]) -> Vec<Breach> {
    let unreadable = |found: String| vec![Breach { rule: RULES[0].0, found }];
    let package = match Package::open(bytes, &Limits::default()) {
        Ok(package) => package,
        Err(error) => return unreadable(error.to_string()),
    };
    let mut xml = Vec::new();
    for (name, data) in package.parts().filter(|(name, _)| name.ends_with(".xml")) {
        let Ok(text) = std::str::from_utf8(data) else { return unreadable(format!("{name} is not UTF-8")) };
        let options =
            ParsingOptions { allow_dtd: false, nodes_limit: 1_000_000, ..ParsingOptions::default() };
        match Document::parse_with_options(text, options) {
            Ok(document) => xml.push((name, document)),
            Err(error) => return unreadable(format!("{name}: {error}")),
        }
    }
    let parts = Parts { package: &package, xml };
    let breaches = RULES
        .iter()
        .flat_map(|(rule, check)| check(&parts).into_iter().map(|found| Breach { rule: *rule, found }));
    breaches.collect()
}

impl<'a> Parts<'a> {
    /// All elements, each with its part.
    fn elements(&self) -> impl Iterator<Item = (&'a str, Node<'_, '_>)> {
        self.xml.iter().flat_map(|(part, document)| {
            document.descendants().filter(Node::is_element).map(move |node| (*part, node))
        })
    }

    /// Where elements of these names stand.
    fn found(&self, names: &[&str]) -> Vec<String> {
        let all = self.elements().filter(|(_, node)| names.contains(&node.tag_name().name()));
        all.map(|(part, node)| format!("{} in {part}", node.tag_name().name())).collect()
    }
}

fn document(parts: &Parts<'_>) -> Vec<String> {
    let bodies = parts.elements().filter(|(part, node)| *part == "OFD.xml" && is(node, "DocBody")).count();
    if bodies == 1 { Vec::new() } else { vec![format!("{bodies} documents")] }
}

fn encryption(parts: &Parts<'_>) -> Vec<String> {
    let all = parts.elements().filter(|(_, node)| node.tag_name().name().starts_with("Encrypt"));
    all.map(|(part, node)| format!("{} in {part}", node.tag_name().name())).collect()
}

/// What names other parts: elements by their text, and attributes.
const NAMING: [&str; 12] = [
    "DocRoot",
    "Signatures",
    "PublicRes",
    "DocumentRes",
    "PageRes",
    "Annotations",
    "FontFile",
    "MediaFile",
    "FileLoc",
    "CustomTags",
    "Attachments",
    "SignedValue",
];

fn external(parts: &Parts<'_>) -> Vec<String> {
    let mut missing = Vec::new();
    for (part, node) in parts.elements() {
        let name = node.tag_name().name();
        let text = node.text().map(str::trim).filter(|text| NAMING.contains(&name) && !text.is_empty());
        // Of resources it is a folder, which the names within are relative to.
        let base = node.attribute("BaseLoc").filter(|_| name != "Res");
        let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
        let own = node.ancestors().find_map(|a| a.attribute("BaseLoc").filter(|_| is(&a, "Res")));
        let folder = own.map_or(folder.to_owned(), |base| joined(folder, base));
        for location in [text, base, node.attribute("FileRef")].into_iter().flatten() {
            if parts.package.part(&joined(&folder, location)).is_none() {
                missing.push(format!("{name} in {part} names {location}"));
            }
        }
    }
    missing
}

/// The name of what `location` means in `folder`; what leads out of the package is no part's name.
fn joined(folder: &str, location: &str) -> String {
    let (folder, location) = match location.strip_prefix('/') {
        Some(absolute) => ("", absolute),
        None => (folder, location),
    };
    let mut names: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in location.split('/').filter(|name| *name != "." && !name.is_empty()) {
        if name == ".." && names.pop().is_some() {
            continue;
        }
        names.push(name);
    }
    names.join("/")
}

fn actions(parts: &Parts<'_>) -> Vec<String> {
    parts.found(&["Actions", "Action"])
}

fn extensions(parts: &Parts<'_>) -> Vec<String> {
    parts.found(&["Permissions", "Extensions"])
}

fn media(parts: &Parts<'_>) -> Vec<String> {
    let media = parts.elements().filter(|(_, node)| is(node, "MultiMedia"));
    let others = media.filter(|(_, node)| node.attribute("Type") != Some("Image"));
    others.map(|(part, node)| format!("{} in {part}", node.attribute("Type").unwrap_or("none"))).collect()
}

fn pictures(parts: &Parts<'_>) -> Vec<String> {
    const KNOWN: [&[u8]; 7] =
        [b"BM", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"\x97JB2", b"\0\0\0\x0cjP  "];
    let folder = |part: &str| part.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let files = parts.elements().filter(|(_, node)| is(node, "MediaFile")).filter_map(|(part, node)| {
        let base = node.ancestors().find_map(|a| a.attribute("BaseLoc")).unwrap_or("");
        let name = joined(&joined(&folder(part), base), node.text()?.trim());
        let is_known =
            KNOWN.iter().any(|magic| parts.package.part(&name).is_some_and(|d| d.starts_with(magic)));
        (!is_known).then_some(name)
    });
    files.collect()
}

fn fonts(parts: &Parts<'_>) -> Vec<String> {
    let mut known = BTreeSet::new();
    let mut wrong = Vec::new();
    for (part, node) in parts.elements().filter(|(_, node)| is(node, "Font")) {
        let name = node.attribute("FontName").unwrap_or("a font");
        if !part.ends_with("PublicRes.xml") {
            wrong.push(format!("{name} is named in {part}"));
        }
        let file = node.children().find(|child| is(child, "FontFile")).and_then(|file| file.text());
        let base = node.ancestors().find_map(|a| a.attribute("BaseLoc")).unwrap_or("");
        let folder = joined(part.rsplit_once('/').map_or("", |(folder, _)| folder), base);
        let data = file.and_then(|file| parts.package.part(&joined(&folder, file.trim())));
        match data.map(|data| Face::parse(data, 0)) {
            Some(Ok(_)) => {}
            Some(Err(error)) => wrong.push(format!("{name}: {error}")),
            None => wrong.push(format!("{name} is not embedded")),
        }
        known.extend(node.attribute("ID").map(str::to_owned));
    }
    for (part, node) in parts.elements().filter(|(_, node)| is(node, "TextObject")) {
        let font = node.attribute("Font").unwrap_or("none");
        if !known.contains(font) {
            wrong.push(format!("text in {part} has the unknown font {font}"));
        }
    }
    wrong
}

fn layers(parts: &Parts<'_>) -> Vec<String> {
    let mut named = BTreeSet::new();
    let layers = parts.elements().filter(|(_, node)| is(node, "Layer"));
    let names = layers.filter_map(|(part, node)| Some((part, node.attribute("Name")?.to_owned())));
    names.filter(|name| !named.insert(name.clone())).map(|(part, name)| format!("{name} in {part}")).collect()
}

fn blocks(parts: &Parts<'_>) -> Vec<String> {
    let depth = |node: &Node<'_, '_>| node.ancestors().filter(|a| is(a, "PageBlock")).count();
    let deep = parts.elements().filter(|(_, node)| is(node, "PageBlock") && depth(node) > DEEPEST);
    deep.map(|(part, node)| format!("{} deep in {part}", depth(&node))).collect()
}

fn is(node: &Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

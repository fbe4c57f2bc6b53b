//! PDF/A-3: what a PDF for archives holds and what it leaves out.
//!
//! In: a PDF. Out: the rules it breaks. ISO 19005-3:2012; its clauses stand beside the rules.

use lopdf::{Dictionary, Document, Object, Stream};

use super::{Breach, Rule};

type Check = fn(&Document) -> Vec<String>;

/// The rules, and who checks them.
pub(super) const RULES: [(Rule, Check); 8] = [
    // 6.7.11
    (Rule { id: "archive.pdf.identification", says: "the metadata claim PDF/A-3" }, identification),
    // 6.1.3
    (
        Rule { id: "archive.pdf.encryption", says: "nothing is encrypted, and the file has an identifier" },
        encryption,
    ),
    // 6.2.3
    (
        Rule { id: "archive.pdf.output-intent", says: "an output intent carries its colour profile" },
        output_intent,
    ),
    // 6.2.11.4
    (Rule { id: "archive.pdf.fonts", says: "every font is embedded" }, fonts),
    // 6.5.1
    (Rule { id: "archive.pdf.actions", says: "no scripts, and no actions beyond going to a place" }, actions),
    // 6.3.1
    (Rule { id: "archive.pdf.media", says: "no sound, film or other media" }, media),
    // 6.1.7
    (Rule { id: "archive.pdf.streams", says: "no external, encrypted or LZW data" }, streams),
    // 6.8
    (
        Rule { id: "archive.pdf.attachments", says: "attachments say what they are to the document" },
        attachments,
    ),
];

/// The rules of PDF/A-3 that `bytes` break.
pub fn pdf(bytes: &[u8]) -> Vec<Breach> {
    match Document::load_mem(bytes) {
        Ok(document) => {
            let breaches = RULES.iter().flat_map(|(rule, check)| {
                check(&document).into_iter().map(|found| Breach { rule: *rule, found })
            });
            breaches.collect()
        }
        Err(error) => vec![Breach { rule: RULES[0].0, found: format!("the file cannot be read: {error}") }],
    }
}

/// All dictionaries, those of streams included.
fn dictionaries(document: &Document) -> impl Iterator<Item = &Dictionary> {
    fn within<'a>(object: &'a Object, found: &mut Vec<&'a Dictionary>) {
        match object {
            Object::Dictionary(dictionary) => all(dictionary, found),
            Object::Stream(stream) => all(&stream.dict, found),
            Object::Array(objects) => objects.iter().for_each(|object| within(object, found)),
            _ => {}
        }
    }
    fn all<'a>(dictionary: &'a Dictionary, found: &mut Vec<&'a Dictionary>) {
        found.push(dictionary);
        dictionary.iter().for_each(|(_, object)| within(object, found));
    }
    let mut found = Vec::new();
    document.objects.values().for_each(|object| within(object, &mut found));
    found.into_iter()
}

fn name<'a>(dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a [u8]> {
    dictionary.get(key).ok()?.as_name().ok()
}

fn text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

/// What `key` of `dictionary` is, looked up if it is a reference.
fn get<'a>(document: &'a Document, dictionary: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    document.dereference(dictionary.get(key).ok()?).ok().map(|(_, object)| object)
}

fn identification(document: &Document) -> Vec<String> {
    let metadata = document.catalog().ok().and_then(|catalog| get(document, catalog, b"Metadata"));
    let Some(Object::Stream(stream)) = metadata else { return vec!["there are no metadata".into()] };
    let data = stream.get_plain_content().unwrap_or_else(|_| stream.content.clone());
    let data = text(&data);
    let says = |key: &str, value: &str| {
        data.contains(&format!("<pdfaid:{key}>{value}<"))
            || data.contains(&format!("pdfaid:{key}=\"{value}\""))
    };
    let conforms = says("part", "3") && ["A", "B", "U"].iter().any(|level| says("conformance", level));
    if conforms { Vec::new() } else { vec!["they do not".into()] }
}

fn encryption(document: &Document) -> Vec<String> {
    let encrypted = document.trailer.has(b"Encrypt").then(|| "it is encrypted".to_owned());
    let nameless = (!document.trailer.has(b"ID")).then(|| "it has no identifier".to_owned());
    encrypted.into_iter().chain(nameless).collect()
}

fn output_intent(document: &Document) -> Vec<String> {
    let intents = document.catalog().ok().and_then(|catalog| get(document, catalog, b"OutputIntents"));
    let intents = intents.and_then(|intents| intents.as_array().ok()).map_or(&[][..], Vec::as_slice);
    let is_good = |intent: &Object| {
        let intent = document.dereference(intent).ok().and_then(|(_, intent)| intent.as_dict().ok());
        intent.is_some_and(|intent| {
            name(intent, b"S") == Some(b"GTS_PDFA1")
                && matches!(get(document, intent, b"DestOutputProfile"), Some(Object::Stream(_)))
        })
    };
    if intents.iter().any(is_good) { Vec::new() } else { vec!["there is none".into()] }
}

fn fonts(document: &Document) -> Vec<String> {
    let descriptors = dictionaries(document).filter(|d| name(d, b"Type") == Some(b"FontDescriptor"));
    let files: [&[u8]; 3] = [b"FontFile", b"FontFile2", b"FontFile3"];
    let bare = descriptors.filter(|d| !files.iter().any(|file| d.has(file)));
    let bare = bare.map(|d| text(name(d, b"FontName").unwrap_or(b"a font")));
    // A simple font without a descriptor is one of those that readers are to have.
    let simple = dictionaries(document).filter(|d| {
        name(d, b"Type") == Some(b"Font")
            && matches!(
                name(d, b"Subtype"),
                Some(b"Type1" | b"TrueType" | b"MMType1" | b"CIDFontType0" | b"CIDFontType2")
            )
            && !d.has(b"FontDescriptor")
    });
    bare.chain(simple.map(|d| text(name(d, b"BaseFont").unwrap_or(b"a font")))).collect()
}

fn actions(document: &Document) -> Vec<String> {
    const GOING: [&[u8]; 4] = [b"GoTo", b"GoToR", b"GoToE", b"URI"];
    let allowed = |action: &[u8]| {
        GOING.contains(&action) || action == b"Thread" || action == b"Named" || action == b"SubmitForm"
    };
    let mut found: Vec<String> = dictionaries(document)
        .flat_map(|d| [d.get(b"A"), d.get(b"OpenAction")])
        .filter_map(|action| document.dereference(action.ok()?).ok()?.1.as_dict().ok())
        .filter_map(|action| name(action, b"S"))
        .filter(|action| !allowed(action))
        .map(text)
        .collect();
    found.extend(
        dictionaries(document).filter(|d| d.has(b"AA")).map(|_| "additional actions (AA)".to_owned()),
    );
    found.extend(
        dictionaries(document)
            .filter(|d| d.has(b"JS") || d.has(b"JavaScript"))
            .map(|_| "JavaScript".to_owned()),
    );
    found
}

fn media(document: &Document) -> Vec<String> {
    const MEDIA: [&[u8]; 5] = [b"Sound", b"Movie", b"Screen", b"3D", b"RichMedia"];
    let kinds = dictionaries(document).filter_map(|d| name(d, b"Subtype"));
    kinds.filter(|kind| MEDIA.contains(kind)).map(text).collect()
}

fn streams(document: &Document) -> Vec<String> {
    let streams = document.objects.values().filter_map(|object| object.as_stream().ok());
    let wrong = streams.filter_map(|Stream { dict, .. }| {
        let filters = match dict.get(b"Filter") {
            Ok(Object::Name(filter)) => vec![filter.as_slice()],
            Ok(Object::Array(filters)) => filters.iter().filter_map(|f| f.as_name().ok()).collect(),
            _ => Vec::new(),
        };
        if dict.has(b"F") {
            return Some("data in another file".to_owned());
        }
        filters.into_iter().find(|f| matches!(*f, b"LZWDecode" | b"Crypt")).map(text)
    });
    wrong.collect()
}

fn attachments(document: &Document) -> Vec<String> {
    let files = dictionaries(document).filter(|d| d.has(b"EF"));
    let wrong = files.filter(|d| !(d.has(b"AFRelationship") && d.has(b"F") && d.has(b"UF")));
    wrong.map(|d| d.get(b"F").ok().and_then(|f| f.as_str().ok()).map_or("a file".into(), text)).collect()
}

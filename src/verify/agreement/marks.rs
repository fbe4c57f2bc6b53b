//! What the QR marks on the pages say, against the metadata and the record.
//!
//! In: a document's paths. Out: the marks among them, and disagreements at [`Place::Mark`].
//! A text may say anything, but what looks like a licence's identifier must be this one's (ZZBS), and a mark that shows one field
//! says its value. A signed payload is compared claim by claim.

use super::forms::{Forms, Searched};
use super::{FoundMark, Place, RECORD, Record, Report};
use crate::crypto::{hex, sm3};
use crate::licence::date;
use crate::mark::payload::{Claims, Payload};
use crate::mark::read::{self, ReadError};
use crate::page::{Document, ItemKind};

/// What every identifier (GB/T 36904) begins with.
const IDENTIFIER: &str = "1.2.156.3005.2.";

pub(super) fn compare(
    document: &Document,
    record: Option<&Record<'_>>,
    report: &mut Report,
) -> Vec<FoundMark> {
    let mut marks = Vec::new();
    for (number, page) in document.pages.iter().enumerate() {
        let below = document.master.pages.get(page.master);
        let fixed = below.into_iter().flat_map(|master| master.background.iter().chain(&master.foreground));
        for item in fixed.chain(&page.items) {
            let ItemKind::Path(path) = &item.kind else { continue };
            if path.fill.is_none() {
                continue;
            }
            let reading = match read::from_path(&path.path) {
                Ok(reading) => reading,
                // Most paths are something else.
                Err(ReadError::NotModules(_) | ReadError::Size(_) | ReadError::NoFinder(_)) => continue,
                Err(error) => {
                    report.add(Place::Mark, "mark", error.to_string(), "a mark that can be read");
                    continue;
                }
            };
            let content = reading.content;
            let field = item.tag.and_then(|tag| document.master.tags.get(usize::from(tag)));
            if let (Some(field), Some(record)) = (field, record) {
                let value = record.fields.get(field);
                if !Forms::of(value).occur_in(&mut Searched::new(&content)) {
                    report.add(
                        Place::Mark,
                        field,
                        &content,
                        value.map(ToString::to_string).unwrap_or_default(),
                    );
                }
            }
            let payload = Payload::parse(&content).ok();
            match &payload {
                Some(payload) => claims(&payload.claims, document, record, report),
                None => identifiers(&content, document, report),
            }
            marks.push(FoundMark { page: number, content, corrected: reading.corrected, payload });
        }
    }
    marks
}

/// The metadata entry `name`; empty if there is none.
fn entry<'d>(document: &'d Document, name: &str) -> &'d str {
    document.info.custom.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
}

fn identifiers(content: &str, document: &Document, report: &mut Report) {
    let expected = entry(document, "ZZBS");
    for (at, _) in content.match_indices(IDENTIFIER) {
        let rest = &content[at..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
        if &rest[..end] != expected {
            report.add(Place::Mark, "ZZBS", &rest[..end], expected);
        }
    }
}

fn claims(claims: &Claims, document: &Document, record: Option<&Record<'_>>, report: &mut Report) {
    let day = |day: Option<jiff::civil::Date>| day.map(date::compact).unwrap_or_default();
    let stated_day = |name| date::parse(entry(document, name)).map(date::compact).unwrap_or_default();
    let reissue = |is_reissue| if is_reissue { "补发" } else { "" }.to_owned();
    let digest = record.map(|record| hex(&sm3::digest(record.bytes)));
    let compared = [
        ("ZZBFJGDM", claims.issuer.clone(), entry(document, "ZZBFJGDM").to_owned()),
        ("ZZBH", claims.number.clone(), entry(document, "ZZBH").to_owned()),
        ("CZZT", claims.name.clone(), entry(document, "CZZT").to_owned()),
        ("ZZYXQQSRQ", day(claims.valid_from), stated_day("ZZYXQQSRQ")),
        ("ZZYXQJZRQ", day(claims.valid_to), end_of_validity(stated_day("ZZYXQJZRQ"))),
        ("GLZZBS", reissue(claims.is_reissue), reissue(!entry(document, "GLZZBS").is_empty())),
        (RECORD, hex(&claims.record), digest.unwrap_or_default()),
    ];
    for (name, found, expected) in compared {
        if found != expected {
            report.add(Place::Mark, name, found, expected);
        }
    }
}

/// The last day that a payload says: none for a validity without end.
fn end_of_validity(day: String) -> String {
    if day == "99991231" { String::new() } else { day }
}

//! What the QR marks on the pages say is what the metadata and the record say.
//!
//! A text may say anything, but what looks like a licence's identifier must be this one's (ZZBS), and a mark that shows one field says its
//! value. A signed payload is compared claim by claim.

use crate::crypto::{hex, sm3};
use crate::licence::date;
use crate::mark::payload::{Claims, Payload};
use crate::mark::read::{self, ReadError};
use crate::page::{Document, ItemKind};
use crate::verify::content::{Forms, FoundMark, RECORD, Record, Searched, entry, said};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

/// What every identifier (GB/T 36904) begins with.
const IDENTIFIER: &str = "1.2.156.3005.2.";

pub(in crate::verify) static RULE: Rule = Rule {
    id: "licence.mark",
    clause: "ISO/IEC 18004:2015; docs/qr-payload.md",
    fact: Aspect::Content,
    zh: "二维码的内容与元数据、结构化数据一致",
    en: "what the QR marks say is what the metadata and the record say",
};

/// Reads the marks among the pages' outlines and compares each.
pub(in crate::verify) fn check(
    document: &Document,
    entries: &[(String, String)],
    record: Option<&Record<'_>>,
    findings: &mut Findings,
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
            let page = format!("page {}", number + 1);
            let reading = match read::from_path(&path.path) {
                Ok(reading) => reading,
                // Most paths are something else.
                Err(ReadError::NotModules(_) | ReadError::Size(_) | ReadError::NoFinder(_)) => continue,
                Err(error) => {
                    findings.fails(&RULE, &page, error.to_string(), "a mark that can be read");
                    continue;
                }
            };
            let content = reading.content;
            let field = item.tag.and_then(|tag| document.master.tags.get(usize::from(tag)));
            let mut differ = Vec::new();
            if let (Some(field), Some(record)) = (field, record) {
                let value = record.fields.get(field);
                if !Forms::of(value).occur_in(&mut Searched::new(&content)) {
                    differ.push((field.clone(), content.clone(), said(value)));
                }
            }
            let payload = Payload::parse(&content).ok();
            match &payload {
                Some(payload) => differ.extend(claims(&payload.claims, entries, record)),
                None => differ.extend(identifiers(&content, entry(entries, "ZZBS"))),
            }
            if differ.is_empty() {
                findings.holds(&RULE, &page, content.as_str());
            }
            for (name, found, expected) in differ {
                findings.fails(&RULE, &format!("{page}, {name}"), found, expected);
            }
            marks.push(FoundMark { page: number, content, corrected: reading.corrected, payload });
        }
    }
    marks
}

/// What differs: name, found, expected.
type Difference = (String, String, String);

/// Identifiers in a mark's text that are not the certificate's.
fn identifiers(content: &str, expected: &str) -> Vec<Difference> {
    let mut differ = Vec::new();
    for (at, _) in content.match_indices(IDENTIFIER) {
        let rest = &content[at..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
        if &rest[..end] != expected {
            differ.push(("ZZBS".to_owned(), rest[..end].to_owned(), expected.to_owned()));
        }
    }
    differ
}

/// Claims of a signed payload that are not the certificate's.
fn claims(claims: &Claims, entries: &[(String, String)], record: Option<&Record<'_>>) -> Vec<Difference> {
    let said = |name| entry(entries, name);
    let day = |day: Option<jiff::civil::Date>| day.map(date::compact).unwrap_or_default();
    let stated_day = |name| date::parse(said(name)).map(date::compact).unwrap_or_default();
    let reissue = |is_reissue| if is_reissue { "补发" } else { "" }.to_owned();
    let mut compared = vec![
        ("ZZBFJGDM", claims.issuer.clone(), said("ZZBFJGDM").to_owned()),
        ("ZZBH", claims.number.clone(), said("ZZBH").to_owned()),
        ("CZZT", claims.name.clone(), said("CZZT").to_owned()),
        ("ZZYXQQSRQ", day(claims.valid_from), stated_day("ZZYXQQSRQ")),
        ("ZZYXQJZRQ", day(claims.valid_to), end_of_validity(stated_day("ZZYXQJZRQ"))),
        ("GLZZBS", reissue(claims.is_reissue), reissue(!said("GLZZBS").is_empty())),
    ];
    let digest = record.map(|record| hex(&sm3::digest(record.bytes))).unwrap_or_default();
    compared.push((RECORD, hex(&claims.record), digest));
    let differ = compared.into_iter().filter(|(_, found, expected)| found != expected);
    differ.map(|(name, found, expected)| (name.to_owned(), found, expected)).collect()
}

/// The last day that a payload says: none for a validity without end.
fn end_of_validity(day: String) -> String {
    if day == "99991231" { String::new() } else { day }
}

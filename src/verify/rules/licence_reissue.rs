//! A reissued certificate (补发) names the one it replaces, the same everywhere, and shows that it is one.

use crate::licence::identifier::{Identifier, IdentifierError};
use crate::page::{Document, ItemKind};
use crate::verify::content::{FoundMark, Record, entry};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

/// The metadata entry that names the earlier certificate.
const ENTRY: &str = "GLZZBS";
/// The extension that says so in a word.
const WORD_ENTRY: &str = "KZ_BFBZ";
/// What pages, metadata and marks say.
const WORD: &str = "补发";

pub(in crate::verify) static RULE: Rule = Rule {
    id: "licence.reissue",
    clause: "GB/T 36903-2018; layouts/README.md",
    fact: Aspect::Content,
    zh: "补发的证照写明原证照标识，各处一致，票面注明补发",
    en: "a reissued certificate names the one it replaces, the same everywhere, and shows that it is one",
};

/// Looks at a certificate that says anywhere that it replaces another.
pub(in crate::verify) fn check(
    entries: &[(String, String)],
    record: Option<&Record<'_>>,
    marks: &[FoundMark],
    document: Option<&Document>,
    findings: &mut Findings,
) {
    let earlier = entry(entries, ENTRY);
    let in_record = record.map(|record| record.field("reissue_of"));
    let in_mark = marks.iter().any(|mark| mark.payload.as_ref().is_some_and(|p| p.claims.is_reissue));
    if earlier.is_empty() && in_record.unwrap_or_default().is_empty() && !in_mark {
        return;
    }
    if let Some(field) = in_record.filter(|&field| field != earlier) {
        return findings.fails(&RULE, ENTRY, earlier, field);
    }
    let old = match Identifier::parse(earlier) {
        Ok(old) => Some(old),
        Err(IdentifierError::Check { .. }) => None,
        Err(error) => return findings.fails(&RULE, ENTRY, format!("{earlier} {error}"), ""),
    };
    let own = entry(entries, "ZZBS");
    let precedes = |(old, new): (Identifier, Identifier)| {
        let is_same =
            (old.type_code(), old.issuer(), old.serial()) == (new.type_code(), new.issuer(), new.serial());
        !is_same || old.version() < new.version()
    };
    if own == earlier || !old.zip(Identifier::parse(own).ok()).is_none_or(precedes) {
        return findings.fails(&RULE, ENTRY, earlier, format!("an earlier one than {own}"));
    }
    let mut is_shown = true;
    if !entries.iter().any(|(name, value)| name == WORD_ENTRY && value.contains(WORD)) {
        findings.notice(&RULE, WORD_ENTRY, format!("the metadata do not say {WORD}"));
        is_shown = false;
    }
    if document.is_some_and(|document| !shows(document)) {
        findings.notice(&RULE, "", format!("no page says {WORD}"));
        is_shown = false;
    }
    if is_shown {
        findings.holds(&RULE, ENTRY, earlier);
    }
}

/// Whether a page has the word.
fn shows(document: &Document) -> bool {
    document.pages.iter().any(|page| {
        let below = document.master.pages.get(page.master);
        let fixed = below.into_iter().flat_map(|master| master.background.iter().chain(&master.foreground));
        let words = fixed.chain(&page.items).filter_map(|item| match &item.kind {
            ItemKind::Glyphs(run) => Some(run.text.as_str()),
            _ => None,
        });
        let text: String = words.flat_map(str::chars).filter(|c| !c.is_whitespace()).collect();
        text.contains(WORD)
    })
}

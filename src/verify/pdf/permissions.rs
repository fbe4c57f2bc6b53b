//! What the certifying signature permits to change.

use super::changes::{Change, Class};
use super::coverage::words;
use crate::pdf::read::{Object, ReadError, Signature, View, catalog};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.doc-mdp",
    clause: "ISO 32000-1, 12.8.2.2; ISO 32000-2, table 257",
    fact: Aspect::Intact,
    zh: "签名之后只有认证签名（DocMDP）所允许的改动",
    en: "after the certifying signature only what it permits was changed (DocMDP)",
};

/// The most changes of a revision that are told one by one.
const MOST: usize = 12;

/// What may change (table 254).
#[derive(Clone, Debug)]
pub(super) struct Permitted {
    /// 1 nothing, 2 fields may be filled in and signed, 3 annotations as well.
    pub(super) level: i64,
    /// Whether fields are locked (FieldMDP); then none but signatures may be filled in.
    pub(super) locks_fields: bool,
}

/// What the document's certifying signature permits: the strictest that any of `signatures` says.
///
/// # Errors
/// The catalog cannot be read.
pub(super) fn read(
    view: &View<'_, '_>,
    signatures: &[Signature],
    findings: &mut Findings,
) -> Result<Option<Permitted>, ReadError> {
    let (_, catalog) = catalog(view)?;
    let permissions = view.value(&catalog, "Perms")?;
    let certifying = permissions.dictionary().and_then(|entries| entries.get("DocMDP"));
    if let Some(certifying) = certifying {
        // 12.8.4: it is the signature that certifies, and no other object.
        let found = signatures.iter().find(|s| certifying == &Object::Reference(s.id));
        match found {
            Some(signature) if signature.doc_mdp.is_some() => {}
            Some(signature) => {
                findings.fails(&RULE, &format!("object {}", signature.id), "states no DocMDP", "");
            }
            None => findings.fails(&RULE, "Perms", "not the signature of a field", ""),
        }
    }
    let levels = signatures.iter().filter_map(|signature| signature.doc_mdp);
    let Some(level) = levels.min() else { return Ok(None) };
    if !(1..=3).contains(&level) {
        findings.fails(&RULE, "P", level.to_string(), "1, 2 or 3");
    }
    let locks_fields = signatures.iter().any(|signature| signature.locks_fields);
    Ok(Some(Permitted { level: level.clamp(1, 3), locks_fields }))
}

/// Judges a revision.
pub(super) fn check(place: &str, changes: &[Change], permitted: &Permitted, findings: &mut Findings) {
    let Permitted { level, locks_fields } = permitted;
    let is_permitted = |class: Class| match class {
        Class::Harmless | Class::Archiving => true,
        Class::Signing | Class::Metadata => *level >= 2,
        Class::Filling => *level >= 2 && !locks_fields,
        Class::Annotating => *level >= 3,
        Class::Other => false,
    };
    let mut refused = changes.iter().filter(|change| !is_permitted(change.class)).peekable();
    if refused.peek().is_none() {
        let most = changes.iter().map(|change| change.class).max().unwrap_or(Class::Harmless);
        findings.add(&RULE, outcome(most), place, words(most), "");
    }
    for Change { place: object, what, .. } in refused.take(MOST) {
        findings.fails(&RULE, &format!("{place}, object {object}"), what, format!("DocMDP level {level}"));
    }
}

fn outcome(class: Class) -> crate::verify::finding::Outcome {
    use crate::verify::finding::Outcome;
    if class <= Class::Signing { Outcome::Holds } else { Outcome::Notice }
}

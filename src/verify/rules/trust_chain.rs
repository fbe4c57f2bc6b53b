//! From the signer's certificate to a root that was given: signatures, names, dates, what each key may be used for.
//!
//! A chain that reaches none is unknown, whether it breaks off or ends at another root: a PDF may enclose its root and an OFD cannot, and
//! what a forger encloses or leaves out must not change the answer (so also ETSI EN 319 102-1, 5.1.3, NO_CERTIFICATE_CHAIN_FOUND).

use crate::crypto::trust::{Chain, FaultKind};
use crate::verify::finding::{Findings, Outcome};
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "trust.chain",
    clause: "RFC 5280, 6.1; GB/T 20518-2018",
    fact: Aspect::Trust,
    zh: "签章人的证书由受信任的根证书签发，签章时有效，可用于签章",
    en: "the signer's certificate leads to a trusted root, was valid at the time, and may sign",
};

/// Tells what the chain is worth, apart from revocation.
pub(in crate::verify) fn check(place: &str, chain: &Chain, findings: &mut Findings) {
    tell(&RULE, place, chain, findings);
}

/// The same for a rule about another certificate.
pub(in crate::verify) fn tell(rule: &'static Rule, place: &str, chain: &Chain, findings: &mut Findings) {
    let mut faulty = false;
    for fault in chain.faults.iter().filter(|fault| !matches!(fault.kind, FaultKind::Revoked { .. })) {
        findings.fails(rule, place, fault.to_string(), "");
        faulty = true;
    }
    match &chain.gap {
        Some(gap) => {
            findings.add(rule, Outcome::Unknown, place, gap.to_string(), "a chain to a trusted root")
        }
        None if faulty => {}
        None => {
            let root = chain.certificates.last().map(|root| root.subject.clone()).unwrap_or_default();
            findings.holds(rule, place, root);
        }
    }
}

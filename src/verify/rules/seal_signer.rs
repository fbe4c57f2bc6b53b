//! The seal lists the signer's certificate, or its digest.

use crate::crypto::hash::Hash;
use crate::crypto::hex;
use crate::seal::{Seal, SignerList};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "seal.signer",
    clause: "GB/T 38540-2020, 6",
    fact: Aspect::Seal,
    zh: "签章人在印章的授权证书列表之中",
    en: "the signer is among those whom the seal allows",
};

/// Looks for the DER certificate in the list.
pub(in crate::verify) fn check(place: &str, seal: &Seal, certificate: &[u8], findings: &mut Findings) {
    match &seal.signers {
        SignerList::Certificates(list) if list.iter().any(|listed| listed == certificate) => {
            findings.holds(&RULE, place, "");
        }
        SignerList::Certificates(list) => {
            let found = hex(&Hash::Sm3.digest(&[certificate]));
            findings.fails(&RULE, place, found, format!("one of {} certificates", list.len()));
        }
        SignerList::Digests(list) => digests(place, list, certificate, findings),
    }
}

fn digests(place: &str, list: &[(String, Vec<u8>)], certificate: &[u8], findings: &mut Findings) {
    let mut strange = None;
    for (kind, stated) in list {
        match algorithm(kind) {
            Some(hash) if hash.digest(&[certificate]) == *stated => {
                return findings.holds(&RULE, place, hash.name());
            }
            Some(_) => {}
            None => strange = Some(kind),
        }
    }
    match strange {
        Some(kind) => {
            findings.unknown(&RULE, place, format!("the seal lists digests that are not known here: {kind}"))
        }
        None => {
            let found = hex(&Hash::Sm3.digest(&[certificate]));
            findings.fails(&RULE, place, found, format!("one of {} digests", list.len()));
        }
    }
}

/// The algorithm that a list names, by its identifier or its name.
fn algorithm(kind: &str) -> Option<Hash> {
    let kind = kind.trim();
    let named = |hash: &Hash| hash.name().replace('-', "").eq_ignore_ascii_case(&kind.replace('-', ""));
    let by_name = [Hash::Sm3, Hash::Sha256, Hash::Sha384, Hash::Sha512].into_iter().find(named);
    by_name.or_else(|| Hash::from_oid(kind.parse().ok()?).ok())
}

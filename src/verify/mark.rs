//! The signed mark of a paper print, without the file.
//!
//! In: the text of a mark as docs/qr-payload.md has it; a policy whose certificates include those of the signers. Out: [`MarkReport`].
//! Invariant: what the mark says proves nothing of the paper around it; a person compares the two.

use der::DateTime;
use jiff::civil::Date;
use serde::Serialize;

use super::finding::{Finding, Findings, Outcome};
use super::rules::{
    licence_mark_signature, mark_issuer, mark_payload, mark_validity, trust_chain, trust_revocation,
};
use super::{Policy, Verdict};
use crate::crypto::hex;
use crate::crypto::trust::{Purpose, SigningTime};
use crate::crypto::x509::Holder;
use crate::mark::payload::{Claims, MalformedPayload, Payload, key_id};

/// What verification answers about a mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MarkReport {
    /// The answer in one word; NOT_SIGNED for a mark that is no signed payload, such as a URL.
    pub verdict: Verdict,
    /// What the mark says, if it is a payload.
    pub claims: Option<MarkClaims>,
    /// Whose key signed it, if one that is given did.
    pub signer: Option<Holder>,
    /// Whether the day of verification lies within the validity that it states. Another day makes no mark less authentic, so the verdict does
    /// not depend on it.
    pub is_in_force: bool,
    /// What each rule found.
    pub findings: Vec<Finding>,
}

/// What a mark says of the certificate, to be compared with the paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MarkClaims {
    /// The issuer's unified social credit code.
    pub issuer: String,
    /// The certificate's number.
    pub number: String,
    /// The holder's name.
    pub name: String,
    /// The first day of validity, ISO 8601.
    pub valid_from: Option<String>,
    /// The last day of validity, ISO 8601.
    pub valid_to: Option<String>,
    /// SM3 of the record in the electronic original, in hexadecimal.
    pub record_sm3: String,
    /// Whether it is a reissue (补发).
    pub is_reissue: bool,
}

impl From<Claims> for MarkClaims {
    fn from(claims: Claims) -> MarkClaims {
        MarkClaims {
            record_sm3: hex(&claims.record),
            issuer: claims.issuer,
            number: claims.number,
            name: claims.name,
            valid_from: claims.valid_from.map(|day| day.to_string()),
            valid_to: claims.valid_to.map(|day| day.to_string()),
            is_reissue: claims.is_reissue,
        }
    }
}

/// Verifies what a mark says: the signature by a key among the policy's certificates, that key's chain and owner, and the days of validity.
/// When it was signed nobody says; no earlier than its certificate and its validity begin, and any revocation counts.
pub fn mark(text: &str, policy: &Policy) -> MarkReport {
    let mut findings = Findings::default();
    let payload = match Payload::parse(text) {
        Ok(payload) => payload,
        Err(why) => {
            let rule = &mark_payload::RULE;
            let verdict = if why == MalformedPayload::Prefix {
                findings.notice(rule, "", why.to_string());
                Verdict::NotSigned
            } else {
                findings.add(rule, Outcome::Malformed, "", why.to_string(), "");
                Verdict::Malformed
            };
            let findings = findings.into_vec();
            return MarkReport { verdict, claims: None, signer: None, is_in_force: false, findings };
        }
    };
    findings.holds(&mark_payload::RULE, "", "");
    let rule = &licence_mark_signature::RULE;
    let named: Vec<_> = policy
        .trust
        .certificates()
        .filter(|c| c.sm2_key().is_ok_and(|key| key_id(key) == payload.key_id))
        .collect();
    let signer = named.iter().find(|c| c.sm2_key().is_ok_and(|key| payload.verify(key)));
    match signer {
        _ if named.is_empty() => {
            findings.unknown(
                rule,
                "",
                format!("no certificate of the key {} was given", hex(&payload.key_id)),
            );
        }
        None => findings.fails(rule, "", "its signature does not hold", ""),
        Some(certificate) => {
            findings.holds(rule, "", certificate.common_name.clone());
            let now = policy.now();
            let begun = payload.claims.valid_from.and_then(midnight).unwrap_or(now);
            let at = begun.max(certificate.not_before);
            let chain =
                policy.trust.chain(certificate, &[], SigningTime::Claimed { at, now }, Purpose::Sealing);
            trust_chain::check("", &chain, &mut findings);
            trust_revocation::check("", &chain, &mut findings);
            mark_issuer::check(&payload.claims.issuer, certificate, &mut findings);
        }
    }
    let is_in_force = mark_validity::check(&payload.claims, policy, &mut findings);
    let findings = findings.into_vec();
    MarkReport {
        verdict: Verdict::of(&findings),
        signer: signer.map(|certificate| Holder::from(certificate.as_ref())),
        claims: Some(payload.claims.into()),
        is_in_force,
        findings,
    }
}

fn midnight(day: Date) -> Option<DateTime> {
    let part = |value: i8| u8::try_from(value).ok();
    DateTime::new(u16::try_from(day.year()).ok()?, part(day.month())?, part(day.day())?, 0, 0, 0).ok()
}

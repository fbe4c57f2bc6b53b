//! Seals and certificates out of force: ended, not yet begun, revoked; sealed by those who held the keys, and stamped when they were not to.

use certpress::verify::Verdict::{Indeterminate, Invalid};

use super::attack::Attack;
use super::originals::{Originals, stamped};

const VALIDITY: &str = "seal.validity";
const CHAIN: &str = "trust.chain";
const PROOF: &str = "time.proof";
const REVOCATION: &str = "trust.revocation";

fn stamped_at(o: &Originals, time: &str) -> Vec<u8> {
    stamped(o.brief.ofd.clone(), time).build()
}

pub(crate) const ATTACKS: &[Attack] = &[
    // It claims a day on which all was in force, which whoever holds the key can claim for ever.
    Attack::new("a seal that has ended since, unproven", |o| o.brief.ofd.build(), Indeterminate, PROOF, ""),
    Attack::new(
        "PDF: a signer who has lapsed since, unproven",
        |o| o.brief.pdf.clone(),
        Indeterminate,
        PROOF,
        "",
    ),
    Attack::new(
        "a seal that had ended when it was stamped",
        |o| stamped_at(o, "20260601000001Z"),
        Invalid,
        VALIDITY,
        "",
    ),
    Attack::new(
        "a signer who had lapsed when it was stamped",
        |o| stamped_at(o, "20260601000001Z"),
        Invalid,
        CHAIN,
        "",
    ),
    Attack::new("a seal not yet in force", |o| stamped_at(o, "20260228235959Z"), Invalid, VALIDITY, ""),
    Attack::new("a signer not yet in force", |o| stamped_at(o, "20260228235959Z"), Invalid, CHAIN, ""),
    Attack::new("a revoked signer, unproven", |o| o.revoked.ofd.build(), Invalid, REVOCATION, ""),
    Attack::new("PDF: a revoked signer, unproven", |o| o.revoked.pdf.clone(), Invalid, REVOCATION, ""),
    Attack::new(
        "a signer who was revoked when it was stamped",
        |o| stamped(o.revoked.ofd.clone(), "20260315000001Z").build(),
        Invalid,
        REVOCATION,
        "",
    ),
];

//! The seal shows where the signature says, as large as it is.

use crate::ofd::read::Signature;
use crate::seal::Picture;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.stamp",
    clause: "GB/T 33190-2016, 18.2.3; GB/T 38540-2020, 6",
    fact: Aspect::Seal,
    zh: "印章以原有大小显示在页面上",
    en: "the seal shows on a page, as large as it is",
};

/// How far the sizes may differ, in millimetres: seals state whole ones.
const TOLERANCE: f64 = 1.0;

/// Compares the places with the picture's size.
pub(in crate::verify) fn check(signature: &Signature, picture: &Picture, findings: &mut Findings) {
    if signature.stamps.is_empty() {
        if signature.is_seal {
            findings.notice(&RULE, &signature.part, "it shows on no page");
        }
        return;
    }
    let differs = |mm: f64, stated: u32| (mm - f64::from(stated)).abs() > TOLERANCE;
    let mut odd = false;
    for stamp in &signature.stamps {
        let (width, height) = (stamp.boundary.width.to_mm(), stamp.boundary.height.to_mm());
        if differs(width, picture.width_mm) || differs(height, picture.height_mm) {
            let (own_width, own_height) = (picture.width_mm, picture.height_mm);
            let found = format!(
                "page {}: {width:.1} x {height:.1} mm, not {own_width} x {own_height} mm",
                stamp.page + 1
            );
            findings.notice(&RULE, &signature.part, found);
            odd = true;
        }
    }
    if !odd {
        findings.holds(&RULE, &signature.part, format!("page {}", signature.stamps[0].page + 1));
    }
}

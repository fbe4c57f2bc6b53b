//! The key that signed a mark is that of the issuer whom the mark names, as far as its certificate tells.

use crate::crypto::x509::Certificate;
use crate::licence::uscc;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "mark.issuer",
    clause: "docs/qr-payload.md; GB 32100-2015",
    fact: Aspect::Trust,
    zh: "签名的密钥属于二维码所载的发证机关",
    en: "the key that signed belongs to the issuer whom the mark names",
};

/// Compares `issuer`, a unified social credit code, with the codes in the subject of `certificate`. One that names none is vouched for by
/// whoever gave it as the issuer's, which is told.
pub(in crate::verify) fn check(issuer: &str, certificate: &Certificate, findings: &mut Findings) {
    let codes: Vec<&str> = codes(&certificate.subject).collect();
    if codes.contains(&issuer) {
        findings.holds(&RULE, "", issuer);
    } else if let Some(other) = codes.first() {
        findings.fails(&RULE, "", *other, issuer);
    } else {
        let why = format!(
            "the certificate of {} names no credit code: that it is the issuer's is the word of who gave it",
            certificate.common_name
        );
        findings.notice(&RULE, "", why);
    }
}

/// The unified social credit codes in a name.
fn codes(subject: &str) -> impl Iterator<Item = &str> {
    subject.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| uscc::check(word).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_wherever_a_name_has_them() {
        let code = "11140000MB99999996";
        for subject in [
            format!("CN=样例厅,O={code},C=CN"),
            format!("CN=样例厅@{code}@01"),
            format!("2.5.4.97=NTRCN-{code}"),
            format!("SERIALNUMBER={code}+CN=样例厅"),
        ] {
            assert_eq!(codes(&subject).collect::<Vec<_>>(), [code], "{subject}");
        }
        assert_eq!(codes("CN=样例厅,O=11140000MB99999997,C=CN").count(), 0, "a wrong check character");
    }
}

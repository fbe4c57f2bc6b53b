//! Reissue 补发: whether a request may have the certificate anew.
//!
//! In: what the original certificate says and what the request says, field by field. Out: the changes that the new certificate takes, or a
//! [`Refusal`] with every difference.
//! Invariant: nothing changes unless a re-audit says so, and never which certificate it is.

use std::fmt;

use thiserror::Error;

use super::fold;
use super::identifier::{Identifier, IdentifierError};
use super::pua::Table;

/// One field of the original, and what the request says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The field's name.
    pub field: String,
    /// Its label, or empty.
    pub label: String,
    /// What it is for.
    pub role: Role,
    /// As the original says; empty if it says nothing.
    pub original: String,
    /// As the request says; `None` if it says nothing, which claims nothing.
    pub requested: Option<String>,
}

/// What a field is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It says which certificate is meant: the request gives one of these at least, and they never change.
    Certificate,
    /// It says who the holder is: the request gives all of these, and not all of them change.
    Holder,
    /// Anything else.
    Content,
}

/// A field in which the request is not the original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field's name.
    pub field: String,
    /// Its label, or empty.
    pub label: String,
    /// As the original says; empty if it says nothing.
    pub original: String,
    /// As the request says.
    pub requested: String,
}

/// Why a request is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// Too little to tell whose certificate is asked for.
    #[error("the request does not say whose certificate it asks for, these fields are missing: {}", .0.join(", "))]
    Incomplete(Vec<String>),
    /// Another certificate than the original.
    #[error("the request is about another certificate than the original:\n{}", lines(.0))]
    OtherCertificate(Vec<Difference>),
    /// Other data than the original, and no re-audit.
    #[error("the request is not what the original says:\n{}", lines(.0))]
    Differs(Vec<Difference>),
    /// All versions of the identifier are used up.
    #[error("the original's identifier has no next version: {0}")]
    LastVersion(IdentifierError),
}

impl Refusal {
    /// A stable word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Incomplete(_) => "reissue.incomplete",
            Refusal::OtherCertificate(_) => "reissue.other-certificate",
            Refusal::Differs(_) => "reissue.differs",
            Refusal::LastVersion(_) => "reissue.version",
        }
    }

    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            Refusal::Incomplete(_) => {
                "fill in the holder's fields, and the number or the identifier of the original"
            }
            Refusal::OtherCertificate(_) => "name the original of this certificate",
            Refusal::Differs(_) => {
                "correct the request; where the data did change, write the number of their re-audit into the column re_audit"
            }
            Refusal::LastVersion(_) => "issue it under a new serial",
        }
    }

    /// The differences, all of them.
    pub fn differences(&self) -> &[Difference] {
        match self {
            Refusal::OtherCertificate(all) | Refusal::Differs(all) => all,
            Refusal::Incomplete(_) | Refusal::LastVersion(_) => &[],
        }
    }
}

/// What changes, if the request may have it: nothing, or with the reference of a re-audit what it asks for.
///
/// # Errors
/// The request is refused.
pub fn judge(claims: &[Claim], re_audit: Option<&str>, private: &Table) -> Result<Vec<Difference>, Refusal> {
    let silent = |claim: &&Claim| claim.requested.is_none() && !claim.original.is_empty();
    let of = |role: Role| claims.iter().filter(move |claim| claim.role == role);
    let mut missing: Vec<String> = of(Role::Holder).filter(silent).map(|claim| claim.field.clone()).collect();
    if of(Role::Certificate).all(|claim| claim.requested.is_none()) {
        let names: Vec<&str> = of(Role::Certificate).map(|claim| claim.field.as_str()).collect();
        missing.push(names.join(" or "));
    }
    if !missing.is_empty() {
        return Err(Refusal::Incomplete(missing));
    }
    let differences = |certificate: bool| -> Vec<Difference> {
        let asked = claims.iter().filter(|claim| (claim.role == Role::Certificate) == certificate);
        asked.filter_map(|claim| claim.difference(private)).collect()
    };
    let other = differences(true);
    if !other.is_empty() {
        return Err(Refusal::OtherCertificate(other));
    }
    // A holder may change name or number; who changes both is somebody else.
    let holder: Vec<Option<Difference>> = of(Role::Holder).map(|claim| claim.difference(private)).collect();
    if holder.len() > 1 && holder.iter().all(Option::is_some) {
        return Err(Refusal::OtherCertificate(holder.into_iter().flatten().collect()));
    }
    let changed = differences(false);
    if changed.is_empty() || re_audit.is_some() { Ok(changed) } else { Err(Refusal::Differs(changed)) }
}

/// The identifier of the next version: of the certificate that replaces the one with `identifier`.
///
/// # Errors
/// 999 is the last.
pub fn successor(identifier: &Identifier) -> Result<Identifier, Refusal> {
    let version = identifier.version().saturating_add(1);
    Identifier::new(identifier.type_code(), identifier.issuer(), identifier.serial(), version)
        .map_err(Refusal::LastVersion)
}

impl Claim {
    fn difference(&self, private: &Table) -> Option<Difference> {
        let requested = self.requested.as_ref().filter(|text| !fold::same(&self.original, text, private))?;
        Some(Difference {
            field: self.field.clone(),
            label: self.label.clone(),
            original: self.original.clone(),
            requested: requested.clone(),
        })
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "field {}", self.field)?;
        if !self.label.is_empty() {
            write!(f, " ({})", self.label)?;
        }
        match self.original.as_str() {
            "" => write!(f, " is not in the original; the request says: {}", self.requested),
            original => write!(f, " is {original} in the original; the request says: {}", self.requested),
        }
    }
}

fn lines(all: &[Difference]) -> String {
    all.iter().map(|difference| format!("  {difference}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDENTIFIER: &str = "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2";

    /// The claims of a request that says these things; the rest it leaves out.
    fn claims(requested: &[(&str, &str)]) -> Vec<Claim> {
        let original = [
            ("number", Role::Certificate, "YL2026000001"),
            ("identifier", Role::Certificate, IDENTIFIER),
            ("name", Role::Holder, "阿里·样䶮"),
            ("id_number", Role::Holder, "999999199001011238"),
            ("unit", Role::Content, "样例（中国）测绘院"),
            ("note", Role::Content, ""),
        ];
        let said = |field: &str| requested.iter().find(|r| r.0 == field).map(|r| r.1.to_owned());
        let claim = |(field, role, original): (&str, Role, &str)| Claim {
            field: field.into(),
            label: String::new(),
            role,
            original: original.into(),
            requested: said(field),
        };
        original.into_iter().map(claim).collect()
    }

    const HOLDER: [(&str, &str); 3] =
        [("number", "YL2026000001"), ("name", "阿里·样䶮"), ("id_number", "999999199001011238")];

    fn judged(more: &[(&str, &str)], re_audit: Option<&str>) -> Result<Vec<String>, Refusal> {
        let requested: Vec<_> = more.iter().chain(&HOLDER).copied().collect();
        let changed = judge(&claims(&requested), re_audit, &Table::default())?;
        Ok(changed.into_iter().map(|difference| difference.field).collect())
    }

    #[test]
    fn a_request_that_equals_the_original_is_granted_however_it_was_typed() {
        for same in [
            &[][..],
            &[("unit", "样例(中国)测绘院")],
            &[("name", "阿里•样\u{E863}")],
            &[("number", "ＹＬ2026000001"), ("identifier", IDENTIFIER)],
        ] {
            assert_eq!(judged(same, None), Ok(vec![]), "{same:?}");
        }
    }

    #[test]
    fn a_difference_is_refused_with_all_others_unless_it_was_audited_again() {
        let changed = [("unit", "样例省测绘院"), ("note", "更名")];
        let refusal = judged(&changed, None).unwrap_err();
        let fields: Vec<&str> = refusal.differences().iter().map(|d| d.field.as_str()).collect();
        assert_eq!((refusal.code(), fields), ("reissue.differs", vec!["unit", "note"]));
        assert_eq!(
            refusal.to_string(),
            "the request is not what the original says:\n  field unit is 样例（中国）测绘院 in the original; the request says: \
             样例省测绘院\n  field note is not in the original; the request says: 更名"
        );
        assert_eq!(judged(&changed, Some("样人社复〔2026〕1号")), Ok(vec!["unit".into(), "note".into()]));
    }

    #[test]
    fn a_changed_name_needs_a_re_audit_as_well() {
        let changed = [("name", "阿里·样例")];
        assert_eq!(judged(&changed, None).unwrap_err().code(), "reissue.differs");
        assert_eq!(judged(&changed, Some("1号")), Ok(vec!["name".into()]));
    }

    #[test]
    fn another_certificate_is_refused_whatever_was_audited() {
        for other in [("number", "YL2026000002"), ("identifier", "1.2.156.3005.2.0")] {
            let refusal = judged(&[other], Some("1号")).unwrap_err();
            assert_eq!(refusal.code(), "reissue.other-certificate");
        }
    }

    #[test]
    fn a_holder_who_changes_name_and_number_is_somebody_else() {
        let requested = [("number", "YL2026000001"), ("name", "张样"), ("id_number", "11010519491231002X")];
        let refusal = judge(&claims(&requested), Some("1号"), &Table::default()).unwrap_err();
        assert_eq!((refusal.code(), refusal.differences().len()), ("reissue.other-certificate", 2));
    }

    #[test]
    fn a_request_that_does_not_say_whose_certificate_it_means_is_refused() {
        let refusal = judge(&claims(&[("unit", "样例（中国）测绘院")]), None, &Table::default()).unwrap_err();
        let missing = ["name", "id_number", "number or identifier"].map(String::from).to_vec();
        assert_eq!(refusal, Refusal::Incomplete(missing));
    }

    #[test]
    fn the_new_identifier_is_the_next_version_and_999_is_the_last() {
        let first = Identifier::parse(IDENTIFIER).unwrap();
        let second = successor(&first).unwrap();
        assert_eq!((second.version(), second.check_character(), second.serial()), (2, 'Z', first.serial()));
        let last = Identifier::new(first.type_code(), first.issuer(), first.serial(), 999).unwrap();
        assert_eq!(successor(&last).unwrap_err().code(), "reissue.version");
    }
}

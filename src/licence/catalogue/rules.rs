//! What the catalogue says of one record.

use super::error::Refusal;
use super::file::{Catalogue, CertificateKind, Issuer, Status};
use crate::diag::nearest;
use crate::licence::fold;
use crate::licence::identifier::Identifier;
use crate::licence::pua::Table;

impl Catalogue {
    /// The place of the certificate that a record is for: of those of the kind that it names, or of all if it names none, the only one
    /// whose condition holds. `text(i, name)` is what the record says under `name`, as certificate `i` reads it.
    ///
    /// # Errors
    /// There is none, or there are two; a condition fails; the qualification is cancelled.
    pub fn choose<'a>(
        &self,
        kind: Option<&str>,
        text: impl Fn(usize, &str) -> Option<&'a str>,
    ) -> Result<usize, Refusal> {
        let kinds = || self.certificates.iter().map(|c| c.kind.as_str());
        if let Some(kind) = kind.filter(|kind| !kinds().any(|k| k == *kind)) {
            let nearest = nearest(kind, kinds()).map(String::from);
            return Err(Refusal::Kind { kind: kind.to_owned(), nearest });
        }
        let mut chosen: Option<usize> = None;
        for (i, certificate) in self.certificates.iter().enumerate() {
            if kind.is_some_and(|kind| kind != certificate.kind) {
                continue;
            }
            let holds = certificate.when.as_ref().map_or(Ok(true), |when| when.holds(|name| text(i, name)));
            if !holds.map_err(|source| Refusal::Condition { kind: certificate.kind.clone(), source })? {
                continue;
            }
            if let Some(first) = chosen {
                let first = self.certificates[first].kind.clone();
                return Err(Refusal::SeveralKinds { first, second: certificate.kind.clone() });
            }
            chosen = Some(i);
        }
        let chosen = chosen.ok_or(Refusal::NoKind)?;
        let CertificateKind { kind, status, instead, .. } = &self.certificates[chosen];
        match status {
            Status::Valid => Ok(chosen),
            Status::Cancelled => Err(Refusal::Cancelled { kind: kind.clone(), instead: instead.clone() }),
        }
    }

    /// The place of the issuer whom a record names by code or name, else of the only one who may issue the certificate.
    ///
    /// # Errors
    /// There is none; code and name are of two bodies; it may not issue this (or reissue, if `reissue`).
    pub fn issuer(
        &self,
        certificate: &CertificateKind,
        code: Option<&str>,
        name: Option<&str>,
        reissue: bool,
    ) -> Result<usize, Refusal> {
        let private = Table::default();
        let is_called = |issuer: &Issuer, name: &str| fold::same(&issuer.name, name, &private);
        let found = match (code, name) {
            (None, None) => self.only_issuer(certificate, reissue)?,
            (Some(code), _) => {
                let found = self.issuers.iter().position(|i| i.code.eq_ignore_ascii_case(code));
                found.ok_or_else(|| Refusal::Issuer(code.to_owned()))?
            }
            (None, Some(name)) => {
                let found = self.issuers.iter().position(|i| is_called(i, name));
                found.ok_or_else(|| Refusal::Issuer(name.to_owned()))?
            }
        };
        let issuer = &self.issuers[found];
        if let Some(name) = name.filter(|name| !is_called(issuer, name)) {
            let (code, expected) = (issuer.code.clone(), issuer.name.clone());
            return Err(Refusal::IssuerName { code, expected, found: name.to_owned() });
        }
        if !issuer.may(&certificate.kind, reissue) || (reissue && !certificate.reissue) {
            return Err(issuer.not_allowed(&certificate.kind, reissue));
        }
        Ok(found)
    }

    fn only_issuer(&self, certificate: &CertificateKind, reissue: bool) -> Result<usize, Refusal> {
        let may = |i: &usize| self.issuers[*i].may(&certificate.kind, reissue);
        let all: Vec<usize> = (0..self.issuers.len()).filter(may).collect();
        match all[..] {
            [one] => Ok(one),
            _ => Err(Refusal::NoIssuer { kind: certificate.kind.clone(), count: all.len() }),
        }
    }

    /// Whether an identifier that a record brings is of its certificate's type and its issuer.
    ///
    /// # Errors
    /// It is not.
    pub fn check_identifier(
        &self,
        certificate: &CertificateKind,
        issuer: &Issuer,
        identifier: &Identifier,
    ) -> Result<(), Refusal> {
        let found = identifier.type_code();
        if !self.certificates.iter().any(|c| c.type_code == found) {
            return Err(Refusal::UnknownType(found.to_owned()));
        }
        if found != certificate.type_code {
            let (kind, expected) = (certificate.kind.clone(), certificate.type_code.clone());
            return Err(Refusal::OtherType { kind, expected, found: found.to_owned() });
        }
        if identifier.issuer() != issuer.code {
            let (expected, found) = (issuer.code.clone(), identifier.issuer().to_owned());
            return Err(Refusal::OtherIssuer { expected, found });
        }
        Ok(())
    }
}

impl Issuer {
    /// Whether it may issue (or reissue) certificates of this kind.
    pub fn may(&self, kind: &str, reissue: bool) -> bool {
        let allowed = if reissue { &self.may_reissue } else { &self.may_issue };
        allowed.iter().any(|pattern| pattern.matches(kind))
    }

    fn not_allowed(&self, kind: &str, reissue: bool) -> Refusal {
        let act = if reissue { "reissue" } else { "issue" };
        Refusal::NotAllowed { issuer: self.name.clone(), act, kind: kind.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::licence::catalogue::CatalogueError;

    /// Two grades, one of them reissued; a cancelled qualification; a department, and a unit without a seal.
    const TEXT: &str = r#"
        [[certificate]]
        kind = "title-senior"
        when = "level == '副高级'"
        layout = "a.xml"
        type_code = "11999999MB00000024001"
        reissue = true

        [[certificate]]
        kind = "title-junior"
        when = "level == '助理级' or level == '员级'"
        layout = "b.xml"
        type_code = "11999999MB00000024002"

        [[certificate]]
        kind = "score-proof"
        when = "score"
        layout = "c.xml"
        type_code = "11999999MB00000024003"

        [[certificate]]
        kind = "vocational-old"
        when = "level == '旧'"
        layout = "d.xml"
        type_code = "11999999MB00000024003"
        status = "cancelled"
        instead = "score-proof"

        [[issuer]]
        code = "11999999MB00000011"
        name = "样例省人力资源和社会保障厅（虚构）"
        seal = "demo"
        may_issue = ["*"]
        may_reissue = ["title-*"]
        numbering = "YL{year}{serial:06}"
        serials = "serials"

        [[issuer]]
        code = "12999999MB0000101K"
        name = "样例大学（虚构）"
        may_issue = ["title-senior"]
    "#;

    fn catalogue() -> Catalogue {
        Catalogue::parse(TEXT).unwrap()
    }

    fn chosen(kind: Option<&str>, given: &[(&'static str, &'static str)]) -> Result<String, Refusal> {
        let catalogue = catalogue();
        let text = |_: usize, name: &str| given.iter().find(|g| g.0 == name).map(|g| g.1);
        catalogue.choose(kind, text).map(|i| catalogue.certificates[i].kind.clone())
    }

    #[test]
    fn the_condition_chooses_or_the_kind_that_the_record_names() {
        assert_eq!(chosen(None, &[("level", "副高级")]).unwrap(), "title-senior");
        assert_eq!(chosen(Some("title-junior"), &[("level", "员级")]).unwrap(), "title-junior");
    }

    #[test]
    fn a_record_for_no_kind_for_two_or_for_an_unknown_one_is_refused() {
        let code = |kind, given| chosen(kind, given).unwrap_err().code();
        assert_eq!(code(None, &[("level", "中级")]), "catalogue.no-kind");
        assert_eq!(code(Some("title-junior"), &[("level", "副高级")]), "catalogue.no-kind");
        assert_eq!(code(None, &[("level", "副高级"), ("score", "60")]), "catalogue.ambiguous");
        let unknown = chosen(Some("title-seniro"), &[]).unwrap_err();
        assert_eq!(unknown.to_string(), "the catalogue has no certificate of this kind: title-seniro");
        assert_eq!(unknown.hint(), "did you mean title-senior?");
    }

    #[test]
    fn a_cancelled_qualification_is_refused_and_its_substitute_offered() {
        let refusal = chosen(None, &[("level", "旧")]).unwrap_err();
        assert_eq!(
            (refusal.code(), refusal.hint().as_str()),
            ("catalogue.cancelled", "offer a certificate of the kind score-proof")
        );
    }

    fn issuer(
        kind: usize,
        code: Option<&str>,
        name: Option<&str>,
        reissue: bool,
    ) -> Result<usize, &'static str> {
        let catalogue = catalogue();
        catalogue.issuer(&catalogue.certificates[kind], code, name, reissue).map_err(|refusal| refusal.code())
    }

    #[test]
    fn an_issuer_is_found_by_code_by_name_or_as_the_only_one() {
        assert_eq!(issuer(0, Some("12999999mb0000101k"), None, false), Ok(1));
        assert_eq!(issuer(0, None, Some("样例大学(虚构)"), false), Ok(1));
        assert_eq!(issuer(1, None, None, false), Ok(0));
        assert_eq!(issuer(0, None, None, true), Ok(0));
    }

    #[test]
    fn an_issuer_unknown_misnamed_missing_or_not_allowed_is_refused() {
        assert_eq!(issuer(0, Some("12999999MB0000102N"), None, false), Err("catalogue.issuer"));
        assert_eq!(issuer(0, None, Some("样例学院"), false), Err("catalogue.issuer"));
        assert_eq!(
            issuer(0, Some("12999999MB0000101K"), Some("样例学院"), false),
            Err("catalogue.issuer-name")
        );
        assert_eq!(issuer(0, None, None, false), Err("catalogue.no-issuer"));
        assert_eq!(issuer(1, Some("12999999MB0000101K"), None, false), Err("catalogue.not-allowed"));
        assert_eq!(issuer(0, Some("12999999MB0000101K"), None, true), Err("catalogue.not-allowed"));
        assert_eq!(issuer(1, Some("11999999MB00000011"), None, true), Err("catalogue.not-allowed"));
    }

    #[test]
    fn an_identifier_of_another_type_or_issuer_is_refused() {
        let catalogue = catalogue();
        let check = |type_code: &str, issuer: &str| {
            let identifier = Identifier::new(type_code, issuer, "20260000001", 1).unwrap();
            let (certificate, issuer) = (&catalogue.certificates[0], &catalogue.issuers[0]);
            catalogue.check_identifier(certificate, issuer, &identifier).map_err(|refusal| refusal.code())
        };
        assert_eq!(check("11999999MB00000024001", "11999999MB00000011"), Ok(()));
        assert_eq!(check("11999999MB00000024009", "11999999MB00000011"), Err("catalogue.type"));
        assert_eq!(check("11999999MB00000024002", "11999999MB00000011"), Err("catalogue.other-type"));
        assert_eq!(check("11999999MB00000024001", "12999999MB0000101K"), Err("catalogue.other-issuer"));
    }

    #[test]
    fn what_has_another_form_than_a_catalogue_is_told_with_its_line() {
        let cases = [
            ("layout = \"a.xml\"", "layuot = \"a.xml\"", "unknown field `layuot`"),
            ("YL{year}{serial:06}", "YL{year}", "has no {serial:06}"),
            ("level == '旧'", "level = '旧'", "does not parse"),
            ("\"title-*\"", "\"*-senior\"", "a star stands at the end"),
            ("\"cancelled\"", "\"canceled\"", "unknown variant"),
        ];
        for (right, wrong, told) in cases {
            let error = Catalogue::parse(&TEXT.replace(right, wrong)).unwrap_err().to_string();
            assert!(error.contains(told) && error.contains("line "), "{error}");
        }
    }

    #[test]
    fn entries_against_the_rules_are_told_all_at_once() {
        let mut text = TEXT.to_owned();
        for (right, wrong) in [
            ("kind = \"title-junior\"", "kind = \"title-senior\""),
            ("11999999MB00000024002", "11999999MB0000002400"),
            ("instead = \"score-proof\"", "instead = \"score-report\""),
            ("12999999MB0000101K", "12999999MB0000101L"),
            (
                "may_issue = [\"title-senior\"]",
                "may_issue = [\"titel-senior\"]\nnumbering = \"YL{year}{serial:06}\"",
            ),
            ("may_reissue = [\"title-*\"]", "may_reissue = [\"score-proof\"]"),
        ] {
            text = text.replacen(right, wrong, 1);
        }
        let Err(CatalogueError::Faults(faults)) = Catalogue::parse(&text) else { panic!("it is accepted") };
        let told: String = faults.iter().map(|fault| format!("{fault}\n")).collect();
        insta::assert_snapshot!(told);
    }

    #[test]
    fn a_catalogue_without_certificates_or_issuers_is_none() {
        assert!(matches!(Catalogue::parse(""), Err(CatalogueError::Faults(_))));
    }

    #[test]
    fn serials_that_do_not_fit_an_identifier_or_years_that_would_repeat_numbers_are_faults() {
        for (wrong, told) in [
            ("identifier_serial = \"{serial:06}\"", "7 to 32 digits"),
            ("identifier_serial = \"yl{serial:06}\"", "7 to 32 digits"),
            ("numbering = \"YL{serial:06}\"", "without saying the year"),
        ] {
            let text = TEXT.replace("numbering = \"YL{year}{serial:06}\"", wrong);
            let error = Catalogue::parse(&text).unwrap_err().to_string();
            assert!(error.contains(told), "{error}");
        }
        let error = Catalogue::parse(&TEXT.replace("serials = \"serials\"", "")).unwrap_err().to_string();
        assert!(error.contains("no file that counts"), "{error}");
    }
}

//! `catalogue.toml`: read, and checked as far as its text alone allows.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::error::{CatalogueError, Fault};
use super::when::Condition;
use crate::diag::nearest;
use crate::licence::identifier::{Identifier, IdentifierError};
use crate::licence::numbering::Numbering;
use crate::licence::uscc;

/// The most entries of one sort.
const MAX_ENTRIES: usize = 10_000;

/// Which body may issue which certificate, and how.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The kinds of certificates; no two of one name.
    #[serde(default, rename = "certificate")]
    pub certificates: Vec<CertificateKind>,
    /// The bodies that issue them; no two of one code.
    #[serde(default, rename = "issuer")]
    pub issuers: Vec<Issuer>,
}

/// One kind of certificate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateKind {
    /// Its name, such as `title-senior`.
    pub kind: String,
    /// Which records are for it; all if not said.
    pub when: Option<Condition>,
    /// Its layout, relative to the catalogue.
    pub layout: PathBuf,
    /// The type in its identifiers: the defining body's USCC and three digits.
    pub type_code: String,
    /// Whether it is reissued.
    #[serde(default)]
    pub reissue: bool,
    /// Whether its qualification still exists.
    #[serde(default)]
    pub status: Status,
    /// The kind offered in place of a cancelled one.
    pub instead: Option<String>,
}

/// Whether a qualification still exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It does.
    #[default]
    Valid,
    /// It was cancelled (取消): neither issued nor reissued.
    Cancelled,
}

/// One body that issues certificates.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// Its unified social credit code.
    pub code: String,
    /// Its name, as certificates print it.
    pub name: String,
    /// `demo`, or the folder of its seal, relative to the catalogue.
    pub seal: Option<String>,
    /// The seals of the other roles that layouts name, by role: each `demo` or a folder.
    #[serde(default)]
    pub other_seals: BTreeMap<String, String>,
    /// The environment variable that holds the password of the seal's key.
    pub password_env: Option<String>,
    /// The certificates (PEM) of signers whom its seal had before, relative to the catalogue: originals that they signed are its own.
    #[serde(default)]
    pub earlier_signers: Vec<PathBuf>,
    /// The kinds that it may issue.
    #[serde(default)]
    pub may_issue: Vec<KindPattern>,
    /// The kinds that it may reissue.
    #[serde(default)]
    pub may_reissue: Vec<KindPattern>,
    /// The numbers of certificates whose record brings none.
    pub numbering: Option<Numbering>,
    /// The serials in identifiers of records that bring none.
    #[serde(default = "usual_serial")]
    pub identifier_serial: Numbering,
    /// The file that counts for both, relative to the catalogue.
    pub serials: Option<PathBuf>,
    /// Whether that file is begun where it is missing. Who has issued before leaves it out: a mistyped path would count from 1 again.
    #[serde(default)]
    pub begin_serials: bool,
}

/// A kind, or with a star at its end all kinds that begin so.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct KindPattern(String);

impl KindPattern {
    /// Whether `kind` is meant.
    pub fn matches(&self, kind: &str) -> bool {
        self.0.strip_suffix('*').map_or(self.0 == kind, |beginning| kind.starts_with(beginning))
    }
}

impl TryFrom<String> for KindPattern {
    type Error = String;

    fn try_from(pattern: String) -> Result<KindPattern, String> {
        let beginning = pattern.strip_suffix('*').unwrap_or(&pattern);
        if pattern.is_empty() || beginning.contains('*') {
            return Err(format!(
                "a star stands at the end of a kind's beginning, as in title-*, not so: {pattern}"
            ));
        }
        Ok(KindPattern(pattern))
    }
}

fn usual_serial() -> Numbering {
    Numbering::parse("{year}{serial:07}").expect("a pattern that a test reads")
}

impl Catalogue {
    /// Reads a catalogue.
    ///
    /// # Errors
    /// The first place where the text has another form than a catalogue; else all entries that are wrong.
    pub fn parse(text: &str) -> Result<Catalogue, CatalogueError> {
        let catalogue: Catalogue =
            toml::from_str(text).map_err(|e| CatalogueError::Toml(e.to_string().trim_end().to_owned()))?;
        let faults = catalogue.faults();
        if faults.is_empty() { Ok(catalogue) } else { Err(CatalogueError::Faults(faults)) }
    }

    fn faults(&self) -> Vec<Fault> {
        if self.certificates.is_empty() || self.issuers.is_empty() {
            let hint = "describe at least one [[certificate]] and one [[issuer]]";
            return vec![Fault::new("the catalogue", "has nothing to issue, or nobody to issue it", hint)];
        }
        if self.certificates.len().max(self.issuers.len()) > MAX_ENTRIES {
            let hint = "divide it";
            return vec![Fault::new("the catalogue", format!("has more than {MAX_ENTRIES} entries"), hint)];
        }
        let mut faults = Vec::new();
        for (i, certificate) in self.certificates.iter().enumerate() {
            let entry = format!("certificate {}", certificate.kind);
            let mut tell = |message: String, hint: &str| faults.push(Fault::new(&entry, message, hint));
            if certificate.kind.is_empty() || certificate.kind.contains(['*', ' ']) {
                tell("a kind is a word without stars and blanks".into(), "such as title-senior");
            }
            if self.certificates[..i].iter().any(|c| c.kind == certificate.kind) {
                tell("stands there twice".into(), "give each its own kind");
            }
            // The other parts of this identifier are right, so that what is wrong is the type.
            if let Err(e) = Identifier::new(&certificate.type_code, "000000", "0000000", 1) {
                tell(
                    format!("its identifier {e}"),
                    "a type code is the defining body's USCC and three digits",
                );
            }
            if let Some(kind) = &certificate.instead
                && !self.certificates.iter().any(|c| c.kind == *kind && c.status == Status::Valid)
            {
                tell(format!("offers a kind that the catalogue does not issue: {kind}"), "");
            }
        }
        for (i, issuer) in self.issuers.iter().enumerate() {
            self.issuer_faults(i, issuer, &mut faults);
        }
        faults.extend(self.shared_numberings());
        faults
    }

    fn issuer_faults(&self, at: usize, issuer: &Issuer, faults: &mut Vec<Fault>) {
        let entry = format!("issuer {} ({})", issuer.code, issuer.name);
        let mut tell = |message: String, hint: &str| faults.push(Fault::new(&entry, message, hint));
        if let Err(e) = uscc::check(&issuer.code) {
            tell(format!("its code {e}"), "compare it with the registration certificate");
        }
        if issuer.name.trim().is_empty() {
            tell("has no name".into(), "write it as certificates print it");
        }
        for earlier in &self.issuers[..at] {
            if earlier.code == issuer.code || earlier.name == issuer.name {
                tell("stands there twice".into(), "give each body one entry");
            }
        }
        let kinds = || self.certificates.iter().map(|c| c.kind.as_str());
        for pattern in issuer.may_issue.iter().chain(&issuer.may_reissue) {
            if !kinds().any(|kind| pattern.matches(kind)) {
                let near = nearest(&pattern.0, kinds()).map(|kind| format!("did you mean {kind}?"));
                tell(format!("may issue a kind that is not there: {}", pattern.0), &near.unwrap_or_default());
            }
        }
        for certificate in self.certificates.iter().filter(|c| !c.reissue) {
            if issuer.may_reissue.iter().any(|p| p.0 == certificate.kind) {
                tell(
                    format!("may reissue a kind that is not reissued: {}", certificate.kind),
                    "write reissue = true",
                );
            }
        }
        let serial = issuer.identifier_serial.number(2026, issuer.identifier_serial.last());
        if let Err(e @ IdentifierError::Serial(_)) =
            Identifier::new("000000000000000000000", "000000", &serial, 1)
        {
            tell(format!("its identifier {e}"), "give identifier_serial 7 to 32 digits and capital letters");
        }
        if let Some(numbering) = &issuer.numbering {
            if issuer.serials.is_none() {
                tell("has a numbering and no file that counts".into(), "write serials = \"serials\"");
            }
            if issuer.identifier_serial.names_the_year() && !numbering.names_the_year() {
                let hint = "write {year} into the numbering, or an identifier_serial without it";
                tell("its numbering would begin anew each year without saying the year".into(), hint);
            }
        }
    }

    /// Two bodies that number alike would give two certificates one number.
    fn shared_numberings(&self) -> Vec<Fault> {
        let mut first: BTreeMap<String, &str> = BTreeMap::new();
        let mut faults = Vec::new();
        for issuer in &self.issuers {
            let Some(numbering) = &issuer.numbering else { continue };
            if let Some(other) = first.insert(numbering.to_string(), &issuer.name) {
                let message = format!("numbers as {other} does: {numbering}");
                let hint = "give each issuer letters of its own";
                faults.push(Fault::new(format!("issuer {} ({})", issuer.code, issuer.name), message, hint));
            }
        }
        faults
    }
}

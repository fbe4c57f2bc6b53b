//! The office: a catalogue with its layouts compiled and its seals opened.
//!
//! In: a [`Catalogue`] and its files, then records. Out: for each record the press of its layout and its issuer's seals, and what the
//! catalogue adds to it.
//! Invariant: everything that the catalogue alone decides was checked when the office opened; what is still refused is the record's own
//! fault. Records are assigned one after another, so that numbers follow their order whatever the number of threads.

mod open;
mod reissue;

use std::sync::{Arc, OnceLock};

use crate::compile::Edition;
use crate::error::PressError;
use crate::licence::catalogue::{Catalogue, Issuer, Refusal};
use crate::licence::date;
use crate::licence::identifier::Identifier;
use crate::licence::serial::Serials;
use crate::record::{Field, Record, UnknownName};
use crate::seal::Seals;
use crate::{Press, Sealer};

pub use open::OfficeError;
pub use reissue::{Link, Original, ReissueError, Reissued};

/// The column in which a record may name its kind.
const KIND: &str = "kind";
/// The fields that the catalogue reads and fills in, where a layout has them.
const ISSUER: &str = "issuer";
const ISSUER_CODE: &str = "issuer_code";
const ISSUED_ON: &str = "issued_on";
const NUMBER: &str = "number";
const IDENTIFIER: &str = "identifier";
const REISSUE_OF: &str = "reissue_of";

/// What makes certificates of records: one press for all, or an office that has one for each kind and issuer.
pub trait Presses: Sync {
    /// The press that a record is for, and the record itself where something was added to it.
    ///
    /// # Errors
    /// No certificate is made of this record.
    fn assign(&self, record: &Record) -> Result<Assignment<'_>, Refusal>;

    /// The press that [`Presses::assign`] would give, without taking anything for the record; `None` if it would give none.
    fn foresee(&self, record: &Record) -> Option<&Press>;

    /// The fields that [`Presses::assign`] may add to a record.
    fn completes(&self) -> &'static [&'static str] {
        &[]
    }

    /// What all certificates are made of, besides the records: what to call it, and the SHA-256 of what it says.
    fn sources(&self) -> Vec<(String, [u8; 32])>;

    /// The names in `record` that no layout takes.
    fn unknown_names(&self, record: &Record) -> Vec<UnknownName>;

    /// The names of all fields, each once.
    fn field_names(&self) -> Vec<&str>;

    /// The names of all metadata, each once.
    fn metadata_names(&self) -> Vec<&str>;
}

/// Where a record goes.
pub struct Assignment<'p> {
    /// The press that makes its certificate.
    pub press: &'p Press,
    /// The record with what was added to it; `None` if nothing was.
    pub completed: Option<Record>,
}

impl Presses for Press {
    fn assign(&self, _: &Record) -> Result<Assignment<'_>, Refusal> {
        Ok(Assignment { press: self, completed: None })
    }

    fn foresee(&self, _: &Record) -> Option<&Press> {
        Some(self)
    }

    fn sources(&self) -> Vec<(String, [u8; 32])> {
        let seals = self.sealers().map(|(role, sealer)| (named("seal", role), sealer.digest()));
        let layout = (named("layout", self.id()), self.layout_digest());
        [layout, ("fonts".to_owned(), self.fonts_digest())].into_iter().chain(seals).collect()
    }

    fn unknown_names(&self, record: &Record) -> Vec<UnknownName> {
        self.schema().unknown_names(record)
    }

    fn field_names(&self) -> Vec<&str> {
        self.schema().fields.iter().map(|f| f.name.as_str()).collect()
    }

    fn metadata_names(&self) -> Vec<&str> {
        self.metadata_names().collect()
    }
}

/// `layout title-senior`; the kind alone for what has no name.
fn named(kind: &str, name: &str) -> String {
    format!("{kind} {name}").trim_end().to_owned()
}

/// An opened catalogue. Immutable but for the presses of its pairs, each made when its first record comes; `Send + Sync`.
pub struct Office {
    catalogue: Catalogue,
    /// The SHA-256 of its text.
    digest: [u8; 32],
    /// What its presses make.
    edition: Edition,
    /// One for each certificate, without a seal.
    presses: Vec<Press>,
    /// One for each issuer.
    desks: Vec<Desk>,
    /// One for each certificate and issuer, row by row.
    pairs: Vec<OnceLock<Press>>,
}

/// What an issuer has at hand.
struct Desk {
    sealer: Option<Sealer>,
    /// For the layouts' other roles.
    other_seals: Seals,
    /// The certificates of signers whom its seal had before, DER.
    earlier: Vec<Vec<u8>>,
    serials: Option<Arc<Serials>>,
}

impl Desk {
    /// Whether `certificate` is a signer's of the seal, now or before.
    fn has_sealed(&self, certificate: &[u8]) -> bool {
        self.earlier.iter().any(|earlier| earlier == certificate)
            || self.sealer.as_ref().is_some_and(|sealer| sealer.data().allows(certificate))
    }
}

impl Office {
    /// What it was opened from.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The kind that a record names.
    fn kind_of<'r>(&self, record: &'r Record) -> Option<&'r str> {
        record.get(KIND).map(str::trim).filter(|kind| !kind.is_empty())
    }

    /// The certificate and the issuer that `record` is for, to be issued or reissued.
    fn route(&self, kind: Option<&str>, record: &Record, reissue: bool) -> Result<(usize, usize), Refusal> {
        let chosen = self.catalogue.choose(kind, |i, name| self.said(i, record, name))?;
        let (certificate, press) = (&self.catalogue.certificates[chosen], &self.presses[chosen]);
        let given = |name| field(press, name).and_then(|f| f.given(record).ok().flatten());
        let reissue = reissue || given(REISSUE_OF).is_some();
        let issuer = self.catalogue.issuer(certificate, given(ISSUER_CODE), given(ISSUER), reissue)?;
        // One that does not parse is told with the other fields, when the record is bound.
        if let Some(identifier) = given(IDENTIFIER).and_then(|text| Identifier::parse(text).ok()) {
            self.catalogue.check_identifier(certificate, &self.catalogue.issuers[issuer], &identifier)?;
        }
        Ok((chosen, issuer))
    }

    /// The same; a refusal if the issuer has no seal.
    fn sealed(&self, certificate: usize, issuer: usize) -> Result<&Press, Refusal> {
        let no_seal = |_| Refusal::NoSeal(self.catalogue.issuers[issuer].name.clone());
        self.press(certificate, issuer).map_err(no_seal)
    }

    /// The press of a certificate under an issuer's seal, or for paper under none.
    fn press(&self, certificate: usize, issuer: usize) -> Result<&Press, Unsealed> {
        if self.edition.is_paper() {
            return Ok(&self.presses[certificate]);
        }
        let cell = &self.pairs[certificate * self.desks.len() + issuer];
        if let Some(press) = cell.get() {
            return Ok(press);
        }
        let sealer = self.desks[issuer].sealer.clone().ok_or(Unsealed::NoSeal)?;
        let press = &self.presses[certificate];
        let roles = press.seal_roles();
        // The issuer's own seal stands where the layout says so, or in the only role of one that does not.
        let own = roles.iter().find(|role| *role == ISSUER).or(roles.first()).map_or(ISSUER, String::as_str);
        let seals = self.desks[issuer].other_seals.clone().with(own, sealer);
        let press = press.with_seals(&seals).map_err(Unsealed::Press)?;
        Ok(cell.get_or_init(|| press))
    }

    /// What `record` itself says under `name`, as the layout of a certificate reads it, or else any other that knows the name.
    fn said<'r>(&self, certificate: usize, record: &'r Record, name: &str) -> Option<&'r str> {
        let own = std::iter::once(&self.presses[certificate]);
        let field = own.chain(&self.presses).find_map(|press| field(press, name))?;
        // A field given twice has no one value; binding refuses the record for it.
        field.written(record).ok().flatten()
    }

    /// The record with what the catalogue knows and it lacks; `None` if it lacks nothing.
    fn complete(
        &self,
        press: &Press,
        certificate: usize,
        issuer: usize,
        record: &Record,
    ) -> Result<Option<Record>, Refusal> {
        let (desk, issuer) = (&self.desks[issuer], &self.catalogue.issuers[issuer]);
        let certificate = &self.catalogue.certificates[certificate];
        let lacks = |name: &str| field(press, name).is_some_and(|f| f.given(record) == Ok(None));
        let mut added = Vec::new();
        if lacks(ISSUER) {
            added.push((ISSUER, issuer.name.clone()));
        }
        if lacks(ISSUER_CODE) {
            added.push((ISSUER_CODE, issuer.code.clone()));
        }
        let numbering = issuer.numbering.as_ref().filter(|_| lacks(NUMBER));
        if let Some(serials) = desk.serials.as_ref().filter(|_| numbering.is_some() || lacks(IDENTIFIER)) {
            let Issuer { code, identifier_serial, .. } = issuer;
            let issued_on = field(press, ISSUED_ON).and_then(|f| f.given(record).ok().flatten());
            let year = issued_on.and_then(date::parse).ok_or(Refusal::NoDate)?.year();
            // Number and identifier of one certificate have one serial.
            let last = numbering.map_or(u64::MAX, |n| n.last()).min(identifier_serial.last());
            let serial = serials.take(&identifier_serial.counter(code, year), last)?;
            added.extend(numbering.map(|n| (NUMBER, n.number(year, serial))));
            let serial = identifier_serial.number(year, serial);
            let identifier = Identifier::new(&certificate.type_code, code, &serial, 1);
            if let Some(identifier) = identifier.ok().filter(|_| lacks(IDENTIFIER)) {
                added.push((IDENTIFIER, identifier.to_string()));
            }
        }
        if added.is_empty() {
            return Ok(None);
        }
        let completed =
            added.into_iter().fold(record.clone(), |record, (name, value)| record.with(name, value));
        Ok(Some(completed))
    }
}

/// Why a pair has no press.
enum Unsealed {
    NoSeal,
    Press(PressError),
}

fn field<'p>(press: &'p Press, name: &str) -> Option<&'p Field> {
    press.schema().fields.iter().find(|f| f.name == name)
}

impl Presses for Office {
    fn assign(&self, record: &Record) -> Result<Assignment<'_>, Refusal> {
        let (certificate, issuer) = self.route(self.kind_of(record), record, false)?;
        let press = self.sealed(certificate, issuer)?;
        Ok(Assignment { press, completed: self.complete(press, certificate, issuer, record)? })
    }

    fn foresee(&self, record: &Record) -> Option<&Press> {
        let (certificate, issuer) = self.route(self.kind_of(record), record, false).ok()?;
        self.sealed(certificate, issuer).ok()
    }

    fn completes(&self) -> &'static [&'static str] {
        &[ISSUER, ISSUER_CODE, NUMBER, IDENTIFIER]
    }

    fn sources(&self) -> Vec<(String, [u8; 32])> {
        let mut sources = vec![("catalogue".to_owned(), self.digest)];
        sources.extend(self.presses.first().map(|press| ("fonts".to_owned(), press.fonts_digest())));
        for (certificate, press) in self.catalogue.certificates.iter().zip(&self.presses) {
            sources.push((named("layout", &certificate.kind), press.layout_digest()));
        }
        for (issuer, desk) in self.catalogue.issuers.iter().zip(&self.desks) {
            let own = desk.sealer.iter().map(|sealer| (String::new(), sealer));
            let others = desk
                .other_seals
                .roles()
                .filter_map(|role| Some((role.to_owned(), desk.other_seals.get(role)?)));
            for (role, sealer) in own.chain(others) {
                sources.push((named(&format!("seal of {}", issuer.code), &role), sealer.digest()));
            }
        }
        sources
    }

    fn unknown_names(&self, record: &Record) -> Vec<UnknownName> {
        let mut each = self.presses.iter().map(|press| press.schema().unknown_names(record));
        let mut unknown = each.next().unwrap_or_default();
        for others in each {
            unknown.retain(|name| others.iter().any(|other| other.name == name.name));
        }
        unknown.retain(|unknown| unknown.name != KIND);
        unknown
    }

    fn field_names(&self) -> Vec<&str> {
        each_once(self.presses.iter().flat_map(Presses::field_names))
    }

    fn metadata_names(&self) -> Vec<&str> {
        each_once(self.presses.iter().flat_map(Presses::metadata_names))
    }
}

/// `names` without those that came before.
fn each_once<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut all: Vec<&str> = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

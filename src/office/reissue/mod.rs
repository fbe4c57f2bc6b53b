//! Reissue 补发: an original and a request become a new certificate, or a refusal.
//!
//! In: the bytes of the original OFD, and what the request says. Out: the new certificate, and the [`Link`] from the old to the new one.
//! Invariant: nothing is made from an original that is not intact, not of this office's seals, or not what the request says; a number is
//! taken only when nothing else can refuse any more.
//!
//! The original's data come from its own attached record, and its images from its own parts. A request that brings a photograph must
//! bring the same one, by SM3, or a re-audit.

mod claims;
mod error;
mod original;

use serde::Serialize;

use super::{IDENTIFIER, NUMBER, Office, REISSUE_OF, field};
use crate::licence::reissue::{Difference, judge, successor};
use crate::page::Timestamp;
use crate::record::{BindOptions, Entry, Record};
use crate::{Certificate, RenderOptions};

pub use error::ReissueError;
pub use original::Original;

/// The field that names the number of the certificate replaced.
const REISSUE_OF_NUMBER: &str = "reissue_of_number";
/// The column of a request that names the re-audit of changed data.
const RE_AUDIT: &str = "re_audit";

/// A certificate that replaces another.
#[derive(Debug)]
pub struct Reissued {
    /// The new certificate.
    pub certificate: Certificate,
    /// From the old one to it.
    pub link: Link,
    /// What a re-audit changed, with the values.
    pub changes: Vec<Difference>,
}

/// One line of `reissues.jsonl`: which certificate replaces which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// The original's identifier.
    pub old: String,
    /// The original's number.
    pub old_number: String,
    /// SM3 of the original's file, in hexadecimal.
    pub old_sm3: String,
    /// The new identifier.
    pub new: String,
    /// The new number.
    pub new_number: String,
    /// The re-audit of changed data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub re_audit: Option<String>,
    /// The fields that it changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
    /// When, in UTC: `2026-03-05T08:00:00Z`.
    pub time: String,
}

impl Office {
    /// Makes the certificate that replaces `original`, if `request` asks for what it says.
    ///
    /// The request gives the holder's name and identity number and the original's number or identifier; what else it gives must be the same
    /// too, after [folding](crate::licence::fold). With a reference in its column `re_audit`, changed data are taken from it.
    ///
    /// # Errors
    /// The request is refused, with all differences; or the certificate cannot be rendered.
    pub fn reissue(
        &self,
        original: &Original,
        request: &Record,
        options: &RenderOptions,
    ) -> Result<Reissued, ReissueError> {
        let private = &options.pua;
        let kind = self.kind_of(request);
        let (certificate, _) = self.route(kind, &original.record, true)?;
        let press = &self.presses[certificate];
        if press.id() != original.layout {
            let (found, expected) = (original.layout.clone(), press.id().to_owned());
            return Err(ReissueError::OtherKind { found, expected });
        }
        if field(press, REISSUE_OF).is_none() {
            return Err(ReissueError::NoMark(press.id().to_owned()));
        }

        let schema = claims::lenient(press.schema());
        let own = BindOptions { image_root: None, pua: private.clone() };
        let theirs = BindOptions { image_root: options.image_root.clone(), pua: private.clone() };
        let old = schema.bind(&original.record, &own).map_err(ReissueError::Edition)?;
        let asked = schema.bind(request, &theirs).map_err(ReissueError::Request)?;
        let re_audit = request.get(RE_AUDIT).map(str::trim).filter(|text| !text.is_empty());
        let changes = judge(&claims::claims(&schema, &old, &asked), re_audit, private)?;

        let record = claims::record(&schema, &old, &asked, &changes)
            .with(IDENTIFIER, successor(&original.identifier)?.to_string())
            .with(REISSUE_OF, original.identifier.to_string())
            .with(REISSUE_OF_NUMBER, original.number.as_str())
            .with(RE_AUDIT, re_audit.unwrap_or_default());
        let (certificate, issuer) = self.route(kind, &record, true)?;
        if !original.signers.iter().any(|signer| self.desks[issuer].has_sealed(signer)) {
            return Err(ReissueError::OtherSeal(self.catalogue.issuers[issuer].name.clone()));
        }
        let press = self.sealed(certificate, issuer)?;
        // With the old number in place of the new one, whatever else is wrong shows before a number is taken.
        press.bind(&record, options).map_err(ReissueError::Render)?;
        if self.catalogue.issuers[issuer].numbering.is_none() {
            return Err(ReissueError::NoNumbering(self.catalogue.issuers[issuer].name.clone()));
        }
        let unnumbered = record.with(NUMBER, "");
        let completed = self.complete(press, certificate, issuer, &unnumbered)?.unwrap_or(unnumbered);
        let rendered = press.render_with(&completed, options).map_err(ReissueError::Render)?;

        let said = |name| completed.get(name).unwrap_or_default().to_owned();
        let link = Link {
            old: original.identifier.to_string(),
            old_number: original.number.clone(),
            old_sm3: original.sm3.clone(),
            new: said(IDENTIFIER),
            new_number: said(NUMBER),
            re_audit: re_audit.map(String::from),
            changed: changes.iter().map(|change| change.field.clone()).collect(),
            time: options.time.unwrap_or_else(Timestamp::now).to_string(),
        };
        Ok(Reissued { certificate: rendered, link, changes })
    }
}

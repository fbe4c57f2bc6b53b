//! The first look at all records, before anything is written.
//!
//! In: the records, once. Out: how many there are, what tells each from the others, and who has which name and identifier first.
//! Invariant: of each record only digests stay, about a hundred bytes, whatever it holds.

use sha2::{Digest as _, Sha256};

use super::claims::{Claims, half};
use super::name::NamePattern;
use super::row::Problem;
use super::selection::{Selection, SelectionError};
use crate::Press;
use crate::office::Presses;
use crate::record::{FieldKind, RawValue, ReadError, Record};

/// Faulty rows of which it is kept what is wrong with them.
const FAULTS_KEPT: usize = 10;

/// What tells a record from others: the first half of the SHA-256 over its names and values.
pub(super) type RecordDigest = [u8; 16];

/// What is known of the records before the first is rendered. The default knows nothing: then names and identifiers are compared as the records
/// come.
#[derive(Debug, Default)]
pub struct Survey {
    /// Of each record that is to be rendered, in their order; empty if nothing is known.
    digests: Vec<RecordDigest>,
    /// Over all of them.
    digest: [u8; 32],
    /// Rows that cannot be read, or repeat an earlier row's name or identifier; what is wrong with the first of them.
    faulty: u64,
    faults: Vec<(u64, String)>,
    names: Claims,
    identifiers: Claims,
}

impl Survey {
    /// Looks at `records`, of which those that `selection` picks are to be rendered.
    ///
    /// # Errors
    /// The file cannot be read as a whole, or holds other records than the selection is about.
    pub fn of(
        records: impl IntoIterator<Item = Result<Record, ReadError>>,
        selection: &Selection,
        presses: &dyn Presses,
        names: &NamePattern,
    ) -> Result<Survey, SurveyError> {
        let mut survey = Survey::default();
        for (name, identifier, row) in selection.taken() {
            // They were compared when they were made.
            let _ = survey.claim_both(Some(name), identifier.as_deref(), *row);
        }
        let mut whole = Sha256::new();
        for (record, ordinal) in records.into_iter().zip(1..) {
            let (row, digest) = match &record {
                Ok(record) => (record.row().unwrap_or(ordinal), digest(record)),
                Err(ReadError { row: Some(row), code, .. }) => (*row, unread(code)),
                Err(_) => return record.map(|_| survey).map_err(SurveyError::Read),
            };
            if !selection.picks(row, &digest)? {
                continue;
            }
            whole.update(digest);
            survey.digests.push(digest);
            let fault = match &record {
                Ok(record) => survey.claim(record, row, presses, names).err().map(Problem::from),
                Err(error) => Some(Problem::from(error)),
            };
            if let Some(fault) = fault {
                survey.faulty += 1;
                survey.faults.extend((survey.faults.len() < FAULTS_KEPT).then(|| (row, fault.to_string())));
            }
        }
        selection.is_complete()?;
        survey.digest = whole.finalize().into();
        Ok(survey)
    }

    /// Sees to it that no other record has the name or the identifier of `record`, as far as they are known before it is assigned.
    fn claim(
        &mut self,
        record: &Record,
        row: u64,
        presses: &dyn Presses,
        names: &NamePattern,
    ) -> Result<(), Taken> {
        let Some(press) = presses.foresee(record) else { return Ok(()) };
        let value = |name: &str| value(press, record, name);
        let to_come = |name: &str| presses.completes().contains(&name) && value(name).is_none();
        let name = if names.fields().any(to_come) { None } else { names.name(row, value) };
        self.claim_both(name.as_deref(), identifier(press, record), row)
    }

    /// Gives `row` its name and identifier.
    pub(super) fn claim_both(
        &mut self,
        name: Option<&str>,
        identifier: Option<&str>,
        row: u64,
    ) -> Result<(), Taken> {
        let claim = |claims: &mut Claims, what: Option<&str>, taken: fn(String, u64) -> Taken| match what {
            Some(what) => claims.claim(what, row).map_err(|earlier| taken(what.to_owned(), earlier)),
            None => Ok(()),
        };
        claim(&mut self.names, name, Taken::Name)?;
        claim(&mut self.identifiers, identifier, Taken::Identifier)
    }

    /// How many records are to be rendered.
    pub fn records(&self) -> u64 {
        self.digests.len() as u64
    }

    /// How many of them cannot be read, or repeat the name or identifier of an earlier one.
    pub fn faulty(&self) -> u64 {
        self.faulty
    }

    /// The rows of the first of those, and what is wrong with them.
    pub fn faults(&self) -> &[(u64, String)] {
        &self.faults
    }

    /// What tells these records from others: the SHA-256 over the digests of all.
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Whether `digest` is that of the record at `index`, or nothing is known of it.
    pub(super) fn agrees(&self, index: usize, digest: &RecordDigest) -> bool {
        self.digests.is_empty() || self.digests.get(index) == Some(digest)
    }
}

/// What another row has already.
#[derive(Debug)]
pub(super) enum Taken {
    /// The name of its files, in this row.
    Name(String, u64),
    /// Its identifier, in this row.
    Identifier(String, u64),
}

impl From<Taken> for Problem {
    fn from(taken: Taken) -> Problem {
        let (value, problem) = match taken {
            Taken::Name(name, row) => {
                let message = format!("row {row} has the same file name");
                let hint = "give each record its own number, or choose another name pattern with --name; a row keeps its name even if it fails";
                (name, Problem::new("file.taken", message).hint(hint))
            }
            Taken::Identifier(identifier, row) => {
                let message = format!("row {row} has the same identifier");
                (
                    identifier,
                    Problem::new("identifier.taken", message)
                        .hint("give each certificate its own identifier"),
                )
            }
        };
        Problem { value: Some(value), ..problem }
    }
}

/// Why the records cannot be rendered at all.
#[derive(Debug, thiserror::Error)]
pub enum SurveyError {
    /// The records' file is at fault, not a row of it.
    #[error("{}", .0.message)]
    Read(ReadError),
    /// They are not the records of the manifest.
    #[error(transparent)]
    Selection(#[from] SelectionError),
}

impl SurveyError {
    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            SurveyError::Read(error) => error.hint,
            SurveyError::Selection(error) => error.hint(),
        }
    }
}

/// What `record` says for the field `name` of a press, its default included.
pub(super) fn value<'r>(press: &'r Press, record: &'r Record, name: &str) -> Option<&'r str> {
    // A field given twice has no one value; binding refuses the record for it.
    press.schema().fields.iter().find(|f| f.name == name)?.given(record).ok().flatten()
}

/// The identifier that `record` brings.
pub(super) fn identifier<'r>(press: &'r Press, record: &'r Record) -> Option<&'r str> {
    let field = press.schema().fields.iter().find(|f| f.kind == FieldKind::Identifier)?;
    field.given(record).ok().flatten()
}

/// What tells `record` from others.
pub(super) fn digest(record: &Record) -> RecordDigest {
    let mut digest = Sha256::new();
    feed(&mut digest, record);
    half(&digest.finalize().into())
}

/// The same for a row that cannot be read.
pub(super) fn unread(code: &str) -> RecordDigest {
    half(&Sha256::digest(code).into())
}

fn feed(digest: &mut Sha256, record: &Record) {
    let mut text = |kind: u8, text: &str| {
        digest.update([kind]);
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text);
    };
    let mut lists = Vec::new();
    for (name, value) in record.iter() {
        text(0, name);
        match value {
            RawValue::Text(value) => text(1, value),
            RawValue::Rows(rows) => lists.push(rows),
        }
    }
    for rows in lists {
        digest.update([2]);
        digest.update((rows.len() as u64).to_be_bytes());
        rows.iter().for_each(|row| feed(digest, row));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_differ_in_their_digest_if_they_differ_in_anything() {
        let list = |v: &str| Record::new().with("a", vec![Record::new().with("b", v)]);
        let all = [
            Record::new(),
            Record::new().with("a", ""),
            Record::new().with("a", "b"),
            Record::new().with("ab", ""),
            Record::new().with("a", vec![]),
            list(""),
            list("c"),
        ];
        let digests: std::collections::BTreeSet<_> = all.iter().map(digest).collect();
        assert_eq!(digests.len(), all.len());
        assert_eq!(digest(&list("c")), digest(&list("c")));
    }
}

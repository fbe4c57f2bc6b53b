//! Names in records that no field takes: what stands there is lost, most often by a slip in a heading.
//!
//! In: records. Out: a [`Finding`] for each name.

use std::collections::BTreeMap;

use super::finding::{Finding, Said, Tally};
use crate::diag::Severity;
use crate::record::{Record, Schema, UnknownName};

/// The names so far, with the one that may be meant, how many records have them, and the row of the first.
#[derive(Default)]
pub(super) struct Unknown(BTreeMap<String, (Option<String>, u64, u64)>);

impl Unknown {
    /// Takes note of what `schema` does not know in the record of row `row`.
    pub(super) fn look(&mut self, schema: &Schema, record: &Record, row: u64) {
        for UnknownName { name, near } in schema.unknown_names(record) {
            self.0.entry(name).or_insert((near, 0, row)).1 += 1;
        }
    }

    /// What there is to say after `of` records.
    pub(super) fn finish(self, of: u64) -> impl Iterator<Item = Finding> {
        self.0.into_iter().map(move |(name, (near, records, row))| {
            let hint = match near {
                Some(near) => format!("did you mean {near}?"),
                None => "declare a field for it, or leave it out".to_owned(),
            };
            let message = format!("no field takes what records call {name}");
            let said = Said { severity: Severity::Warning, span: None, message, hints: vec![hint] };
            Finding { rule: "unknown-name", said, field: None, tally: Some(Tally { records, of, row }) }
        })
    }
}

//! Characters that most values of a field have and the layout does not call `common`: each certificate carries them in a font of its own.
//!
//! In: the pages of records. Out: a [`Finding`] for each field.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Finding, Said, Tally};
use crate::diag::Severity;
use crate::page::{Document, ItemKind, Ref};
use crate::record::{Field, FieldKind, Schema};

/// So many records at least tell what most of them have.
const SAMPLE: u64 = 20;

/// By the field's index and character: how many records carry it themselves, and the row of the first.
#[derive(Default)]
pub(super) struct Common(BTreeMap<(u16, char), (u64, u64)>);

impl Common {
    /// Takes note of what the record of row `row` carries.
    pub(super) fn look(&mut self, document: &Document, row: u64) {
        let items = document.pages.iter().flat_map(|page| &page.items);
        let own = items.filter_map(|item| match &item.kind {
            ItemKind::Glyphs(run) if matches!(run.font, Ref::Own(_)) => Some((item.tag?, &run.text)),
            _ => None,
        });
        let carried: BTreeSet<(u16, char)> =
            own.flat_map(|(field, text)| text.chars().map(move |c| (field, c))).collect();
        for character in carried {
            self.0.entry(character).or_insert((0, row)).0 += 1;
        }
    }

    /// What there is to say after `of` records: two of three carry it.
    pub(super) fn finish(self, schema: &Schema, of: u64) -> Vec<Finding> {
        let mut by_field: BTreeMap<u16, (String, Tally)> = BTreeMap::new();
        for ((field, character), (records, row)) in self.0 {
            if of >= SAMPLE && records * 3 >= of * 2 {
                let tally = Tally { records, of, row };
                let (characters, least) = by_field.entry(field).or_insert((String::new(), tally));
                characters.push(character);
                least.records = least.records.min(records);
            }
        }
        let finding = |(field, (characters, tally)): (u16, (String, Tally))| {
            let Field { name, kind, .. } = schema.fields.get(usize::from(field))?;
            let takes_common =
                matches!(kind, FieldKind::Text { .. } | FieldKind::PersonName | FieldKind::Approval);
            takes_common.then(|| Finding {
                rule: "common",
                said: Said {
                    severity: Severity::Note,
                    span: None,
                    message: format!(
                        "at least {} of {of} records carry these characters of {name} in fonts of their own: {characters}",
                        tally.records
                    ),
                    hints: vec![format!(
                        "files get smaller and are made sooner with common=\"{characters}\" on the field {name}"
                    )],
                },
                field: Some(name.clone()),
                tally: Some(tally),
            })
        };
        by_field.into_iter().filter_map(finding).collect()
    }
}

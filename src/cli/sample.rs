//! A made-up record for a layout, so that it can be measured and looked at without any.

use certpress::record::{Field, FieldKind, RawValue, Record, Schema};

/// The rows of a list.
const ROWS: usize = 5;

/// A record that satisfies every field's type, plainly made up. Images stay out.
pub(crate) fn record(schema: &Schema) -> Record {
    of(&schema.fields)
}

fn of(fields: &[Field]) -> Record {
    let value = |field: &Field| match &field.kind {
        FieldKind::List { fields: columns, max } => Some(vec![of(columns); ROWS.min(*max)].into()),
        kind => value(kind).map(RawValue::Text),
    };
    fields.iter().filter_map(|field| Some((field.name.as_str(), value(field)?))).collect()
}

fn value(kind: &FieldKind) -> Option<String> {
    Some(match kind {
        FieldKind::Text { max } => "样例文字".chars().take(*max).collect(),
        FieldKind::Approval => "样例〔2026〕1号".into(),
        FieldKind::PersonName => "欧阳样例".into(),
        FieldKind::Date => "2026-03-05".into(),
        FieldKind::Integer { min, max } => 60.clamp(*min, *max).to_string(),
        FieldKind::Decimal { .. } => "60".into(),
        FieldKind::Choice(words) => words.first()?.clone(),
        // 999999 is nobody's region; the check characters are right.
        FieldKind::ResidentId => "999999199003079017".into(),
        FieldKind::Uscc => "11140000MB99999996".into(),
        FieldKind::Identifier => {
            "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2".into()
        }
        FieldKind::Image { .. } | FieldKind::List { .. } => return None,
    })
}

#[cfg(test)]
mod tests {
    use certpress::record::BindOptions;

    use super::*;

    #[test]
    fn the_made_up_record_satisfies_every_type_but_images() {
        let kinds = [
            FieldKind::Approval,
            FieldKind::Text { max: 2 },
            FieldKind::PersonName,
            FieldKind::Date,
            FieldKind::Integer { min: 70, max: 80 },
            FieldKind::Decimal { scale: 1 },
            FieldKind::Choice(vec!["男".into(), "女".into()]),
            FieldKind::ResidentId,
            FieldKind::Uscc,
            FieldKind::Identifier,
            FieldKind::List { fields: vec![Field::new("on", FieldKind::Date).required()], max: 3 },
        ];
        let field = |(i, kind)| Field::new(format!("f{i}"), kind).required();
        let mut fields: Vec<Field> = kinds.into_iter().enumerate().map(field).collect();
        fields.push(Field::new("photo", FieldKind::Image { max_bytes: 1 }));
        let schema = Schema { id: "all".into(), fields };
        if let Err(errors) = schema.bind(&record(&schema), &BindOptions::default()) {
            panic!("{errors:?}");
        }
    }
}

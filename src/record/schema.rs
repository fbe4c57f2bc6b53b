//! What a layout asks of a record: its fields, their types and rules.

/// The fields of a layout, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// The layout's id.
    pub id: String,
    /// Names are unique.
    pub fields: Vec<Field>,
}

impl Schema {
    /// The index of the field `name`.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.name == name)
    }
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name expressions and JSON use: `id_number`.
    pub name: String,
    /// The name people use, also accepted as a column heading: 身份证号. Empty if there is none.
    pub label: String,
    /// Its type and rules.
    pub kind: FieldKind,
    /// Whether a record without it is refused.
    pub required: bool,
    /// What stands in for a missing value, as a record would write it.
    pub default: Option<String>,
    /// The author's advice, shown beside this field's errors in place of the type's own.
    pub hint: Option<String>,
    /// Characters that most of its values have: worth a place in the fonts that all certificates of a layout share.
    pub common: String,
}

impl Field {
    /// An optional field of this kind, without label, default, hint and common characters.
    pub fn new(name: impl Into<String>, kind: FieldKind) -> Field {
        Field {
            name: name.into(),
            label: String::new(),
            kind,
            required: false,
            default: None,
            hint: None,
            common: String::new(),
        }
    }

    /// What people call it: its label, or else its name.
    pub fn called(&self) -> &str {
        if self.label.is_empty() { &self.name } else { &self.label }
    }

    /// The same with a label.
    pub fn label(self, label: impl Into<String>) -> Field {
        Field { label: label.into(), ..self }
    }

    /// The same, required.
    pub fn required(self) -> Field {
        Field { required: true, ..self }
    }

    /// The same with a value that stands in for a missing one.
    pub fn default_value(self, value: impl Into<String>) -> Field {
        Field { default: Some(value.into()), ..self }
    }

    /// What each row of a list has, in the order of the values of [`Entry::rows`](super::Entry::rows); none for other types.
    pub fn columns(&self) -> &[Field] {
        match &self.kind {
            FieldKind::List { fields, .. } => fields,
            _ => &[],
        }
    }
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Any text of at most `max` characters.
    Text {
        /// Most characters.
        max: usize,
    },
    /// A person's name, at most [`licence::name::MAX_CHARS`](crate::licence::name::MAX_CHARS) characters, its dots normalised.
    PersonName,
    /// A calendar date.
    Date,
    /// A whole number.
    Integer {
        /// The least.
        min: i64,
        /// The greatest.
        max: i64,
    },
    /// A decimal fraction, kept as its digits.
    Decimal {
        /// Most digits after the point.
        scale: u8,
    },
    /// One of these words.
    Choice(Vec<String>),
    /// A resident identity number 公民身份号码 (GB 11643).
    ResidentId,
    /// A unified social credit code 统一社会信用代码 (GB 32100).
    Uscc,
    /// A JPEG or PNG: a path under the image folder, or a `data:` URL with Base64.
    Image {
        /// The largest file.
        max_bytes: usize,
    },
    /// An electronic licence identifier 电子证照标识 (GB/T 36904).
    Identifier,
    /// The number under which the row was approved 批准文号: text of at most [`FieldKind::APPROVAL_MAX`] characters, without which
    /// a record is refused as not approved.
    Approval,
    /// Rows of further fields, such as subjects and their scores.
    List {
        /// What each row has; names are unique, and none is a list.
        fields: Vec<Field>,
        /// Most rows.
        max: usize,
    },
}

impl FieldKind {
    /// The names that layouts use, in alphabetical order.
    pub const NAMES: [&'static str; 12] = [
        "approval",
        "choice",
        "date",
        "decimal",
        "identifier",
        "image",
        "integer",
        "list",
        "person-name",
        "resident-id",
        "text",
        "uscc",
    ];

    /// Most characters of a text whose layout names no limit.
    pub const DEFAULT_TEXT_MAX: usize = 1000;
    /// Most characters of an approval's number.
    pub const APPROVAL_MAX: usize = 100;
    /// Most bytes of an image whose layout names no limit: 4 MiB.
    pub const DEFAULT_IMAGE_MAX_BYTES: usize = 4 << 20;
    /// Most rows of a list whose layout names no limit.
    pub const DEFAULT_LIST_MAX: usize = 10_000;
    /// Most rows of any list.
    pub const LIST_MAX: usize = 100_000;

    /// The kind of this name with its default rules; a choice is still without words, a list without fields.
    pub fn named(name: &str) -> Option<FieldKind> {
        Some(match name {
            "approval" => FieldKind::Approval,
            "choice" => FieldKind::Choice(Vec::new()),
            "date" => FieldKind::Date,
            "decimal" => FieldKind::Decimal { scale: 2 },
            "identifier" => FieldKind::Identifier,
            "image" => FieldKind::Image { max_bytes: FieldKind::DEFAULT_IMAGE_MAX_BYTES },
            "integer" => FieldKind::Integer { min: i64::MIN, max: i64::MAX },
            "list" => FieldKind::List { fields: Vec::new(), max: FieldKind::DEFAULT_LIST_MAX },
            "person-name" => FieldKind::PersonName,
            "resident-id" => FieldKind::ResidentId,
            "text" => FieldKind::Text { max: FieldKind::DEFAULT_TEXT_MAX },
            "uscc" => FieldKind::Uscc,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_name_is_a_kind() {
        for name in FieldKind::NAMES {
            assert!(FieldKind::named(name).is_some(), "{name}");
        }
        assert!(FieldKind::NAMES.is_sorted());
    }
}
